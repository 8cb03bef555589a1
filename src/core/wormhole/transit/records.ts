/**
 * The records of a transit: 4 bytes of length (big-endian), 24 bytes of nonce, 16 of MAC, the ciphertext.
 *
 * Source: magic-wormhole transit.md ("Records"), `transit.py`. The nonce counts from zero, big-endian (the document
 * says little-endian; every implementation counts this way), and a receiver refuses one that is not next in turn.
 */
import type { Socket } from 'node:net';
import { concat, type Bytes } from '../bytes';
import { WormholeError } from '../errors';
import { macSize, nonceSize, seal, transitSubkey, unseal } from '../keys';
import type { Role } from './handshake';
import type { SocketReader } from './reader';

/** Senders write 16 to 64 kB; a megabyte leaves room and still bounds the memory. */
export const maxRecordSize = 1 << 20;
const overhead = nonceSize + macSize;

/** The nonce of the record with this number. */
export function recordNonce(count: bigint): Bytes {
    const nonce = Buffer.alloc(nonceSize);
    nonce.writeBigUInt64BE(count, nonceSize - 8);
    return Uint8Array.from(nonce);
}

/** One record, ready for the wire. */
export function encodeRecord(key: Bytes, count: bigint, plaintext: Bytes): Bytes {
    const sealed = seal(key, plaintext, recordNonce(count));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(sealed.length);
    return concat(length, sealed);
}

/** The length in a record's first four bytes. @throws {WormholeError} `peer-protocol` if it is out of bounds */
export function recordLength(head: Bytes): number {
    const length = Buffer.from(head).readUInt32BE();
    if (length < overhead || length > maxRecordSize + overhead) {
        throw new WormholeError('peer-protocol', `a record of ${length} bytes`);
    }
    return length;
}

/** The plaintext of a record without its length. @throws {WormholeError} `peer-protocol` if it is not the next, or was changed */
export function decodeRecord(key: Bytes, count: bigint, sealed: Bytes): Bytes {
    if (Buffer.compare(sealed.subarray(0, nonceSize), recordNonce(count)) !== 0) {
        throw new WormholeError('peer-protocol', 'a record out of its turn');
    }
    const plaintext = unseal(key, sealed);
    if (plaintext === undefined) {
        throw new WormholeError('peer-protocol', 'a record that was not made with this key');
    }
    return plaintext;
}

/** An established transit: whole records, in order, encrypted each way with a key of its own. */
export class RecordPipe {
    readonly #socket: Socket;
    readonly #reader: SocketReader;
    readonly #sendKey: Bytes;
    readonly #receiveKey: Bytes;
    #sent = 0n;
    #received = 0n;

    /** @param how for people: `direct` or `relay` */
    constructor(socket: Socket, reader: SocketReader, role: Role, key: Bytes, readonly how: 'direct' | 'relay') {
        this.#socket = socket;
        this.#reader = reader;
        const [ours, theirs] = role === 'sender' ? (['transit_record_sender_key', 'transit_record_receiver_key'] as const) : (['transit_record_receiver_key', 'transit_record_sender_key'] as const);
        this.#sendKey = transitSubkey(key, ours);
        this.#receiveKey = transitSubkey(key, theirs);
    }

    /** Sends one record; resolves when there is room for another. */
    async send(plaintext: Bytes): Promise<void> {
        const record = encodeRecord(this.#sendKey, this.#sent++, plaintext);
        if (this.#socket.destroyed || !this.#socket.writable) {
            throw new WormholeError('peer-lost', 'the connection ended while sending');
        }
        if (this.#socket.write(record)) {
            return;
        }
        await new Promise<void>((resolve, reject) => {
            const done = (): void => {
                this.#socket.off('drain', done).off('close', done);
                if (this.#socket.destroyed) {
                    reject(new WormholeError('peer-lost', 'the connection ended while sending'));
                } else {
                    resolve();
                }
            };
            this.#socket.once('drain', done).once('close', done);
        });
    }

    /** The next record. @throws {WormholeError} `peer-lost` at the end of the connection, `peer-protocol` */
    async receive(): Promise<Bytes> {
        let sealed: Bytes;
        try {
            sealed = await this.#reader.read(recordLength(await this.#reader.read(4)));
        } catch (error) {
            throw error instanceof WormholeError ? error : new WormholeError('peer-lost', 'the connection ended before the transfer did', '', { cause: error });
        }
        return decodeRecord(this.#receiveKey, this.#received++, sealed);
    }

    /** Ends the connection and keeps reading until it is gone, so that a reset can't overtake the last record. */
    async close(limitMs: number): Promise<void> {
        const limit = setTimeout(() => this.#socket.destroy(), limitMs);
        this.#socket.end();
        await this.#reader.drain();
        clearTimeout(limit);
        this.#socket.destroy();
    }

    /** Drops the connection. */
    destroy(): void {
        this.#socket.destroy();
    }
}
