/**
 * Makes a snapshot of what was read: copies it into memory that can be shared, and leaves out what is no annexed file.
 */
import type { ByteList } from './byteTable';
import type { ContentState } from './reader';
import type { RepositoryColumn, SharedStrings, SnapshotData } from './snapshot';

function shared(bytes: Uint8Array): SharedArrayBuffer {
    const copy = new SharedArrayBuffer(bytes.byteLength);
    new Uint8Array(copy).set(bytes);
    return copy;
}

function column(values: Uint8Array | Uint32Array | Float64Array, count: number): SharedArrayBuffer {
    return shared(new Uint8Array(values.buffer, values.byteOffset, count * values.BYTES_PER_ELEMENT));
}

function strings(list: ByteList): SharedStrings {
    return { count: list.count, bytes: shared(list.bytes), offsets: column(list.offsets, list.count + 1) };
}

export function publish(state: ContentState, own: string, generation: number): SnapshotData {
    const { files, keys, sets } = state;
    let count = 0;
    let length = 0;
    for (let index = 0; index < files.count; index++) {
        if (files.isAnnexed(index)) {
            count++;
            length += (files.paths.offsets[index + 1] ?? 0) - (files.paths.offsets[index] ?? 0);
        }
    }
    const bytes = new SharedArrayBuffer(length);
    const offsets = new SharedArrayBuffer((count + 1) * 4);
    const fileKeys = new SharedArrayBuffer(count * 4);
    const fileFlags = new SharedArrayBuffer(count);
    const [allBytes, allOffsets] = [files.paths.bytes, files.paths.offsets];
    const [ourBytes, ourOffsets, ourKeys, ourFlags] = [new Uint8Array(bytes), new Uint32Array(offsets), new Uint32Array(fileKeys), new Uint8Array(fileFlags)];
    let place = 0;
    let at = 0;
    for (let index = 0; index < files.count; index++) {
        if (files.isAnnexed(index)) {
            const path = allBytes.subarray(allOffsets[index], allOffsets[index + 1]);
            ourBytes.set(path, at);
            at += path.length;
            ourKeys[place] = files.keys[index] ?? 0;
            ourFlags[place] = files.flags[index] ?? 0;
            ourOffsets[++place] = at;
        }
    }
    return {
        generation,
        own,
        repositories: repositoryColumns(state),
        copies: state.copies,
        paths: { count, bytes, offsets },
        fileKeys,
        fileFlags,
        keys: strings(keys.table.list),
        sizes: column(keys.sizes, keys.count),
        sets: column(keys.sets, keys.count),
        here: column(keys.here, keys.count),
        setMembers: strings(sets.sets.list),
    };
}

/** By the numbers that sets use; the repositories that no location log speaks of follow. */
function repositoryColumns({ sets, repositories }: ContentState): readonly RepositoryColumn[] {
    const known = new Map(repositories.map(repository => [repository.uuid, repository]));
    const columns: RepositoryColumn[] = [];
    for (let number = 0; number < sets.uuids.count; number++) {
        const uuid = sets.uuids.list.at(number).toString('utf8');
        columns.push(known.get(uuid) ?? { uuid, description: '', trust: 'semitrusted' });
        known.delete(uuid);
    }
    return [...columns, ...known.values()];
}
