/**
 * Adds files and folders to the annex, and notices what went into plain git though it ought to be annexed.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { addCommand, argumentBatches } from '../annex/commands/add';
import { annexInvocation } from '../annex/commands/command';
import type { RepositoryContext } from '../annex/context';
import { parseActionLine } from '../annex/json';
import { throwIfCancelled } from '../errors';
import { run, runOrThrow } from '../process/run';
import { mendCutOffAdd } from './addLeftovers';
import { reasonOf } from './failures';
import type { FileFailure } from './types';

export interface AddProgress {
    /** The file that is being added, relative to the root. */
    readonly path: string | undefined;
    /** Bytes of that file. */
    readonly done: number;
    readonly total: number | undefined;
    /** Files that are finished. */
    readonly files: number;
}

export interface AddResult {
    /** Annexed, relative to the root. */
    readonly added: readonly string[];
    /** Added to git itself, as `annex.largefiles` says. */
    readonly addedToGit: readonly string[];
    readonly failed: readonly FileFailure[];
}

export interface AddOptions {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((progress: AddProgress) => void) | undefined;
    /** Annex whatever `annex.largefiles` says. */
    readonly forceLarge?: boolean;
}

/** What git-annex has told so far. */
interface Told {
    readonly added: string[];
    readonly addedToGit: string[];
    readonly failed: FileFailure[];
}

/** Splits off paths that don't exist or lie outside: git-annex would stop at the first such one. */
async function checkPaths(context: RepositoryContext, paths: readonly string[]): Promise<{ readonly good: readonly string[]; readonly bad: readonly FileFailure[] }> {
    const good: string[] = [];
    const bad: FileFailure[] = [];
    for (const given of paths) {
        const relative = path.relative(context.root, path.resolve(context.root, given));
        if (relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative) || relative.split(path.sep)[0] === '.git') {
            bad.push({ path: given, reason: 'other', words: 'outside of the repository' });
        } else if (await stat(path.join(context.root, relative)).then(() => true, () => false)) {
            good.push(relative === '' ? '.' : relative);
        } else {
            bad.push({ path: relative, reason: 'not-there', words: 'no such file' });
        }
    }
    return { good, bad };
}

/**
 * Adds files and folders; `paths` are absolute or relative to the root.
 * @throws {CancelledError} when cancelled; what was added until then stays added.
 */
export async function addFiles(context: RepositoryContext, paths: readonly string[], options: AddOptions = {}): Promise<AddResult> {
    const { good, bad } = await checkPaths(context, paths);
    const added: string[] = [];
    const addedToGit: string[] = [];
    const failed: FileFailure[] = [...bad];
    const guarded = context.registry?.guard?.({ adding: { root: context.root, gitDir: context.gitDir, paths: good } });
    try {
        await addBatches(context, good, options, { added, addedToGit, failed });
    } finally {
        await mendCutOffAdd(context.root, context.gitDir, good);
        guarded?.release();
    }
    return { added, addedToGit, failed };
}

async function addBatches(context: RepositoryContext, paths: readonly string[], options: AddOptions, { added, addedToGit, failed }: Told): Promise<void> {
    for (const batch of argumentBatches(paths)) {
        throwIfCancelled(options.signal);
        const command = addCommand(batch, { forceLarge: options.forceLarge ?? false });
        const result = await run(annexInvocation(context, command), {
            log: context.log,
            ...(context.registry === undefined ? {} : { registry: context.registry }),
            signal: options.signal,
            keepStdout: false,
            onStdoutLine: line => {
                const parsed = parseActionLine(line);
                if (parsed?.kind === 'progress') {
                    options.onProgress?.({ path: parsed.file, done: parsed.done, total: parsed.total, files: added.length + addedToGit.length });
                } else if (parsed?.file !== undefined) {
                    if (parsed.success) {
                        (parsed.key === undefined ? addedToGit : added).push(parsed.file);
                    } else {
                        const words = [...parsed.errors, parsed.note].join('\n').trim();
                        failed.push({ path: parsed.file, reason: reasonOf(words), words });
                    }
                    options.onProgress?.({ path: parsed.file, done: 0, total: undefined, files: added.length + addedToGit.length });
                }
            },
        });
        if (result.code !== 0 && !failed.some(({ words }) => words !== 'no such file')) {
            failed.push({ path: batch[0] ?? '.', reason: reasonOf(result.stderr), words: result.stderr });
        }
    }
}

/**
 * Moves files that are staged into plain git over into the annex: they are taken out of the index and added anew (the
 * way of git-annex's tip "largefiles").
 */
export async function annexStagedFiles(context: RepositoryContext, paths: readonly string[], options: AddOptions = {}): Promise<AddResult> {
    for (const batch of argumentBatches(paths)) {
        throwIfCancelled(options.signal);
        await runOrThrow(
            { file: context.programs.git, args: ['rm', '--quiet', '--cached', '--ignore-unmatch', '--', ...batch.map(file => `:(literal,top)${file}`)], cwd: context.root },
            { log: context.log, ...(context.registry === undefined ? {} : { registry: context.registry }), signal: options.signal },
        );
    }
    return addFiles(context, paths, { ...options, forceLarge: true });
}
