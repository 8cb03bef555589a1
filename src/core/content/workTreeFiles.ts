/**
 * The files that git's index lists, with the annexed content that each stands for.
 *
 * As git-annex lists them: by the index's blob, not by the file in the work tree (which, unlocked, is the content
 * itself), but only where there is a file in the work tree (git-annex, CmdLine/Seek.hs, seekFilteredKeys).
 */
import { lstatSync } from 'node:fs';
import path from 'node:path';
import { ByteList } from './byteTable';
import { readBlobs, RecordSplitter, requestsFor, streamGit, type GitContext } from './gitBytes';
import { growBytes, growIntegers } from './growing';
import { longestPointer, parsePointer } from './keys';
import type { KeyTable } from './keyTable';

/** In place of a key's number: this file is not annexed. */
export const noKey = 0xffff_ffff;
const unread = 0xffff_fffe;

export const fileFlags = { link: 1, absent: 2 } as const;

const zero = 0x30;
const space = 0x20;
const tagSkipped = 'S'.charCodeAt(0);
const tagRemoved = 'R'.charCodeAt(0);

/** All entries of the index at one moment, in git's order (by the bytes of the path). */
export class WorkTreeFiles {
    readonly paths: ByteList;
    oids: Uint8Array;
    keys: Uint32Array;
    flags: Uint8Array;

    constructor(readonly oidLength: number, paths = new ByteList(), oids = new Uint8Array(), keys = new Uint32Array(), flags = new Uint8Array()) {
        this.paths = paths;
        this.oids = oids;
        this.keys = keys;
        this.flags = flags;
    }

    get count(): number {
        return this.paths.count;
    }

    isAnnexed(index: number): boolean {
        return this.keys[index] !== noKey && ((this.flags[index] ?? 0) & fileFlags.absent) === 0;
    }

    add(bytes: Buffer, oidStart: number, pathStart: number, end: number, flags: number): void {
        const index = this.paths.push(bytes, pathStart, end);
        const { oidLength } = this;
        this.oids = growBytes(this.oids, (index + 1) * oidLength);
        for (let place = 0, at = oidStart; place < oidLength; place++, at += 2) {
            this.oids[index * oidLength + place] = (digitOf(bytes[at] ?? zero) << 4) | digitOf(bytes[at + 1] ?? zero);
        }
        this.keys = growIntegers(this.keys, index + 1);
        this.keys[index] = unread;
        this.flags = growBytes(this.flags, index + 1);
        this.flags[index] = flags;
    }

    /**
     * Takes what is already known of the same blobs at the same paths.
     * @param isAbsent looks whether there is no such file; undefined where that was listed with the others
     */
    learnFrom(old: WorkTreeFiles, isAbsent?: (path: Buffer) => boolean): void {
        const { oidLength, paths } = this;
        const { bytes, offsets } = paths;
        const isSameOid = (index: number, place: number): boolean => {
            for (let at = 0; at < oidLength; at++) {
                if (this.oids[index * oidLength + at] !== old.oids[place * oidLength + at]) {
                    return false;
                }
            }
            return true;
        };
        for (let index = 0, place = 0; index < this.count; index++) {
            let order = -1;
            while (place < old.count && (order = old.paths.compare(place, bytes, offsets[index], offsets[index + 1])) < 0) {
                place++;
            }
            const isKnown = place < old.count && order === 0;
            if (isKnown && isSameOid(index, place)) {
                this.keys[index] = old.keys[place] ?? unread;
            }
            if (isAbsent !== undefined && (isKnown ? ((old.flags[place] ?? 0) & fileFlags.absent) !== 0 : isAbsent(paths.at(index)))) {
                this.flags[index] = (this.flags[index] ?? 0) | fileFlags.absent;
            }
        }
    }

    /** The entries whose blob is still to be looked at. */
    unread(): { readonly links: readonly number[]; readonly files: readonly number[] } {
        const links: number[] = [];
        const files: number[] = [];
        for (let index = 0; index < this.count; index++) {
            if (this.keys[index] === unread) {
                (((this.flags[index] ?? 0) & fileFlags.link) === 0 ? files : links).push(index);
            }
        }
        return { links, files };
    }
}

interface ListOptions {
    /** What was known before: of those files it isn't looked at again whether they are there. */
    readonly known?: WorkTreeFiles | undefined;
    readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the index: `git ls-files -t -s -c -d -z` tells each entry as `<tag> <mode> <object> <stage>\t<path>`, and once
 * more with the tag R where there is no such file.
 */
export async function listWorkTree(context: GitContext, oidLength: number, { known, signal }: ListOptions = {}): Promise<WorkTreeFiles> {
    const files = new WorkTreeFiles(oidLength);
    const root = Buffer.from(context.root + path.sep);
    const isAbsent = (name: Buffer): boolean => lstatSync(Buffer.concat([root, name]), { throwIfNoEntry: false }) === undefined;
    const oidStart = 'H 100644 '.length;
    const pathStart = oidStart + 2 * oidLength + ' 0\t'.length;
    const splitter = new RecordSplitter(0, (bytes, start, end) => {
        const tag = bytes[start];
        const last = files.count - 1;
        if (tag === tagRemoved) {
            files.flags[last] = (files.flags[last] ?? 0) | fileFlags.absent;
            return;
        }
        const mode = bytes.toString('latin1', start + 2, start + 8);
        const stage = bytes[start + pathStart - 2] ?? zero;
        if (bytes[start + 1] !== space || mode === '160000' || stage !== zero) {
            return;
        }
        let flags = mode === '120000' ? fileFlags.link : 0;
        if (tag === tagSkipped && known === undefined && isAbsent(bytes.subarray(start + pathStart, end))) {
            flags |= fileFlags.absent;
        }
        files.add(bytes, start + oidStart, start + pathStart, end, flags);
    });
    await streamGit(context, ['ls-files', '-t', '-s', '-c', ...(known === undefined ? ['-d'] : []), '-z'], chunk => splitter.push(chunk), { signal });
    if (known !== undefined) {
        files.learnFrom(known, isAbsent);
    }
    return files;
}

function digitOf(byte: number): number {
    return byte < 0x3a ? byte - zero : byte - 0x57;
}

/** Finds the keys of the files whose blobs were not looked at yet. */
export async function readPointers(context: GitContext, files: WorkTreeFiles, keys: KeyTable, signal?: AbortSignal): Promise<void> {
    const { links, files: regular } = files.unread();
    const read = async (indexes: readonly number[]): Promise<void> => {
        if (indexes.length > 0) {
            await readBlobs(context, requestsFor(indexes, files.oids, files.oidLength), (place, content) => {
                const pointer = content === undefined ? undefined : parsePointer(content);
                files.keys[indexes[place] ?? 0] = pointer === undefined ? noKey : keys.intern(pointer);
            }, signal);
        }
    };
    await Promise.all([read(links), smallOnes(context, files, regular, signal).then(read)]);
}

/** Those of the files that are small enough to be pointers; the others are known not to be. */
async function smallOnes(context: GitContext, files: WorkTreeFiles, indexes: readonly number[], signal?: AbortSignal): Promise<readonly number[]> {
    const small: number[] = [];
    let place = 0;
    const splitter = new RecordSplitter(0x0a, (bytes, start, end) => {
        const index = indexes[place++] ?? 0;
        const size = Number(bytes.toString('latin1', start, end));
        if (Number.isInteger(size) && size <= longestPointer) {
            small.push(index);
        } else {
            files.keys[index] = noKey;
        }
    });
    if (indexes.length > 0) {
        await streamGit(context, ['cat-file', '--batch-check=%(objectsize)', '--buffer'], chunk => splitter.push(chunk), { signal, input: requestsFor(indexes, files.oids, files.oidLength) });
    }
    return small;
}
