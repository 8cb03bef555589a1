/**
 * Many short byte strings in one buffer, each once, by number: what keeps 100,000 keys in megabytes, not in objects.
 */

const emptySlot = 0xffff_ffff;

function hashOf(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0x811c_9dc5;
    for (let at = start; at < end; at++) {
        hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x0100_0193);
    }
    // Low bits alone choose the slot.
    return (hash ^ (hash >>> 15)) >>> 0;
}

/** A list of byte strings that grows. */
export class ByteList {
    #bytes: Buffer;
    #offsets: Uint32Array;
    #count: number;

    constructor(count = 0, bytes: Uint8Array = new Uint8Array(), offsets: Uint32Array = new Uint32Array(1)) {
        this.#count = count;
        this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        this.#offsets = offsets;
    }

    get count(): number {
        return this.#count;
    }

    /** The strings' bytes, one after the other. */
    get bytes(): Buffer {
        return this.#bytes.subarray(0, this.#offsets[this.#count]);
    }

    /** Where each string starts, and where the last ends. */
    get offsets(): Uint32Array {
        return this.#offsets.subarray(0, this.#count + 1);
    }

    /** A view, not a copy. */
    at(index: number): Buffer {
        return this.#bytes.subarray(this.#offsets[index], this.#offsets[index + 1]);
    }

    /** Order by bytes: negative if the string at `index` comes before the one in `source`. */
    compare(index: number, source: Buffer, start = 0, end = source.length): number {
        return this.#bytes.compare(source, start, end, this.#offsets[index], this.#offsets[index + 1]);
    }

    is(index: number, source: Buffer, start: number, end: number): boolean {
        return (this.#offsets[index + 1] ?? 0) - (this.#offsets[index] ?? 0) === end - start && this.compare(index, source, start, end) === 0;
    }

    hash(index: number): number {
        return hashOf(this.#bytes, this.#offsets[index] ?? 0, this.#offsets[index + 1] ?? 0);
    }

    push(source: Buffer, start = 0, end = source.length): number {
        const from = this.#offsets[this.#count] ?? 0;
        const to = from + end - start;
        if (to > this.#bytes.length) {
            const grown = Buffer.allocUnsafeSlow(Math.max(to, this.#bytes.length * 2, 1 << 16));
            this.#bytes.copy(grown, 0, 0, from);
            this.#bytes = grown;
        }
        if (this.#count + 2 > this.#offsets.length) {
            const grown = new Uint32Array(Math.max(this.#offsets.length * 2, 1 << 12));
            grown.set(this.#offsets);
            this.#offsets = grown;
        }
        source.copy(this.#bytes, from, start, end);
        this.#offsets[++this.#count] = to;
        return this.#count - 1;
    }
}

/** A {@link ByteList} that finds a string's number. */
export class ByteTable {
    readonly list: ByteList;
    #slots: Uint32Array;

    constructor(list = new ByteList()) {
        this.list = list;
        this.#slots = new Uint32Array(0);
        this.#rehash(Math.max(1 << 10, 1 << Math.ceil(Math.log2((list.count + 1) * 2))));
    }

    get count(): number {
        return this.list.count;
    }

    /** The number of the string in these bytes; -1 if it isn't there. */
    find(source: Buffer, start = 0, end = source.length): number {
        const found = this.#slots[this.#slotOf(source, start, end)] ?? emptySlot;
        return found === emptySlot ? -1 : found;
    }

    /** The number of the string, added if it is new. */
    intern(source: Buffer, start = 0, end = source.length): number {
        const slot = this.#slotOf(source, start, end);
        const found = this.#slots[slot] ?? emptySlot;
        if (found !== emptySlot) {
            return found;
        }
        const added = this.list.push(source, start, end);
        this.#slots[slot] = added;
        if (this.list.count * 2 > this.#slots.length) {
            this.#rehash(this.#slots.length * 2);
        }
        return added;
    }

    #slotOf(source: Buffer, start: number, end: number): number {
        const mask = this.#slots.length - 1;
        for (let slot = hashOf(source, start, end) & mask; ; slot = (slot + 1) & mask) {
            const found = this.#slots[slot] ?? emptySlot;
            if (found === emptySlot || this.list.is(found, source, start, end)) {
                return slot;
            }
        }
    }

    #rehash(size: number): void {
        this.#slots = new Uint32Array(size).fill(emptySlot);
        for (let index = 0; index < this.list.count; index++) {
            let slot = this.list.hash(index) & (size - 1);
            while (this.#slots[slot] !== emptySlot) {
                slot = (slot + 1) & (size - 1);
            }
            this.#slots[slot] = index;
        }
    }
}
