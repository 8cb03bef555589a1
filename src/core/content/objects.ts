/**
 * Which contents are in this repository: what the object folders really hold, whatever the logs say
 * (git-annex, Annex/Content/Presence.hs and Annex/Locations.hs, gitAnnexLocation).
 */
import { existsSync, readdirSync } from 'node:fs';
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

/** `<folder>KEY/KEY` */
function exists(folder: string, name: Buffer): boolean {
    if (isAscii(name)) {
        const text = name.toString('latin1');
        return existsSync(`${folder}${text}/${text}`);
    }
    return existsSync(Buffer.concat([Buffer.from(folder), name, dash, name]));
}

export function hasObject(keys: KeyTable, index: number, { gitDir, levels, lowerOnly }: ObjectLayout): boolean {
    const objects = `${gitDir}/annex/objects/`;
    const { mixed, lower, name } = keys.objectPlaces(index, levels);
    return (!lowerOnly && exists(objects + mixed, name)) || exists(objects + lower, name);
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
        const isHere = (!lowerOnly && folders.has(mixed) && exists(`${objects}/${mixed}`, name)) || (hasLower && folders.has(lower) && exists(`${objects}/${lower}`, name));
        keys.here[index] = isHere ? 1 : 0;
        if (index % atOnce === atOnce - 1) {
            await nextTurn();
            throwIfCancelled(signal);
        }
    }
}
