/** Waiting for a condition with a time limit; the rig never waits for a fixed time in the hope that something is ready. */
import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError, throwIfCancelled } from '../../src/core/errors';
import { RigError } from './errors';

export interface WaitOptions {
    /** For the error: "the consensus". */
    readonly what: string;
    readonly limitMs: number;
    readonly everyMs?: number;
    readonly signal?: AbortSignal | undefined;
}

/**
 * Asks `probe` again and again until it gives something other than undefined or false, and gives that back.
 * @throws {RigError} `time-limit`; {CancelledError}; whatever `probe` throws
 */
export async function waitFor<T>(probe: () => Promise<T | undefined | false> | T | undefined | false, options: WaitOptions): Promise<T> {
    const deadline = performance.now() + options.limitMs;
    for (;;) {
        throwIfCancelled(options.signal);
        const found = await probe();
        if (found !== undefined && found !== false) {
            return found;
        }
        if (performance.now() > deadline) {
            throw new RigError('time-limit', `${options.what}: not within ${options.limitMs} ms`);
        }
        await pause(options.everyMs ?? 100, options.signal);
    }
}

/** Waits `ms` milliseconds. @throws {CancelledError} */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
    try {
        await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch {
        throw new CancelledError('the wait');
    }
}
