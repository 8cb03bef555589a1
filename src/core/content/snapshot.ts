/**
 * What is known of a repository's content at one moment: immutable, in memory that the worker that reads and those that
 * show share, so that nothing is copied and any question is answered at once.
 */
import { membersOf } from './locationSets';
import { fileFlags } from './workTreeFiles';
import type { Trust } from './repositories';

/** A list of byte strings: all bytes, and where each starts. */
export interface SharedStrings {
    readonly count: number;
    readonly bytes: SharedArrayBuffer;
    /** 32-bit integers, one more than there are strings. */
    readonly offsets: SharedArrayBuffer;
}

export interface RepositoryColumn {
    readonly uuid: string;
    readonly description: string;
    readonly trust: Trust;
}

/** What the worker hands over. */
export interface SnapshotData {
    /** Rises by one with each snapshot. */
    readonly generation: number;
    readonly own: string;
    /** By the number that sets use. */
    readonly repositories: readonly RepositoryColumn[];
    /** How many copies of each content there ought to be. */
    readonly copies: number;
    readonly paths: SharedStrings;
    /** For each file: its key's number (32 bits), and its flags (8 bits). */
    readonly fileKeys: SharedArrayBuffer;
    readonly fileFlags: SharedArrayBuffer;
    readonly keys: SharedStrings;
    /** For each key: its size (double), the number of its set (32 bits), whether it is here (8 bits). */
    readonly sizes: SharedArrayBuffer;
    readonly sets: SharedArrayBuffer;
    readonly here: SharedArrayBuffer;
    /** Encoded as in LocationSets. */
    readonly setMembers: SharedStrings;
}

class Strings {
    readonly bytes: Buffer;
    readonly offsets: Uint32Array;

    constructor({ bytes, offsets }: SharedStrings) {
        this.bytes = Buffer.from(bytes);
        this.offsets = new Uint32Array(offsets);
    }

    at(index: number): Buffer {
        return this.bytes.subarray(this.offsets[index], this.offsets[index + 1]);
    }
}

export class ContentSnapshot {
    readonly #data: SnapshotData;
    readonly #paths: Strings;
    readonly #keys: Strings;
    readonly #members: Strings;
    readonly #fileKeys: Uint32Array;
    readonly #fileFlags: Uint8Array;
    readonly #sizes: Float64Array;
    readonly #sets: Uint32Array;
    readonly #here: Uint8Array;
    /** The living repositories of each set that was asked for. */
    readonly #decoded = new Map<number, readonly number[]>();

    constructor(data: SnapshotData) {
        this.#data = data;
        this.#paths = new Strings(data.paths);
        this.#keys = new Strings(data.keys);
        this.#members = new Strings(data.setMembers);
        this.#fileKeys = new Uint32Array(data.fileKeys);
        this.#fileFlags = new Uint8Array(data.fileFlags);
        this.#sizes = new Float64Array(data.sizes);
        this.#sets = new Uint32Array(data.sets);
        this.#here = new Uint8Array(data.here);
    }

    get generation(): number {
        return this.#data.generation;
    }

    /** How many annexed files there are in the work tree. */
    get count(): number {
        return this.#data.paths.count;
    }

    get keyCount(): number {
        return this.#data.keys.count;
    }

    /** How many copies of each content there ought to be, by git-annex's global setting. */
    get wantedCopies(): number {
        return this.#data.copies;
    }

    /** The number of this repository itself; -1 if no log speaks of it. */
    get own(): number {
        return this.numberOf(this.#data.own);
    }

    /** Every repository that a log speaks of, dead ones too. */
    get repositories(): readonly RepositoryColumn[] {
        return this.#data.repositories;
    }

    /** A file's path from the work tree's root, as bytes: names need not be text. */
    pathBytes(file: number): Buffer {
        return this.#paths.at(file);
    }

    path(file: number): string {
        return this.#paths.at(file).toString('utf8');
    }

    /** The file at a path, or -1. Files are in the order of their paths' bytes. */
    find(path: string | Buffer): number {
        const place = this.firstFrom(path);
        return place < this.count && this.#paths.at(place).equals(Buffer.from(path)) ? place : -1;
    }

    /** The first file whose path isn't before this one. */
    firstFrom(path: string | Buffer): number {
        const wanted = Buffer.from(path);
        let low = 0;
        let high = this.count;
        while (low < high) {
            const middle = (low + high) >>> 1;
            if (Buffer.compare(this.#paths.at(middle), wanted) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    key(file: number): string {
        return this.#keys.at(this.keyNumber(file)).toString('utf8');
    }

    /** The same for files with the same content. */
    keyNumber(file: number): number {
        return this.#fileKeys[file] ?? 0;
    }

    /** Bytes of content; NaN if its key doesn't tell. */
    size(file: number): number {
        return this.#sizes[this.keyNumber(file)] ?? NaN;
    }

    /** Whether the content is in this repository, as `git annex find --in=here` tells. */
    isHere(file: number): boolean {
        return this.#here[this.keyNumber(file)] === 1;
    }

    isLocked(file: number): boolean {
        return ((this.#fileFlags[file] ?? 0) & fileFlags.link) !== 0;
    }

    /** The number of the combination of repositories that have it by the logs; the same number means the same ones. */
    setNumber(file: number): number {
        return this.#sets[this.keyNumber(file)] ?? 0;
    }

    /** Numbers of the repositories that have the content by the logs, as `git annex whereis` tells: without dead ones. */
    logged(file: number): readonly number[] {
        return this.membersOfSet(this.setNumber(file));
    }

    membersOfSet(set: number): readonly number[] {
        let members = this.#decoded.get(set);
        if (members === undefined) {
            members = membersOf(this.#members.at(set)).filter(member => this.repositories[member]?.trust !== 'dead');
            this.#decoded.set(set, members);
        }
        return members;
    }

    /** The number of a repository; -1 if no log speaks of it. */
    numberOf(uuid: string): number {
        return this.repositories.findIndex(repository => repository.uuid === uuid);
    }

    /** What is here and not logged as such, or the reverse: somebody moved it by hand, or lost it. */
    differs(file: number): boolean {
        return this.logged(file).includes(this.own) !== this.isHere(file);
    }
}
