/**
 * What the program says about a failure: what happened, and what to do.
 */
import type { WormholeErrorReason } from '../core/wormhole/errors';

export function wordsFor(reason: WormholeErrorReason): string {
    switch (reason) {
        case 'invalid-code':
            return 'That is not a code. A code is a number and words, such as 7-crossover-clockwork.';
        case 'invalid-option':
            return 'An option can\'t be used.';
        case 'tor-unreachable':
            return 'Tor does not answer. Nothing was sent any other way. Start Tor, then start again.';
        case 'mailbox-unreachable':
            return 'The mailbox server can\'t be reached. Check the network, then start again.';
        case 'mailbox-certificate':
            return 'The mailbox server\'s certificate is not trusted: it may be somebody else\'s. Nothing was sent.';
        case 'mailbox-refused':
            return 'The mailbox server turns us away.';
        case 'mailbox-permission':
            return 'The mailbox server asks for a permission that can\'t be given.';
        case 'mailbox-error':
        case 'mailbox-protocol':
            return 'The mailbox server does not do as it should.';
        case 'crowded':
            return 'Somebody else uses this code too: a typing mistake, or an attack. Start again on both sides with a new code.';
        case 'wrong-code':
            return 'The codes of the two sides differ: a typing mistake, or an attack: somebody guessed. Start again on both sides with a new code.';
        case 'hostile-key-exchange':
            return 'What came from the other side is something that only an attacker sends. Start again on both sides with a new code.';
        case 'peer-absent':
            return 'The other side did not come. If it did start, somebody else may have used the code. Start again on both sides with a new code.';
        case 'peer-error':
            return 'The other side gave up.';
        case 'peer-protocol':
            return 'The other side does not do as it should.';
        case 'peer-lost':
            return 'The other side went away. Start again on both sides with a new code.';
        case 'transit-failed':
            return 'No connection to the other side came about, neither direct nor by a relay.';
        case 'offer-refused':
            return 'What was offered was refused.';
        case 'corrupted':
            return 'What arrived is not what was sent.';
        case 'file-unreadable':
            return 'The file can\'t be read.';
        case 'file-unwritable':
            return 'The received file can\'t be written.';
    }
}
