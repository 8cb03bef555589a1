/**
 * Runs a program over the network under a watchdog that looks at progress, not at time: what is silent for too long is
 * ended with all its children.
 *
 * `git fetch` through tor-annex hangs for ever now and then: the serving side says that it is done before the last bytes
 * of git's answer were read (git-annex, P2P/IO.hs, runRelayService). A fetch that works takes seconds.
 */
import type { RepositoryContext } from '../annex/context';
import { CancelledError, throwIfCancelled } from '../errors';
import type { Log } from '../log';
import type { Invocation } from '../process/managedProcess';
import { run, type RunResult } from '../process/run';

export interface Patience {
    /** Longest wait for the first sign of life, in milliseconds: building a circuit to an onion service takes a while. */
    readonly connectMs: number;
    /** Longest silence after that, in milliseconds. */
    readonly silenceMs: number;
    /** How often a step is tried in all. */
    readonly attempts: number;
    /** How long a peer that was there before is waited for when it goes, in milliseconds. */
    readonly awayMs: number;
}

/** For git over Tor. SOCKS itself gives up on an onion service after about two minutes. */
export const gitPatience: Patience = { connectMs: 130_000, silenceMs: 45_000, attempts: 5, awayMs: 0 };
/** Without a network, in which Tor waits for its own time limit: as long as one takes that is just coming back, and once. */
export const gitPatienceWithoutNetwork: Patience = { ...gitPatience, connectMs: 15_000, attempts: 1 };
/** For content: git-annex is silent while it checks what it has of a large file. */
export const contentPatience: Patience = { connectMs: 180_000, silenceMs: 180_000, attempts: 3, awayMs: 120_000 };

export interface WatchedOptions {
    readonly context: RepositoryContext;
    readonly patience: Patience;
    readonly signal?: AbortSignal | undefined;
    readonly input?: string | undefined;
    readonly keepStdout?: boolean;
    /** Reads a line; false if the line is no sign of progress. */
    readonly onStdoutLine?: (line: string) => boolean;
}

export type WatchedResult = (RunResult & { readonly stalled: false }) | { readonly stalled: true; readonly stderr: string };

/**
 * Runs the program to its end or until it stalls.
 * @throws {CancelledError} on `signal`; whatever {@link run} throws if it can't be started.
 */
export async function runWatched(invocation: Invocation, options: WatchedOptions): Promise<WatchedResult> {
    throwIfCancelled(options.signal);
    const { context, patience } = options;
    const stop = new AbortController();
    const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
    const stderr: string[] = [];
    let timer = setTimeout(() => stop.abort(), patience.connectMs);
    const alive = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => stop.abort(), patience.silenceMs);
    };
    try {
        const result = await run(invocation, {
            log: withoutMeters(context.log),
            ...(context.registry === undefined ? {} : { registry: context.registry }),
            ...(options.input === undefined ? {} : { input: options.input }),
            signal,
            keepStdout: options.keepStdout ?? true,
            onStdoutLine: line => {
                if (options.onStdoutLine?.(line) ?? true) {
                    alive();
                }
            },
            onStderrLine: line => {
                stderr.push(line);
                alive();
            },
        });
        return { ...result, stalled: false };
    } catch (error) {
        if (error instanceof CancelledError && options.signal?.aborted !== true) {
            context.log.warn(`no progress for too long: ${invocation.args.slice(0, 3).join(' ')} was ended`);
            return { stalled: true, stderr: stderr.join('\n') };
        }
        throw error;
    } finally {
        clearTimeout(timer);
    }
}

/** A line of git's own trace (`GIT_TRACE_PACKET`). */
export function isTrace(line: string): boolean {
    return /^(?:\d\d:\d\d:\d\d\.\d+ )?[\w./-]+\.c:\d+ .*packet:/u.test(line);
}

/** git's progress meters and trace are for the watchdog; in the log they would bury the rest. */
function withoutMeters(log: Log): Log {
    return {
        debug: message => /\b\d{1,3}% \(\d+\/\d+\)(?!.*done)/u.test(message) || isTrace(message.replace(/^\[\d+\] /u, '')) ? undefined : log.debug(message),
        info: message => log.info(message),
        warn: message => log.warn(message),
        error: message => log.error(message),
    };
}

/** Waits, or is cancelled. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
    throwIfCancelled(signal);
    await new Promise<void>((resolve, reject) => {
        const onAbort = (): void => {
            clearTimeout(timer);
            reject(new CancelledError());
        };
        const timer = setTimeout(() => {
            signal?.removeEventListener('abort', onAbort);
            resolve();
        }, milliseconds);
        signal?.addEventListener('abort', onAbort, { once: true });
    });
}
