import assert from 'node:assert/strict';
import type { networkInterfaces } from 'node:os';
import { hasNetwork, isCutOff } from '../../../src/core/sync/cutOff';
import { reachedNobody } from '../../../src/core/sync';
import type { FailureReason, PeerSummary, SyncSummary } from '../../../src/core/sync';

const none = { files: 0, bytes: 0 };
function peer(step?: 'fetch' | 'push', reason: FailureReason = 'unreachable'): PeerSummary {
    return { peer: { name: 'bob', uuid: 'u' }, received: none, sent: none, dropped: 0, failed: [], merge: { kind: 'nothing' }, problem: step === undefined ? undefined : { step, reason, words: '' } };
}
function summary(...peers: readonly PeerSummary[]): SyncSummary {
    return { peers, pushedHere: { kind: 'nothing' }, commit: undefined, added: 0, notAdded: [], droppedHere: 0, conflicts: [], slippedIn: [], durationMs: 0 };
}

describe('whether this computer may be the one that reaches nobody', () => {
    it('is asked where no peer at all was reached, and nothing else is known to be the matter', () => {
        assert.equal(reachedNobody(summary(peer('fetch'), peer('fetch', 'stalled'))), true);
        for (const one of [peer(), peer('push'), peer('fetch', 'tor-down'), peer('fetch', 'not-served'), peer('fetch', 'locked')]) {
            assert.equal(reachedNobody(summary(peer('fetch'), one)), false);
        }
        assert.equal(reachedNobody(summary()), false);
    });

    it('is known at once where nothing but the loopback is up', () => {
        const at = (address: string, internal = false): NonNullable<ReturnType<typeof networkInterfaces>[string]> => [{ address, netmask: '', mac: '', internal, cidr: null, family: 'IPv4' }];
        const lo = at('127.0.0.1', true);
        // Node.js lists only what is up and has a carrier.
        assert.equal(hasNetwork({ lo }), false);
        assert.equal(hasNetwork({}), false);
        assert.equal(hasNetwork({ lo, eth0: at('10.0.0.7') }), true);
        assert.equal(hasNetwork({ lo, wlan0: at('fd00::7') }), true);
        assert.equal(hasNetwork({ lo, awdl0: at('fe80::7'), eth0: at('169.254.1.1') }), false);
        assert.equal(hasNetwork({ lo, eth0: undefined }), false);
    });

    it('is not claimed where there is a network, and no service of our own to ask for', async () => {
        assert.equal(await isCutOff(undefined), !hasNetwork());
    });
});
