/**
 * Runs a program to its end and gives back what it printed; for everything that isn't a long-lived child.
 *
 * Two ways to bound it: a time limit on the whole, or a limit on silence (no output), which is what a long transfer
 * wants. Either way, as on cancel, the whole process group is ended.
 */
import { AnnexPeersError, CancelledError, throwIfCancelled } from '../errors';
import { ManagedProcess, type ChildRegistry, type Exit, type Invocation, type StartOptions } from './managedProcess';

export interface RunOptions extends StartOptions {
    readonly signal?: AbortSignal | undefined;
    /** Longest the program may take, in milliseconds. */
    readonly timeLimitMs?: number;
    /** Longest the program may stay silent on both outputs, in milliseconds. */
    readonly silenceLimitMs?: number;
    /** Text for the program's input, which is then closed. */
    readonly input?: string;
    readonly onStdoutLine?: (line: string) => void;
    readonly onStderrLine?: (line: string) => void;
    /** Keep standard output in the result (default); false for streams that are read by line. */
    readonly keepStdout?: boolean;
}

export interface RunResult extends Exit {
    readonly stdout: string;
    readonly stderr: string;
    readonly durationMs: number;
}

export type RunErrorReason = 'time-limit' | 'silence' | 'failed';

/** A program took too long, fell silent, or ended with an exit code that the caller didn't expect. */
export class RunError extends AnnexPeersError<RunErrorReason> {
    override readonly name = 'RunError';

    constructor(reason: RunErrorReason, readonly invocation: Invocation, readonly result: RunResult) {
        super(reason, `${invocation.file} ${invocation.args.slice(0, 2).join(' ')}: ${reason} (exit code ${result.code ?? result.signal ?? '?'})`, result.stderr || result.stdout);
    }
}

/**
 * Runs `invocation` to its end, whatever its exit code.
 * @throws {CancelledError} on `signal`; {RunError} on a limit; {AnnexPeersError<ProgramErrorReason>} if it can't start.
 */
export async function run(invocation: Invocation, options: RunOptions): Promise<RunResult> {
    throwIfCancelled(options.signal);
    const child = await ManagedProcess.start(invocation, options);
    const stdout: string[] = [];
    const stderr: string[] = [];
    let stopped: 'cancelled' | 'time-limit' | 'silence' | undefined;
    const stop = (why: NonNullable<typeof stopped>): void => {
        stopped ??= why;
        void child.end();
    };
    let silence: NodeJS.Timeout | undefined;
    const heard = (): void => {
        if (options.silenceLimitMs !== undefined) {
            clearTimeout(silence);
            silence = setTimeout(() => stop('silence'), options.silenceLimitMs);
        }
    };
    child.onStdoutText.on(text => {
        heard();
        if (options.keepStdout !== false) {
            stdout.push(text);
        }
    });
    child.onStdoutLine.on(line => options.onStdoutLine?.(line));
    child.onStderrLine.on(line => {
        heard();
        stderr.push(line);
        options.onStderrLine?.(line);
    });
    const onAbort = (): void => stop('cancelled');
    options.signal?.addEventListener('abort', onAbort, { once: true });
    const timeLimit = options.timeLimitMs === undefined ? undefined : setTimeout(() => stop('time-limit'), options.timeLimitMs);
    heard();
    if (options.signal?.aborted === true) {
        onAbort();
    }
    if (options.input !== undefined) {
        child.write(options.input);
    }
    child.closeInput();
    try {
        const exit = await child.exited;
        const result: RunResult = { ...exit, stdout: stdout.join(''), stderr: stderr.join('\n'), durationMs: Math.round(performance.now() - child.startedAt) };
        for (const line of stderr) {
            options.log.debug(`[${child.pid}] ${line}`);
        }
        if (stopped === 'cancelled') {
            throw new CancelledError(invocation.file);
        }
        if (stopped !== undefined) {
            throw new RunError(stopped, invocation, result);
        }
        return result;
    } finally {
        clearTimeout(timeLimit);
        clearTimeout(silence);
        options.signal?.removeEventListener('abort', onAbort);
    }
}

/** As {@link run}, but an exit code other than 0 throws a {@link RunError} with reason `failed`. */
export async function runOrThrow(invocation: Invocation, options: RunOptions): Promise<RunResult> {
    const result = await run(invocation, options);
    if (result.code !== 0) {
        throw new RunError('failed', invocation, result);
    }
    return result;
}

export type { ChildRegistry, Invocation };
