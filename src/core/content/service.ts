/**
 * What runs in the worker: opens the cache, reads what is asked for, one after the other, and hands over snapshots.
 */
import { AnnexPeersError, CancelledError, messageOf } from '../errors';
import type { Log } from '../log';
import { readCache, writeCache } from './cache';
import { publish } from './publish';
import { ContentReader, type ReadOptions } from './reader';
import type { Answer, Request, WorkerSettings } from './workerMessages';

/** What is known is kept this long after the last change, so that a long transfer doesn't write it a hundred times. */
const keepAfterMs = 20_000;

export class ContentService {
    #reader: ContentReader | undefined;
    #generation = 0;
    #queue: Promise<void> = Promise.resolve();
    readonly #running = new Map<number, AbortController>();
    #keepTimer: NodeJS.Timeout | undefined;
    #isKept = true;

    constructor(private readonly settings: WorkerSettings, private readonly tell: (answer: Answer) => void, private readonly end: () => void) {}

    /** Takes a message of the other side. */
    receive(request: Request): void {
        switch (request.type) {
            case 'update': {
                const controller = new AbortController();
                this.#running.set(request.id, controller);
                this.#queue = this.#queue.then(() => this.#update(request.id, { allObjects: request.allObjects, workTree: request.workTree, signal: controller.signal }));
                break;
            }
            case 'cancel':
                this.#running.get(request.id)?.abort();
                break;
            case 'close':
                for (const controller of this.#running.values()) {
                    controller.abort();
                }
                void this.#queue.then(() => {
                    this.#keep();
                    this.end();
                });
                break;
        }
    }

    async #update(id: number, options: ReadOptions): Promise<void> {
        try {
            const reader = this.#reader ??= this.#open();
            const isKept = this.#generation === 0 && reader.state !== undefined;
            this.#publish(reader, await reader.update(isKept ? { signal: options.signal } : options));
            if (isKept) {
                // What was kept is shown at once; whether somebody moved objects or files by hand meanwhile is looked at then.
                this.#publish(reader, await reader.update({ allObjects: true, workTree: true, signal: options.signal }));
            }
            this.tell({ type: 'done', id });
        } catch (error) {
            const detail = error instanceof AnnexPeersError ? error.detail : '';
            this.tell({ type: 'failed', id, isCancelled: error instanceof CancelledError, message: messageOf(error), detail });
        } finally {
            this.#running.delete(id);
        }
    }

    #publish(reader: ContentReader, changed: boolean): void {
        if ((changed || this.#generation === 0) && reader.state !== undefined) {
            this.tell({ type: 'snapshot', data: publish(reader.state, this.settings.uuid, ++this.#generation) });
        }
        if (changed) {
            this.#isKept = false;
            clearTimeout(this.#keepTimer);
            this.#keepTimer = setTimeout(() => this.#keep(), keepAfterMs);
        }
    }

    #open(): ContentReader {
        const { root, gitDir, uuid, git, cacheFile, childEnvironment } = this.settings;
        const registry = {
            add: (processGroup: number) => this.tell({ type: 'child-started', processGroup }),
            remove: (processGroup: number) => this.tell({ type: 'child-ended', processGroup }),
            ...(childEnvironment === undefined ? {} : { environment: childEnvironment }),
        };
        let state;
        try {
            state = cacheFile === undefined ? undefined : readCache(cacheFile, uuid);
        } catch (error) {
            this.#log.warn(`What was known of the content of ${root} could not be read again: ${messageOf(error)}`);
        }
        return new ContentReader({ root, gitDir, programs: { git }, log: this.#log, registry }, state);
    }

    #keep(): void {
        clearTimeout(this.#keepTimer);
        const { cacheFile, uuid, root } = this.settings;
        const state = this.#reader?.state;
        if (cacheFile !== undefined && state !== undefined && !this.#isKept) {
            try {
                writeCache(cacheFile, uuid, state);
                this.#isKept = true;
            } catch (error) {
                this.#log.warn(`What is known of the content of ${root} could not be kept: ${messageOf(error)}`);
            }
        }
    }

    readonly #log: Log = {
        debug: message => this.tell({ type: 'log', level: 'debug', message }),
        info: message => this.tell({ type: 'log', level: 'info', message }),
        warn: message => this.tell({ type: 'log', level: 'warn', message }),
        error: message => this.tell({ type: 'log', level: 'error', message }),
    };
}
