/**
 * Gets and drops the contents of chosen files, with git-annex, its watchdog and its repeats.
 */
import type { RepositoryContext } from '../annex/context';
import { isFaithful } from '../annex/commands/command';
import { dropChosenCommand, getChosenCommand, type Chosen } from '../annex/commands/content';
import type { FoundFile } from '../annex/json';
import { contentPatience, transfer, type FileFailure, type Patience } from '../sync';
import type { ContentSnapshot } from './snapshot';

export type ContentAction = { readonly kind: 'get'; /** A remote's name; undefined: from wherever it is. */ readonly from: string | undefined } | { readonly kind: 'drop' };

/** How far an action is. */
export interface ActionState {
    /** The file that is worked on; undefined before the first. */
    readonly path: string | undefined;
    readonly files: { readonly done: number; readonly total: number };
    readonly bytes: { readonly done: number; readonly total: number };
}

export interface ActionSummary {
    readonly done: number;
    readonly failed: readonly FileFailure[];
}

export interface ActionOptions {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: (state: ActionState) => void;
    readonly patience?: Patience;
}

/** Names that git-annex reads one to a line even where it is told not to, or that are no text, go by their key. */
function goesByName(path: string): boolean {
    return isFaithful(path) && !path.includes('\n');
}

/**
 * Does it for the files with these numbers of a snapshot; each content once.
 * @throws {CancelledError} on `signal`; what was done stays done
 */
export async function actOnContent(context: RepositoryContext, snapshot: ContentSnapshot, numbers: readonly number[], action: ContentAction, options: ActionOptions = {}): Promise<ActionSummary> {
    const found = new Map(numbers.map(file => [snapshot.keyNumber(file), { file: snapshot.path(file), key: snapshot.key(file), size: sizeOf(snapshot, file), objectFolders: [] }] as const));
    const all: readonly FoundFile[] = [...found.values()];
    const total = all.reduce((sum, { size }) => sum + (size ?? 0), 0);
    let finished = 0;
    let bytes = 0;
    const tell = (path: string | undefined, moving = 0): void => options.onProgress?.({ path, files: { done: finished, total: all.length }, bytes: { done: Math.min(total, bytes + moving), total } });
    const done: FoundFile[] = [];
    const failed: FileFailure[] = [];
    const command = (chosen: Chosen): ReturnType<typeof dropChosenCommand> => (action.kind === 'drop' ? dropChosenCommand(chosen) : getChosenCommand(chosen, action.from));
    const run = async (files: readonly FoundFile[], chosen: (names: readonly string[]) => Chosen): Promise<void> => {
        const result = await transfer({
            context,
            files,
            command: names => command(chosen(names)),
            patience: options.patience ?? contentPatience,
            signal: options.signal,
            onMoving: (path, moving) => tell(path, moving),
            onFinished: file => {
                finished++;
                bytes += file.size ?? 0;
                tell(file.file);
            },
        });
        done.push(...result.done);
        failed.push(...result.failed);
        if (result.problem !== undefined) {
            const settled = new Set([...result.done.map(({ file }) => file), ...result.failed.map(({ path }) => path)]);
            const { reason, words } = result.problem;
            failed.push(...files.filter(({ file }) => !settled.has(file)).map(({ file }) => ({ path: file, reason, words })));
        }
    };
    tell(undefined);
    const named = all.filter(({ file }) => goesByName(file));
    if (named.length > 0) {
        await run(named, files => ({ files }));
    }
    for (const one of all.filter(({ file }) => !goesByName(file))) {
        // git-annex then tells the key in place of a name.
        await run([{ ...one, file: one.key }], () => ({ key: one.key }));
    }
    return { done: done.length, failed };
}

function sizeOf(snapshot: ContentSnapshot, file: number): number | undefined {
    const size = snapshot.size(file);
    return Number.isNaN(size) ? undefined : size;
}
