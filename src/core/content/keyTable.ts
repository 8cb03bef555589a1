/**
 * The keys that files stand for, each once, with what is known of each: a row of numbers in typed arrays.
 */
import { ByteTable } from './byteTable';
import { growBytes, growIntegers, growNumbers } from './growing';
import { digestOfKey, escapeKey, lowerFolder, mixedFolder, type HashLevels, type ParsedKey } from './keys';

const digestLength = 16;
const dotLog = Buffer.from('.log');
const slash = 0x2f;
const percent = 0x25;
const ampersand = 0x26;

export class KeyTable {
    readonly table: ByteTable;
    digests: Uint8Array;
    /** Bytes of content, NaN where the key doesn't tell. */
    sizes: Float64Array;
    /** The number of the set of repositories that have the content, by the location log (see LocationSets). */
    sets: Uint32Array;
    /** 1 where the content is in this repository's object folders. */
    here: Uint8Array;

    constructor(table = new ByteTable(), digests = new Uint8Array(), sizes = new Float64Array(), sets = new Uint32Array(), here = new Uint8Array()) {
        this.table = table;
        this.digests = digests;
        this.sizes = sizes;
        this.sets = sets;
        this.here = here;
    }

    get count(): number {
        return this.table.count;
    }

    intern({ key, size }: ParsedKey): number {
        const before = this.count;
        const index = this.table.intern(key);
        if (index === before) {
            this.digests = growBytes(this.digests, (index + 1) * digestLength);
            this.digests.set(digestOfKey(key), index * digestLength);
            this.sizes = growNumbers(this.sizes, index + 1);
            this.sizes[index] = size;
            this.sets = growIntegers(this.sets, index + 1);
            this.here = growBytes(this.here, index + 1);
        }
        return index;
    }

    key(index: number): Buffer {
        return this.table.list.at(index);
    }

    digest(index: number): Uint8Array {
        return this.digests.subarray(index * digestLength, (index + 1) * digestLength);
    }

    /** The path of a key's log on the git-annex branch. */
    logPath(index: number, levels: HashLevels): Buffer {
        return Buffer.concat([Buffer.from(lowerFolder(this.digest(index), levels), 'latin1'), escapeKey(this.key(index)), dotLog]);
    }

    /** The key whose location log is at this path of the branch; -1 for any other path, and for keys that no file stands for. */
    ofLogPath(bytes: Buffer, start: number, end: number, levels: HashLevels): number {
        const nameStart = start + (levels === 2 ? 8 : 4);
        const nameEnd = end - dotLog.length;
        if (nameEnd <= nameStart || bytes[nameStart - 1] !== slash || bytes.compare(dotLog, 0, dotLog.length, nameEnd, end) !== 0) {
            return -1;
        }
        let index: number;
        if (isPlain(bytes, nameStart, nameEnd)) {
            index = this.table.find(bytes, nameStart, nameEnd);
        } else {
            index = this.#findEscaped(bytes.subarray(nameStart, nameEnd));
        }
        return index >= 0 && this.#isFolderOf(index, bytes, start, levels) ? index : -1;
    }

    /** Where the key's object is, from the folder of objects: the usual place, and the one of bare repositories. */
    objectPlaces(index: number, levels: HashLevels): { readonly mixed: string; readonly lower: string; readonly name: Buffer } {
        const digest = this.digest(index);
        return { mixed: mixedFolder(digest, levels), lower: lowerFolder(digest, levels), name: escapeKey(this.key(index)) };
    }

    #findEscaped(name: Buffer): number {
        const parts: number[] = [];
        for (let at = 0; at < name.length; at++) {
            const byte = name[at] ?? 0;
            const letter = byte === ampersand ? String.fromCharCode(name[++at] ?? 0) : '';
            parts.push(byte === percent ? slash : byte !== ampersand ? byte : letter === 'a' ? ampersand : letter === 's' ? percent : 0x3a);
        }
        const index = this.table.find(Buffer.from(parts));
        return index >= 0 && escapeKey(this.key(index)).equals(name) ? index : -1;
    }

    /** Whether the path's folder is the one that the key's hash gives. */
    #isFolderOf(index: number, bytes: Buffer, start: number, levels: HashLevels): boolean {
        const at = index * digestLength;
        const nibble = (place: number): number => ((this.digests[at + (place >> 1)] ?? 0) >> ((place & 1) === 0 ? 4 : 0)) & 15;
        for (let place = 0; place < 3 * levels; place++) {
            if (bytes[start + place + (place > 2 ? 1 : 0)] !== hexDigit(nibble(place))) {
                return false;
            }
        }
        return levels === 1 || bytes[start + 3] === slash;
    }
}

function hexDigit(value: number): number {
    return value < 10 ? 0x30 + value : 0x61 - 10 + value;
}

/** Without what is escaped in file names. */
function isPlain(bytes: Buffer, start: number, end: number): boolean {
    for (let at = start; at < end; at++) {
        const byte = bytes[at];
        if (byte === ampersand || byte === percent || byte === 0x3a) {
            return false;
        }
    }
    return true;
}
