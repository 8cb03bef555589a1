/**
 * Keeps what was read between sessions: one file, with the object names and stamps that it was read at, so that opening
 * again reads only what has changed since. A file that is damaged, or another version's, is as good as none.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { ByteList, ByteTable } from './byteTable';
import { KeyTable } from './keyTable';
import { LocationSets } from './locationSets';
import type { ContentState } from './reader';
import { noKey, WorkTreeFiles } from './workTreeFiles';

/** To be raised whenever something is kept otherwise, or read otherwise. */
const magic = Buffer.from('annex-peers content 2\n');
const digestLength = 20;

const versionsSchema = v.object({ base: v.optional(v.string()), unmerged: v.array(v.string()) });
const listingSchema = v.array(v.tuple([v.string(), v.string()]));
const repositorySchema = v.object({ uuid: v.string(), description: v.string(), trust: v.picklist(['trusted', 'semitrusted', 'untrusted', 'dead']) });
const headerSchema = v.object({
    uuid: v.string(),
    oidLength: v.picklist([20, 32]),
    stamps: v.object({ index: v.string(), config: v.string(), layout: v.string(), versions: versionsSchema, journal: listingSchema, privateJournal: listingSchema }),
    repositories: v.array(repositorySchema),
    copies: v.number(),
    /** Bytes of each part, in the order of {@link parts}. */
    lengths: v.array(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

/** The part of an array that is in use, as bytes. */
function bytesOf(values: Uint8Array | Uint32Array | Float64Array, count: number): Uint8Array {
    return new Uint8Array(values.buffer, values.byteOffset, count * values.BYTES_PER_ELEMENT);
}

function listParts(list: ByteList): readonly Uint8Array[] {
    return [list.bytes, bytesOf(list.offsets, list.count + 1)];
}

function parts({ files, keys, sets, overlaid }: ContentState): readonly Uint8Array[] {
    return [
        ...listParts(files.paths), bytesOf(files.oids, files.count * files.oidLength), bytesOf(files.keys, files.count), bytesOf(files.flags, files.count),
        ...listParts(keys.table.list), bytesOf(keys.digests, keys.count * 16), bytesOf(keys.sizes, keys.count), bytesOf(keys.sets, keys.count), bytesOf(keys.here, keys.count),
        ...listParts(sets.uuids.list), ...listParts(sets.sets.list),
        bytesOf(Uint32Array.from(overlaid), overlaid.size),
    ];
}

/** Writes the file whole or not at all. @param uuid the repository's own */
export function writeCache(file: string, uuid: string, state: ContentState): void {
    const sections = parts(state);
    const { stamps } = state;
    const header = Buffer.from(JSON.stringify({
        uuid,
        oidLength: state.files.oidLength,
        stamps: { ...stamps, journal: [...stamps.journal], privateJournal: [...stamps.privateJournal] },
        repositories: state.repositories,
        copies: state.copies,
        lengths: sections.map(({ byteLength }) => byteLength),
    }));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(header.length);
    const hash = createHash('sha1');
    for (const section of [length, header, ...sections]) {
        hash.update(section);
    }
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}.new`;
    try {
        writeFileSync(draft, Buffer.concat([magic, hash.digest(), length, header, ...sections]), { mode: 0o600 });
        renameSync(draft, file);
    } catch (error) {
        rmSync(draft, { force: true });
        throw error;
    }
}

/** What was kept for this repository; undefined if nothing was, or nothing that can be used. */
export function readCache(file: string, uuid: string): ContentState | undefined {
    let content: Buffer;
    try {
        content = readFileSync(file);
    } catch {
        return undefined;
    }
    const start = magic.length + digestLength;
    if (content.length < start + 4 || !content.subarray(0, magic.length).equals(magic) || !createHash('sha1').update(content.subarray(start)).digest().equals(content.subarray(magic.length, start))) {
        return undefined;
    }
    const endOfHeader = start + 4 + content.readUInt32LE(start);
    const header = v.safeParse(headerSchema, JSON.parse(content.toString('utf8', start + 4, endOfHeader)));
    if (!header.success || header.output.uuid !== uuid) {
        return undefined;
    }
    const { oidLength, stamps, repositories, copies, lengths } = header.output;
    let at = endOfHeader;
    const sections = lengths.map(length => {
        // A copy of its own, so that it is aligned.
        const section = new Uint8Array(length);
        section.set(content.subarray(at, at + length));
        at += length;
        return section;
    });
    const [paths, pathOffsets, oids, fileKeys, flags, keyBytes, keyOffsets, digests, sizes, keySets, here, uuids, uuidOffsets, sets, setOffsets, overlaid] = sections;
    if (paths === undefined || pathOffsets === undefined || oids === undefined || fileKeys === undefined || flags === undefined || keyBytes === undefined || keyOffsets === undefined
        || digests === undefined || sizes === undefined || keySets === undefined || here === undefined || uuids === undefined || uuidOffsets === undefined || sets === undefined || setOffsets === undefined || overlaid === undefined) {
        return undefined;
    }
    const files = new WorkTreeFiles(oidLength, listOf(paths, pathOffsets), oids, integers(fileKeys), flags);
    const keys = new KeyTable(new ByteTable(listOf(keyBytes, keyOffsets)), digests, new Float64Array(sizes.buffer), integers(keySets), here);
    if (files.keys.some(key => key !== noKey && key >= keys.count)) {
        return undefined;
    }
    return {
        files,
        keys,
        sets: new LocationSets(new ByteTable(listOf(uuids, uuidOffsets)), new ByteTable(listOf(sets, setOffsets))),
        repositories,
        copies,
        stamps: { ...stamps, versions: { base: stamps.versions.base, unmerged: stamps.versions.unmerged }, journal: new Map(stamps.journal), privateJournal: new Map(stamps.privateJournal) },
        overlaid: new Set(integers(overlaid)),
    };
}

/** A copy: what is in a table may grow. */
function integers(bytes: Uint8Array): Uint32Array<ArrayBuffer> {
    return Uint32Array.from(new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4));
}

function listOf(bytes: Uint8Array, offsets: Uint8Array): ByteList {
    const starts = integers(offsets);
    return new ByteList(starts.length - 1, bytes, starts);
}
