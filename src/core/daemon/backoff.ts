/**
 * How long to wait before a restart: doubles up to a cap, and starts afresh after a run that lasted.
 */

export interface BackoffSettings {
    readonly firstMs: number;
    readonly capMs: number;
    /** A run at least this long counts as good. */
    readonly goodRunMs: number;
}

export const daemonBackoff: BackoffSettings = { firstMs: 1000, capMs: 60_000, goodRunMs: 60_000 };

export class Backoff {
    #next: number;

    constructor(private readonly settings: BackoffSettings = daemonBackoff) {
        this.#next = settings.firstMs;
    }

    /** Whether a run of `ranMs` is one after which it starts afresh. */
    isGood(ranMs: number): boolean {
        return ranMs >= this.settings.goodRunMs;
    }

    /** The wait after a run of `ranMs`, in milliseconds. */
    after(ranMs: number): number {
        if (this.isGood(ranMs)) {
            this.reset();
        }
        const wait = this.#next;
        this.#next = Math.min(this.settings.capMs, wait * 2);
        return wait;
    }

    reset(): void {
        this.#next = this.settings.firstMs;
    }
}
