/**
 * Fetches from a peer that has just been connected to: what changed before is not told again. (git-annex's remote daemon fetches when it is
 * told of a change, and a peer tells of none that it made while nobody listened: RemoteDaemon/Transport/P2PHelper.hs; measured.) Every pause
 * for a sync is such a time, too.
 */
import { CancelledError, messageOf } from '../errors';
import type { Log } from '../log';

export interface CatchUpDependencies {
    readonly log: Log;
    /** Fetches; true if that worked. */
    fetch(uri: string, signal: AbortSignal): Promise<boolean>;
    /** Something may have come. */
    done(uri: string): void;
}

/** A connection that doesn't last this long is none, in milliseconds. */
const settleMs = 1000;
/** At the same time: after a start there may be many. */
const maxAtOnce = 2;

export class CatchUp {
    readonly #wanted = new Map<string, NodeJS.Timeout>();
    readonly #ready = new Set<string>();
    readonly #running = new Map<string, AbortController>();

    constructor(private readonly dependencies: CatchUpDependencies) {}

    connected(uri: string): void {
        this.disconnected(uri);
        this.#wanted.set(uri, setTimeout(() => {
            this.#wanted.delete(uri);
            this.#ready.add(uri);
            this.#next();
        }, settleMs));
    }

    disconnected(uri: string): void {
        clearTimeout(this.#wanted.get(uri));
        this.#wanted.delete(uri);
        this.#ready.delete(uri);
    }

    /** Only these are still to be fetched from: others were paused or removed. */
    keep(uris: ReadonlySet<string>): void {
        for (const uri of [...this.#wanted.keys(), ...this.#ready, ...this.#running.keys()].filter(known => !uris.has(known))) {
            this.disconnected(uri);
            this.#running.get(uri)?.abort();
        }
    }

    /** What is under way ends, and what is to come is forgotten: connections that are made anew begin it anew. */
    stop(): void {
        this.#wanted.forEach(timer => clearTimeout(timer));
        this.#wanted.clear();
        this.#ready.clear();
        this.#running.forEach(controller => controller.abort());
    }

    #next(): void {
        for (const uri of [...this.#ready].filter(candidate => !this.#running.has(candidate)).slice(0, Math.max(0, maxAtOnce - this.#running.size))) {
            this.#ready.delete(uri);
            const controller = new AbortController();
            this.#running.set(uri, controller);
            void this.#fetch(uri, controller.signal).then(() => {
                this.#running.delete(uri);
                this.#next();
            });
        }
    }

    async #fetch(uri: string, signal: AbortSignal): Promise<void> {
        try {
            if (await this.dependencies.fetch(uri, signal)) {
                this.dependencies.done(uri);
            }
        } catch (error) {
            if (!(error instanceof CancelledError)) {
                this.dependencies.log.warn(`What ${uri} changed before it was connected could not be fetched: ${messageOf(error)}`);
            }
        }
    }
}
