/**
 * `git fetch` and `git push` with a remote: watched, repeated where that helps, judged by their exit code and not by
 * what `git annex sync` says of them.
 */
import type { RepositoryContext } from '../annex/context';
import { isWorthRepeating, reasonOf } from './failures';
import type { FailureReason } from './types';
import { isTrace, pause, runWatched, type Patience } from './watchdog';

export type RemoteStep =
    | { readonly ok: true; readonly stdout: string; readonly attempts: number }
    | { readonly ok: false; readonly reason: FailureReason; readonly words: string; readonly attempts: number };

interface RemoteStepOptions {
    readonly patience: Patience;
    readonly signal?: AbortSignal | undefined;
    /** Judges a run that ended with an exit code other than 0, by its output; true takes it for good. */
    readonly isGoodEnough?: (stdout: string) => boolean;
}

const repeatAfterMs = 500;

/**
 * git's trace of its packets is the only sign of life between connecting and the first object; it also shows the
 * keep-alives of a side that is still counting. It carries references and capabilities, no secret.
 */
const tracePackets = { GIT_TRACE_PACKET: '2', GIT_OPTIONAL_LOCKS: '0' } as const;

function withoutTrace(words: string): string {
    return words.split('\n').filter(line => !isTrace(line)).join('\n').trim();
}

/** Runs a git command against a remote until it works, can't work, or was tried often enough. */
export async function runRemoteStep(context: RepositoryContext, args: readonly string[], options: RemoteStepOptions): Promise<RemoteStep> {
    for (let attempt = 1; ; attempt++) {
        const result = await runWatched({ file: context.programs.git, args, cwd: context.root, env: tracePackets }, { context, patience: options.patience, signal: options.signal });
        if (!result.stalled && (result.code === 0 || options.isGoodEnough?.(result.stdout) === true)) {
            return { ok: true, stdout: result.stdout, attempts: attempt };
        }
        const words = withoutTrace(result.stalled ? result.stderr : `${result.stderr}\n${result.stdout}`);
        const reason = result.stalled ? 'stalled' : reasonOf(words);
        if (attempt >= options.patience.attempts || !isWorthRepeating(reason)) {
            context.log.warn(`${args.slice(0, 2).join(' ')}: gave up after ${attempt} of ${options.patience.attempts} attempts: ${reason}`);
            return { ok: false, reason, words, attempts: attempt };
        }
        context.log.info(`${args.slice(0, 2).join(' ')}: attempt ${attempt} of ${options.patience.attempts} failed (${reason}); trying again`);
        await pause(repeatAfterMs * attempt, options.signal);
    }
}
