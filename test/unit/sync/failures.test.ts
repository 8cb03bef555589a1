/** Why something failed, by what the real programs said (git 2.39, git-annex 10.20230126, tor 0.4.9). */
import assert from 'node:assert/strict';
import { isAway, reasonOf } from '../../../src/core/sync/failures';

const said = {
    'tor-down': [
        'git-remote-tor-annex: Network.Socket.connect: <socket: 12>: does not exist (Connection refused)\nfatal: Could not read from remote repository.',
        "  Unable to connect to peer. (Network.Socket.connect: <socket: 17>: does not exist (Connection refused))\n  can't connect to remote",
    ],
    'not-served': ["  Unable to connect to peer. (SocksErrorConnectionRefused)\n  can't connect to remote", 'git-remote-tor-annex: SocksErrorConnectionRefused\nfatal: Could not read from remote repository.'],
    'unreachable': ["  Unable to connect to peer. (SocksErrorHostUnreachable)\n  can't connect to remote", '  Unable to connect to peer. (SocksErrorGeneralServerFailure)'],
} as const;

describe('the words of a failure', () => {
    for (const [reason, all] of Object.entries(said)) {
        it(`tell ${reason}, which is no way to the peer`, () => {
            for (const words of all) {
                assert.equal(reasonOf(words), reason, words);
                assert.equal(isAway(words), true, words);
            }
        });
    }

    it('are not about the way where the peer answered, or where another program failed', () => {
        for (const words of ['  verification of content failed', 'ssh: connect to host example.invalid port 22: Connection refused', 'fatal: the remote end hung up unexpectedly', '']) {
            assert.equal(isAway(words), false, words);
            assert.notEqual(reasonOf(words), 'tor-down', words);
        }
    });
});
