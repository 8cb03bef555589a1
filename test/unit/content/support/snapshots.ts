/** Snapshots made by hand. */
import { KeyTable } from '../../../../src/core/content/keyTable';
import { LocationSets } from '../../../../src/core/content/locationSets';
import { publish } from '../../../../src/core/content/publish';
import type { KnownRepository } from '../../../../src/core/content/repositories';
import { ContentSnapshot } from '../../../../src/core/content/snapshot';
import { fileFlags, WorkTreeFiles } from '../../../../src/core/content/workTreeFiles';

export interface MadeFile {
    readonly path: string;
    readonly size: number;
    readonly here: boolean;
    /** Uuids. */
    readonly logged: readonly string[];
}

export const ownUuid = 'own';

/** A snapshot of these files, each with a content of its own. */
export function snapshotOf(made: readonly MadeFile[], options: { readonly repositories?: readonly KnownRepository[]; readonly copies?: number } = {}): ContentSnapshot {
    const [files, keys, sets] = [new WorkTreeFiles(20), new KeyTable(), new LocationSets()];
    const sorted = made.map(file => ({ ...file, bytes: Buffer.from(file.path) })).sort((a, b) => Buffer.compare(a.bytes, b.bytes));
    for (const [index, { bytes, size, here, logged }] of sorted.entries()) {
        const oid = '0'.repeat(40);
        files.add(Buffer.concat([Buffer.from(oid), bytes]), 0, oid.length, oid.length + bytes.length, fileFlags.link);
        const key = keys.intern({ key: Buffer.from(`WORM-s${size}--${index}`), size });
        files.keys[index] = key;
        keys.here[key] = here ? 1 : 0;
        keys.sets[key] = sets.ofLog(Buffer.from(logged.map(uuid => `1s 1 ${uuid}\n`).join('')));
    }
    return new ContentSnapshot(publish(
        {
            files, keys, sets, repositories: options.repositories ?? [], copies: options.copies ?? 1, overlaid: new Set(),
            stamps: { index: '', config: '', layout: '', versions: { base: undefined, unmerged: [] }, journal: new Map(), privateJournal: new Map() },
        },
        ownUuid, 1,
    ));
}
