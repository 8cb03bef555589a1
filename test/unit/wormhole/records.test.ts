/** Records and handshakes of a transit: codec properties, framing over real sockets, and what is refused. */
import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { ascii } from '../../../src/core/wormhole/bytes';
import { WormholeError } from '../../../src/core/wormhole/errors';
import { transitSubkey } from '../../../src/core/wormhole/keys';
import { handshakeOf, relayRequest } from '../../../src/core/wormhole/transit/handshake';
import { ConnectionEnded, SocketReader } from '../../../src/core/wormhole/transit/reader';
import { decodeRecord, encodeRecord, maxRecordSize, recordLength, recordNonce, RecordPipe } from '../../../src/core/wormhole/transit/records';

const key = ascii('k'.repeat(32));
const isRefused = (error: unknown): boolean => error instanceof WormholeError && error.reason === 'peer-protocol';

async function socketPair(): Promise<readonly [Socket, Socket]> {
    return new Promise(resolve => {
        const server = createServer(accepted => {
            server.close();
            resolve([dialled, accepted]);
        });
        let dialled: Socket;
        server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            dialled = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
        });
    });
}

describe('wormhole: records', () => {
    it('writes the handshakes that the others expect', () => {
        const id = 'c8589e2951756317f5c6c5a866cffafcea2081c839961bfa4aacd66c07fc49eb';
        assert.deepEqual(handshakeOf('sender', key), ascii(`transit sender ${id} ready\n\n`));
        assert.deepEqual(relayRequest(key, '0123456789abcdef'), ascii('please relay 3f4147851dbd2589d25b654ee9fb35ed0d3e5f19c5c5403e8e6a195c70f0577a for side 0123456789abcdef\n'));
    });

    it('counts nonces big-endian', () => {
        assert.equal(Buffer.from(recordNonce(258n)).toString('hex'), `${'00'.repeat(22)}0102`);
    });

    it('decodes what it encodes, at its turn only', () => {
        fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), fc.bigInt(0n, 1n << 62n), (plaintext, count) => {
            const record = encodeRecord(key, count, plaintext);
            assert.equal(recordLength(record.subarray(0, 4)), record.length - 4);
            assert.equal(record.length, plaintext.length + 44);
            assert.deepEqual(decodeRecord(key, count, record.subarray(4)), plaintext);
            assert.throws(() => decodeRecord(key, count + 1n, record.subarray(4)), isRefused);
        }));
    });

    it('refuses lengths out of bounds and changed records', () => {
        for (const length of [0, 39, maxRecordSize + 41, 0xffff_ffff]) {
            const head = Buffer.alloc(4);
            head.writeUInt32BE(length);
            assert.throws(() => recordLength(head), isRefused);
        }
        const record = encodeRecord(key, 0n, ascii('hello')).slice(4);
        record[40] = (record[40] ?? 0) ^ 1;
        assert.throws(() => decodeRecord(key, 0n, record), isRefused);
    });

    it('keeps records whole, however the bytes are cut', async () => {
        await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }), async (records, cuts) => {
            const [left, right] = await socketPair();
            const receiver = new RecordPipe(right, new SocketReader(right), 'receiver', key, 'direct');
            const wire = Buffer.concat(records.map((record, index) => encodeRecord(transitSubkey(key, 'transit_record_sender_key'), BigInt(index), record)));
            for (let at = 0, turn = 0; at < wire.length; turn++) {
                const cut = cuts[turn % cuts.length] ?? 1;
                left.write(wire.subarray(at, at + cut));
                at += cut;
                await new Promise(resolve => setImmediate(resolve));
            }
            left.end();
            for (const record of records) {
                assert.deepEqual(Uint8Array.from(await receiver.receive()), record);
            }
            await assert.rejects(receiver.receive(), (error: unknown) => error instanceof WormholeError && error.reason === 'peer-lost');
            receiver.destroy();
        }), { numRuns: 30 });
    });

    it('passes records both ways between two pipes', async () => {
        const [left, right] = await socketPair();
        const sender = new RecordPipe(left, new SocketReader(left), 'sender', key, 'direct');
        const receiver = new RecordPipe(right, new SocketReader(right), 'receiver', key, 'direct');
        const big = new Uint8Array(maxRecordSize).fill(7);
        const sending = (async () => {
            for (let turn = 0; turn < 5; turn++) {
                await sender.send(big);
            }
        })();
        for (let turn = 0; turn < 5; turn++) {
            assert.equal((await receiver.receive()).length, big.length);
        }
        await sending;
        await receiver.send(ascii('thanks'));
        assert.deepEqual(Uint8Array.from(await sender.receive()), ascii('thanks'));
        await Promise.all([sender.close(1000), receiver.close(1000)]);
        await assert.rejects(sender.send(ascii('late')), (error: unknown) => error instanceof WormholeError && error.reason === 'peer-lost');
    });

    it('reads with back-pressure: a flood that nobody asked for stays outside', async () => {
        const [left, right] = await socketPair();
        const reader = new SocketReader(right);
        left.on('error', () => undefined);
        left.write(Buffer.alloc(32 << 20));
        await reader.read(1);
        await new Promise(resolve => setImmediate(resolve));
        assert.ok(reader.available < 1 << 20, String(reader.available));
        left.destroy();
        right.destroy();
    });

    it('gives up at the first wrong byte', async () => {
        const [left, right] = await socketPair();
        const reader = new SocketReader(right);
        left.write('HTTP/1.1 400');
        assert.equal(await reader.expect(handshakeOf('sender', key)), false);
        left.end();
        await assert.rejects(reader.expect(handshakeOf('sender', key)).then(same => (same ? undefined : reader.read(1000))), ConnectionEnded);
        right.destroy();
    });
});
