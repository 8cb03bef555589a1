/** Parts of a job done side by side: all are waited for, the first error ends the others and is the one told. */
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { CancelledError } from '../../../src/core/errors';
import { together } from '../../../src/core/sync/together';

function untilAborted(signal: AbortSignal): Promise<void> {
    return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new CancelledError()), { once: true });
    });
}

describe('together', () => {
    it('does every part once, no more than allowed at the same time', async () => {
        let now = 0;
        let most = 0;
        const done: number[] = [];
        await together(undefined, Array.from({ length: 9 }, (_, index) => async () => {
            most = Math.max(most, ++now);
            await turn();
            done.push(index);
            now--;
        }), 3);
        assert.deepEqual([...done].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
        assert.equal(most, 3);
    });

    it('ends the others when one fails, waits for their end, and tells of the one that failed', async () => {
        let ended = false;
        await assert.rejects(together(undefined, [
            async signal => {
                await untilAborted(signal).catch(() => undefined);
                await turn();
                ended = true;
                throw new CancelledError();
            },
            async () => Promise.reject(new Error('the reason')),
        ]), /the reason/u);
        assert.ok(ended);
    });

    it('begins nothing more after a failure', async () => {
        const begun: number[] = [];
        await assert.rejects(together(undefined, [0, 1, 2].map(index => async () => {
            begun.push(index);
            return Promise.reject(new Error(String(index)));
        }), 1), /0/u);
        assert.deepEqual(begun, [0]);
    });

    it('is cancelled by its caller', async () => {
        const stop = new AbortController();
        const work = together(stop.signal, [untilAborted, untilAborted]);
        stop.abort();
        await assert.rejects(work, CancelledError);
    });

    it('has nothing to do without parts', async () => together(undefined, []));
});
