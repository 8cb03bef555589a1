/** The pure parts of presence: statuses, waits, pauses, the aggregate. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { ProbeOutcome } from '../../../src/core/p2p';
import { outcomeOfConversation, outcomeOfSocks } from '../../../src/core/p2p/outcome';
import { aggregate, noPauses, parsePauses, pauseEnd, pauseOf, storedPauses, withoutPause, withPause, type PeerPresence, type PresenceStatus } from '../../../src/core/peers/presence';
import { nextProbeMs } from '../../../src/core/peers/presence/interval';
import { nextPauseEnd } from '../../../src/core/peers/presence/pauses';
import { afterConnected, afterDisconnected, afterProbe, initialRecord, withStatus } from '../../../src/core/peers/presence/status';

const outcome: fc.Arbitrary<ProbeOutcome> = fc.oneof(
    fc.record({ kind: fc.constant('online' as const), roundTripMs: fc.nat(9000), connectMs: fc.nat(9000) }),
    fc.record({ kind: fc.constant('offline' as const), certain: fc.boolean() }),
    fc.constantFrom<ProbeOutcome>({ kind: 'daemon-down' }, { kind: 'tor-down' }, { kind: 'refused' }, { kind: 'no-token' }, { kind: 'not-git-annex' }, { kind: 'other-repository', uuid: 'x' }),
);
const happening = fc.oneof(
    outcome.map(value => ({ kind: 'probe' as const, value })),
    fc.constant({ kind: 'connected' as const }),
    fc.boolean().map(willProbe => ({ kind: 'disconnected' as const, willProbe })),
    fc.constant({ kind: 'paused' as const }),
);

describe('presence statuses', () => {
    it('never go back in time, and say when they changed', () => {
        fc.assert(
            fc.property(fc.array(fc.tuple(happening, fc.nat(100_000))), events => {
                let now = 1000;
                let record = initialRecord(now, undefined);
                for (const [event, wait] of events) {
                    now += wait;
                    const before = record;
                    switch (event.kind) {
                        case 'probe':
                            record = afterProbe(record, event.value, now);
                            break;
                        case 'connected':
                            record = afterConnected(record, now);
                            break;
                        case 'disconnected':
                            record = afterDisconnected(record, now, event.willProbe);
                            break;
                        case 'paused':
                            record = withStatus(record, { kind: 'paused', until: undefined }, now);
                    }
                    assert.equal(record.since, record.status.kind === before.status.kind ? before.since : now);
                    assert.ok((record.lastSeen ?? 0) >= (before.lastSeen ?? 0) && (record.lastSeen ?? 0) <= now);
                    if (before.status.kind !== 'online' && record.status.kind !== 'online') {
                        assert.equal(record.lastSeen, before.lastSeen, 'one who is not there is not seen');
                    }
                    if (before.status.kind === 'online' && event.kind === 'probe' && record.status.kind === 'offline' && record.status.certain) {
                        assert.equal(before.doubted, true);
                    }
                }
            }),
        );
    });

    it('read the answers of Tor and of git-annex in one place', () => {
        assert.deepEqual((['tor-down', 'refused', 'unreachable', 'time-limit'] as const).map(outcomeOfSocks), [{ kind: 'tor-down' }, { kind: 'daemon-down' }, { kind: 'offline', certain: true }, { kind: 'offline', certain: false }]);
        assert.deepEqual((['refused', 'closed', 'time-limit', 'protocol', 'remote-error'] as const).map(reason => outcomeOfConversation(reason).kind), ['refused', 'daemon-down', 'offline', 'not-git-annex', 'not-git-annex']);
    });
});

describe('the wait until the next probe', () => {
    const circumstances = { attention: 'watched', wanted: false, policy: { everyMs: 8000 }, peers: 3, doubted: false, unchanged: 0, random: 0.5 } as const;

    it('leaves time to see a change within 15 seconds while somebody looks, however long nothing happened', () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(10_000), fc.double({ min: 0, max: 1, noNaN: true }), (peers, unchanged, random) => {
                const wait = nextProbeMs({ ...circumstances, peers, unchanged, random }) ?? Infinity;
                const confirm = nextProbeMs({ ...circumstances, doubted: true }) ?? Infinity;
                assert.ok(wait >= 3000 * 0.8 && wait + confirm <= 12_000, String(wait));
            }),
        );
    });

    it('differs from time to time, is bounded, and is none where nobody wants a probe', () => {
        assert.notEqual(nextProbeMs({ ...circumstances, random: 0.1 }), nextProbeMs({ ...circumstances, random: 0.9 }));
        assert.equal(nextProbeMs({ ...circumstances, attention: 'hidden' }), undefined);
        assert.equal(nextProbeMs({ ...circumstances, policy: { everyMs: undefined } }), undefined);
        assert.ok((nextProbeMs({ ...circumstances, policy: { everyMs: 1 } }) ?? 0) >= 2400);
        assert.ok((nextProbeMs({ ...circumstances, attention: 'visible', unchanged: 1000 }) ?? Infinity) <= 6 * 60_000);
        assert.ok((nextProbeMs({ ...circumstances, attention: 'hidden', wanted: true, unchanged: 1000 }) ?? Infinity) <= 72_000);
        assert.equal(nextProbeMs({ ...circumstances, peers: 50 }), 50_000);
    });
});

describe('pauses', () => {
    const now = new Date(2026, 10, 22, 23, 30).getTime();

    it('last as long as they are said to', () => {
        assert.equal(pauseEnd('30-minutes', now), now + 1_800_000);
        assert.equal(pauseEnd('until-resumed', now), undefined);
        assert.deepEqual(new Date(pauseEnd('until-tomorrow', now) ?? 0), new Date(2026, 10, 23, 6, 0));
        assert.deepEqual(new Date(pauseEnd('until-tomorrow', new Date(2026, 11, 31, 0, 10).getTime()) ?? 0), new Date(2027, 0, 1, 6, 0));
    });

    it('hold for one peer or all, the longer one', () => {
        const pauses = withPause(withPause(noPauses, 'a', now + 10), undefined, now + 5);
        assert.deepEqual([pauseOf(pauses, 'a', now)?.until, pauseOf(pauses, 'b', now)?.until, pauseOf(pauses, 'b', now + 5)], [now + 10, now + 5, undefined]);
        assert.deepEqual([nextPauseEnd(pauses, now), nextPauseEnd(pauses, now + 5), nextPauseEnd(pauses, now + 10)], [now + 5, now + 10, undefined]);
        const resumed = withoutPause(pauses, 'a', ['a', 'b', 'c'], now);
        assert.deepEqual(['a', 'b', 'c'].map(peer => pauseOf(resumed, peer, now)?.until), [undefined, now + 5, now + 5]);
        assert.equal(pauseOf(withoutPause(pauses, 'a', ['b'], now + 5), 'b', now + 5), undefined, 'a pause that has ended is not made anew');
        assert.equal(pauseOf(withoutPause(pauses, undefined), 'a', now), undefined);
        assert.deepEqual(pauseOf(withPause(pauses, 'a', undefined), 'a', now), { until: undefined });
    });

    it('are kept between sessions, and rubbish is no pause', () => {
        const pauses = withPause(withPause(withPause(noPauses, 'a', now + 10), 'b', undefined), undefined, now + 5);
        const stored: unknown = JSON.parse(JSON.stringify(storedPauses(pauses, now)));
        assert.deepEqual(parsePauses(stored), pauses);
        assert.deepEqual(parsePauses(JSON.parse(JSON.stringify(storedPauses(pauses, now + 20)))), withPause(noPauses, 'b', undefined));
        fc.assert(fc.property(fc.anything(), value => void parsePauses(value)));
    });
});

describe('the aggregate', () => {
    const of = (...kinds: readonly PresenceStatus[]): PeerPresence[] => kinds.map(status => ({ status, since: 0, lastSeen: undefined }));
    const on: PresenceStatus = { kind: 'online', via: 'daemon', roundTripMs: undefined };
    const off: PresenceStatus = { kind: 'offline', certain: true };
    const paused: PresenceStatus = { kind: 'paused', until: undefined };

    it('says in a word how it stands', () => {
        assert.deepEqual(aggregate([]), { kind: 'no-peers' });
        assert.deepEqual(aggregate(of(on, on, off, paused)), { kind: 'some', online: 2, total: 3, unknown: 0, attention: 0 });
        assert.deepEqual(aggregate(of(off, { kind: 'daemon-down' })), { kind: 'all-offline', total: 2 });
        assert.deepEqual(aggregate(of({ kind: 'tor-down' }, { kind: 'tor-down' })), { kind: 'tor-down' });
        assert.deepEqual(aggregate(of(paused)), { kind: 'all-paused' });
        assert.deepEqual(aggregate(of({ kind: 'unknown' }, { kind: 'checking' })), { kind: 'unknown' });
        assert.deepEqual(aggregate(of({ kind: 'refused' }, off)), { kind: 'some', online: 0, total: 2, unknown: 0, attention: 1 });
        assert.deepEqual(aggregate(of({ kind: 'unknown' }, off)), { kind: 'some', online: 0, total: 2, unknown: 1, attention: 0 });
    });
});
