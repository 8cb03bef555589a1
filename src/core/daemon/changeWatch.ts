/**
 * Watches our peers where another program's remote daemon serves the repository: that one fetches what changes, but tells nobody here.
 *
 * For each peer one connection stays open and waits for its changes (NOTIFYCHANGE: git-annex, doc/design/p2p_protocol.mdwn), as the remote
 * daemon's own do. What is heard is told in the daemon's words, so that nobody above needs to know the difference.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../errors';
import type { Log } from '../log';
import type { Peer } from '../peers/peer';
import type { P2PConnection } from '../p2p/connection';
import { watchChanges } from '../p2p/watch';
import { formatTorAddress } from '../tor/address';
import { Backoff } from './backoff';
import type { DaemonMessage } from './protocol';

export interface ChangeWatchDependencies {
    readonly log: Log;
    /** Those to watch now: neither paused nor switched off. */
    peers(): Promise<readonly Peer[]>;
    /** A connection on which our token was accepted, by the repository that is meant. */
    open(peer: Peer, signal: AbortSignal): Promise<P2PConnection>;
    /** Resolves when what was told of is here, or can't be had; true if it is. */
    bring(peer: Peer, commits: readonly string[], signal: AbortSignal): Promise<boolean>;
    /** Between two tries to connect. */
    readonly backoff?: () => Backoff;
    /** Changes come in bursts: this long after the first, in milliseconds. */
    readonly settleMs?: number;
}

const watchBackoff = { firstMs: 1000, capMs: 300_000, goodRunMs: 60_000 } as const;
const defaultSettleMs = 500;

interface Watched {
    readonly peer: Peer;
    readonly stop: AbortController;
    /** Tries again now what would be tried later. */
    wake: () => void;
}

export class ChangeWatch {
    readonly #watched = new Map<string, Watched>();
    #running = false;
    #turn: Promise<void> = Promise.resolve();

    constructor(
        private readonly dependencies: ChangeWatchDependencies,
        private readonly tell: (message: DaemonMessage) => void,
    ) {}

    start(): void {
        this.#running = true;
        this.reload();
    }

    /** Looks again which peers there are. */
    reload(): void {
        this.#turn = this.#turn.then(() => this.#reload()).catch((error: unknown) => this.dependencies.log.warn(`Which peers are to be watched could not be read: ${messageOf(error)}`));
    }

    /** The peer at this address can be reached. */
    nudge(uri: string): void {
        this.#watched.get(uri)?.wake();
    }

    stop(): void {
        this.#running = false;
        for (const uri of [...this.#watched.keys()]) {
            this.#leave(uri);
        }
    }

    async #reload(): Promise<void> {
        const peers = this.#running ? new Map((await this.dependencies.peers()).map(peer => [formatTorAddress(peer.address), peer])) : new Map<string, Peer>();
        if (!this.#running) {
            return;
        }
        for (const [uri, { peer }] of this.#watched) {
            const now = peers.get(uri);
            if (now === undefined || now.name !== peer.name || now.uuid !== peer.uuid) {
                this.#leave(uri);
            }
        }
        for (const [uri, peer] of peers) {
            if (!this.#watched.has(uri)) {
                const watched: Watched = { peer, stop: new AbortController(), wake: () => undefined };
                this.#watched.set(uri, watched);
                void this.#watch(uri, watched);
            }
        }
    }

    #leave(uri: string): void {
        this.#watched.get(uri)?.stop.abort();
        this.#watched.delete(uri);
    }

    /** Connects again and again until it is to stop. */
    async #watch(uri: string, watched: Watched): Promise<void> {
        const { signal } = watched.stop;
        const backoff = this.dependencies.backoff?.() ?? new Backoff(watchBackoff);
        while (!signal.aborted) {
            const started = performance.now();
            await this.#converse(uri, watched);
            if (!isOver(signal)) {
                const woken = new AbortController();
                watched.wake = () => {
                    backoff.reset();
                    woken.abort();
                };
                await delay(backoff.after(performance.now() - started), undefined, { signal: AbortSignal.any([signal, woken.signal]), ref: false }).catch(() => undefined);
                watched.wake = () => undefined;
            }
        }
    }

    /** One connection, from its first to its last word; never throws. */
    async #converse(uri: string, { peer, stop: { signal } }: Watched): Promise<void> {
        let connection: P2PConnection | undefined;
        try {
            connection = await this.dependencies.open(peer, signal);
            this.tell({ kind: 'connected', uri });
            const news = new News(commits => this.#bring(uri, peer, commits, signal), this.dependencies.settleMs ?? defaultSettleMs);
            const why = await watchChanges(connection, commits => news.add(commits), signal);
            this.dependencies.log.debug(`The watch of ${peer.name} ended: ${messageOf(why)}`);
        } catch (error) {
            this.dependencies.log.debug(`${peer.name} can't be watched: ${messageOf(error)}`);
        }
        if (connection !== undefined) {
            connection.close();
            this.tell({ kind: 'disconnected', uri });
        }
    }

    async #bring(uri: string, peer: Peer, commits: readonly string[], signal: AbortSignal): Promise<void> {
        if (signal.aborted) {
            return;
        }
        try {
            this.tell({ kind: 'syncing', uri });
            const succeeded = await this.dependencies.bring(peer, commits, signal);
            if (!isOver(signal)) {
                this.tell({ kind: 'done-syncing', uri, succeeded });
            }
        } catch (error) {
            if (!isOver(signal)) {
                this.dependencies.log.warn(`Changes of ${peer.name} could not be brought: ${messageOf(error)}`);
                this.tell({ kind: 'done-syncing', uri, succeeded: false });
            }
        }
    }
}

/** Asked anew after every wait. */
function isOver({ aborted }: AbortSignal): boolean {
    return aborted;
}

/** Collects what comes in a burst, and deals with one burst after the other. */
class News {
    readonly #commits = new Set<string>();
    #busy = false;

    constructor(
        private readonly bring: (commits: readonly string[]) => Promise<void>,
        private readonly settleMs: number,
    ) {}

    add(commits: readonly string[]): void {
        commits.forEach(commit => this.#commits.add(commit));
        if (!this.#busy) {
            this.#busy = true;
            void this.#work();
        }
    }

    async #work(): Promise<void> {
        while (this.#commits.size > 0) {
            await delay(this.settleMs, undefined, { ref: false });
            const commits = [...this.#commits];
            this.#commits.clear();
            await this.bring(commits);
        }
        this.#busy = false;
    }
}
