/**
 * The program's standard streams: output that survives a reader who has gone, questions, and one line at a time from a
 * standard input that stays open.
 */
import { createInterface, type Interface } from 'node:readline';
import { displayable } from '../core/wormhole/bytes';

const maxLine = 1024;

/** Whoever started us may stop reading once it has the code. */
export function ignoreClosedPipes(): void {
    for (const stream of [process.stdout, process.stderr]) {
        stream.on('error', () => undefined);
    }
}

/** How long a reader may leave the last words for people unread. */
const lastWordsMs = 1000;

/** Resolves when everything written has been taken, or nobody reads any more: `process.exit` would cut it off. */
export async function flushed(): Promise<void> {
    const taken = (stream: NodeJS.WriteStream): Promise<void> => new Promise(resolve => stream.write('', () => resolve()));
    await taken(process.stdout);
    await Promise.race([taken(process.stderr), new Promise<void>(resolve => setTimeout(resolve, lastWordsMs))]);
}

/** A line for people. */
export function say(line: string): void {
    process.stderr.write(`${line}\n`);
}

let lines: Interface | undefined;
const waiting: ((line: string | undefined) => void)[] = [];
const unread: string[] = [];
let ended = false;

function listen(): void {
    if (lines !== undefined) {
        return;
    }
    lines = createInterface({ input: process.stdin, terminal: false });
    lines.on('line', line => {
        const waiter = waiting.shift();
        if (waiter !== undefined) {
            waiter(line.slice(0, maxLine));
        } else if (unread.length < 8) {
            unread.push(line.slice(0, maxLine));
        }
    });
    lines.on('close', () => {
        ended = true;
        waiting.splice(0).forEach(waiter => waiter(undefined));
    });
}

/** The next line of standard input; undefined at its end. */
export function readLine(): Promise<string | undefined> {
    listen();
    const line = unread.shift();
    return line !== undefined || ended ? Promise.resolve(line) : new Promise(resolve => waiting.push(resolve));
}

/** Asks on a terminal, or reads the answer that is piped in. */
export function ask(question: string): Promise<string | undefined> {
    process.stderr.write(question);
    return readLine();
}

/** All of standard input, up to `limit` bytes; undefined if there is more. */
export async function readAll(limit: number): Promise<string | undefined> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of process.stdin) {
        const bytes = Buffer.from(chunk as Uint8Array);
        size += bytes.length;
        if (size > limit) {
            return undefined;
        }
        chunks.push(bytes);
    }
    return Buffer.concat(chunks).toString('utf8');
}

/** A received text: as it is for a program, without control characters for a terminal. */
export function printText(text: string): void {
    const shown = process.stdout.isTTY ? text.split('\n').map(line => displayable(line, Infinity)).join('\n') : text;
    process.stdout.write(`${shown}\n`);
}

/** A size for people. */
export function sizeWords(bytes: number): string {
    const units = ['B', 'kB', 'MB', 'GB', 'TB'];
    const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
    return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${units[power] ?? ''}`;
}

/** A line of progress on a terminal, rewritten at most ten times a second; nothing elsewhere. */
export function progressLine(hidden: boolean): (done: number, total: number) => void {
    if (hidden || !process.stderr.isTTY) {
        return () => undefined;
    }
    let last = 0;
    return (done, total) => {
        const now = Date.now();
        if (now - last > 100 || done === total) {
            last = now;
            const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
            process.stderr.write(`\r${percent} % of ${sizeWords(total)} ${done === total ? '\n' : ''}`);
        }
    };
}
