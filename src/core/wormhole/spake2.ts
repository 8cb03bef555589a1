/**
 * SPAKE2 in its symmetric form on Ed25519: two sides that know the same weak password get the same strong key, and a
 * side that guesses gets one guess.
 *
 * Sources: python-spake2 0.8, `spake2.py` (SPAKE2_Symmetric), `groups.py` (password_to_scalar), `ed25519_basic.py` and
 * `parameters/ed25519.py` (the element S).
 *
 * noble's arithmetic on BigInt is not constant-time. One exchange a code limits what timing could give away.
 */
import { randomBytes } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ascii, compareBytes, concat, equalBytes, fromHex, toHex, type Bytes } from './bytes';
import { WormholeError } from './errors';

const Point = ed25519.Point;
type Element = InstanceType<typeof Point>;

/** Order of the prime subgroup. */
export const groupOrder = Point.Fn.ORDER;
const fieldPrime = Point.Fp.ORDER;
const sidePrefix = 0x53; // "S"
const elementSize = 32;
/** `arbitrary_element("symmetric")`: nobody knows its discrete logarithm. Recomputed by a test. */
const blindingHex = '6f00dae87c1be1a73b5922ef431cd8f57879569c222d22b1cd71e8546ab8e6f1';

const noSalt = new Uint8Array(0);
const bigEndian = (bytes: Bytes): bigint => BigInt(`0x${toHex(bytes)}`);

/** The password's scalar: HKDF-SHA256, info `SPAKE2 pw`, 48 bytes, read big-endian, modulo the group's order. */
export function passwordToScalar(password: Bytes): bigint {
    return bigEndian(hkdf(sha256, password, noSalt, ascii('SPAKE2 pw'), 48)) % groupOrder;
}

/** An element whose discrete logarithm nobody knows: the first y from the seed's hash on that decodes with an even x, times 8. */
export function arbitraryElement(seed: Bytes): Bytes {
    const start = bigEndian(hkdf(sha256, seed, noSalt, ascii('SPAKE2 arbitrary element'), 48)) % fieldPrime;
    for (let offset = 0n; ; offset++) {
        const y = (start + offset) % fieldPrime;
        const encoded = fromHex(y.toString(16).padStart(64, '0'))?.reverse();
        const element = encoded === undefined ? undefined : decode(encoded)?.multiplyUnsafe(8n);
        if (element?.is0() === false) {
            return element.toBytes();
        }
    }
}

/** A random scalar: 64 bytes modulo the order, so that the bias is below 2^-256; never zero. */
export function randomScalar(): bigint {
    return (bigEndian(randomBytes(64)) % (groupOrder - 1n)) + 1n;
}

function decode(bytes: Bytes): Element | undefined {
    try {
        return Point.fromBytes(bytes);
    } catch {
        return undefined;
    }
}

/** noble refuses to multiply by zero; the password's scalar may be zero in theory. */
function multiply(element: Element, scalar: bigint): Element {
    return scalar === 0n ? Point.ZERO : element.multiply(scalar);
}

/** The transcript's hash (python-spake2, finalize_SPAKE2_symmetric). Messages without their prefix, in byte order. */
export function finalizeSymmetric(id: Bytes, message1: Bytes, message2: Bytes, sharedElement: Bytes, password: Bytes): Bytes {
    const [first, second] = compareBytes(message1, message2) <= 0 ? [message1, message2] : [message2, message1];
    return sha256(concat(sha256(password), sha256(id), first, second, sharedElement));
}

/** One side of one exchange. `finish` works once: a second try with the same code would be a second guess. */
export class Spake2 {
    /** To be sent: the byte `S` and 32 bytes. */
    readonly message: Bytes;
    readonly #password: Bytes;
    readonly #id: Bytes;
    readonly #blind: Element;
    readonly #scalar: bigint;
    #finished = false;

    /**
     * @param password the whole code, as UTF-8
     * @param id the application's id, as UTF-8
     * @param scalar only for tests with published vectors
     */
    constructor(password: Bytes, id: Bytes, scalar: bigint = randomScalar()) {
        this.#password = password;
        this.#id = id;
        this.#scalar = scalar;
        this.#blind = multiply(Point.fromHex(blindingHex), passwordToScalar(password));
        // A copy of the base point: for a single product its table of precomputed multiples costs more than it saves.
        const base = Point.fromAffine(Point.BASE.toAffine());
        this.message = concat(Uint8Array.of(sidePrefix), multiply(base, scalar).add(this.#blind).toBytes());
    }

    /**
     * The shared key, 32 bytes, from the other side's message.
     * @throws {WormholeError} `hostile-key-exchange` for what no honest side sends: another form, our own message back,
     * the identity, a point off the curve or outside the prime-order subgroup, or one that forces a known key
     */
    finish(theirs: Bytes): Bytes {
        if (this.#finished) {
            throw new WormholeError('hostile-key-exchange', 'a second key exchange message for the same code');
        }
        this.#finished = true;
        if (theirs.length !== elementSize + 1 || theirs[0] !== sidePrefix) {
            throw new WormholeError('hostile-key-exchange', 'the key exchange message has another form');
        }
        if (equalBytes(theirs, this.message)) {
            throw new WormholeError('hostile-key-exchange', 'our own key exchange message came back');
        }
        const encoded = theirs.slice(1);
        const element = decode(encoded);
        if (element === undefined || element.is0() || !element.isTorsionFree()) {
            throw new WormholeError('hostile-key-exchange', 'the key exchange message is not an element of the group');
        }
        const shared = element.subtract(this.#blind);
        if (shared.is0()) {
            throw new WormholeError('hostile-key-exchange', 'the key exchange message forces a known key');
        }
        // All 32 bytes are hashed, also where the last are zero.
        return finalizeSymmetric(this.#id, encoded, this.message.slice(1), multiply(shared, this.#scalar).toBytes(), this.#password);
    }
}
