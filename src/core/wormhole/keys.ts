/**
 * Keys derived from the shared key, and the box that messages are sealed in.
 *
 * Sources: magic-wormhole client-protocol.md, `_key.py`, transit.md,
 * `transit.py`; the box is NaCl's secretbox (XSalsa20-Poly1305).
 */
import { randomBytes } from 'node:crypto';
import { secretbox } from '@noble/ciphers/salsa.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ascii, concat, type Bytes } from './bytes';

export const nonceSize = 24;
export const macSize = 16;

/** HKDF-SHA256 with an empty salt. @param purpose the `info` @param size bytes */
export function deriveKey(key: Bytes, purpose: Bytes, size = 32): Bytes {
    return hkdf(sha256, key, new Uint8Array(0), purpose, size);
}

/** The key of one phase of one side (the sender of the message). */
export function phaseKey(key: Bytes, side: string, phase: string): Bytes {
    return deriveKey(key, concat(ascii('wormhole:phase:'), sha256(ascii(side)), sha256(ascii(phase))));
}

/** What two people can compare to be sure that nobody stands between. */
export function verifier(key: Bytes): Bytes {
    return deriveKey(key, ascii('wormhole:verifier'));
}

/** The key of the bulk connection. The string is the same for every appid: what began as an oversight became the protocol. */
export function transitKey(key: Bytes): Bytes {
    return deriveKey(key, ascii('lothar.com/wormhole/text-or-file-xfer/transit-key'));
}

export type TransitPurpose = 'transit_sender' | 'transit_receiver' | 'transit_relay_token' | 'transit_record_sender_key' | 'transit_record_receiver_key';

/** Handshake ids, the relay token and the record keys of a transit. */
export function transitSubkey(key: Bytes, purpose: TransitPurpose): Bytes {
    return deriveKey(key, ascii(purpose));
}

/** nonce ‖ MAC ‖ ciphertext, with a random nonce unless one is given. */
export function seal(key: Bytes, plaintext: Bytes, nonce: Bytes = randomBytes(nonceSize)): Bytes {
    return concat(nonce, secretbox(key, nonce).seal(plaintext));
}

/** The plaintext of a sealed message; undefined if it was not sealed with this key or was changed. */
export function unseal(key: Bytes, sealed: Bytes): Bytes | undefined {
    if (sealed.length < nonceSize + macSize) {
        return undefined;
    }
    try {
        return secretbox(key, sealed.subarray(0, nonceSize)).open(sealed.subarray(nonceSize));
    } catch {
        return undefined;
    }
}
