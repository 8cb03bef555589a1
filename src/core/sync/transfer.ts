/**
 * Runs one git-annex command that moves content, reads its JSON, and repeats it for what a broken connection left.
 */
import { annexInvocation, type AnnexCommand } from '../annex/commands/command';
import type { RepositoryContext } from '../annex/context';
import type { ActionProgress, ActionResult, FoundFile } from '../annex/json';
import { isWorthRepeating, reasonOf } from './failures';
import type { FailureReason, FileFailure } from './types';
import { pause, runWatched, type Patience } from './watchdog';

export interface TransferResult {
    readonly done: readonly FoundFile[];
    readonly failed: readonly FileFailure[];
    /** The command itself could not go on. */
    readonly problem: { readonly reason: FailureReason; readonly words: string } | undefined;
}

interface TransferRun {
    readonly context: RepositoryContext;
    readonly files: readonly FoundFile[];
    readonly command: (files: readonly string[]) => AnnexCommand<ActionResult | ActionProgress>;
    readonly patience: Patience;
    readonly signal?: AbortSignal | undefined;
    readonly onMoving: (path: string, done: number, total: number | undefined) => void;
    readonly onFinished: (file: FoundFile) => void;
}

/** So many files in a row that could not be reached mean that the others can't be either. */
const hopelessAfter = 3;

/** Runs the command for the files. Files for which git-annex has nothing to do appear nowhere in the result. */
export async function transfer(options: TransferRun): Promise<TransferResult> {
    const { context, patience, signal } = options;
    const byName = new Map(options.files.map(file => [file.file, file]));
    const done: FoundFile[] = [];
    let failed = new Map<string, FileFailure>();
    let problem: TransferResult['problem'];
    let files = [...byName.keys()];
    for (let attempt = 1; files.length > 0; attempt++) {
        const round = await runOnce(options, files, byName);
        done.push(...round.done);
        problem = round.problem;
        failed = new Map(round.failed.map(failure => [failure.path, failure]));
        const settled = new Set([...round.done.map(({ file }) => file), ...round.failed.filter(({ reason }) => !isWorthRepeating(reason)).map(({ path }) => path)]);
        // What the command did not get to is tried again as well, but only if something was cut short.
        files = problem === undefined ? [...failed.values()].filter(({ reason }) => isWorthRepeating(reason)).map(({ path }) => path) : files.filter(file => !settled.has(file));
        if (attempt >= patience.attempts || (problem !== undefined && !isWorthRepeating(problem.reason))) {
            break;
        }
        if (files.length > 0) {
            context.log.info(`${files.length} files are left after a broken transfer; attempt ${attempt + 1} of ${patience.attempts}`);
            await pause(500 * attempt, signal);
        }
    }
    return { done, failed: [...failed.values()], problem };
}

async function runOnce(options: TransferRun, files: readonly string[], byName: ReadonlyMap<string, FoundFile>): Promise<TransferResult> {
    const { context, patience, signal } = options;
    const done: FoundFile[] = [];
    const failed: FileFailure[] = [];
    let inARow = 0;
    let bytes: { readonly file: string | undefined; readonly done: number } = { file: undefined, done: -1 };
    const hopeless = new AbortController();
    const command = options.command(files);
    const onLine = (line: string): boolean => {
        const parsed = command.parse(line);
        if (parsed === undefined) {
            // An empty line: a file with nothing to do.
            return true;
        }
        if (parsed.kind === 'progress') {
            const grew = parsed.file !== bytes.file || parsed.done > bytes.done;
            bytes = { file: parsed.file, done: parsed.done };
            if (parsed.file !== undefined) {
                options.onMoving(parsed.file, parsed.done, parsed.total);
            }
            return grew;
        }
        const file = parsed.file === undefined ? undefined : byName.get(parsed.file) ?? { file: parsed.file, key: parsed.key ?? '', size: undefined, objectFolders: [] };
        if (file === undefined) {
            return true;
        }
        options.onFinished(file);
        if (parsed.success) {
            done.push(file);
            inARow = 0;
            return true;
        }
        const words = [...parsed.errors, parsed.note].join('\n').trim();
        const reason = reasonOf(words);
        failed.push({ path: file.file, reason, words });
        inARow = reason === 'unreachable' ? inARow + 1 : 0;
        if (inARow >= hopelessAfter) {
            hopeless.abort();
        }
        return true;
    };
    try {
        const result = await runWatched(annexInvocation(context, command), {
            context,
            patience,
            signal: signal === undefined ? hopeless.signal : AbortSignal.any([signal, hopeless.signal]),
            input: command.input,
            keepStdout: false,
            onStdoutLine: onLine,
        });
        if (result.stalled) {
            return { done, failed, problem: { reason: 'stalled', words: result.stderr } };
        }
        // Exit code 1 is for files that failed, which the JSON has told; otherwise the command itself did.
        return { done, failed, problem: result.code === 0 || (result.code === 1 && failed.length > 0) ? undefined : { reason: reasonOf(result.stderr), words: result.stderr } };
    } catch (error) {
        if (hopeless.signal.aborted && signal?.aborted !== true) {
            return { done, failed, problem: { reason: 'unreachable', words: failed.at(-1)?.words ?? '' } };
        }
        throw error;
    }
}
