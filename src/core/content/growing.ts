/**
 * Typed arrays that grow: columns of the index's tables.
 */

type Column = Uint8Array | Uint32Array | Float64Array;

/** An array of the same kind with at least `length` places, the old values in it. */
function grown<Kind extends Column>(old: Kind, length: number, make: (size: number) => Kind): Kind {
    if (length <= old.length) {
        return old;
    }
    const fresh = make(Math.max(length, old.length * 2, 1024));
    // Both are of the same kind.
    fresh.set(old);
    return fresh;
}

export function growBytes(old: Uint8Array, length: number): Uint8Array {
    return grown(old, length, size => new Uint8Array(size));
}

export function growIntegers(old: Uint32Array, length: number): Uint32Array {
    return grown(old, length, size => new Uint32Array(size));
}

export function growNumbers(old: Float64Array, length: number): Float64Array {
    return grown(old, length, size => new Float64Array(size));
}
