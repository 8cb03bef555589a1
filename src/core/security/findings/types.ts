/**
 * What there is to warn of, as data: what was found, how bad it is, what mends it. The words are the user interface's.
 */

/**
 * - `danger`: somebody can get in, or content can be lost
 * - `warning`: worth doing something about
 * - `info`: to be known
 */
export type Severity = 'danger' | 'warning' | 'info';

export interface Identity {
    readonly name: string;
    readonly email: string;
}

export interface SecretFile {
    readonly path: string;
    /** Permission bits. */
    readonly mode: number;
}

export type SyncedFolder = 'dropbox' | 'google-drive' | 'icloud' | 'mega' | 'nextcloud' | 'onedrive' | 'owncloud' | 'pcloud' | 'syncthing';

interface Entry<Id extends string, S extends Severity, Data, Mend extends string | undefined = undefined> {
    readonly id: Id;
    readonly severity: S;
    readonly data: Data;
    /** What a button would do; undefined where nothing can be done but to know it. */
    readonly mend: Mend;
}

/** Nothing else to say. */
type None = Readonly<Record<string, never>>;

export type Finding =
    /** Credentials that other users of this computer can read. */
    | Entry<'credentials-readable', 'danger', { readonly files: readonly SecretFile[] }, 'tighten-modes'>
    /** A wormhole program that lets a malicious sender write files (CVE-2026-42448 and its kin; fixed in 0.24.0). */
    | Entry<'wormhole-vulnerable', 'danger', { readonly version: string }, 'use-own-wormhole'>
    /** A token stands in a remote's address, where every program that shows addresses shows it. */
    | Entry<'token-in-address', 'danger', { readonly remotes: readonly string[] }, 'show-config'>
    /** Tokens, with the rest of the folder, go to somebody's server or other computers. */
    | Entry<'folder-is-copied', 'danger', { readonly by: SyncedFolder; readonly folder: string }>
    /** Two programs serve the same service: the later one takes the socket, and when it ends nobody serves. */
    | Entry<'daemons-compete', 'warning', { readonly pids: readonly number[] }, 'restart-daemon'>
    /** Tokens that nobody is known to have. */
    | Entry<'unknown-access', 'warning', { readonly count: number }, 'review-access'>
    /** Peers whose remote was removed, and failed pairings: they still get in. */
    | Entry<'forgotten-access', 'warning', { readonly count: number }, 'review-access'>
    | Entry<'pairing-without-tor', 'warning', None, 'pair-over-tor'>
    /** A drop can lose the last copy where the connection breaks (fixed in git-annex 10.20240731, on both ends). */
    | Entry<'git-annex-drops', 'warning', { readonly version: string }, 'update-git-annex'>
    /** File names and descriptions of peers can write control characters to a terminal (fixed in 10.20230407). */
    | Entry<'git-annex-control-characters', 'warning', { readonly version: string }, 'update-git-annex'>
    /** The onion service is up, but nothing serves it. */
    | Entry<'service-without-daemon', 'warning', { readonly address: string }, 'start-daemon'>
    /** This repository's description tells user, computer and folder; it travels with every sync. */
    | Entry<'description-reveals', 'info', { readonly description: string }, 'describe'>
    /** Commits carry name, e-mail address and time zone to every peer. */
    | Entry<'identity-in-commits', 'info', Identity, 'anonymous-identity'>
    /** An onion service can be flooded by any who know its address; this Tor has defences that are not switched on. */
    | Entry<'service-can-be-flooded', 'info', { readonly lines: readonly string[]; readonly torrc: string }, 'show-lines'>
    | Entry<'peer-rights', 'info', None, 'read-more'>
    | Entry<'limits-of-tor', 'info', None, 'read-more'>
    | Entry<'code-interception', 'info', None, 'read-more'>
    | Entry<'ways-a-token-leaks', 'info', None, 'read-more'>;

export type FindingId = Finding['id'];
export type Mend = NonNullable<Finding['mend']>;

/** When a finding matters beyond the list of all: before a pairing, before a commit, when an address is given by hand. */
export type Moment = 'pairing' | 'commit' | 'address';

export function momentsOf(id: FindingId): readonly Moment[] {
    switch (id) {
        case 'wormhole-vulnerable':
        case 'pairing-without-tor':
        case 'code-interception':
            return ['pairing'];
        case 'peer-rights':
        case 'credentials-readable':
        case 'folder-is-copied':
            return ['pairing', 'address'];
        case 'ways-a-token-leaks':
            return ['address'];
        case 'identity-in-commits':
        case 'description-reveals':
            return ['pairing', 'commit'];
        case 'token-in-address':
        case 'daemons-compete':
        case 'unknown-access':
        case 'forgotten-access':
        case 'git-annex-drops':
        case 'git-annex-control-characters':
        case 'service-without-daemon':
        case 'service-can-be-flooded':
        case 'limits-of-tor':
            return [];
    }
}
