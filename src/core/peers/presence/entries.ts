/**
 * The peers that a monitor watches, with what it remembers of each, and the snapshot that is made of them.
 */
import type { Log } from '../../log';
import type { ProbeOutcome } from '../../p2p';
import type { TorAddress } from '../../tor/address';
import type { Clock } from './clock';
import { maxAtOnce, silenceMs } from './interval';
import { afterSilence, looksAlike, type PeerPresence, type PresenceRecord } from './status';

export interface MonitoredPeer {
    /** The peer's address as git-annex writes it, without a token: what the remote daemon calls it too. */
    readonly id: string;
    readonly address: TorAddress;
    readonly uuid: string | undefined;
}

export interface PresenceDependencies {
    readonly log: Log;
    /** Asks a peer once. Rejects with {@link CancelledError} alone. */
    readonly probe: (peer: MonitoredPeer, signal: AbortSignal) => Promise<ProbeOutcome>;
    /** Whether Tor's SOCKS port answers on this computer. */
    readonly torAnswers: () => Promise<boolean>;
    /** When a peer was last seen, from earlier sessions, in milliseconds since the epoch. */
    readonly lastSeen?: (id: string) => number | undefined;
    readonly clock?: Clock;
    readonly random?: () => number;
}

export type PresenceSnapshot = ReadonlyMap<string, PeerPresence>;

export interface Entry {
    readonly peer: MonitoredPeer;
    record: PresenceRecord;
    /** The remote daemon has a connection. */
    linked: boolean;
    /** When to probe, by the steady clock; undefined: not at all. */
    dueAt: number | undefined;
    /** Those who wait for the next answer. */
    readonly waiting: (() => void)[];
    running: AbortController | undefined;
    /** The remote daemon has lost its connection, and nothing was heard of the peer since. */
    lost: boolean;
    /** When a probe that is under way, of a peer that something speaks against, counts as not answered until it is. */
    silentAt: number | undefined;
    /** How many syncs with it are wanted. */
    wanted: number;
}

export function newEntry(peer: MonitoredPeer, record: PresenceRecord): Entry {
    return { peer, record, linked: false, dueAt: undefined, waiting: [], running: undefined, lost: false, silentAt: undefined, wanted: 0 };
}

/** Tells those who wait for an answer. */
export function answer(entry: Entry): void {
    entry.waiting.splice(0).forEach(resolve => resolve());
}

/** Of a peer that something speaks against, an answer is expected soon. */
export function expectAnswer(entry: Entry, now: number): void {
    const { running, record, lost, linked } = entry;
    if (running !== undefined && !linked && record.status.kind === 'online' && (lost || record.doubted)) {
        entry.silentAt = Math.min(entry.silentAt ?? Infinity, now + (record.doubted ? silenceMs.afterFailure : silenceMs.afterLoss));
    }
}

/** Shows what no answer came to. @param steady by the clock of {@link Entry.silentAt}; `now` is shown */
export function noteSilence(entries: Iterable<Entry>, steady: number, now: number): void {
    for (const entry of entries) {
        if (entry.silentAt !== undefined && entry.silentAt <= steady) {
            entry.silentAt = undefined;
            entry.record = afterSilence(entry.record, now);
        }
    }
}

/** Whether the entry shows what a probe found, and nothing keeps it fresh. */
export function goesStale(entry: Entry): boolean {
    const { kind } = entry.record.status;
    return (!entry.linked || kind !== 'online') && entry.wanted === 0 && kind !== 'unknown' && kind !== 'paused' && kind !== 'checking';
}

/** How many more probes may run. */
export function freePlaces(entries: Iterable<Entry>): number {
    return maxAtOnce - [...entries].filter(entry => entry.running !== undefined).length;
}

/** Those that wait for a probe, the most urgent first. */
export function scheduled(entries: Iterable<Entry>): readonly Entry[] {
    return [...entries].filter(entry => entry.dueAt !== undefined && entry.running === undefined).sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0));
}

/** A snapshot of the entries, or `before` itself where it would look alike. */
export function snapshotOf(entries: ReadonlyMap<string, Entry>, before: PresenceSnapshot): PresenceSnapshot {
    const next = new Map([...entries].map(([id, { record }]): [string, PeerPresence] => [id, { status: record.status, since: record.since, lastSeen: record.lastSeen }]));
    const same =
        next.size === before.size &&
        [...next].every(([id, presence]) => {
            const old = before.get(id);
            return old !== undefined && looksAlike(old, presence);
        });
    return same ? before : next;
}
