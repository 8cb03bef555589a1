/**
 * The presence of a repository's peers: takes what the remote daemon tells, probes the others while somebody looks or a sync
 * is wanted, and gives out immutable snapshots.
 *
 * It knows no network and no clock of its own: both are handed in.
 */
import type { PeerLink } from '../../daemon/remoteDaemon';
import { CancelledError, messageOf } from '../../errors';
import { Event, type Subscription } from '../../event';
import type { Log } from '../../log';
import type { ProbeOutcome } from '../../p2p';
import type { TorAddress } from '../../tor/address';
import { systemClock, type Clock } from './clock';
import { defaultPolicy, maxAtOnce, nextProbeMs, settleMs, staleMs, torDownMs, type Attention, type Policy } from './interval';
import { nextPauseEnd, noPauses, pauseOf, type Pauses } from './pauses';
import { afterConnected, afterDisconnected, afterProbe, initialRecord, looksAlike, withStatus, type PeerPresence, type PresenceRecord } from './status';

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

interface Entry {
    readonly peer: MonitoredPeer;
    record: PresenceRecord;
    linked: boolean;
    /** When to probe; undefined: not at all. */
    dueAt: number | undefined;
    /** Those who wait for the next answer. */
    waiting: (() => void)[];
    running: AbortController | undefined;
    wanted: number;
}

export class PresenceMonitor {
    readonly onDidChange = new Event<PresenceSnapshot>();
    readonly #clock: Clock;
    readonly #random: () => number;
    readonly #entries = new Map<string, Entry>();
    #snapshot: PresenceSnapshot = new Map();
    #attention: Attention = 'hidden';
    #hiddenAt: number;
    #policy: Policy = defaultPolicy;
    #pauses: Pauses = noPauses;
    #torDown = false;
    #lookingForTor = false;
    #timer: { dispose(): void } | undefined;
    #disposed = false;

    constructor(private readonly dependencies: PresenceDependencies) {
        this.#clock = dependencies.clock ?? systemClock;
        this.#random = dependencies.random ?? Math.random;
        this.#hiddenAt = this.#clock.now();
    }

    get snapshot(): PresenceSnapshot {
        return this.#snapshot;
    }

    /** The peers there are. One whose address and uuid stayed keeps what is known of it. */
    setPeers(peers: readonly MonitoredPeer[]): void {
        const wanted = new Map(peers.map(peer => [peer.id, peer]));
        for (const [id, entry] of this.#entries) {
            if (wanted.get(id)?.uuid !== entry.peer.uuid || !wanted.has(id)) {
                this.#drop(entry);
                this.#entries.delete(id);
            }
        }
        for (const peer of peers) {
            if (!this.#entries.has(peer.id)) {
                const record = initialRecord(this.#clock.now(), this.dependencies.lastSeen?.(peer.id));
                this.#entries.set(peer.id, { peer, record, linked: false, dueAt: undefined, waiting: [], running: undefined, wanted: 0 });
            }
        }
        this.#askSoon();
    }

    /** What the remote daemon tells of its connections, by address. */
    setLinks(links: ReadonlyMap<string, PeerLink>): void {
        const now = this.#clock.now();
        for (const [id, entry] of this.#entries) {
            const link = links.get(id);
            const linked = link === 'connected' || link === 'fetching';
            if (linked && !entry.linked) {
                entry.linked = true;
                entry.dueAt = undefined;
                this.#endProbe(entry);
                this.#answer(entry);
                if (!this.#isPaused(id)) {
                    entry.record = afterConnected(entry.record, now);
                }
            } else if (!linked && entry.linked) {
                entry.linked = false;
                entry.record = afterDisconnected(entry.record, now, this.#delay(entry) !== undefined);
                this.#askSoon(entry);
            }
        }
        this.#changed();
    }

    /** Who looks. More attention than before asks all peers afresh. */
    setAttention(attention: Attention): void {
        const rank = { hidden: 0, visible: 1, watched: 2 } as const;
        const before = this.#attention;
        if (attention === before) {
            return;
        }
        this.#attention = attention;
        if (attention === 'hidden') {
            this.#hiddenAt = this.#clock.now();
        }
        if (rank[attention] > rank[before]) {
            // Asked afresh: Tor may have come back while nobody looked.
            this.#torDown = false;
            this.#askSoon();
        } else {
            this.#reschedule();
        }
    }

    /** How often to probe, from the user's settings. */
    setPolicy(policy: Policy): void {
        this.#policy = policy;
        this.#reschedule();
    }

    setPauses(pauses: Pauses): void {
        this.#pauses = pauses;
        this.#applyPauses();
        this.#askSoon();
    }

    isPaused(id: string): boolean {
        return this.#isPaused(id);
    }

    /** A sync with the peer is wanted: it is probed, also while nobody looks, until the subscription is disposed of. */
    want(id: string): Subscription {
        const entry = this.#entries.get(id);
        if (entry === undefined) {
            return { dispose: () => undefined };
        }
        entry.wanted++;
        this.#askSoon(entry);
        let disposed = false;
        return {
            dispose: () => {
                if (!disposed) {
                    disposed = true;
                    entry.wanted--;
                    this.#reschedule();
                }
            },
        };
    }

    /** Asks one peer now, or all; resolves with the answers. Paused peers are left alone. */
    async checkNow(id?: string): Promise<PresenceSnapshot> {
        const entries = [...this.#entries.values()].filter(entry => (id === undefined || entry.peer.id === id) && !entry.linked && !this.#isPaused(entry.peer.id));
        const answers = entries.map(entry => new Promise<void>(resolve => entry.waiting.push(resolve)));
        for (const entry of entries) {
            entry.dueAt = this.#clock.now();
        }
        this.#torDown = false;
        this.#run();
        await Promise.all(answers);
        return this.#snapshot;
    }

    dispose(): void {
        this.#disposed = true;
        this.#timer?.dispose();
        for (const entry of this.#entries.values()) {
            this.#drop(entry);
        }
        this.#entries.clear();
        this.onDidChange.clear();
    }

    #isPaused(id: string): boolean {
        return pauseOf(this.#pauses, id, this.#clock.now()) !== undefined;
    }

    /** The wait until the next probe; undefined: none. */
    #delay({ peer, record, linked, wanted }: Entry): number | undefined {
        if (linked || this.#isPaused(peer.id)) {
            return undefined;
        }
        return nextProbeMs({
            attention: this.#attention,
            wanted: wanted > 0,
            policy: this.#policy,
            peers: this.#entries.size,
            doubted: record.doubted,
            unchanged: record.unchanged,
            random: this.#random(),
        });
    }

    /** Something happened: one peer, or all, are asked as soon as things have settled. */
    #askSoon(only?: Entry): void {
        const now = this.#clock.now();
        for (const entry of only === undefined ? this.#entries.values() : [only]) {
            entry.record = { ...entry.record, unchanged: 0 };
            entry.dueAt = this.#delay(entry) === undefined ? undefined : Math.min(entry.dueAt ?? Infinity, now + settleMs);
        }
        this.#run();
    }

    /** The circumstances changed, but nothing new is to be learnt: waits are made anew. */
    #reschedule(): void {
        const now = this.#clock.now();
        for (const entry of this.#entries.values()) {
            const delay = this.#delay(entry);
            entry.dueAt = delay === undefined && entry.waiting.length === 0 ? undefined : Math.min(entry.dueAt ?? Infinity, now + (delay ?? 0));
            if (entry.dueAt === undefined) {
                this.#endProbe(entry);
            }
        }
        this.#run();
    }

    /** Starts what is due, and sets the timer for what comes next. */
    #run(): void {
        if (this.#disposed) {
            return;
        }
        this.#timer?.dispose();
        this.#timer = undefined;
        this.#applyPauses();
        this.#forgetStale();
        const now = this.#clock.now();
        const due = [...this.#entries.values()].filter(entry => entry.dueAt !== undefined && entry.running === undefined).sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0));
        if (this.#torDown && due.length > 0) {
            void this.#lookForTor();
        } else {
            let free = maxAtOnce - [...this.#entries.values()].filter(entry => entry.running !== undefined).length;
            for (const entry of due) {
                if (free > 0 && (entry.dueAt ?? Infinity) <= now) {
                    free--;
                    void this.#probe(entry);
                }
            }
        }
        this.#changed();
        this.#setTimer();
    }

    #setTimer(): void {
        const now = this.#clock.now();
        const full = [...this.#entries.values()].filter(entry => entry.running !== undefined).length >= maxAtOnce;
        const times = [...this.#entries.values()].flatMap(entry => (entry.dueAt === undefined || entry.running !== undefined || full || this.#torDown ? [] : [entry.dueAt]));
        const pause = nextPauseEnd(this.#pauses, now);
        const stale = this.#attention === 'hidden' && [...this.#entries.values()].some(entry => isStaleSoon(entry)) ? this.#hiddenAt + staleMs : undefined;
        const next = Math.min(...times, pause ?? Infinity, stale ?? Infinity);
        if (Number.isFinite(next)) {
            // A timer's longest wait is 24.8 days.
            this.#timer = this.#clock.after(Math.min(Math.max(0, next - now), 2 ** 31 - 1), () => this.#run());
        }
    }

    async #probe(entry: Entry): Promise<void> {
        const controller = new AbortController();
        entry.running = controller;
        entry.dueAt = undefined;
        if (entry.record.status.kind === 'unknown') {
            entry.record = withStatus(entry.record, { kind: 'checking' }, this.#clock.now());
        }
        let outcome: ProbeOutcome | undefined;
        try {
            outcome = await this.dependencies.probe(entry.peer, controller.signal);
        } catch (error) {
            if (!(error instanceof CancelledError)) {
                this.dependencies.log.error(`A probe of ${entry.peer.id} failed: ${messageOf(error)}`);
            }
        }
        if (entry.running !== controller) {
            return;
        }
        entry.running = undefined;
        if (outcome?.kind === 'tor-down') {
            this.#setTorDown();
        } else if (outcome !== undefined) {
            this.#torDown = false;
            entry.record = afterProbe(entry.record, outcome, this.#clock.now());
        } else if (entry.record.status.kind === 'checking') {
            entry.record = withStatus(entry.record, { kind: 'unknown' }, this.#clock.now());
        }
        const delay = this.#delay(entry);
        // One who asked for a check is told what holds, not what is doubted.
        entry.dueAt = delay === undefined && !(entry.record.doubted && entry.waiting.length > 0) ? undefined : this.#clock.now() + (delay ?? 0);
        if (!entry.record.doubted || outcome === undefined) {
            this.#answer(entry);
        }
        this.#run();
    }

    /** Without Tor no peer is reached: all are known to be so at once. */
    #setTorDown(): void {
        this.#torDown = true;
        const now = this.#clock.now();
        for (const entry of this.#entries.values()) {
            if (!entry.linked && !this.#isPaused(entry.peer.id)) {
                entry.record = { ...withStatus(entry.record, { kind: 'tor-down' }, now), unchanged: 0 };
                this.#endProbe(entry);
                entry.dueAt = this.#delay(entry) === undefined ? undefined : now;
                this.#answer(entry);
            }
        }
    }

    /** Looks at this computer's own SOCKS port until it answers; then all peers are asked. */
    async #lookForTor(): Promise<void> {
        if (this.#lookingForTor) {
            return;
        }
        this.#lookingForTor = true;
        await new Promise<void>(resolve => this.#clock.after(torDownMs, resolve));
        const answers = !this.#disposed && this.#torDown && (await this.dependencies.torAnswers().catch(() => false));
        this.#lookingForTor = false;
        if (answers) {
            this.#torDown = false;
            this.#askSoon();
        } else {
            this.#run();
        }
    }

    #applyPauses(): void {
        const now = this.#clock.now();
        for (const [id, entry] of this.#entries) {
            const pause = pauseOf(this.#pauses, id, now);
            const { status } = entry.record;
            if (pause !== undefined) {
                this.#endProbe(entry);
                entry.dueAt = undefined;
                this.#answer(entry);
                entry.record = withStatus(entry.record, { kind: 'paused', until: pause.until }, now);
            } else if (status.kind === 'paused') {
                entry.record = entry.linked ? afterConnected(entry.record, now) : withStatus({ ...entry.record, unchanged: 0 }, { kind: 'unknown' }, now);
                entry.dueAt = this.#delay(entry) === undefined ? undefined : now + settleMs;
            }
        }
    }

    /** What a probe found long ago says nothing of now. */
    #forgetStale(): void {
        const now = this.#clock.now();
        if (this.#attention === 'hidden' && now >= this.#hiddenAt + staleMs) {
            for (const entry of this.#entries.values()) {
                if (isStaleSoon(entry)) {
                    entry.record = withStatus(entry.record, { kind: 'unknown' }, now);
                }
            }
        }
    }

    #endProbe(entry: Entry): void {
        const { running } = entry;
        entry.running = undefined;
        running?.abort();
        if (entry.record.status.kind === 'checking') {
            entry.record = withStatus(entry.record, { kind: 'unknown' }, this.#clock.now());
        }
    }

    #answer(entry: Entry): void {
        entry.waiting.splice(0).forEach(resolve => resolve());
    }

    #drop(entry: Entry): void {
        this.#endProbe(entry);
        this.#answer(entry);
    }

    #changed(): void {
        const next = new Map([...this.#entries].map(([id, { record }]): [string, PeerPresence] => [id, { status: record.status, since: record.since, lastSeen: record.lastSeen }]));
        const same = next.size === this.#snapshot.size && [...next].every(([id, presence]) => {
            const before = this.#snapshot.get(id);
            return before !== undefined && looksAlike(before, presence);
        });
        if (!same && !this.#disposed) {
            this.#snapshot = next;
            this.onDidChange.fire(next);
        }
    }
}

/** Whether the entry shows what a probe found, and nothing keeps it fresh. */
function isStaleSoon(entry: Entry): boolean {
    const { kind } = entry.record.status;
    return !entry.linked && entry.wanted === 0 && kind !== 'unknown' && kind !== 'paused' && kind !== 'checking';
}
