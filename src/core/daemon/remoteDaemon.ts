/**
 * One repository's remote daemon as a supervised child: `git-annex remotedaemon --foreground`.
 *
 * It serves peers while it runs and tells which of ours are connected. It ends when its standard input closes. It is started as
 * `git-annex remotedaemon`, not `git annex remotedaemon`, because that puts git's own folder before ours on the PATH (see shim/). Where
 * something else serves the repository already, it waits for that to end and doesn't fight over the socket; where it is installed to be served
 * at boot, it never serves. Meanwhile it watches the peers in its own way, and tells the same of them.
 */
import type { Socket } from 'node:net';
import { messageOf } from '../errors';
import { Event } from '../event';
import { ManagedProcess } from '../process/managedProcess';
import type { RepositoryContext } from '../annex/context';
import { Backoff } from './backoff';
import { CatchUp } from './catchUp';
import type { ChangeWatchDependencies } from './changeWatch';
import { FetchProgress } from './fetchProgress';
import { Links } from './links';
import { Nudges } from './nudges';
import { servingConfig } from './servingConfig';
import { formatDaemonCommand, parseDaemonLine, type DaemonCommand, type DaemonMessage } from './protocol';
import { connectTo, serviceSocketOf, socketIdentity } from './serviceSocket';
import { prepareShim, shimEnvironment, type ShimState } from './shim/install';
import { StandBy } from './standBy';
import { stoppedSnapshot, type DaemonSnapshot, type DaemonState } from './snapshot';
import { fetchFrom, watchedAddresses, watchingOf } from './watchByConnection';

export type { DaemonSnapshot, DaemonState, PeerLink } from './snapshot';

/** Times in milliseconds. */
export interface SupervisorLimits {
    /** A fetch from which nothing comes for this long hangs (git-annex has no time limit of its own). */
    readonly silentFetch: number;
    /** Between two looks at fetches and at the socket. */
    readonly look: number;
    /** From STOP to SIGTERM, and from there to SIGKILL. */
    readonly grace: number;
    /** At least this long between two restarts for a peer that are meant to shorten git-annex's own waits, and did not (see nudges.ts). */
    readonly betweenNudges: number;
    /** Shorter waits of git-annex's are not worth a restart, which cuts peers off. */
    readonly worthANudge: number;
    /** What the daemon gets to connect again after a pause, before peers count as not connected. */
    readonly reconnect: number;
}

export const supervisorLimits: SupervisorLimits = { silentFetch: 180_000, look: 1500, grace: 700, betweenNudges: 60_000, worthANudge: 30_000, reconnect: 15_000 };

/** What serves the repository at boot, if anything does. */
export interface BootServer {
    isInstalled(): Promise<boolean>;
    restart(): Promise<void>;
    /** Tells it to read the repository's configuration again. */
    reload(): Promise<void>;
}

export interface SupervisorOptions {
    readonly boot?: BootServer;
    /** How peers are watched where something else serves. */
    readonly watching?: ChangeWatchDependencies;
    readonly limits?: Partial<SupervisorLimits>;
    /** Where git-annex serves this repository. */
    readonly serviceSocket?: () => Promise<string | undefined>;
    readonly shim?: () => Promise<ShimState>;
    readonly backoff?: Backoff;
}

export class RemoteDaemon {
    readonly onDidChange = new Event<DaemonSnapshot>();
    /** A peer's changes were fetched. */
    readonly onDidFetch = new Event<string>();
    readonly #limits: SupervisorLimits;
    readonly #backoff: Backoff;
    readonly #links = new Links();
    readonly #fetchProgress: FetchProgress;
    #snapshot: DaemonSnapshot = stoppedSnapshot;
    #process: ManagedProcess | undefined;
    readonly #standBy: StandBy;
    readonly #catchUp: CatchUp;
    #wanted = false;
    #restartTimer: NodeJS.Timeout | undefined;
    #lookTimer: NodeJS.Timeout | undefined;
    #attempt = 0;
    #lastError = '';
    #pauses = 0;
    #settleTimer: NodeJS.Timeout | undefined;
    /** The child is being ended to be started again at once. */
    #recycling = false;
    /** The child was started with an onion service to serve. */
    #serves = false;
    readonly #nudges: Nudges;
    #turn: Promise<void> = Promise.resolve();

    constructor(
        private readonly context: RepositoryContext,
        private readonly options: SupervisorOptions = {},
    ) {
        this.#limits = { ...supervisorLimits, ...options.limits };
        this.#backoff = options.backoff ?? new Backoff();
        this.#nudges = new Nudges(this.#limits);
        this.#catchUp = new CatchUp({ log: context.log, fetch: (uri, signal) => fetchFrom(context, uri, signal), done: uri => this.onDidFetch.fire(uri) });
        this.#standBy = new StandBy(options.watching ?? watchingOf(context), message => this.#receive(message), () => void this.#inTurn(() => this.#launch()), this.#limits.look);
        this.#fetchProgress = new FetchProgress(context.gitDir);
    }

    get snapshot(): DaemonSnapshot {
        return this.#snapshot;
    }

    /** It runs, or will. */
    get wanted(): boolean {
        return this.#wanted;
    }

    /**
     * Starts it and keeps it running until {@link stop}. One that is wanted already goes on, unless it was started before there was an
     * onion service: it serves nobody.
     */
    async start(): Promise<void> {
        if (this.#wanted) {
            const child = this.#process;
            if (child !== undefined && !this.#serves && (await this.#serviceSocket()) !== undefined) {
                this.#recycle(child, 'there is an onion service now');
            }
            return;
        }
        this.#wanted = true;
        this.#backoff.reset();
        this.#attempt = 0;
        await this.#inTurn(() => this.#launch());
    }

    /** Asks it to stop, and ends it if it doesn't; resolves when it has gone. */
    async stop(): Promise<void> {
        this.#wanted = false;
        this.#recycling = false;
        clearTimeout(this.#restartTimer);
        this.#standBy.end();
        this.#catchUp.stop();
        await this.#inTurn(async () => {
            const child = this.#process;
            if (child !== undefined) {
                child.write(formatDaemonCommand('STOP'));
                child.closeInput();
                const timer = setTimeout(() => void child.end(this.#limits.grace), this.#limits.grace);
                await child.exited;
                clearTimeout(timer);
                child.kill();
            }
            if (!this.#isWanted()) {
                this.#links.clear();
                this.#update({ kind: 'stopped' });
            }
        });
    }

    async restart(): Promise<void> {
        if (this.#snapshot.state.kind === 'boot') {
            await this.options.boot?.restart();
            return;
        }
        await this.stop();
        await this.start();
    }

    /** Tells it to read the repository's configuration again (a peer was added or removed). */
    reload(): void {
        this.#send('RELOAD');
        this.#standBy.reload();
        watchedAddresses(this.context).then(addresses => this.#catchUp.keep(addresses), (error: unknown) => this.context.log.warn(`Which peers ${this.context.root} has could not be read: ${messageOf(error)}`));
        if (this.#snapshot.state.kind === 'boot') {
            this.options.boot?.reload().catch((error: unknown) => this.context.log.warn(`What serves ${this.context.root} could not be told to read its configuration: ${messageOf(error)}`));
        }
    }

    /**
     * Says that the peer at this address can be reached. git-annex tries again later and later, up to an hour, and never if it once met
     * another repository there: where it would wait long, it is started anew.
     */
    nudge(uri: string): void {
        this.#standBy.nudge(uri);
        const child = this.#process;
        // Not by the clock on the wall, which may be set meanwhile.
        const now = performance.now();
        if (child !== undefined && this.#links.innerWait(uri, child.startedAt, now) >= this.#limits.worthANudge && this.#nudges.isDue(uri, now)) {
            this.#nudges.made(uri, now);
            this.#recycle(child, `${uri} can be reached, but git-annex would try it only later`);
        }
    }

    /** Until {@link resume} is called as often, it makes no fetches of its own, which would collide with ours over ref locks. */
    pause(): void {
        if (this.#pauses++ === 0) {
            clearTimeout(this.#settleTimer);
            this.#catchUp.stop();
            this.#links.hold();
            this.#send('PAUSE');
        }
    }

    resume(): void {
        if (--this.#pauses === 0) {
            this.#send('RESUME');
            this.#settleTimer = setTimeout(() => {
                if (this.#links.settle(performance.now(), Date.now())) {
                    this.#update(this.#snapshot.state);
                }
            }, this.#limits.reconnect);
        }
    }

    /** Stops for good. */
    async dispose(): Promise<void> {
        await this.stop();
        clearTimeout(this.#lookTimer);
        clearTimeout(this.#settleTimer);
        this.onDidChange.clear();
        this.onDidFetch.clear();
    }

    /** Asked anew after every wait, in which it may have changed. */
    #isWanted(): boolean {
        return this.#wanted;
    }

    #send(command: DaemonCommand): void {
        if (this.#snapshot.state.kind === 'running') {
            this.context.log.debug(`[${this.#process?.pid ?? 0}] remotedaemon < ${command}`);
            this.#process?.write(formatDaemonCommand(command));
        }
    }

    /** One start or stop at a time. */
    #inTurn(work: () => Promise<void>): Promise<void> {
        this.#turn = this.#turn.then(work, work);
        return this.#turn;
    }

    async #launch(): Promise<void> {
        if (!this.#wanted || this.#process !== undefined || this.#standBy.isHolding) {
            return;
        }
        const { root, gitDir, programs, log, registry } = this.context;
        const socket = await this.#serviceSocket();
        const other = socket === undefined ? undefined : await connectTo(socket);
        const atBoot = socket !== undefined && (await this.options.boot?.isInstalled()) === true;
        if (!this.#isWanted()) {
            other?.destroy();
            return;
        }
        if (atBoot || other !== undefined) {
            this.#leaveItTo(other, atBoot);
            return;
        }
        this.#standBy.end();
        this.#links.clear();
        if (this.#snapshot.state.kind !== 'waiting') {
            this.#update({ kind: 'starting' });
        }
        try {
            const shim = await (this.options.shim ?? ((): Promise<ShimState> => prepareShim(this.context)))();
            if (!this.#isWanted()) {
                return;
            }
            if (shim.kind === 'off') {
                log.warn(`Peers' fetches from here may hang (${shim.reason}). ${shim.detail}`);
            }
            const before = socket === undefined ? undefined : await socketIdentity(socket);
            const env = { ...servingConfig(process.env, gitDir), ...(shim.kind === 'on' ? shimEnvironment(shim.folder, programs.git) : {}) };
            const child = await ManagedProcess.start({ file: programs.gitAnnex, args: ['remotedaemon', '--foreground'], cwd: root, env }, { log, ...(registry === undefined ? {} : { registry }) });
            this.#process = child;
            this.#serves = socket !== undefined;
            child.onStdoutLine.on(line => this.#receive(parseDaemonLine(line)));
            child.onStderrLine.on(line => {
                this.#lastError = line;
                log.debug(`[${child.pid}] remotedaemon: ${line}`);
            });
            void child.exited.then(() => this.#ended(child));
            this.#snapshot = { ...this.#snapshot, fetchGuard: shim.kind === 'on' ? { kind: 'on' } : { kind: 'off', reason: shim.reason } };
            this.#update({ kind: 'running', since: Date.now(), pid: child.pid });
            if (this.#pauses > 0) {
                this.#send('PAUSE');
            }
            this.#lookLater(child, socket, before);
        } catch (error) {
            this.#lastError = messageOf(error);
            this.#scheduleRestart(0);
        }
    }

    #serviceSocket(): Promise<string | undefined> {
        return this.options.serviceSocket?.() ?? serviceSocketOf(this.context.uuid);
    }

    /** Something else serves; `other` undefined: it doesn't run now. */
    #leaveItTo(other: Socket | undefined, atBoot: boolean): void {
        if (!this.#standBy.isOn) {
            this.#links.clear();
        }
        this.#standBy.hold(other);
        const { state } = this.#snapshot;
        const serving = other !== undefined;
        if (atBoot ? state.kind !== 'boot' || state.serving !== serving : state.kind !== 'external') {
            this.context.log.info(atBoot ? `${this.context.root} is served at boot${serving ? '' : ', but not now'}.` : `${this.context.root} is served by another program already.`);
            this.#update(atBoot ? { kind: 'boot', since: Date.now(), serving } : { kind: 'external', since: Date.now() });
        }
    }

    #ended(child: ManagedProcess): void {
        this.#process = undefined;
        this.#catchUp.stop();
        clearTimeout(this.#lookTimer);
        // Helpers such as git-remote-tor-annex may outlive it.
        child.kill();
        if (!this.#wanted) {
            return;
        }
        if (this.#recycling) {
            this.#recycling = false;
            void this.#inTurn(() => this.#launch());
            return;
        }
        this.#scheduleRestart(performance.now() - child.startedAt);
    }

    #scheduleRestart(ranMs: number): void {
        if (this.#backoff.isGood(ranMs)) {
            this.#attempt = 0;
        }
        const wait = this.#backoff.after(ranMs);
        this.#attempt++;
        this.context.log.warn(`The remote daemon of ${this.context.root} ended; starting it again in ${wait} ms.`);
        this.#links.clear();
        this.#update({ kind: 'waiting', restartAt: Date.now() + wait, attempt: this.#attempt, lastError: this.#lastError });
        this.#restartTimer = setTimeout(() => void this.#inTurn(() => this.#launch()), wait);
    }

    /** Ends the child and starts another at once: what it keeps to itself is in its way. */
    #recycle(child: ManagedProcess, why: string): void {
        if (this.#process === child && this.#wanted && !this.#recycling) {
            this.context.log.warn(`The remote daemon of ${this.context.root} is started anew: ${why}.`);
            this.#recycling = true;
            void child.end(this.#limits.grace);
        }
    }

    #lookLater(child: ManagedProcess, socket: string | undefined, before: string | undefined, own?: string): void {
        this.#lookTimer = setTimeout(() => {
            void this.#look(child, socket, before, own).then(seen => {
                if (this.#process === child) {
                    this.#lookLater(child, socket, before, seen);
                }
            });
        }, this.#limits.look);
    }

    /** Looks whether a fetch hangs, and whether somebody else has taken the socket; gives back which one is ours. */
    async #look(child: ManagedProcess, socket: string | undefined, before: string | undefined, own: string | undefined): Promise<string | undefined> {
        const now = performance.now();
        const quiet = await this.#fetchProgress.silentFor(now);
        const [silent] = this.#links.fetchingLongerThan(this.#limits.silentFetch, now);
        if (silent !== undefined && quiet > this.#limits.silentFetch) {
            this.#recycle(child, `a fetch from ${silent} hangs`);
            return own;
        }
        const identity = socket === undefined ? undefined : await socketIdentity(socket);
        if (own !== undefined && identity !== undefined && identity !== own) {
            this.#recycle(child, 'another program has begun to serve the repository');
        }
        return own ?? (identity === before ? undefined : identity);
    }

    #receive(message: DaemonMessage): void {
        if (message.kind === 'warning') {
            this.context.log.warn(`remotedaemon, ${message.uri}: ${message.text}`);
        } else if (message.kind === 'unknown') {
            this.context.log.debug(`remotedaemon said something unknown: ${message.line}`);
        }
        if (message.kind === 'connected') {
            this.#nudges.helped(message.uri);
            this.#catchUp.connected(message.uri);
        } else if (message.kind === 'disconnected') {
            this.#catchUp.disconnected(message.uri);
        }
        if (this.#links.take(message, performance.now(), Date.now())) {
            this.#update(this.#snapshot.state);
        }
        if (message.kind === 'done-syncing' && message.succeeded) {
            this.onDidFetch.fire(message.uri);
        }
    }

    #update(state: DaemonState): void {
        this.#snapshot = { ...this.#snapshot, state, links: this.#links.all };
        this.onDidChange.fire(this.#snapshot);
    }
}
