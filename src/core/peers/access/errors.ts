/**
 * What can go wrong with giving, taking and using access.
 */
import { AnnexPeersError } from '../../errors';

/**
 * - `no-own-address`: this repository has no onion service yet, so there is no address to give
 * - `unexpected-output`: git-annex printed no address
 * - `not-an-address`, `old-onion` (version 2, gone since Tor 0.4.6), `no-token`: what was pasted
 * - `own-address`: it is this repository's own
 * - `already-linked`: there is a remote for it, `detail` is its name
 * - `invalid-name`, `name-taken`: the name for the remote
 * - `tor-down`, `unreachable`, `daemon-down`, `refused`: as presence has them
 * - `link-failed`: anything else that git-annex said, in `detail`
 * - `undo-expired`: a minute has gone by
 */
export type AccessReason =
    | 'no-own-address'
    | 'unexpected-output'
    | 'not-an-address'
    | 'old-onion'
    | 'no-token'
    | 'own-address'
    | 'already-linked'
    | 'invalid-name'
    | 'name-taken'
    | 'tor-down'
    | 'unreachable'
    | 'daemon-down'
    | 'refused'
    | 'link-failed'
    | 'undo-expired';

export class AccessError extends AnnexPeersError<AccessReason> {
    override readonly name = 'AccessError';
}
