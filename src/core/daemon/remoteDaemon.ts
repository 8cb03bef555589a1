/**
 * One repository's remote daemon as a managed child: `git-annex remotedaemon --foreground`.
 *
 * It serves peers while it runs and tells which of ours are connected. It ends when its standard input closes, so it
 * can't outlive this process. It is started as `git-annex remotedaemon`, not `git annex remotedaemon`.
 */
import { messageOf } from '../errors';
import { Event } from '../event';
import { ManagedProcess } from '../process/managedProcess';
import type { RepositoryContext } from '../annex/context';
import { Backoff } from './backoff';
import { formatDaemonCommand, parseDaemonLine, type DaemonCommand, type DaemonMessage } from './protocol';

export type DaemonState =
    | { readonly kind: 'stopped' }
    | { readonly kind: 'starting' }
    | { readonly kind: 'running'; readonly since: number; readonly pid: number }
    | { readonly kind: 'waiting'; readonly restartAt: number; readonly attempt: number; readonly lastError: string };

export type PeerLink = 'connected' | 'disconnected' | 'fetching';

export interface DaemonSnapshot {
    readonly state: DaemonState;
    /** By the remote's address, as the daemon tells it. */
    readonly links: ReadonlyMap<string, { readonly link: PeerLink; readonly since: number }>;
}

const stopGraceMs = 3000;

export class RemoteDaemon {
    readonly onDidChange = new Event<DaemonSnapshot>();
    /** A peer's changes were fetched. */
    readonly onDidFetch = new Event<string>();
    readonly #backoff = new Backoff();
    #snapshot: DaemonSnapshot = { state: { kind: 'stopped' }, links: new Map() };
    #process: ManagedProcess | undefined;
    #wanted = false;
    #restartTimer: NodeJS.Timeout | undefined;
    #attempt = 0;
    #lastError = '';
    #pauses = 0;
    #turn: Promise<void> = Promise.resolve();

    constructor(private readonly context: RepositoryContext) {}

    get snapshot(): DaemonSnapshot {
        return this.#snapshot;
    }

    /** Starts it and keeps it running until {@link stop}; does nothing if it is wanted already. */
    async start(): Promise<void> {
        if (this.#wanted) {
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
        clearTimeout(this.#restartTimer);
        await this.#inTurn(async () => {
            const child = this.#process;
            if (child !== undefined) {
                child.write(formatDaemonCommand('STOP'));
                child.closeInput();
                const timer = setTimeout(() => void child.end(), stopGraceMs);
                await child.exited;
                clearTimeout(timer);
                child.kill();
            }
            this.#update({ kind: 'stopped' }, new Map());
        });
    }

    async restart(): Promise<void> {
        await this.stop();
        await this.start();
    }

    /** Tells it to read the repository's configuration again (a peer was added or removed). */
    reload(): void {
        this.#send('RELOAD');
    }

    /** Runs `work` while the daemon makes no fetches of its own, which would collide with ours over ref locks. */
    async whilePaused<T>(work: () => Promise<T>): Promise<T> {
        if (this.#pauses++ === 0) {
            this.#send('PAUSE');
        }
        try {
            return await work();
        } finally {
            if (--this.#pauses === 0) {
                this.#send('RESUME');
            }
        }
    }

    /** Stops for good. */
    async dispose(): Promise<void> {
        await this.stop();
        this.onDidChange.clear();
        this.onDidFetch.clear();
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
        if (!this.#wanted || this.#process !== undefined) {
            return;
        }
        this.#update({ kind: 'starting' }, new Map());
        const { root, programs, log, registry } = this.context;
        try {
            const child = await ManagedProcess.start(
                { file: programs.gitAnnex, args: ['remotedaemon', '--foreground'], cwd: root },
                { log, ...(registry === undefined ? {} : { registry }) },
            );
            this.#process = child;
            child.onStdoutLine.on(line => this.#receive(parseDaemonLine(line)));
            child.onStderrLine.on(line => {
                this.#lastError = line;
                log.debug(`[${child.pid}] remotedaemon: ${line}`);
            });
            void child.exited.then(() => this.#ended(child));
            this.#update({ kind: 'running', since: Date.now(), pid: child.pid }, new Map());
            if (this.#pauses > 0) {
                this.#send('PAUSE');
            }
        } catch (error) {
            this.#lastError = messageOf(error);
            this.#scheduleRestart(0);
        }
    }

    #ended(child: ManagedProcess): void {
        this.#process = undefined;
        // Helpers such as git-remote-tor-annex may outlive it.
        child.kill();
        if (this.#wanted) {
            this.#scheduleRestart(Date.now() - child.startedAt);
        }
    }

    #scheduleRestart(ranMs: number): void {
        const wait = this.#backoff.after(ranMs);
        this.#attempt++;
        this.context.log.warn(`The remote daemon of ${this.context.root} ended; starting it again in ${wait} ms.`);
        this.#update({ kind: 'waiting', restartAt: Date.now() + wait, attempt: this.#attempt, lastError: this.#lastError }, new Map());
        this.#restartTimer = setTimeout(() => void this.#inTurn(() => this.#launch()), wait);
    }

    #receive(message: DaemonMessage): void {
        switch (message.kind) {
            case 'connected':
                { this.#setLink(message.uri, 'connected'); return; }
            case 'disconnected':
                { this.#setLink(message.uri, 'disconnected'); return; }
            case 'syncing':
                { this.#setLink(message.uri, 'fetching'); return; }
            case 'done-syncing':
                this.#setLink(message.uri, 'connected');
                if (message.succeeded) {
                    this.onDidFetch.fire(message.uri);
                }
                return;
            case 'warning':
                { this.context.log.warn(`remotedaemon, ${message.uri}: ${message.text}`); return; }
            case 'unknown':
                { this.context.log.debug(`remotedaemon said something unknown: ${message.line}`); return; }
        }
    }

    #setLink(uri: string, link: PeerLink): void {
        if (this.#snapshot.links.get(uri)?.link !== link) {
            this.#update(this.#snapshot.state, new Map(this.#snapshot.links).set(uri, { link, since: Date.now() }));
        }
    }

    #update(state: DaemonState, links: DaemonSnapshot['links']): void {
        this.#snapshot = { state, links };
        this.onDidChange.fire(this.#snapshot);
    }
}
