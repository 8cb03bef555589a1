/**
 * What the worker that reads a repository's content and the thread that asks for it tell each other. Both are the same
 * program, of the same version.
 */
import type { SnapshotData } from './snapshot';

/** How the worker is started. */
export interface WorkerSettings {
    readonly root: string;
    readonly gitDir: string;
    readonly uuid: string;
    readonly git: string;
    /** Where to keep what was read; undefined: nowhere. */
    readonly cacheFile: string | undefined;
    /** Set for every child (see ChildRegistry). */
    readonly childEnvironment: Readonly<Record<string, string>> | undefined;
}

export type Request =
    | { readonly type: 'update'; readonly id: number; readonly allObjects: boolean; readonly workTree: boolean }
    | { readonly type: 'cancel'; readonly id: number }
    /** Keeps what is known and ends. */
    | { readonly type: 'close' };

export type Answer =
    | { readonly type: 'snapshot'; readonly data: SnapshotData }
    | { readonly type: 'done'; readonly id: number }
    | { readonly type: 'failed'; readonly id: number; readonly isCancelled: boolean; readonly message: string; readonly detail: string }
    | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string }
    | { readonly type: 'child-started' | 'child-ended'; readonly processGroup: number };
