/** A clock that a test turns by hand. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../../../src/core/peers/presence';

interface Timer {
    readonly at: number;
    readonly callback: () => void;
}

export class FakeClock implements Clock {
    #now = 1_700_000_000_000;
    readonly #timers = new Set<Timer>();

    #set = 0;

    now(): number {
        return this.#now + this.#set;
    }

    steady(): number {
        return this.#now;
    }

    /** Sets the time of day forward, or back. */
    leap(ms: number): void {
        this.#set += ms;
    }

    after(ms: number, callback: () => void): { dispose(): void } {
        const timer: Timer = { at: this.#now + ms, callback };
        this.#timers.add(timer);
        return { dispose: () => this.#timers.delete(timer) };
    }

    get timers(): number {
        return this.#timers.size;
    }

    /** Lets time pass, with everything that happens in it. */
    async advance(ms: number): Promise<void> {
        const end = this.#now + ms;
        await nextTurn();
        for (;;) {
            const next = [...this.#timers].sort((a, b) => a.at - b.at)[0];
            if (next === undefined || next.at > end) {
                break;
            }
            this.#timers.delete(next);
            this.#now = Math.max(this.#now, next.at);
            next.callback();
            await nextTurn();
        }
        this.#now = end;
    }
}
