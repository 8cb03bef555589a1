/**
 * Runs one git-annex command that moves content, reads its JSON, and repeats it for what a broken connection left.
 */
import { annexInvocation, type AnnexCommand } from '../annex/commands/command';
import type { RepositoryContext } from '../annex/context';
import type { ActionProgress, ActionResult, FoundFile } from '../annex/json';
import { isAway, isWorthRepeating, reasonOf } from './failures';
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
    /** Told of each file once, when it is there or was given up. */
    readonly onFinished: (file: FoundFile) => void;
    /** The peer has gone, and is waited for. */
    readonly onAway?: () => void;
}

/** So many files in a row that could not be reached mean that the others can't be either. */
const hopelessAfter = 3;
/** Between two looks whether a peer is back, in milliseconds. */
const awayPauseMs = 2000;

interface Round extends TransferResult {
    /** A part of something has come. */
    readonly moved: boolean;
}

/** Runs the command for the files. Files for which git-annex has nothing to do appear nowhere in the result. */
export async function transfer(options: TransferRun): Promise<TransferResult> {
    const { context, patience, signal } = options;
    const byName = new Map(options.files.map(file => [file.file, file]));
    const done: FoundFile[] = [];
    let failed = new Map<string, FileFailure>();
    let problem: TransferResult['problem'];
    let files = [...byName.keys()];
    let awaySince: number | undefined;
    for (let attempt = 1; files.length > 0;) {
        const round = await runOnce(options, files, byName);
        done.push(...round.done);
        problem = round.problem;
        failed = new Map(round.failed.map(failure => [failure.path, failure]));
        const gone = problem === undefined ? round.failed.some(({ words }) => isAway(words)) : isAway(problem.words);
        awaySince = !gone ? undefined : round.moved ? performance.now() : awaySince ?? performance.now();
        const waits = awaySince !== undefined && performance.now() - awaySince < patience.awayMs;
        const isRepeated = ({ reason, words }: FileFailure): boolean => isWorthRepeating(reason) || (waits && isAway(words));
        const settled = new Set([...round.done.map(({ file }) => file), ...round.failed.filter(failure => !isRepeated(failure)).map(({ path }) => path)]);
        // What the command did not get to is tried again as well, but only if something was cut short.
        files = problem === undefined ? [...failed.values()].filter(isRepeated).map(({ path }) => path) : files.filter(file => !settled.has(file));
        if (waits) {
            options.onAway?.();
            await pause(awayPauseMs, signal);
            continue;
        }
        if (attempt >= patience.attempts || (problem !== undefined && !isWorthRepeating(problem.reason))) {
            break;
        }
        if (files.length > 0) {
            context.log.info(`${files.length} files are left after a broken transfer; attempt ${attempt + 1} of ${patience.attempts}`);
            await pause(500 * attempt, signal);
        }
        attempt++;
    }
    for (const { path } of failed.values()) {
        const file = byName.get(path);
        if (file !== undefined) {
            options.onFinished(file);
        }
    }
    return { done, failed: [...failed.values()], problem };
}

async function runOnce(options: TransferRun, files: readonly string[], byName: ReadonlyMap<string, FoundFile>): Promise<Round> {
    const { context, patience, signal } = options;
    const done: FoundFile[] = [];
    const failed: FileFailure[] = [];
    let inARow = 0;
    let moved = false;
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
            // The first of each file says what was there already.
            moved ||= parsed.file === bytes.file && grew;
            bytes = { file: parsed.file, done: parsed.done };
            if (parsed.file !== undefined) {
                options.onMoving(parsed.file, parsed.done, parsed.total);
            }
            return grew;
        }
        // Without a file, where one key was asked for: it is known by that.
        const file = parsed.file === undefined ? byName.get(parsed.key ?? '') : byName.get(parsed.file) ?? { file: parsed.file, key: parsed.key ?? '', size: undefined, objectFolders: [] };
        if (file === undefined) {
            return true;
        }
        if (parsed.success) {
            options.onFinished(file);
            done.push(file);
            moved = true;
            inARow = 0;
            return true;
        }
        const words = [...parsed.errors, parsed.note].join('\n').trim();
        const reason = reasonOf(words);
        failed.push({ path: file.file, reason, words });
        inARow = reason === 'unreachable' || isAway(words) ? inARow + 1 : 0;
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
            return { done, failed, moved, problem: { reason: 'stalled', words: result.stderr } };
        }
        // Exit code 1 is for files that failed, which the JSON has told; otherwise the command itself did.
        return { done, failed, moved, problem: result.code === 0 || (result.code === 1 && failed.length > 0) ? undefined : { reason: reasonOf(result.stderr), words: result.stderr } };
    } catch (error) {
        if (hopeless.signal.aborted && signal?.aborted !== true) {
            const last = failed.at(-1);
            return { done, failed, moved, problem: { reason: last?.reason ?? 'unreachable', words: last?.words ?? '' } };
        }
        throw error;
    }
}
