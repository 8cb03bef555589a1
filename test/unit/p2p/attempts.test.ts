/** Several attempts at one connection: the first answer counts, and nothing stays open. */
import assert from 'node:assert/strict';
import { PassThrough, type Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError } from '../../../src/core/errors';
import { connectInAttempts } from '../../../src/core/p2p/attempts';
import { SocksError } from '../../../src/core/tor/socks';

type Answer = (limitMs: number, signal: AbortSignal) => Promise<Duplex>;

/** As Tor holds a connection: until its limit, or until it is given up. */
const hangs: Answer = async (limitMs, signal) => {
    await delay(limitMs, undefined, { signal }).catch(() => Promise.reject(new CancelledError()));
    throw new SocksError('time-limit', 'no answer');
};

describe('attempts at a connection', () => {
    it('connects by the second where the first hangs, and gives that up', async () => {
        const signals: AbortSignal[] = [];
        const stream = new PassThrough();
        const connected = await connectInAttempts<Duplex>((limitMs, signal) => {
            signals.push(signal);
            return signals.length === 1 ? hangs(limitMs, signal) : Promise.resolve(stream);
        }, { everyMs: 20, limitMs: 5000 });
        assert.equal(connected, stream);
        assert.deepEqual([signals.length, signals[0]?.aborted, stream.destroyed], [2, true, false]);
    });

    it('says at once what a later attempt was answered', async () => {
        let count = 0;
        const start = Date.now();
        await assert.rejects(connectInAttempts((limitMs, signal) => (++count < 3 ? hangs(limitMs, signal) : Promise.reject(new SocksError('unreachable', ''))), { everyMs: 20, limitMs: 5000 }), { reason: 'unreachable' });
        assert.ok(Date.now() - start < 1000);
    });

    it('gives up at its limit, and at once when it is cancelled', async () => {
        await assert.rejects(connectInAttempts(hangs, { everyMs: 20, limitMs: 100 }), { reason: 'time-limit' });
        const controller = new AbortController();
        const rejected = assert.rejects(connectInAttempts(hangs, { everyMs: 20, limitMs: 60_000, signal: controller.signal }), CancelledError);
        controller.abort();
        await rejected;
    });

    it('closes a connection that comes after another', async () => {
        const streams: PassThrough[] = [];
        const late: Answer = async limitMs => {
            const stream = new PassThrough();
            streams.push(stream);
            await delay(limitMs > 4990 ? 60 : 30);
            return stream;
        };
        const first = await connectInAttempts(late, { everyMs: 20, limitMs: 5000 });
        await delay(100);
        assert.ok(streams.length >= 2);
        assert.deepEqual(streams.filter(stream => !stream.destroyed), [first]);
    });
});
