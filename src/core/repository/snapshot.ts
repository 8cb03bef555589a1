/**
 * What is known of one repository at one moment: immutable, and all that views get to see.
 */
import type { DaemonState, FetchGuard, PeerLink } from '../daemon/snapshot';
import type { AccessEntry } from '../peers/access';
import type { OtherRemote, Peer } from '../peers/peer';
import type { Finding } from '../security/findings';
import type { PeerPresence } from '../peers/presence';
import type { HeldBack, Incoming } from '../sync';
import type { TorAddress } from '../tor/address';
import type { NetworkState } from './networkCheck';

/**
 * - `not-enabled`: no onion service
 * - `unfinished`: Tor's configuration has the stanza, but there is no address yet (Tor has not read it)
 * - `not-served`: there is an address, but the stanza is gone: the remote daemon would serve nothing
 */
export type ServiceState =
    | { readonly kind: 'not-enabled' }
    | { readonly kind: 'unfinished' }
    | { readonly kind: 'not-served'; readonly address: TorAddress }
    | { readonly kind: 'enabled'; readonly address: TorAddress };

export interface LastSync {
    /** Milliseconds since the epoch. */
    readonly at: number;
    readonly result: 'done' | 'partly' | 'failed';
    /** Files received, sent and failed. */
    readonly received: number;
    readonly sent: number;
    readonly failed: number;
}

export interface PeerSnapshot extends Peer {
    readonly link: PeerLink | 'unknown';
    /** When the link came to be as it is, in milliseconds since the epoch. */
    readonly linkSince: number | undefined;
    readonly presence: PeerPresence;
    readonly lastSync: LastSync | undefined;
    /** What has come from it and is not merged yet. */
    readonly incoming: Incoming | undefined;
    /** Why that is left to the user. */
    readonly heldBack: HeldBack | undefined;
    /** When the user found that the words at both ends agree, in milliseconds since the epoch. */
    readonly verified: number | undefined;
}

/** Something that runs on the repository now. */
export type Activity =
    | { readonly kind: 'enabling-tor' }
    | { readonly kind: 'disabling-tor' }
    | { readonly kind: 'adding'; readonly fraction: number | undefined }
    | { readonly kind: 'syncing'; readonly peers: readonly string[]; readonly fraction: number | undefined; /** It waits for an answer. */ readonly asking?: boolean };

export interface RepositorySnapshot {
    readonly root: string;
    readonly name: string;
    /** undefined: a git repository that git-annex was not set up in, or that could not be read yet. */
    readonly uuid: string | undefined;
    /** git failed to read it when it was asked last; the rest is what was known before. */
    readonly unreadable: boolean;
    readonly service: ServiceState;
    readonly daemon: DaemonState;
    /** Whether peers' fetches from here are kept from hanging. */
    readonly fetchGuard: FetchGuard;
    readonly peers: readonly PeerSnapshot[];
    /** Names of all git remotes, the peers' among them. */
    readonly remotes: readonly string[];
    /** Remotes that are not reached over Tor, and take part in a sync of all where the user wants that. */
    readonly otherRemotes: readonly OtherRemote[];
    /** Everybody whom this repository lets in. */
    readonly access: readonly AccessEntry[];
    /** What there is to warn of, most severe first; undefined: not looked at yet. */
    readonly findings: readonly Finding[] | undefined;
    readonly activity: Activity | undefined;
    /** As it was found when somebody asked. */
    readonly network: NetworkState;
}
