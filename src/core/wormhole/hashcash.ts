/**
 * Hashcash stamps, which a mailbox server under load may ask for (server-protocol.md of newer versions, "permission-required").
 *
 * A stamp is `1:bits:YYMMDD:resource::random:counter` whose SHA-1 begins with that many zero bits (hashcash.org, version 1).
 */
import { createHash, randomBytes } from 'node:crypto';
import { throwIfCancelled } from '../errors';

/** About four million tries, a few seconds. A server that asks for more asks for too much. */
export const maxHashcashBits = 22;
const triesAtOnce = 20_000;

/** Zero bits at the beginning of a digest. */
export function leadingZeroBits(digest: Uint8Array): number {
    const first = digest.findIndex(byte => byte !== 0);
    return first < 0 ? digest.length * 8 : first * 8 + Math.clz32(digest[first] ?? 0) - 24;
}

/** Computes a stamp in slices, so that timers, the network and a cancel get their turn. */
export async function mintStamp(bits: number, resource: string, signal?: AbortSignal, now = new Date()): Promise<string> {
    if (bits > maxHashcashBits) {
        throw new RangeError(`a stamp of ${bits} bits is too dear`);
    }
    const date = now.toISOString().slice(2, 10).replaceAll('-', '');
    const prefix = `1:${bits}:${date}:${resource}::${randomBytes(9).toString('base64')}:`;
    for (let counter = 0; ; counter++) {
        const stamp = prefix + counter.toString(36);
        if (leadingZeroBits(createHash('sha1').update(stamp).digest()) >= bits) {
            return stamp;
        }
        if (counter % triesAtOnce === triesAtOnce - 1) {
            await new Promise(resolve => setImmediate(resolve));
            throwIfCancelled(signal);
        }
    }
}
