/**
 * Drops a transfer's connection when nothing has moved on it for too long, or when it is to be stopped.
 */
import type { RecordPipe } from './transit/records';

export class SilenceGuard {
    readonly #pipe: RecordPipe;
    readonly #timer: NodeJS.Timeout;
    readonly #signal: AbortSignal;
    readonly #drop = (): void => this.#pipe.destroy();

    constructor(pipe: RecordPipe, limitMs: number, signal: AbortSignal) {
        this.#pipe = pipe;
        this.#signal = signal;
        this.#timer = setTimeout(this.#drop, limitMs);
        signal.addEventListener('abort', this.#drop, { once: true });
        if (signal.aborted) {
            this.#drop();
        }
    }

    /** Something moved. */
    heard(): void {
        this.#timer.refresh();
    }

    /** The transfer is over, well or not: the connection goes. */
    stop(): void {
        clearTimeout(this.#timer);
        this.#signal.removeEventListener('abort', this.#drop);
        this.#pipe.destroy();
    }
}
