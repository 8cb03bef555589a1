/**
 * Which repositories have a content, as numbers of sets: most contents are in the same few combinations of repositories,
 * so each combination is kept once, as the sorted numbers of its uuids.
 */
import { ByteTable } from './byteTable';
import { LocationLogReader } from './locationLog';

const bytesEach = 4;

export class LocationSets {
    /** The first is the empty set. */
    readonly sets: ByteTable;
    readonly uuids: ByteTable;
    readonly #reader: LocationLogReader;
    #members: number[] = [];

    constructor(uuids = new ByteTable(), sets = new ByteTable()) {
        this.uuids = uuids;
        this.sets = sets;
        this.sets.intern(Buffer.alloc(0));
        this.#reader = new LocationLogReader({ numberOf: (log, start, end) => this.uuids.intern(log, start, end) });
    }

    /** The number of the set of repositories that have the content by this log. */
    ofLog(log: Buffer): number {
        this.#members = [];
        this.#reader.read(log, uuid => this.#members.push(uuid));
        return this.numberOf(this.#members);
    }

    numberOf(members: number[]): number {
        if (members.length === 0) {
            return 0;
        }
        members.sort((a, b) => a - b);
        const encoded = Buffer.allocUnsafe(members.length * bytesEach);
        members.forEach((member, place) => encoded.writeUInt32LE(member, place * bytesEach));
        return this.sets.intern(encoded);
    }
}

/** The numbers in an encoded set. */
export function membersOf(encoded: Buffer): number[] {
    return Array.from({ length: encoded.length / bytesEach }, (_, place) => encoded.readUInt32LE(place * bytesEach));
}
