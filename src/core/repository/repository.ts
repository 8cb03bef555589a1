/**
 * The model of one repository: what is known of it, in one immutable snapshot, and its remote daemon.
 *
 * Data flows one way: files and program output come in by {@link Repository.refresh} and the daemon's messages, a new
 * snapshot and an event go out. Views only read.
 */
import { watch, type FSWatcher } from 'node:fs';
import path from 'node:path';
import { inert } from '../../shared/inert';
import type { Programs, RepositoryContext } from '../annex/context';
import { asUuid } from '../annex/uuid';
import { BootService } from '../boot/bootService';
import { SharedDaemon } from '../daemon/sharedDaemon';
import { stoppedSnapshot } from '../daemon/snapshot';
import { CancelledError, messageOf } from '../errors';
import { Event } from '../event';
import type { Log } from '../log';
import { defaultPolicy, RepositoryPresence, type Attention, type PeerPresence, type Policy } from '../peers/presence';
import { otherRemotesOf, peersOf, remoteNames, type Peer } from '../peers/peer';
import type { ChildRegistry } from '../process/managedProcess';
import { FindingsWatch, type Computer } from '../security/findings';
import { readIncoming, type HeldBack, type Incoming } from '../sync';
import { formatTorAddress } from '../tor/address';
import { readOwnAddresses } from '../tor/ownAddresses';
import { findStanza, readTorrc } from '../tor/torrc';
import { noAccess, readAccess, type RepositoryAccess } from './access';
import { configValue, readConfig } from './config';
import type { FoundRepository } from './discovery';
import { checkNetwork, notLooked } from './networkCheck';
import type { Activity, LastSync, RepositorySnapshot, ServiceState } from './snapshot';

export type { Activity, LastSync, PeerSnapshot, RepositorySnapshot, ServiceState } from './snapshot';

/** Where the last result of a sync with a peer is kept between sessions; by the peer's uuid. */
export interface SyncHistory {
    get(repository: string, peer: string): LastSync | undefined;
    set(repository: string, peer: string, result: LastSync): void;
}

export interface RepositoryDependencies {
    readonly programs: Programs;
    readonly log: Log;
    readonly history: SyncHistory;
    readonly registry?: ChildRegistry;
}

const refreshDelayMs = 300;
const firstRetryMs = 2000;
const longestRetryMs = 300_000;
const unknownPresence: PeerPresence = { status: { kind: 'unknown' }, since: 0, lastSeen: undefined };

export class Repository {
    readonly onDidChange = new Event<RepositorySnapshot>();
    /** A peer's changes were fetched by the daemon; the value is the peer's name. */
    readonly onDidFetch = new Event<string>();
    #snapshot: RepositorySnapshot;
    #daemon: SharedDaemon | undefined;
    #boot: BootService | undefined;
    #access: RepositoryAccess = noAccess;
    #presence: RepositoryPresence | undefined;
    #attention: Attention = 'hidden';
    #presencePolicy: Policy = defaultPolicy;
    #incoming: ReadonlyMap<string, Incoming> = new Map();
    readonly #findings = new FindingsWatch({
        context: () => this.context,
        served: () => {
                const { daemon } = this.#snapshot;
                return daemon.kind === 'boot' ? daemon.serving : daemon.kind !== 'stopped' && daemon.kind !== 'duplicate';
            },
        onFindings: findings => this.#update({ findings }),
    });
    readonly #heldBack = new Map<string, HeldBack>();
    #watchers: FSWatcher[] = [];
    #failedRefreshes = 0;
    #refreshTimer: NodeJS.Timeout | undefined;
    #incomingTimer: NodeJS.Timeout | undefined;
    #disposed = false;

    constructor(
        readonly found: FoundRepository,
        private readonly dependencies: RepositoryDependencies,
    ) {
        this.#snapshot = {
            root: found.root,
            name: path.basename(found.root),
            uuid: undefined,
            unreadable: false,
            service: { kind: 'not-enabled' },
            daemon: stoppedSnapshot.state,
            fetchGuard: stoppedSnapshot.fetchGuard,
            peers: [],
            remotes: [],
            otherRemotes: [],
            access: [],
            findings: undefined,
            activity: undefined,
            network: notLooked,
        };
        this.#watch();
    }

    get snapshot(): RepositorySnapshot {
        return this.#snapshot;
    }

    /** What operations need; undefined while git-annex is not set up here. */
    get context(): RepositoryContext | undefined {
        const { uuid } = this.#snapshot;
        const { programs, log, registry } = this.dependencies;
        return uuid === undefined ? undefined : { root: this.found.root, gitDir: this.found.gitDir, uuid, programs, log, ...(registry === undefined ? {} : { registry }) };
    }

    /** The remote daemon; undefined while git-annex is not set up here. */
    get daemon(): SharedDaemon | undefined {
        const { context } = this;
        if (this.#daemon === undefined && context !== undefined && !this.#disposed) {
            this.#daemon = new SharedDaemon(context, { ...(this.boot === undefined ? {} : { boot: this.boot }) });
            this.#daemon.onDidChange.on(({ links }) => {
                this.#presence?.setLinks(links);
                const { kind } = this.#snapshot.daemon;
                this.#update({});
                if (this.#snapshot.daemon.kind !== kind) {
                    this.#findings.lookSoon();
                }
            });
            this.#daemon.onDidFetch.on(uri => {
                this.#incomingSoon();
                const peer = this.#snapshot.peers.find(candidate => formatTorAddress(candidate.address) === uri);
                if (peer !== undefined) {
                    this.onDidFetch.fire(peer.name);
                }
            });
            // Another window may serve it already.
            void this.#daemon.join();
        }
        return this.#daemon;
    }

    /** Serving while no editor is open; undefined while git-annex is not set up here. */
    get boot(): BootService | undefined {
        const { context } = this;
        if (context !== undefined) {
            this.#boot ??= new BootService(context);
        }
        return this.#boot;
    }

    /** Who of the peers is there, and who is paused; undefined while git-annex is not set up here. */
    get presence(): RepositoryPresence | undefined {
        const { context } = this;
        if (this.#presence === undefined && context !== undefined && !this.#disposed) {
            this.#presence = new RepositoryPresence(context, { reload: () => this.daemon?.reload(), nudge: uri => this.daemon?.nudge(uri) });
            this.#presence.setPolicy(this.#presencePolicy);
            this.#presence.setAttention(this.#attention);
            this.#presence.onDidChange.on(() => this.#update({}));
        }
        return this.#presence;
    }

    /** Who looks at the peers, and how often they may be probed while somebody does. */
    watchPeers(attention: Attention, policy: Policy): void {
        this.#attention = attention;
        this.#presencePolicy = policy;
        this.#presence?.setPolicy(policy);
        this.#presence?.setAttention(attention);
    }

    /** What the findings need to know of the computer and the settings. */
    setComputer(computer: Computer): void {
        this.#findings.setComputer(computer);
    }

    /** Looks for what there is to warn of, at once. */
    async checkSecurity(): Promise<void> {
        await this.#findings.look();
    }

    /** Reads everything again; one git process and some small files. */
    async refresh(signal?: AbortSignal): Promise<void> {
        if (this.#disposed) {
            return;
        }
        const { programs, log } = this.dependencies;
        const config = await readConfig(programs, this.found.root, log, signal).catch((error: unknown) => {
            if (!(error instanceof CancelledError)) {
                this.#update({ unreadable: true });
            }
            throw error;
        });
        const said = configValue(config, 'annex.uuid');
        const uuid = asUuid(said);
        if (said !== undefined && said !== '' && uuid === undefined) {
            log.warn(`${this.found.root}: its annex.uuid can't be one, and is not used: ${inert(said, 80)}`);
        }
        const service = uuid === undefined ? { kind: 'not-enabled' as const } : await this.#service(uuid);
        const peers = peersOf(config);
        this.#access = uuid === undefined ? noAccess : await readAccess(this.found.gitDir, { uuid, address: 'address' in service ? service.address : undefined }, peers, log);
        this.#update({ uuid, unreadable: false, service, remotes: remoteNames(config), otherRemotes: otherRemotesOf(config), access: this.#access.entries }, peers);
        await this.presence?.setPeers(peers);
        await this.#readIncoming(signal);
        if (service.kind === 'enabled') {
            // Another window, or another program, may be serving it: that is shown, and nothing is started by it.
            await this.daemon?.join();
        }
        this.#findings.lookSoon();
    }

    /** Looks at Tor and whether our onion service answers from outside; one look at a time. @throws {CancelledError} */
    async checkNetwork(signal?: AbortSignal): Promise<void> {
        const { network, service } = this.#snapshot;
        if (!network.checking && !this.#disposed) {
            await checkNetwork(service.kind === 'enabled' ? service.address : undefined, this.dependencies.log, state => this.#update({ network: state }), signal);
        }
    }

    /** Why a peer's changes are left to the user; undefined: they are not. */
    holdBack(peer: string, reason: HeldBack | undefined): void {
        if (this.#heldBack.get(peer) !== reason) {
            if (reason === undefined) {
                this.#heldBack.delete(peer);
            } else {
                this.#heldBack.set(peer, reason);
            }
            this.#update({});
        }
    }

    setActivity(activity: Activity | undefined): void {
        this.#update({ activity });
    }

    recordSync(peer: { readonly uuid: string | undefined }, result: LastSync): void {
        if (peer.uuid !== undefined) {
            this.dependencies.history.set(this.found.root, peer.uuid, result);
            this.#update({});
        }
    }

    /** Ends the daemon and every watch. */
    async dispose(): Promise<void> {
        this.#disposed = true;
        clearTimeout(this.#refreshTimer);
        clearTimeout(this.#incomingTimer);
        for (const watcher of this.#watchers) {
            watcher.close();
        }
        this.onDidChange.clear();
        this.onDidFetch.clear();
        await Promise.all([this.#findings.dispose(), this.#presence?.dispose(), this.#daemon?.dispose()]);
    }

    async #service(uuid: string): Promise<ServiceState> {
        const [addresses, torrc] = await Promise.all([readOwnAddresses(this.found.gitDir), readTorrc()]);
        const address = addresses[0];
        const hasStanza = torrc !== undefined && findStanza(torrc.text, process.getuid?.() ?? -1, uuid) !== undefined;
        if (address === undefined) {
            return hasStanza ? { kind: 'unfinished' } : { kind: 'not-enabled' };
        }
        return hasStanza ? { kind: 'enabled', address } : { kind: 'not-served', address };
    }

    #update(change: Partial<Omit<RepositorySnapshot, 'peers' | 'daemon' | 'fetchGuard'>>, peers: readonly Peer[] = this.#snapshot.peers): void {
        const daemon = this.#daemon?.snapshot ?? stoppedSnapshot;
        this.#snapshot = {
            ...this.#snapshot,
            ...change,
            daemon: daemon.state,
            fetchGuard: daemon.fetchGuard,
            peers: peers.map(({ name, address, uuid, syncs }) => {
                const link = daemon.links.get(formatTorAddress(address));
                return {
                    name,
                    address,
                    uuid,
                    syncs,
                    link: link?.link ?? (daemon.state.kind === 'running' ? 'disconnected' : 'unknown'),
                    linkSince: link?.since,
                    presence: this.#presence?.of({ address }) ?? unknownPresence,
                    incoming: this.#incoming.get(name),
                    heldBack: this.#incoming.has(name) ? this.#heldBack.get(name) : undefined,
                    lastSync: uuid === undefined ? undefined : this.dependencies.history.get(this.found.root, uuid),
                    verified: this.#access.verified.get(name),
                };
            }),
        };
        this.onDidChange.fire(this.#snapshot);
    }

    #incomingSoon(): void {
        clearTimeout(this.#incomingTimer);
        this.#incomingTimer = setTimeout(() => {
            this.#readIncoming().catch((error: unknown) => this.dependencies.log.warn(`What has come to ${this.found.root} could not be read: ${messageOf(error)}`));
        }, refreshDelayMs);
    }

    async #readIncoming(signal?: AbortSignal): Promise<void> {
        const { context } = this;
        if (context !== undefined && !this.#disposed) {
            this.#incoming = await readIncoming(context, this.#snapshot.peers.flatMap(({ name, uuid }) => (uuid === undefined ? [] : [{ name, uuid }])), signal);
            this.#update({});
        }
    }

    /** The configuration and the credentials' folder tell of peers that are added or removed by other programs. */
    #watch(): void {
        const { gitDir } = this.found;
        for (const [folder, names] of [
            [gitDir, ['config', 'annex']],
            [path.join(gitDir, 'annex', 'creds'), undefined],
        ] as const) {
            try {
                const watcher = watch(folder, (_event, name) => {
                    if (names === undefined || (name !== null && (names as readonly string[]).includes(name))) {
                        this.#refreshSoon();
                    }
                });
                watcher.on('error', () => watcher.close());
                this.#watchers.push(watcher);
            } catch {
                // The folder isn't there yet; a refresh after each command finds what came.
            }
        }
    }

    /** What could not be read now, as on a busy machine, is tried again in some seconds; later and later, so that a broken one costs little. */
    refreshLater(): void {
        this.#refreshSoon(Math.min(longestRetryMs, firstRetryMs * 2 ** this.#failedRefreshes++));
    }

    #refreshSoon(delayMs = refreshDelayMs): void {
        clearTimeout(this.#refreshTimer);
        this.#refreshTimer = setTimeout(() => {
            this.refresh().then(() => {
                this.#failedRefreshes = 0;
            }, (error: unknown) => {
                this.dependencies.log.warn(`Could not read ${this.found.root} again: ${messageOf(error)}`);
                if (!this.#disposed) {
                    this.refreshLater();
                }
            });
        }, delayMs);
    }
}
