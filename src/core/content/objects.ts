/**
 * Which contents are in this repository: what the object folders really hold, whatever the logs say
 * (git-annex, Annex/Content/Presence.hs and Annex/Locations.hs, gitAnnexLocation).
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from '../errors';
import type { KeyTable } from './keyTable';
import type { HashLevels } from './keys';

export interface ObjectLayout {
    readonly gitDir: string;
    readonly levels: HashLevels;
    /** Only the folders named in lower case are used (`annex.tune.objecthashlower`). */
    readonly lowerOnly: boolean;
    /**
     * With `annex.thin` a file of the work tree may be the object itself: what was written into it is no content any more.
     * What was found of each object is kept here, by its state; undefined without that setting.
     */
    readonly genuine: Map<string, boolean> | undefined;
}

const dash = Buffer.from('/');

function isAscii(bytes: Buffer): boolean {
    for (const byte of bytes) {
        if (byte > 0x7f) {
            return false;
        }
    }
    return true;
}

const hashes: Readonly<Record<string, string>> = { MD5: 'md5', SHA1: 'sha1', SHA224: 'sha224', SHA256: 'sha256', SHA384: 'sha384', SHA512: 'sha512' };
const chunkLength = 1 << 20;
const ownerMayWrite = 0o200n;

function digestOf(file: Buffer, hash: string): string {
    const descriptor = openSync(file, 'r');
    try {
        const digest = createHash(hash);
        const chunk = Buffer.alloc(chunkLength);
        for (let length = readSync(descriptor, chunk); length > 0; length = readSync(descriptor, chunk)) {
            digest.update(chunk.subarray(0, length));
        }
        return digest.digest('hex');
    } finally {
        closeSync(descriptor);
    }
}

/** Whether an object that may have been written to still has the content that its key tells; of keys without a checksum, only the size. */
function isGenuine(file: Buffer, keys: KeyTable, index: number, known: Map<string, boolean>): boolean {
    const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined || (stat.mode & ownerMayWrite) === 0n) {
        return stat !== undefined;
    }
    const size = keys.sizes[index] ?? NaN;
    if (!Number.isNaN(size) && BigInt(size) !== stat.size) {
        return false;
    }
    const state = `${index} ${stat.ino} ${stat.size} ${stat.mtimeNs}`;
    let genuine = known.get(state);
    if (genuine === undefined) {
        const key = keys.key(index).toString('latin1');
        const hash = hashes[key.slice(0, key.indexOf('-')).replace(/E$/u, '')];
        const told = /^[^.]*/u.exec(key.slice(key.indexOf('--') + 2))?.[0];
        try {
            genuine = hash === undefined || digestOf(file, hash) === told;
        } catch {
            genuine = false;
        }
        known.set(state, genuine);
    }
    return genuine;
}

/** Whether the object is in one of the hash folders: `<folder>KEY/KEY`. */
function isIn(folder: string, name: Buffer, keys: KeyTable, index: number, { genuine }: ObjectLayout): boolean {
    return exists(folder, name) && (genuine === undefined || isGenuine(Buffer.concat([Buffer.from(folder), name, dash, name]), keys, index, genuine));
}

function exists(folder: string, name: Buffer): boolean {
    if (isAscii(name)) {
        const text = name.toString('latin1');
        return existsSync(`${folder}${text}/${text}`);
    }
    return existsSync(Buffer.concat([Buffer.from(folder), name, dash, name]));
}

export function hasObject(keys: KeyTable, index: number, layout: ObjectLayout): boolean {
    const { gitDir, levels, lowerOnly } = layout;
    const objects = `${gitDir}/annex/objects/`;
    const { mixed, lower, name } = keys.objectPlaces(index, levels);
    return (!lowerOnly && isIn(objects + mixed, name, keys, index, layout)) || isIn(objects + lower, name, keys, index, layout);
}

function foldersIn(folder: string): readonly string[] {
    try {
        return readdirSync(folder);
    } catch {
        return [];
    }
}

/** How many objects are looked for before others have their turn. */
const atOnce = 1000;

/**
 * Looks for all keys' objects: first which hash folders there are, then only into those.
 * @throws {CancelledError} on `signal`
 */
export async function findObjects(keys: KeyTable, layout: ObjectLayout, signal?: AbortSignal): Promise<void> {
    const { gitDir, levels, lowerOnly } = layout;
    const objects = path.join(gitDir, 'annex', 'objects');
    const folders = new Set<string>();
    for (const first of foldersIn(objects)) {
        if (levels === 1) {
            folders.add(`${first}/`);
        } else {
            for (const second of foldersIn(path.join(objects, first))) {
                folders.add(`${first}/${second}/`);
            }
        }
    }
    await nextTurn();
    const hasLower = [...folders].some(folder => folder.indexOf('/') === 3);
    for (let index = 0; index < keys.count; index++) {
        const { mixed, lower, name } = keys.objectPlaces(index, levels);
        const isHere = (!lowerOnly && folders.has(mixed) && isIn(`${objects}/${mixed}`, name, keys, index, layout)) || (hasLower && folders.has(lower) && isIn(`${objects}/${lower}`, name, keys, index, layout));
        keys.here[index] = isHere ? 1 : 0;
        if (index % atOnce === atOnce - 1) {
            await nextTurn();
            throwIfCancelled(signal);
        }
    }
}
