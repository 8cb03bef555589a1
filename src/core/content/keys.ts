/**
 * git-annex's keys as bytes: how they stand in links and file names, and the hash folders that are made from them.
 * (git-annex, Types/Key.hs, Annex/Locations.hs and its documentation, "key format", "hashing", "internals".)
 */
import { createHash } from 'node:crypto';

const ampersand = 0x26;
const percent = 0x25;
const colon = 0x3a;
const slash = 0x2f;
const dash = 0x2d;
const dot = 0x2e;

const escapes = new Map([[ampersand, '&a'], [percent, '&s'], [colon, '&c'], [slash, '%']]);

function needsEscape(byte: number): boolean {
    return byte === ampersand || byte === percent || byte === colon || byte === slash;
}

/** The name of a key in file names: `&` is `&a`, `%` is `&s`, `:` is `&c` and `/` is `%`. */
export function escapeKey(key: Buffer): Buffer {
    if (!key.some(needsEscape)) {
        return key;
    }
    const parts: Buffer[] = [];
    for (const byte of key) {
        const escape = escapes.get(byte);
        parts.push(escape === undefined ? Buffer.of(byte) : Buffer.from(escape, 'latin1'));
    }
    return Buffer.concat(parts);
}

/** The reverse of {@link escapeKey}, as lenient as git-annex's own: an unknown escape is dropped. */
function unescapeKey(name: Buffer): Buffer {
    if (!name.includes(percent) && !name.includes(ampersand)) {
        return name;
    }
    const bytes: number[] = [];
    for (let at = 0; at < name.length; at++) {
        const byte = name[at] ?? 0;
        if (byte === percent) {
            bytes.push(slash);
        } else if (byte !== ampersand) {
            bytes.push(byte);
        } else if (at + 1 < name.length && name[at + 1] !== ampersand && name[at + 1] !== percent) {
            const letter = String.fromCharCode(name[++at] ?? 0);
            bytes.push(...(letter === 'a' ? [ampersand] : letter === 's' ? [percent] : letter === 'c' ? [colon] : []));
        }
    }
    return Buffer.from(bytes);
}

const fields = ['s', 'm', 'S', 'C'].map(letter => letter.charCodeAt(0));
const longestExtension = 64;

function isDigit(byte: number | undefined): boolean {
    return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** A key, in its own (not the file name's) form. */
export interface ParsedKey {
    readonly key: Buffer;
    /** Bytes of content; NaN if the key doesn't tell. */
    readonly size: number;
}

/**
 * Reads a key from a file name: `BACKEND[-sN][-mN][-SN][-CN]--NAME`, the fields in this order. undefined for what
 * git-annex takes for no key.
 */
export function parseKeyFile(fileName: Buffer): ParsedKey | undefined {
    const text = unescapeKey(fileName);
    let at = text.indexOf(dash);
    if (at < 1) {
        return undefined;
    }
    const endOfBackend = at;
    let size = NaN;
    let canonical = true;
    for (const field of fields) {
        if (text[at] === dash && text[at + 1] === field && isDigit(text[at + 2])) {
            const start = at + 2;
            at = start;
            while (isDigit(text[at])) {
                at++;
            }
            canonical &&= text[start] !== 0x30 || at === start + 1;
            if (field === fields[0]) {
                size = Number(text.toString('latin1', start, at));
            }
        }
    }
    if (text[at] !== dash || text[at + 1] !== dash) {
        return undefined;
    }
    // Backends whose name ends in E keep the file's extension in the name, which may not be long enough to hide an attack in.
    if (text[endOfBackend - 1] === 0x45) {
        const extension = text.indexOf(dot, at + 2);
        if (extension >= 0 && text.length - extension > longestExtension) {
            return undefined;
        }
    }
    return { key: canonical ? text : withoutLeadingZeros(text, at), size };
}

/** git-annex reads the numbers and writes them anew. */
function withoutLeadingZeros(text: Buffer, endOfFields: number): Buffer {
    const start = text.toString('latin1', 0, endOfFields).replace(/-([smSC])0+(?=\d)/gu, '-$1');
    return Buffer.concat([Buffer.from(start, 'latin1'), text.subarray(endOfFields)]);
}

/** MD5 of a key, from which both hash folders are made: 16 bytes. */
export function digestOfKey(key: Buffer): Buffer {
    return createHash('md5').update(key).digest();
}

export type HashLevels = 1 | 2;

/** `xxx/yyy/`, from the digest's hexadecimal digits; `levels` is 1 where the repository was tuned so. */
export function lowerFolder(digest: Uint8Array, levels: HashLevels = 2): string {
    const hex = Buffer.from(digest.buffer, digest.byteOffset, 3).toString('hex');
    return levels === 2 ? `${hex.slice(0, 3)}/${hex.slice(3, 6)}/` : `${hex.slice(0, 3)}/`;
}

const mixedDigits = '0123456789zqjxkmvwgpfZQJXKMVWGPF';

/** `Xx/Yy/`, of the digest's first four bytes, six bits for each digit of which five count. */
export function mixedFolder(digest: Uint8Array, levels: HashLevels = 2): string {
    const word = ((digest[0] ?? 0) | ((digest[1] ?? 0) << 8) | ((digest[2] ?? 0) << 16) | ((digest[3] ?? 0) << 24)) >>> 0;
    const digit = (index: number): string => mixedDigits.charAt((word >>> (6 * index)) & 31);
    return levels === 2 ? `${digit(1)}${digit(0)}/${digit(3)}${digit(2)}/` : `${digit(1)}${digit(0)}/`;
}

/** The folder of a key's log on the git-annex branch. */
export function hashDirLower(key: Buffer): string {
    return lowerFolder(digestOfKey(key));
}

/** The folder of a key's object in a work tree's repository. */
export function hashDirMixed(key: Buffer): string {
    return mixedFolder(digestOfKey(key));
}

/** The annexed content that a link's target or a pointer file's first line stands for; undefined for any other file. */
export function parsePointer(content: Buffer): ParsedKey | undefined {
    if (content.length > longestPointer) {
        return undefined;
    }
    const endOfLine = content.indexOf(0x0a);
    let line = endOfLine < 0 ? content : content.subarray(0, endOfLine);
    if (line.at(-1) === 0x0d) {
        line = line.subarray(0, -1);
    }
    if (!line.includes(objectFolder)) {
        return undefined;
    }
    const parsed = parseKeyFile(line.subarray(line.lastIndexOf(slash) + 1));
    return parsed !== undefined && (endOfLine < 0 || isPointerRest(content.subarray(endOfLine + 1))) ? parsed : undefined;
}

/** Pointers are no longer than this, in bytes (git-annex, Annex/Link.hs, maxValidPointerSz). */
export const longestPointer = 32_768;
const objectFolder = Buffer.from('/annex/objects/');
const pointerTag = Buffer.from('/annex/');

/** Whether what follows a pointer's first line are lines that say they belong to it, and not something appended. */
function isPointerRest(rest: Buffer): boolean {
    let at = 0;
    while (at < rest.length) {
        const end = rest.indexOf(0x0a, at);
        if (end < 0 || !rest.subarray(at, end).includes(pointerTag)) {
            return false;
        }
        at = end + 1;
    }
    return true;
}
