/** Which snapshot follows from what was said and seen. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Observation } from '../../../src/core/pairing/observer';
import type { PairingEvent } from '../../../src/core/pairing/output';
import { afterEvent, afterLook, failureReason } from '../../../src/core/pairing/transitions';
import { failureOf } from '../../../src/core/pairing/wormholeFailure';
import { wormholeResults, type WormholeResult } from '../../../src/core/pairing/wormholeResults';
import type { PairingSnapshot } from '../../../src/shared/pairing/snapshot';
import { failureReasons, snapshotSchema } from '../../../src/shared/pairing/snapshot';
import * as v from 'valibot';

const named = { repository: 'alice', privacy: 'clear-net', name: 'bob' } as const;
const ready: PairingSnapshot = { ...named, state: 'code-ready', ownCode: '9-pocketful-ribcage', peerEntered: false, refused: false };
const waiting: PairingSnapshot = { ...named, state: 'waiting', ownCode: '9-pocketful-ribcage', peerEntered: false, slow: true };
const preparing: PairingSnapshot = { ...named, state: 'preparing' };

function seen(sending: boolean, receiving: boolean, more: Partial<Observation> = {}): Observation {
    return { ourHalf: undefined, received: false, theirAddresses: [], exchangeOpen: true, wormholes: { sending, receiving }, results: undefined, ...more };
}

const events: readonly PairingEvent[] = [
    { type: 'started', name: 'bob' },
    { type: 'code', code: '9-pocketful-ribcage' },
    { type: 'prompt' },
    { type: 'refused', why: 'form' },
    { type: 'exchanging' },
    { type: 'exchanged' },
    { type: 'retrying' },
    { type: 'ok' },
    { type: 'failed' },
    { type: 'failure', why: 'sending' },
    { type: 'unknown', text: 'x' },
];

describe('transitions of a pairing', () => {
    it('follow what git-annex says', () => {
        const states: string[] = [];
        const from = (first: PairingSnapshot): PairingSnapshot => first;
        let snapshot = from(preparing);
        for (const event of events.filter(({ type }) => ['code', 'exchanging', 'exchanged', 'retrying'].includes(type))) {
            snapshot = afterEvent(snapshot, named, event);
            states.push(snapshot.state);
        }
        assert.deepEqual(states, ['code-ready', 'waiting', 'connecting', 'connecting']);
        assert.ok(snapshot.state === 'connecting' && snapshot.attempts === 2);
    });

    it('never go back, and are always snapshots that a page takes', () => {
        const order = ['preparing', 'code-ready', 'waiting', 'exchanging', 'connecting'];
        const ended = fc.option(fc.constantFrom(...wormholeResults), { nil: undefined });
        const results = fc.option(fc.record({ send: ended, receive: ended }), { nil: undefined });
        const look = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), results).map(([sending, receiving, received, said]) => seen(sending, receiving, { received, results: said }));
        fc.assert(
            fc.property(fc.array(fc.oneof(fc.constantFrom(...events), look)), things => {
                let snapshot: PairingSnapshot = preparing;
                let last: Observation | undefined;
                for (const thing of things) {
                    const before = snapshot;
                    if ('type' in thing) {
                        snapshot = afterEvent(snapshot, named, thing);
                    } else {
                        const next = afterLook(snapshot, last, thing);
                        last = thing;
                        if (typeof next === 'string') {
                            return;
                        }
                        snapshot = next;
                    }
                    assert.ok(order.indexOf(snapshot.state) >= order.indexOf(before.state), `${before.state} to ${snapshot.state}`);
                    assert.deepEqual(v.parse(snapshotSchema, snapshot), snapshot);
                }
            }),
        );
    });

    it('see that the other person has entered the own code', () => {
        assert.deepEqual(afterLook(ready, seen(false, true), seen(false, true)), { ...ready, peerEntered: true });
        assert.equal(afterLook(ready, seen(true, true), seen(false, true)), ready, 'one look is not enough');
    });

    it('see that the code was wrong before git-annex says so', () => {
        assert.equal(afterLook(waiting, seen(true, false), seen(true, false)), 'wrong-code-here');
        assert.equal(afterLook(waiting, seen(true, true), seen(true, false)), waiting, 'one look is not enough');
        assert.equal(afterLook(waiting, seen(true, false), seen(true, false, { exchangeOpen: false })), waiting);
        assert.equal(afterLook(waiting, seen(false, false), seen(false, false)), waiting, 'git-annex is about to speak for itself');
        assert.deepEqual(afterLook(waiting, seen(true, false), seen(true, false, { received: true })), { ...named, state: 'exchanging', ownCode: '9-pocketful-ribcage', slow: true });
    });

    it('conclude nothing where processes can’t be seen', () => {
        assert.equal(afterLook(waiting, seen(true, true, { wormholes: undefined }), seen(true, true, { wormholes: undefined })), waiting);
    });

    it('believe our own wormholes at once, and watch no processes then', () => {
        const results = (receive: WormholeResult | undefined, send: WormholeResult | undefined): Observation => seen(true, false, { results: { send, receive } });
        assert.equal(afterLook(ready, undefined, results(undefined, 'wrong-code')), 'wrong-code-there');
        assert.equal(afterLook(waiting, undefined, results('wrong-code', undefined)), 'wrong-code-here');
        assert.equal(afterLook(preparing, undefined, results('tor-unreachable', undefined)), 'tor-down');
        assert.equal(afterLook(waiting, undefined, results('unknown', 'wrong-code')), 'wrong-code-there', 'what is known exactly goes first');
        assert.equal(afterLook(waiting, results(undefined, undefined), results(undefined, undefined)), waiting, 'a process that has ended says nothing');
        assert.deepEqual(afterLook(waiting, undefined, results(undefined, 'ok')), { ...waiting, peerEntered: true });
        assert.equal(afterLook(preparing, undefined, results('ok', 'ok')), preparing);
    });

    it('have a reason for every way in which a wormhole can end, and none for success', () => {
        for (const result of wormholeResults) {
            for (const results of [{ send: result, receive: undefined }, { send: undefined, receive: result }, { send: 'ok', receive: result }] as const) {
                const reason = failureOf(results);
                assert.equal(reason === undefined, result === 'ok', result);
                assert.ok(reason === undefined || failureReasons.includes(reason), result);
            }
        }
        assert.equal(failureReason(waiting, 'sending', { send: 'peer-lost', receive: undefined }), 'peer-gone');
        assert.equal(failureReason(waiting, 'sending', { send: undefined, receive: undefined }), 'unexpected');
        assert.equal(failureReason(waiting, 'linking', { send: 'ok', receive: 'ok' }), 'not-connected');
    });

    it('give a failure its meaning by how far the pairing was', () => {
        assert.equal(failureReason(preparing, 'sending', undefined), 'mailbox-unreachable');
        assert.equal(failureReason(preparing, 'receiving', undefined), 'mailbox-unreachable');
        assert.equal(failureReason(waiting, 'sending', undefined), 'wrong-code-there');
        assert.equal(failureReason(waiting, 'receiving', undefined), 'wrong-code-here');
        assert.equal(failureReason(waiting, 'linking', undefined), 'not-connected');
        assert.equal(failureReason(preparing, 'no-wormhole', undefined), 'no-wormhole');
        assert.equal(failureReason(waiting, undefined, undefined), 'unexpected');
    });
});
