/**
 * A repository's remote daemon as a window sees it: one for all windows of this user, wherever it runs.
 *
 * The first window owns it and runs it, the others are its clients. When the owner goes, another takes over at once, and goes on as it was:
 * running if it ran, stopped if somebody had stopped it.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { RepositoryContext } from '../annex/context';
import { messageOf } from '../errors';
import { Event } from '../event';
import type { Guarded } from '../process/managedProcess';
import { runtimeFolder } from '../process/privateFolders';
import { claim, type Owned } from './ownership/claim';
import { Client } from './ownership/client';
import { Owner, type Place } from './ownership/owner';
import type { DaemonRequest } from './ownership/wire';
import { RemoteDaemon, type SupervisorOptions } from './remoteDaemon';
import { prepareShim, type ShimState } from './shim/install';
import { stoppedSnapshot, type DaemonSnapshot } from './snapshot';

export interface SharedDaemonOptions extends SupervisorOptions {
    /** Private folder in which windows find each other. */
    readonly runtimeFolder?: () => Promise<string>;
}

/** Between two looks whether the others still find us, in milliseconds. */
const inForceMs = 5000;

/** Where windows can't find each other. */
const alone: Owned = { kind: 'owner', accept: () => undefined, isInForce: () => Promise.resolve(true), release: () => Promise.resolve() };

/** Short, because a socket's whole path may have no more than about 100 bytes. */
function nameFor(uuid: string): string {
    return createHash('sha256').update(uuid).digest('hex').slice(0, 16);
}

export class SharedDaemon {
    readonly onDidChange = new Event<DaemonSnapshot>();
    /** A peer's changes were fetched; the value is its address. */
    readonly onDidFetch = new Event<string>();
    #snapshot: DaemonSnapshot = stoppedSnapshot;
    #role: Owner | Client | undefined;
    #joined: Promise<void> | undefined;
    #inForceTimer: NodeJS.Timeout | undefined;
    /** What the next owner is to do. */
    #wanted = false;
    #stoppedByUser = false;
    #pauses = 0;
    #guarded: Guarded | undefined;
    #disposed = false;

    constructor(
        private readonly context: RepositoryContext,
        private readonly options: SharedDaemonOptions = {},
    ) {}

    get snapshot(): DaemonSnapshot {
        return this.#snapshot;
    }

    /** Whether this window runs it; undefined before {@link join}. */
    get role(): 'owner' | 'client' | undefined {
        return this.#role === undefined ? undefined : this.#role instanceof Owner ? 'owner' : 'client';
    }

    /** Finds the other windows, so that the state is known; starts nothing that isn't running. */
    async join(): Promise<void> {
        while (!this.#disposed && this.#role === undefined) {
            this.#joined ??= this.#join().finally(() => (this.#joined = undefined));
            await this.#joined;
        }
    }

    /** Starts it and keeps it running. `automatically`: unless somebody has stopped it, in whichever window. */
    async start(how: 'by-user' | 'automatically' = 'by-user'): Promise<void> {
        await this.#perform(how === 'by-user' ? 'start' : 'start-automatically');
        this.#wantHere(true);
    }

    /** Stops it for all windows. */
    async stop(): Promise<void> {
        await this.#perform('stop');
        this.#wantHere(false);
    }

    async restart(): Promise<void> {
        await this.#perform('restart');
    }

    /** Tells it to read the repository's configuration again (a peer was added or removed). */
    reload(): void {
        this.#request('reload');
    }

    /** The peer at this address can be reached (see {@link RemoteDaemon.nudge}). */
    nudge(uri: string): void {
        this.#request('nudge', uri);
    }

    /** Runs `work` while the daemon makes no fetches of its own, which would collide with ours over ref locks. */
    async whilePaused<T>(work: () => Promise<T>): Promise<T> {
        if (this.#pauses++ === 0 && this.#role !== undefined) {
            await this.#role.perform('pause');
        }
        try {
            return await work();
        } finally {
            if (--this.#pauses === 0) {
                this.#request('resume');
            }
        }
    }

    /** Leaves; if this window ran it, it ends here and another takes over. */
    async dispose(): Promise<void> {
        this.#disposed = true;
        clearTimeout(this.#inForceTimer);
        this.onDidChange.clear();
        this.onDidFetch.clear();
        await this.#joined;
        const role = this.#role;
        this.#role = undefined;
        await role?.dispose();
        this.#guarded?.release();
    }

    /** A copy has no say while the other folder is served; what was asked of it counts when that is closed. */
    #wantHere(wanted: boolean): void {
        if (this.#snapshot.state.kind === 'duplicate') {
            this.#wanted = wanted;
        }
    }

    #request(request: DaemonRequest, uri?: string): void {
        this.#role?.perform(request, uri).catch((error: unknown) => this.context.log.error(`remote daemon: ${request}: ${messageOf(error)}`));
    }

    async #perform(request: DaemonRequest): Promise<void> {
        for (;;) {
            await this.join();
            const role = this.#role;
            if (role === undefined) {
                return;
            }
            await role.perform(request);
            // Where the owner has gone meanwhile, the next one is asked.
            if (this.#role === role || this.#isDisposed()) {
                return;
            }
        }
    }

    #isDisposed(): boolean {
        return this.#disposed;
    }

    async #join(): Promise<void> {
        const place: Place = { root: this.context.root, gitDir: this.context.gitDir };
        try {
            const folder = await (this.options.runtimeFolder ?? runtimeFolder)();
            const name = nameFor(this.context.uuid);
            const claimed = await claim(folder, name);
            if (this.#isDisposed()) {
                await (claimed.kind === 'owner' ? claimed.release() : claimed.socket.destroy());
            } else if (claimed.kind === 'client') {
                await this.#becomeClient(place, claimed.socket);
            } else {
                this.#becomeOwner(place, claimed, this.context.registry?.guard?.({ ownedSockets: [path.join(folder, name)] }));
            }
        } catch (error) {
            // Better served by one window alone than by none. Another window finds it served and leaves it alone.
            this.context.log.error(`The remote daemon of ${this.context.root} can't be shared between windows: ${messageOf(error)}`);
            this.#becomeOwner(place, alone, undefined);
        }
    }

    #becomeOwner(place: Place, owned: Owned, guarded: Guarded | undefined): void {
        const daemon = new RemoteDaemon(this.context, this.options);
        const owner: Owner = new Owner(place, daemon, owned, this.context.log, this.#stoppedByUser, () => this.#update(owner.snapshot));
        daemon.onDidFetch.on(uri => this.onDidFetch.fire(uri));
        this.#role = owner;
        this.#guarded = guarded;
        this.context.log.debug(`This window runs the remote daemon of ${this.context.root}.`);
        this.#watchForce(owner);
        if (this.#pauses > 0) {
            daemon.pause();
        }
        if (this.#wanted) {
            void daemon.start();
        } else {
            this.#update(owner.snapshot);
        }
    }

    /** Resolves when the owner has told how it is, or has gone again. */
    #becomeClient(place: Place, socket: ConstructorParameters<typeof Client>[1]): Promise<void> {
        return new Promise(resolve => {
            const client = new Client(place, socket, {
                onSnapshot: (snapshot, wanted, stoppedByUser) => {
                    this.#wanted = wanted;
                    this.#stoppedByUser = stoppedByUser;
                    this.#update(snapshot);
                    resolve();
                },
                onFetched: uri => this.onDidFetch.fire(uri),
                onDuplicate: of => {
                    this.#update({ ...stoppedSnapshot, state: { kind: 'duplicate', of }, copies: [of] });
                    resolve();
                },
                onClosed: () => {
                    this.#role = undefined;
                    resolve();
                    this.#rejoin();
                },
            });
            this.#role = client;
            // Found out before it is needed: a takeover is quicker so.
            void (this.options.shim ?? ((): Promise<ShimState> => prepareShim(this.context)))();
            if (this.#pauses > 0) {
                void client.perform('pause');
            }
        });
    }

    #rejoin(): void {
        if (!this.#disposed) {
            void this.join();
        }
    }

    /** Where somebody has cleared the folder, the others don't find us any more: then we look for them. */
    #watchForce(owner: Owner): void {
        this.#inForceTimer = setTimeout(() => {
            void owner.isInForce().then(async isInForce => {
                if (this.#role !== owner) {
                    return;
                }
                if (isInForce) {
                    this.#watchForce(owner);
                    return;
                }
                this.#wanted = owner.daemon.wanted;
                this.#stoppedByUser = owner.stoppedByUser;
                this.#role = undefined;
                await owner.dispose();
                this.#guarded?.release();
                this.#rejoin();
            });
        }, inForceMs).unref();
    }

    #update(snapshot: DaemonSnapshot): void {
        this.#snapshot = snapshot;
        this.onDidChange.fire(snapshot);
    }
}
