/**
 * Several attempts at one connection, each begun a while after the last and none given up for the next: the first answer counts.
 *
 * Tor holds a connection to an onion service that comes or goes at that moment for half a minute and more, with all that wait for the same
 * circuits, and answers another one to the same service, made some seconds later by circuits of its own, at once (measured: the service's tor
 * stopped and started).
 */
import type { Duplex } from 'node:stream';
import { AnnexPeersError } from '../errors';

export interface AttemptOptions {
    /** From one attempt to the next, in milliseconds. */
    readonly everyMs: number;
    /** All of it, in milliseconds. */
    readonly limitMs: number;
    readonly signal?: AbortSignal | undefined;
}

/** `connect` is told how long it may take and which attempt it is, from 0 on; it ends on its signal. @throws what the first attempt to fail threw, its time limit aside; {CancelledError} */
export async function connectInAttempts<T extends Duplex>(connect: (limitMs: number, signal: AbortSignal, attempt: number) => Promise<T>, { everyMs, limitMs, signal }: AttemptOptions): Promise<T> {
    const settled = new AbortController();
    const either = signal === undefined ? settled.signal : AbortSignal.any([settled.signal, signal]);
    const end = performance.now() + limitMs;
    let timer: NodeJS.Timeout | undefined;
    try {
        return await new Promise<T>((resolve, reject) => {
            let running = 0;
            let count = 0;
            const attempt = (): void => {
                const left = end - performance.now();
                running++;
                connect(left, either, count++).then(
                    stream => (settled.signal.aborted ? void stream.destroy() : resolve(stream)),
                    (error: unknown) => {
                        running--;
                        if (!(error instanceof AnnexPeersError) || error.reason !== 'time-limit' || running === 0) {
                            reject(error instanceof Error ? error : new Error(String(error)));
                        }
                    },
                );
                timer = left > everyMs * 1.5 ? setTimeout(attempt, everyMs) : undefined;
            };
            attempt();
        });
    } finally {
        clearTimeout(timer);
        settled.abort();
    }
}
