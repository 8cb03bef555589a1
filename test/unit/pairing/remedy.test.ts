/** What is offered where a pairing failed, in the input box as on the page, and what is told where neither is open. */
import assert from 'node:assert/strict';
import '../page/vscodeStub';
import { silentLog } from '../../../src/core/log';
import { AnnexPeersError } from '../../../src/core/errors';
import type { PairingSession } from '../../../src/core/pairing/session';
import { Event } from '../../../src/core/event';
import { remediesFor } from '../../../src/shared/pairing/remedy';
import { failureReasons, type FailureReason, type PairingSnapshot } from '../../../src/shared/pairing/snapshot';
import { ActivePairing } from '../../../src/ui/pairing/activePairing';
import { outcomeItems } from '../../../src/ui/pairing/quickItems';
import { pairingTexts } from '../../../src/ui/pairing/texts';

const failed = (reason: FailureReason, tokenMayRemain = false): Extract<PairingSnapshot, { state: 'failed' }> => ({ repository: 'r', privacy: 'tor', name: 'bob', state: 'failed', reason, detail: '', tokenMayRemain });

describe('a pairing that failed', () => {
    it('offers what mends it, and the log, for every reason', () => {
        const texts = pairingTexts();
        for (const reason of failureReasons) {
            const actions = outcomeItems(failed(reason, true), texts).flatMap(({ action }) => action ?? []);
            assert.deepEqual(actions.filter(action => action.startsWith('remedy:')), remediesFor(reason, true).map(remedy => `remedy:${remedy}`), reason);
            assert.ok(actions.includes('start-again') && actions.includes('show-log'), reason);
        }
    });

    it('has a button wherever its words speak of the settings', () => {
        const texts = pairingTexts();
        for (const reason of failureReasons.filter(candidate => /settings/u.test(texts[`next-${candidate}`]))) {
            assert.ok(remediesFor(reason, false).includes('open-settings'), reason);
        }
    });

    it('tells why it can\'t begin, and why it can\'t start again', async () => {
        const told: unknown[] = [];
        const error = new AnnexPeersError('failed', 'git said no');
        const session = { snapshot: failed('no-code'), onSnapshot: new Event<PairingSnapshot>(), begin: () => Promise.reject(error) } as unknown as PairingSession;
        let made = 0;
        const pairing = await ActivePairing.create(
            () => made++ === 0 ? Promise.resolve(session) : Promise.reject(error),
            { copy: () => Promise.resolve(), paired: () => undefined, syncNow: () => undefined, remedy: () => Promise.resolve(), showLog: () => undefined, trouble: trouble => told.push(trouble) },
            silentLog,
        );
        assert.equal(await pairing.begin('bob', 'tor'), undefined);
        await pairing.startAgain();
        assert.deepEqual(told, [error, error]);
    });
});
