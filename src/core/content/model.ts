/**
 * The model of one repository's content: the index, brought up to date by itself while somebody looks at it.
 *
 * Watched are the few places that tell of every change: git's index and references, and git-annex's journal. Object
 * folders are not: whatever git-annex puts there or takes away, it logs.
 */
import { readdirSync, watch, type FSWatcher } from 'node:fs';
import path from 'node:path';
import type { RepositoryContext } from '../annex/context';
import { CancelledError, messageOf } from '../errors';
import { Event } from '../event';
import { ContentIndex, type ContentIndexOptions, type UpdateOptions } from './contentIndex';
import type { ContentSnapshot } from './snapshot';

export type ContentState =
    | { readonly kind: 'unread' | 'reading' }
    /** `isReading`: there may be newer to be told soon. */
    | { readonly kind: 'ready'; readonly snapshot: ContentSnapshot; readonly isReading: boolean }
    | { readonly kind: 'failed'; readonly words: string };

/** Changes come in bursts: after the first of one, this long is waited. */
const settleMs = 300;
/** While one is being read, more can't be told; the next reading begins no sooner than this after the last. */
const restMs = 1000;

export class ContentModel {
    readonly onDidChange = new Event<ContentState>();
    #index: ContentIndex | undefined;
    #state: ContentState = { kind: 'unread' };
    #watchers: FSWatcher[] = [];
    #timer: NodeJS.Timeout | undefined;
    #reading: Promise<void> | undefined;
    #isStale = false;
    #looksAtWorkTree = false;
    #isWatched = false;
    #endedAt = 0;
    #disposed = false;

    constructor(readonly context: RepositoryContext, private readonly options: ContentIndexOptions) {}

    get state(): ContentState {
        return this.#state;
    }

    /** What is known; undefined before it was read. */
    get snapshot(): ContentSnapshot | undefined {
        return this.#state.kind === 'ready' ? this.#state.snapshot : undefined;
    }

    /** Somebody looks: reads what has changed, and follows changes from now on. */
    follow(): void {
        if (!this.#isWatched && !this.#disposed) {
            this.#isWatched = true;
            this.#watch();
            void this.update();
        }
    }

    /** Files of the work tree have come or gone, which nothing that is watched here tells. */
    noteFiles(): void {
        this.#looksAtWorkTree = true;
        this.#changed();
    }

    /** Nobody looks any more: changes are taken in when somebody does again. */
    rest(): void {
        this.#isWatched = false;
        clearTimeout(this.#timer);
        this.#timer = undefined;
        this.#closeWatchers();
    }

    /** Reads what has changed now; never rejects, the state tells. */
    async update(options: Omit<UpdateOptions, 'signal'> = {}): Promise<void> {
        if (this.#disposed) {
            return;
        }
        while (this.#reading !== undefined) {
            await this.#reading;
        }
        this.#reading = this.#read(options);
        await this.#reading;
    }

    async dispose(): Promise<void> {
        this.#disposed = true;
        this.rest();
        this.onDidChange.clear();
        await this.#index?.dispose();
    }

    async #read(options: UpdateOptions): Promise<void> {
        const before = this.snapshot;
        this.#set(before === undefined ? { kind: 'reading' } : { kind: 'ready', snapshot: before, isReading: true });
        try {
            this.#index ??= this.#open();
            const workTree = this.#looksAtWorkTree;
            this.#looksAtWorkTree = false;
            const snapshot = await this.#index.update(workTree ? { ...options, workTree } : options);
            this.#set({ kind: 'ready', snapshot, isReading: false });
        } catch (error) {
            if (!(error instanceof CancelledError)) {
                this.context.log.warn(`The content of ${this.context.root} could not be read: ${messageOf(error)}`);
                this.#set({ kind: 'failed', words: messageOf(error) });
            }
        } finally {
            this.#endedAt = performance.now();
            this.#reading = undefined;
            if (this.#isStale) {
                this.#isStale = false;
                this.#changed();
            }
        }
    }

    #open(): ContentIndex {
        const index = new ContentIndex(this.context, this.options);
        // What was kept from the last session is shown before it is looked through.
        index.onDidChange.on(snapshot => this.#set({ kind: 'ready', snapshot, isReading: true }));
        return index;
    }

    #set(state: ContentState): void {
        if (!this.#disposed) {
            this.#state = state;
            this.onDidChange.fire(state);
        }
    }

    #changed(): void {
        if (this.#reading !== undefined) {
            this.#isStale = true;
            return;
        }
        if (this.#isWatched && this.#timer === undefined) {
            this.#timer = setTimeout(() => {
                this.#timer = undefined;
                // New remotes have folders of their own.
                this.#watch();
                void this.update();
            }, Math.max(settleMs, restMs - (performance.now() - this.#endedAt)));
        }
    }

    #watch(): void {
        this.#closeWatchers();
        const { gitDir } = this.context;
        const remotes = path.join(gitDir, 'refs', 'remotes');
        for (const [folder, names] of [
            [gitDir, /^(?:index|packed-refs|HEAD|config)$/u],
            [path.join(gitDir, 'refs', 'heads'), /^git-annex$/u],
            [path.join(gitDir, 'refs', 'heads', 'synced'), /^git-annex$/u],
            // It tells of the journal's folder itself, which comes and goes.
            [path.join(gitDir, 'annex'), /^journal(?:-private)?$/u],
            [path.join(gitDir, 'annex', 'journal'), /./u],
            [path.join(gitDir, 'annex', 'journal-private'), /./u],
            ...foldersIn(remotes).map(name => [path.join(remotes, name), /^git-annex$/u] as const),
        ] as const) {
            try {
                const watcher = watch(folder, (_event, name) => {
                    if (name === null || names.test(name)) {
                        this.#changed();
                    }
                });
                watcher.on('error', () => watcher.close());
                this.#watchers.push(watcher);
            } catch {
                // The folder isn't there.
            }
        }
    }

    #closeWatchers(): void {
        for (const watcher of this.#watchers) {
            watcher.close();
        }
        this.#watchers = [];
    }
}

function foldersIn(folder: string): readonly string[] {
    try {
        return readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => name);
    } catch {
        return [];
    }
}
