/**
 * The index of a repository's content, as the rest of the program sees it: a snapshot, an event when there is a newer one,
 * and a way to ask for what has changed. The reading is done by a worker.
 */
import { Worker } from 'node:worker_threads';
import { AnnexPeersError, CancelledError, messageOf, throwIfCancelled } from '../errors';
import { Event } from '../event';
import type { RepositoryContext } from '../annex/context';
import { ContentSnapshot } from './snapshot';
import type { Answer, Request, WorkerSettings } from './workerMessages';

export interface ContentIndexOptions {
    /** Absolute path of the worker's program. */
    readonly program: string;
    /** Where to keep what was read between sessions; undefined: nowhere. */
    readonly cacheFile?: string | undefined;
}

export interface UpdateOptions {
    readonly signal?: AbortSignal | undefined;
    /** Look at every object again, not only at those whose log has changed. */
    readonly allObjects?: boolean;
    /** Look again which files are in the work tree, although git's index is the same. */
    readonly workTree?: boolean;
}

export type ContentErrorReason = 'unreadable' | 'worker-ended';

/** The index could not be read; `detail` has git's words. */
export class ContentError extends AnnexPeersError<ContentErrorReason> {
    override readonly name = 'ContentError';
}

interface Waiting {
    readonly resolve: () => void;
    readonly reject: (error: Error) => void;
}

/** What is read for a moment only, a hundred thousand times: with more room for it, it is swept out less often. */
const youngMb = 48;
/** A worker that doesn't end by itself when it is asked to is ended. */
const endLimitMs = 5000;

export class ContentIndex {
    readonly onDidChange = new Event<ContentSnapshot>();
    #snapshot: ContentSnapshot | undefined;
    #worker: Worker | undefined;
    readonly #waiting = new Map<number, Waiting>();
    readonly #children = new Set<number>();
    #nextId = 1;
    #disposed = false;

    constructor(private readonly context: RepositoryContext, private readonly options: ContentIndexOptions) {}

    /** What is known; undefined before the first update. */
    get snapshot(): ContentSnapshot | undefined {
        return this.#snapshot;
    }

    /**
     * Reads what has changed since the last time, the first time everything; when it resolves, the snapshot is new.
     * @throws {ContentError}; {CancelledError} on `signal`, and when this is disposed of
     */
    async update({ signal, allObjects = false, workTree = false }: UpdateOptions = {}): Promise<ContentSnapshot> {
        throwIfCancelled(signal);
        if (this.#disposed) {
            throw new CancelledError('reading which content is where');
        }
        const worker = this.#worker ??= this.#start();
        const id = this.#nextId++;
        const post = (request: Request): void => worker.postMessage(request);
        const done = new Promise<void>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
        const onAbort = (): void => post({ type: 'cancel', id });
        signal?.addEventListener('abort', onAbort, { once: true });
        // Only a worker that is waited for keeps a program alive that would end otherwise.
        worker.ref();
        post({ type: 'update', id, allObjects, workTree });
        try {
            await done;
        } finally {
            if (this.#waiting.size === 0) {
                worker.unref();
            }
            signal?.removeEventListener('abort', onAbort);
        }
        if (this.#snapshot === undefined) {
            throw new ContentError('unreadable', 'the worker has told nothing');
        }
        return this.#snapshot;
    }

    /** Lets the worker keep what it knows, and ends it. */
    async dispose(): Promise<void> {
        this.#disposed = true;
        this.onDidChange.clear();
        const worker = this.#worker;
        if (worker === undefined) {
            return;
        }
        this.#worker = undefined;
        const ended = new Promise<void>(resolve => worker.once('exit', () => resolve()));
        worker.ref();
        const request: Request = { type: 'close' };
        worker.postMessage(request);
        const timer = setTimeout(() => void worker.terminate(), endLimitMs);
        await ended;
        clearTimeout(timer);
        this.#endChildren();
    }

    #start(): Worker {
        const { root, gitDir, uuid, programs, registry } = this.context;
        const settings: WorkerSettings = { root, gitDir, uuid, git: programs.git, cacheFile: this.options.cacheFile, childEnvironment: registry?.environment };
        const worker = new Worker(this.options.program, { workerData: settings, execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: youngMb } });
        worker.on('message', (answer: Answer) => this.#receive(answer));
        worker.on('error', error => this.context.log.error(`The worker that reads the content of ${root} failed: ${messageOf(error)}`));
        worker.on('exit', () => {
            if (this.#worker === worker) {
                this.#worker = undefined;
            }
            this.#endChildren();
            for (const { reject } of this.#waiting.values()) {
                reject(this.#disposed ? new CancelledError('reading which content is where') : new ContentError('worker-ended', 'the worker ended'));
            }
            this.#waiting.clear();
        });
        return worker;
    }

    #receive(answer: Answer): void {
        const { log, registry } = this.context;
        switch (answer.type) {
            case 'snapshot':
                this.#snapshot = new ContentSnapshot(answer.data);
                this.onDidChange.fire(this.#snapshot);
                break;
            case 'done':
                this.#settle(answer.id)?.resolve();
                break;
            case 'failed':
                this.#settle(answer.id)?.reject(answer.isCancelled ? new CancelledError('reading which content is where') : new ContentError('unreadable', answer.message, answer.detail));
                break;
            case 'log':
                log[answer.level](answer.message);
                break;
            case 'child-started':
                this.#children.add(answer.processGroup);
                registry?.add(answer.processGroup);
                break;
            case 'child-ended':
                this.#children.delete(answer.processGroup);
                registry?.remove(answer.processGroup);
                break;
        }
    }

    #settle(id: number): Waiting | undefined {
        const waiting = this.#waiting.get(id);
        this.#waiting.delete(id);
        return waiting;
    }

    /** What a worker that was ended has left. */
    #endChildren(): void {
        for (const processGroup of this.#children) {
            try {
                process.kill(-processGroup, 'SIGKILL');
            } catch {
                // Nothing of it is left.
            }
            this.context.registry?.remove(processGroup);
        }
        this.#children.clear();
    }
}
