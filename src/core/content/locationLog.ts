/**
 * Location logs: who has a key's content, as the git-annex branch tells it (git-annex's documentation, "internals";
 * Logs/Presence/Pure.hs). Lines are `<time>s 1|0|X <uuid>`; the newest of each uuid counts, `1` means that it is there.
 */

const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;

/** A time as git-annex compares it: whole seconds, and the fraction in units of 10⁻¹² s; doubles can't hold both together. */
interface Time {
    seconds: number;
    fraction: number;
}


function isDigit(byte: number | undefined): boolean {
    return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

const precision = 12;

/** Reads `<digits>[.<digits>][s] ` at `at`; the place behind the space, or -1. */
function readTime(log: Buffer, at: number, end: number, time: Time): number {
    const negative = log[at] === 0x2d;
    let place = negative || log[at] === 0x2b ? at + 1 : at;
    const start = place;
    let seconds = 0;
    for (; place < end && isDigit(log[place]); place++) {
        seconds = seconds * 10 + (log[place] ?? 0) - 0x30;
    }
    if (place === start) {
        return -1;
    }
    let fraction = 0;
    if (log[place] === 0x2e) {
        const first = ++place;
        for (; place < end && isDigit(log[place]); place++) {
            if (place - first < precision) {
                fraction = fraction * 10 + (log[place] ?? 0) - 0x30;
            }
        }
        const digits = place - first;
        if (digits === 0) {
            return -1;
        }
        fraction *= 10 ** Math.max(0, precision - digits);
    }
    time.seconds = negative ? -seconds : seconds;
    time.fraction = negative ? -fraction : fraction;
    if (log[place] === 0x73) {
        place++;
    }
    return log[place] === space ? place + 1 : -1;
}

function isNewer(a: Time, b: Time): boolean {
    return a.seconds > b.seconds || (a.seconds === b.seconds && a.fraction > b.fraction);
}

/** Calls `each` with the bytes between line ends; any run of carriage returns and newlines ends a line. */
function forEachLine(log: Buffer, each: (start: number, end: number) => void): void {
    let start = 0;
    for (let at = 0; at <= log.length; at++) {
        const byte = log[at];
        if (at === log.length || byte === newline || byte === carriageReturn) {
            if (at > start) {
                each(start, at);
            }
            start = at + 1;
        }
    }
}

const present = 0x31;
const missing = 0x30;
const dead = 0x58;

/** Where uuids are known by number, so that most logs are read without making a string. */
export interface UuidNumbers {
    /** The number of the uuid in these bytes of the log. */
    numberOf(log: Buffer, start: number, end: number): number;
}

/** One reader is used for many logs: it keeps its own memory. */
export class LocationLogReader {
    readonly #time: Time = { seconds: 0, fraction: 0 };
    readonly #uuids: number[] = [];
    readonly #seconds: number[] = [];
    readonly #fractions: number[] = [];
    readonly #present: boolean[] = [];

    constructor(private readonly numbers: UuidNumbers) {}

    /** Calls `each` with the number of every uuid that has the content. A line that can't be read counts for nothing. */
    read(log: Buffer, each: (uuid: number) => void): void {
        let count = 0;
        forEachLine(log, (start, end) => {
            const time = this.#time;
            const status = readTime(log, start, end, time);
            const byte = log[status];
            if (status < 0 || (byte !== present && byte !== missing && byte !== dead) || log[status + 1] !== space || status + 2 > end) {
                return;
            }
            const uuid = this.numbers.numberOf(log, status + 2, end);
            let place = 0;
            while (place < count && this.#uuids[place] !== uuid) {
                place++;
            }
            if (place === count) {
                count++;
            } else if (!isNewer(time, { seconds: this.#seconds[place] ?? 0, fraction: this.#fractions[place] ?? 0 })) {
                // Of two lines of the same time the first counts.
                return;
            }
            this.#uuids[place] = uuid;
            this.#seconds[place] = time.seconds;
            this.#fractions[place] = time.fraction;
            this.#present[place] = byte === present;
        });
        for (let place = 0; place < count; place++) {
            if (this.#present[place] === true) {
                each(this.#uuids[place] ?? 0);
            }
        }
    }
}

/** Where the last newline ends: git-annex takes no notice of a line in the journal that is not complete. */
export function withoutIncompleteLine(journalled: Buffer): Buffer {
    return journalled.subarray(0, journalled.lastIndexOf(newline) + 1);
}

function linesOf(content: Buffer): string[] {
    const lines = content.toString('latin1').split('\n');
    if (lines.at(-1) === '') {
        lines.pop();
    }
    return lines;
}

/**
 * What git-annex makes of two versions of a file when it merges branches: all lines of both, each once, sorted by their
 * bytes; where one version has all of them, that one as it is (git-annex, Git/UnionMerge.hs, calcMerge).
 */
export function unionMerge(theirs: Buffer, ours: Buffer): Buffer {
    if (theirs.equals(ours)) {
        return ours;
    }
    const merged = new Set([...linesOf(theirs), ...linesOf(ours)]);
    for (const version of [theirs, ours]) {
        if (new Set(linesOf(version)).size === merged.size) {
            return version;
        }
    }
    return Buffer.from([...merged].sort().map(line => `${line}\n`).join(''), 'latin1');
}

