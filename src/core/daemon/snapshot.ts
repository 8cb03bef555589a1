/**
 * What is known of a repository's remote daemon: the same in every window, whichever of them runs it.
 */
import * as v from 'valibot';

const time = v.number();

const daemonState = v.variant('kind', [
    /** Not wanted. */
    v.object({ kind: v.literal('stopped') }),
    v.object({ kind: v.literal('starting') }),
    v.object({ kind: v.literal('running'), since: time, pid: v.number() }),
    /** It ended; it is started again at `restartAt`. */
    v.object({ kind: v.literal('waiting'), restartAt: time, attempt: v.number(), lastError: v.string() }),
    /** Something else serves this repository (git-annex's assistant, a daemon started by hand or at boot): it is left alone. */
    v.object({ kind: v.literal('external'), since: time }),
    /** Installed to be served at boot, by the system's service manager (see core/boot): windows watch it and never serve. */
    v.object({ kind: v.literal('boot'), since: time, serving: v.boolean() }),
    /** A repository with the same uuid in another folder is served: peers can't tell the two apart. */
    v.object({ kind: v.literal('duplicate'), of: v.string() }),
]);

const peerLink = v.object({ link: v.picklist(['connected', 'disconnected', 'fetching']), since: time });

/** Whether peers' fetches from here are kept from hanging (see shim/install.ts). */
const fetchGuard = v.variant('kind', [
    v.object({ kind: v.literal('unknown') }),
    v.object({ kind: v.literal('on') }),
    v.object({ kind: v.literal('off'), reason: v.picklist(['not-installed', 'no-perl', 'not-seen', 'passed-by']) }),
]);

/** As it goes between windows: without what JSON can't hold. */
export const sharedSnapshot = v.object({
    state: daemonState,
    links: v.record(v.string(), peerLink),
    fetchGuard,
    /** Other folders with the same uuid that are open now. */
    copies: v.array(v.string()),
});

export type DaemonState = Readonly<v.InferOutput<typeof daemonState>>;
export type PeerLink = v.InferOutput<typeof peerLink>['link'];
export type FetchGuard = Readonly<v.InferOutput<typeof fetchGuard>>;
export type SharedSnapshot = v.InferOutput<typeof sharedSnapshot>;

export interface DaemonSnapshot {
    readonly state: DaemonState;
    /** By the remote's address, as the daemon tells it. */
    readonly links: ReadonlyMap<string, { readonly link: PeerLink; readonly since: number }>;
    readonly fetchGuard: FetchGuard;
    /** Roots of other open repositories with the same uuid. */
    readonly copies: readonly string[];
}

export const stoppedSnapshot: DaemonSnapshot = { state: { kind: 'stopped' }, links: new Map(), fetchGuard: { kind: 'unknown' }, copies: [] };

export function toShared(snapshot: DaemonSnapshot): SharedSnapshot {
    return { state: snapshot.state, links: Object.fromEntries(snapshot.links), fetchGuard: snapshot.fetchGuard, copies: [...snapshot.copies] };
}

export function fromShared(shared: SharedSnapshot): DaemonSnapshot {
    return { state: shared.state, links: new Map(Object.entries(shared.links)), fetchGuard: shared.fetchGuard, copies: shared.copies };
}
