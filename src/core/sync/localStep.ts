/**
 * Runs a step of git's or git-annex's on this disk: short as a rule, but a hook, or a program that signs, may wait for somebody for ever.
 *
 * When cancelled it is given a while to come to its end, so that nothing is left half done; then, as when it is silent for too long, it is
 * ended with all its children. git takes its locks away when it is asked to end.
 */
import type { RepositoryContext } from '../annex/context';
import type { Invocation } from '../process/managedProcess';
import { run, type RunResult } from '../process/run';

export interface LocalPatience {
    /** How long it may go on after a cancel, in milliseconds. */
    readonly graceMs: number;
    /** Longest silence, in milliseconds: git says nothing while it writes a large work tree. */
    readonly silenceMs: number;
}

export const localPatience: LocalPatience = { graceMs: 3000, silenceMs: 600_000 };

/** @throws {CancelledError} where it had to be ended after a cancel; {RunError} where it was silent for too long */
export async function runLocalStep(context: RepositoryContext, invocation: Invocation, signal: AbortSignal | undefined, patience = localPatience): Promise<RunResult> {
    const end = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
        timer = setTimeout(() => end.abort(), patience.graceMs);
    };
    if (signal?.aborted === true) {
        end.abort();
    }
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
        return await run(invocation, { log: context.log, ...(context.registry === undefined ? {} : { registry: context.registry }), signal: end.signal, silenceLimitMs: patience.silenceMs });
    } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
    }
}
