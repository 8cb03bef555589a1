/**
 * Everything that can go wrong in a wormhole, as one union of reasons for the user interface to explain.
 */
import { AnnexPeersError } from '../errors';

export type WormholeErrorReason =
    /** The code's form is wrong; nothing was sent. */
    | 'invalid-code'
    /** An option (URL, relay, proxy) can't be used; nothing was sent. */
    | 'invalid-option'
    /** Tor's SOCKS port does not answer. Nothing is ever tried past it. */
    | 'tor-unreachable'
    /** The mailbox server can't be reached, or was lost for longer than the limit. */
    | 'mailbox-unreachable'
    /** The mailbox server's certificate is not trusted. */
    | 'mailbox-certificate'
    /** The mailbox server turns clients away (its own words are in `detail`). */
    | 'mailbox-refused'
    /** The mailbox server asks for a permission that is unknown or too dear to compute. */
    | 'mailbox-permission'
    /** The mailbox server reported an error (its own words are in `detail`). */
    | 'mailbox-error'
    /** The mailbox server sent what the protocol doesn't allow, or too much of it. */
    | 'mailbox-protocol'
    /** A third party uses the same code: a typing mistake of somebody, or an attack. */
    | 'crowded'
    /** The key doesn't match: the code was mistyped, or somebody guessed at it. The code is spent. */
    | 'wrong-code'
    /** The other side's key exchange message is one that only an attacker sends. The code is spent. */
    | 'hostile-key-exchange'
    /** The other side didn't come within the limit; its code may have been used by somebody else. */
    | 'peer-absent'
    /** The other side gave up (its own words are in `detail`). */
    | 'peer-error'
    /** The other side sent what the protocol doesn't allow, or too much of it. */
    | 'peer-protocol'
    /** The other side went away in the middle of the transfer. */
    | 'peer-lost'
    /** No connection for the transfer came about, neither direct nor by a relay. */
    | 'transit-failed'
    /** What the other side offers was not wanted here (kind, size or the user's answer). */
    | 'offer-refused'
    /** What arrived is not what was sent. */
    | 'corrupted'
    /** The file to send can't be read. */
    | 'file-unreadable'
    /** The received file can't be written. */
    | 'file-unwritable';

export class WormholeError extends AnnexPeersError<WormholeErrorReason> {
    override readonly name = 'WormholeError';
}

/** What is told to the mailbox server when a wormhole closes (server-protocol.md, "Mailboxes"). */
export type Mood = 'happy' | 'lonely' | 'scary' | 'errory' | 'unwelcome';

/**
 * The mood for a failure. `scary` stays reserved for what may be an attack, so that the operator's figures mean something.
 * @param verified whether the key had been confirmed before
 */
export function moodOf(error: unknown, verified: boolean): Mood {
    if (!(error instanceof WormholeError)) {
        return verified ? 'errory' : 'lonely';
    }
    switch (error.reason) {
        case 'wrong-code':
        case 'hostile-key-exchange':
            return 'scary';
        case 'mailbox-refused':
        case 'mailbox-permission':
            return 'unwelcome';
        case 'peer-absent':
            return 'lonely';
        case 'invalid-code':
        case 'invalid-option':
        case 'tor-unreachable':
        case 'mailbox-unreachable':
        case 'mailbox-certificate':
        case 'mailbox-error':
        case 'mailbox-protocol':
        case 'crowded':
        case 'peer-error':
        case 'peer-protocol':
        case 'peer-lost':
        case 'transit-failed':
        case 'offer-refused':
        case 'corrupted':
        case 'file-unreadable':
        case 'file-unwritable':
            return 'errory';
    }
}
