/**
 * Does independent parts of one job side by side, so that none waits for another's network or disk.
 */
import { CancelledError, messageOf } from '../errors';

type Part = (signal: AbortSignal) => Promise<void>;

/**
 * Runs the parts, at most `limit` at once, and waits for all of them. The first that throws ends the others by their
 * signal, so that no child outlives the job, and its error is thrown.
 */
export async function together(signal: AbortSignal | undefined, parts: readonly Part[], limit = parts.length): Promise<void> {
    const failed = new AbortController();
    const both = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
    const errors: unknown[] = [];
    const waiting = parts.values();
    const work = async (): Promise<void> => {
        // One iterator for all workers: each takes the next part that nobody has taken.
        for (const part of waiting) {
            if (failed.signal.aborted) {
                return;
            }
            try {
                await part(both);
            } catch (error) {
                errors.push(error);
                failed.abort();
            }
        }
    };
    await Promise.all(Array.from({ length: Math.min(limit, parts.length) }, work));
    // The others were cancelled by the one that failed; its error is the one that tells.
    const first = errors.find(error => !(error instanceof CancelledError)) ?? errors[0];
    if (first !== undefined) {
        throw first instanceof Error ? first : new Error(messageOf(first));
    }
}
