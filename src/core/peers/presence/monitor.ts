/**
 * The presence of a repository's peers: takes what the remote daemon tells, probes while somebody looks or a sync is wanted,
 * and gives out immutable snapshots.
 *
 * A peer that the daemon is connected to is online without a probe. While somebody looks it is probed all the same: over Tor a
 * connection to a computer that is off stays open for half a minute and more (measured: the peer's tor stopped, a new
 * connection fails at once, the daemon says DISCONNECTED after 32 s; with its cable pulled out, nothing for longer than that).
 *
 * It knows no network and no clock of its own: both are handed in.
 */
import type { PeerLink } from '../../daemon/remoteDaemon';
import { CancelledError, messageOf } from '../../errors';
import { Event, type Subscription } from '../../event';
import type { ProbeOutcome } from '../../p2p';
import { systemClock, type Clock } from './clock';
import { answer, expectAnswer, freePlaces, goesStale, newEntry, noteSilence, scheduled, snapshotOf, type Entry, type MonitoredPeer, type PresenceDependencies, type PresenceSnapshot } from './entries';
import { defaultPolicy, nextProbeMs, settleMs, staleMs, type Attention, type Policy } from './interval';
import { nextPauseEnd, noPauses, pauseOf, type Pauses } from './pauses';
import { afterConnected, afterDisconnected, afterProbe, initialRecord, withStatus } from './status';
import { TorWatch } from './torWatch';

export class PresenceMonitor {
    readonly onDidChange = new Event<PresenceSnapshot>();
    readonly #clock: Clock;
    readonly #random: () => number;
    readonly #tor: TorWatch;
    readonly #entries = new Map<string, Entry>();
    #snapshot: PresenceSnapshot = new Map();
    #attention: Attention = 'hidden';
    #hiddenAt: number;
    #policy: Policy = defaultPolicy;
    #pauses: Pauses = noPauses;
    #timer: { dispose(): void } | undefined;
    #disposed = false;

    constructor(private readonly dependencies: PresenceDependencies) {
        this.#clock = dependencies.clock ?? systemClock;
        this.#random = dependencies.random ?? Math.random;
        this.#tor = new TorWatch(this.#clock, dependencies.torAnswers);
        this.#hiddenAt = this.#clock.steady();
    }

    get snapshot(): PresenceSnapshot {
        return this.#snapshot;
    }

    /** The peers there are; may be called as often as one likes. One whose address and uuid stayed keeps what is known of it. */
    setPeers(peers: readonly MonitoredPeer[]): void {
        const wanted = new Map(peers.map(peer => [peer.id, peer]));
        for (const [id, entry] of this.#entries) {
            if (wanted.get(id)?.uuid !== entry.peer.uuid || !wanted.has(id)) {
                this.#drop(entry);
                this.#entries.delete(id);
            }
        }
        for (const peer of peers.filter(({ id }) => !this.#entries.has(id))) {
            const entry = newEntry(peer, initialRecord(this.#clock.now(), this.dependencies.lastSeen?.(peer.id)));
            this.#entries.set(peer.id, entry);
            this.#askSoon(entry);
        }
        this.#run();
    }

    /** What the remote daemon tells of its connections, by address. */
    setLinks(links: ReadonlyMap<string, PeerLink>): void {
        const now = this.#clock.now();
        for (const [id, entry] of this.#entries) {
            const link = links.get(id);
            const linked = link === 'connected' || link === 'fetching';
            if (linked && !entry.linked) {
                entry.linked = true;
                entry.lost = false;
                this.#endProbe(entry);
                answer(entry);
                if (!this.#isPaused(id)) {
                    entry.record = afterConnected(entry.record, now);
                }
                const delay = this.#delay(entry);
                entry.dueAt = delay === undefined ? undefined : this.#clock.steady() + delay;
            } else if (!linked && entry.linked) {
                entry.linked = false;
                entry.lost = true;
                expectAnswer(entry, this.#clock.steady());
                entry.record = afterDisconnected(entry.record, now, this.#delay(entry) !== undefined);
                this.#askSoon(entry);
            }
        }
        this.#run();
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
            this.#hiddenAt = this.#clock.steady();
        }
        if (rank[attention] > rank[before]) {
            // Asked afresh: Tor may have come back while nobody looked.
            this.#tor.setDown(false);
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
        const entries = [...this.#entries.values()].filter(entry => (id === undefined || entry.peer.id === id) && !this.#isPaused(entry.peer.id));
        const answers = entries.map(entry => new Promise<void>(resolve => entry.waiting.push(resolve)));
        for (const entry of entries) {
            entry.dueAt = this.#clock.steady();
        }
        this.#tor.setDown(false);
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

    /** The wait until the next probe; undefined: none. The daemon's connection is verified while somebody looks, else it is believed. */
    #delay({ peer, record, linked, wanted }: Entry): number | undefined {
        if ((linked && this.#attention !== 'watched') || this.#isPaused(peer.id)) {
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
        const now = this.#clock.steady();
        for (const entry of only === undefined ? this.#entries.values() : [only]) {
            entry.record = { ...entry.record, unchanged: 0 };
            entry.dueAt = this.#delay(entry) === undefined ? undefined : Math.min(entry.dueAt ?? Infinity, now + settleMs);
        }
        this.#run();
    }

    /** The circumstances changed, but nothing new is to be learnt: waits are made anew. */
    #reschedule(): void {
        const now = this.#clock.steady();
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
        noteSilence(this.#entries.values(), this.#clock.steady(), this.#clock.now());
        this.#forgetStale();
        const now = this.#clock.steady();
        const due = scheduled(this.#entries.values());
        if (this.#tor.isDown && due.length > 0) {
            this.#tor.look(isBack => {
                if (isBack) {
                    this.#askSoon();
                } else {
                    this.#run();
                }
            });
        } else {
            for (const entry of due.filter(({ dueAt }) => (dueAt ?? Infinity) <= now).slice(0, freePlaces(this.#entries.values()))) {
                void this.#probe(entry);
            }
        }
        this.#changed();
        this.#setTimer();
    }

    #setTimer(): void {
        const { steady, now } = { steady: this.#clock.steady(), now: this.#clock.now() };
        const times = this.#tor.isDown || freePlaces(this.#entries.values()) <= 0 ? [] : scheduled(this.#entries.values()).map(({ dueAt }) => dueAt ?? Infinity);
        const stale = this.#attention === 'hidden' && [...this.#entries.values()].some(goesStale) ? this.#hiddenAt + staleMs : undefined;
        const silent = [...this.#entries.values()].map(({ silentAt }) => silentAt ?? Infinity);
        const pauseMs = (nextPauseEnd(this.#pauses, now) ?? Infinity) - now;
        const wait = Math.min(Math.min(...times, ...silent, stale ?? Infinity) - steady, pauseMs);
        if (Number.isFinite(wait)) {
            // A timer's longest wait is 24.8 days.
            this.#timer = this.#clock.after(Math.min(Math.max(0, wait), 2 ** 31 - 1), () => this.#run());
        }
    }

    async #probe(entry: Entry): Promise<void> {
        const controller = new AbortController();
        entry.running = controller;
        entry.dueAt = undefined;
        expectAnswer(entry, this.#clock.steady());
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
        entry.silentAt = undefined;
        entry.lost = false;
        if (outcome?.kind === 'tor-down') {
            this.#setTorDown();
        } else if (outcome !== undefined) {
            this.#tor.setDown(false);
            entry.record = afterProbe(entry.record, outcome, this.#clock.now(), entry.linked);
        } else if (entry.record.status.kind === 'checking') {
            entry.record = withStatus(entry.record, { kind: 'unknown' }, this.#clock.now());
        }
        const delay = this.#delay(entry);
        // One who asked for a check is told what holds, not what is doubted.
        entry.dueAt = delay === undefined && !(entry.record.doubted && entry.waiting.length > 0) ? undefined : this.#clock.steady() + (delay ?? 0);
        if (!entry.record.doubted || outcome === undefined) {
            answer(entry);
        }
        this.#run();
    }

    /** Without Tor no peer is reached: all are known to be so at once. */
    #setTorDown(): void {
        this.#tor.setDown(true);
        const now = this.#clock.now();
        for (const entry of this.#entries.values()) {
            if (!this.#isPaused(entry.peer.id)) {
                entry.record = { ...withStatus(entry.record, { kind: 'tor-down' }, now), unchanged: 0 };
                this.#endProbe(entry);
                entry.dueAt = this.#delay(entry) === undefined ? undefined : this.#clock.steady();
                answer(entry);
            }
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
                answer(entry);
                entry.record = withStatus(entry.record, { kind: 'paused', until: pause.until }, now);
            } else if (status.kind === 'paused') {
                entry.record = entry.linked ? afterConnected(entry.record, now) : withStatus({ ...entry.record, unchanged: 0 }, { kind: 'unknown' }, now);
                entry.dueAt = this.#delay(entry) === undefined ? undefined : this.#clock.steady() + settleMs;
            }
        }
    }

    /** What a probe found long ago says nothing of now. */
    #forgetStale(): void {
        const now = this.#clock.now();
        if (this.#attention === 'hidden' && this.#clock.steady() >= this.#hiddenAt + staleMs) {
            for (const entry of this.#entries.values()) {
                if (goesStale(entry)) {
                    entry.record = entry.linked ? afterConnected(entry.record, now) : withStatus(entry.record, { kind: 'unknown' }, now);
                }
            }
        }
    }

    #endProbe(entry: Entry): void {
        const { running } = entry;
        entry.running = undefined;
        entry.silentAt = undefined;
        running?.abort();
        if (entry.record.status.kind === 'checking') {
            entry.record = withStatus(entry.record, { kind: 'unknown' }, this.#clock.now());
        }
    }

    #drop(entry: Entry): void {
        this.#endProbe(entry);
        answer(entry);
    }

    #changed(): void {
        const next = snapshotOf(this.#entries, this.#snapshot);
        if (next !== this.#snapshot && !this.#disposed) {
            this.#snapshot = next;
            this.onDidChange.fire(next);
        }
    }
}
