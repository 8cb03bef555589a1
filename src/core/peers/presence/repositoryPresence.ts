/**
 * The presence of one repository's peers, tied to what is around it: the remote daemon, the file that keeps it between sessions
 * and windows, and pauses, which hold for the daemon too.
 */
import { mkdirSync, watch, type FSWatcher } from 'node:fs';
import path from 'node:path';
import type { RepositoryContext } from '../../annex/context';
import { writePausedConfig } from '../../daemon/pausedPeers';
import type { PeerLink } from '../../daemon/snapshot';
import { messageOf } from '../../errors';
import { Event } from '../../event';
import { formatTorAddress } from '../../tor/address';
import type { Peer } from '../peer';
import type { PresenceDependencies } from './entries';
import type { Attention, Policy } from './interval';
import { presenceFile, readRemembered, rememberPauses, rememberSeen } from './memory';
import { PresenceMonitor } from './monitor';
import { noPauses, pauseEnd, pauseOf, withoutPause, withPause, type PauseLength, type Pauses } from './pauses';
import { probingOf } from './probing';
import type { PeerPresence } from './status';

/** What it tells the remote daemon. */
export interface DaemonNotes {
    /** Read the configuration again: other peers are paused. */
    reload(): void;
    /** The peer at this address can be reached. */
    nudge(uri: string): void;
}

/** A peer's being there is written down no more often than this, in milliseconds. */
const seenEveryMs = 60_000;
const rereadMs = 100;
const unknown: PeerPresence = { status: { kind: 'unknown' }, since: 0, lastSeen: undefined };

export class RepositoryPresence {
    readonly onDidChange = new Event<void>();
    readonly #monitor: PresenceMonitor;
    #peers: readonly Peer[] = [];
    #links: ReadonlyMap<string, PeerLink> = new Map();
    #pauses: Pauses = noPauses;
    #lastSeen: ReadonlyMap<string, number> = new Map();
    readonly #seenWritten = new Map<string, number>();
    #watcher: FSWatcher | undefined;
    #rereadTimer: NodeJS.Timeout | undefined;
    #loaded: Promise<void> | undefined;
    #telling: Promise<void> = Promise.resolve();
    #disposed = false;

    constructor(
        private readonly context: RepositoryContext,
        private readonly daemon: DaemonNotes,
        probing: Pick<PresenceDependencies, 'probe' | 'torAnswers'> = probingOf(context),
    ) {
        this.#monitor = new PresenceMonitor({
            log: context.log,
            torAnswers: probing.torAnswers,
            lastSeen: id => this.#lastSeen.get(id),
            probe: async (peer, signal) => {
                const outcome = await probing.probe(peer, signal);
                // Only who isn't connected is probed: the daemon may be waiting for long.
                if (outcome.kind === 'online') {
                    daemon.nudge(peer.id);
                }
                return outcome;
            },
        });
        this.#monitor.onDidChange.on(() => this.#changed());
    }

    /** The peers there are; resolves when what is remembered of them counts, for the remote daemon too. */
    async setPeers(peers: readonly Peer[]): Promise<void> {
        this.#peers = peers;
        if (peers.length > 0) {
            this.#loaded ??= this.#load();
            await this.#loaded;
        }
        if (!this.#disposed && this.#peers === peers) {
            this.#monitor.setPeers(peers.map(({ address, uuid }) => ({ id: formatTorAddress(address), address, uuid })));
            this.#monitor.setLinks(this.#links);
            await this.#tellDaemon();
        }
    }

    setLinks(links: ReadonlyMap<string, { readonly link: PeerLink }>): void {
        this.#links = new Map([...links].map(([id, { link }]) => [id, link]));
        this.#monitor.setLinks(this.#links);
    }

    setAttention(attention: Attention): void {
        this.#monitor.setAttention(attention);
    }

    setPolicy(policy: Policy): void {
        this.#monitor.setPolicy(policy);
    }

    of(peer: Pick<Peer, 'address'>): PeerPresence {
        return this.#monitor.snapshot.get(formatTorAddress(peer.address)) ?? unknown;
    }

    /** Whether the peer is left alone now: neither probed nor synced. */
    isPaused(peer: Pick<Peer, 'address'>): boolean {
        return pauseOf(this.#pauses, formatTorAddress(peer.address), Date.now()) !== undefined;
    }

    /** Pauses a peer, or all. */
    pause(peer: Pick<Peer, 'address'> | undefined, length: PauseLength): Promise<void> {
        const until = pauseEnd(length, Date.now());
        return this.#changePauses(pauses => withPause(pauses, peer === undefined ? undefined : formatTorAddress(peer.address), until));
    }

    /** Ends the pause of a peer, or every pause. One peer alone also leaves a pause of all, which goes on for the others. */
    resume(peer: Pick<Peer, 'address'> | undefined): Promise<void> {
        const ids = this.#peers.map(({ address }) => formatTorAddress(address));
        return this.#changePauses(pauses => withoutPause(pauses, peer === undefined ? undefined : formatTorAddress(peer.address), ids, Date.now()));
    }

    /** Asks all peers now. */
    async checkNow(): Promise<void> {
        await this.#monitor.checkNow();
    }

    /** Probes these peers while `work` is under way, whoever looks. */
    async whileWanted<T>(peers: readonly Pick<Peer, 'address'>[], work: () => Promise<T>): Promise<T> {
        const wishes = peers.map(({ address }) => this.#monitor.want(formatTorAddress(address)));
        try {
            return await work();
        } finally {
            wishes.forEach(wish => wish.dispose());
        }
    }

    async dispose(): Promise<void> {
        this.#disposed = true;
        this.#watcher?.close();
        clearTimeout(this.#rereadTimer);
        this.#monitor.dispose();
        this.onDidChange.clear();
        if (this.#loaded !== undefined) {
            await this.#writeSeen(0);
        }
    }

    async #load(): Promise<void> {
        const folder = path.dirname(presenceFile(this.context.gitDir));
        try {
            mkdirSync(folder, { recursive: true, mode: 0o700 });
            // Another window may pause and resume.
            this.#watcher = watch(folder, (_event, name) => {
                if (name === path.basename(presenceFile(''))) {
                    clearTimeout(this.#rereadTimer);
                    this.#rereadTimer = setTimeout(() => void this.#read(), rereadMs);
                }
            });
            this.#watcher.on('error', () => this.#watcher?.close());
        } catch (error) {
            this.context.log.warn(`Pauses of ${this.context.root} can't be kept: ${messageOf(error)}`);
        }
        await this.#read();
    }

    async #read(): Promise<void> {
        const { lastSeen, pauses } = await readRemembered(this.context.gitDir);
        if (!this.#disposed) {
            this.#lastSeen = lastSeen;
            this.#setPauses(pauses);
        }
    }

    async #changePauses(how: (pauses: Pauses) => Pauses): Promise<void> {
        this.#setPauses(how(this.#pauses));
        await rememberPauses(this.context.gitDir, how, Date.now());
        await this.#tellDaemon();
    }

    #setPauses(pauses: Pauses): void {
        this.#pauses = pauses;
        this.#monitor.setPauses(pauses);
    }

    #changed(): void {
        void this.#writeSeen(seenEveryMs);
        void this.#tellDaemon();
        this.onDidChange.fire();
    }

    /** Which peers the remote daemon is to leave alone; one time after the other. */
    #tellDaemon(): Promise<void> {
        this.#telling = this.#telling.then(async () => {
            if (this.#disposed || this.#loaded === undefined) {
                return;
            }
            try {
                if (await writePausedConfig(this.context.gitDir, this.#peers.filter(peer => this.isPaused(peer)).map(({ name }) => name))) {
                    this.daemon.reload();
                }
            } catch (error) {
                this.context.log.warn(`The remote daemon of ${this.context.root} can't be told who is paused: ${messageOf(error)}`);
            }
        });
        return this.#telling;
    }

    async #writeSeen(atLeastMs: number): Promise<void> {
        const now = Date.now();
        const seen = new Map<string, number>();
        for (const { address } of this.#peers) {
            const id = formatTorAddress(address);
            const { status, lastSeen } = this.of({ address });
            const at = status.kind === 'online' && status.via === 'daemon' ? now : lastSeen;
            if (at !== undefined && at - (this.#seenWritten.get(id) ?? this.#lastSeen.get(id) ?? 0) > atLeastMs) {
                seen.set(id, at);
                this.#seenWritten.set(id, at);
            }
        }
        if (seen.size > 0) {
            await rememberSeen(this.context.gitDir, seen, now).catch((error: unknown) => this.context.log.warn(`When peers were seen can't be kept: ${messageOf(error)}`));
        }
    }
}
