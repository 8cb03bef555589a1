/**
 * What can go wrong while speaking git-annex's peer-to-peer protocol.
 */
import { AnnexPeersError } from '../errors';

/**
 * - `closed`: the other end hung up, or the connection was lost
 * - `time-limit`: no answer, or no progress, in time
 * - `protocol`: the other end said what the protocol doesn't allow here; the connection was closed
 * - `refused`: the token is not accepted (`AUTH-FAILURE`)
 * - `unsupported`: the other end's protocol version lacks this; the connection stays usable
 * - `remote-error`: the other end answered `ERROR`; its words are in `detail`, the connection stays usable
 * - `unavailable`: the other end has no content for this key, or it changed while it was sent
 * - `busy`: another request is under way on this connection
 */
export type P2PReason = 'closed' | 'time-limit' | 'protocol' | 'refused' | 'unsupported' | 'remote-error' | 'unavailable' | 'busy';

export class P2PError extends AnnexPeersError<P2PReason> {
    override readonly name = 'P2PError';
}
