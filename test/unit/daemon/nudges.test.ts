/** When a daemon is started anew for a peer that can be reached. */
import assert from 'node:assert/strict';
import { Nudges } from '../../../src/core/daemon/nudges';

describe('restarts for a peer that is back', () => {
    const limits = { betweenNudges: 60_000, worthANudge: 30_000 };
    /** Seconds at which one is made, when it is asked for each second for an hour. */
    const madeAt = (helps: boolean): readonly number[] => {
        const nudges = new Nudges(limits);
        return Array.from({ length: 3600 }, (_, second) => second).filter(second => {
            if (!nudges.isDue('a', second * 1000)) {
                return false;
            }
            nudges.made('a', second * 1000);
            if (helps) {
                nudges.helped('a');
            }
            return true;
        });
    };

    it('come ever later where they do not help', () => assert.deepEqual(madeAt(false), [0, 60, 180, 420, 900, 1860]));

    it('come as soon as they are worth it where they help', () => assert.equal(madeAt(true)[3], 90));

    it('are not put off by another peer that none helps', () => {
        const nudges = new Nudges(limits);
        nudges.made('hopeless', 0);
        nudges.made('hopeless', 60_000);
        assert.deepEqual([nudges.isDue('a', 61_000), nudges.isDue('a', 90_000), nudges.isDue('hopeless', 90_000)], [false, true, false]);
    });
});
