/**
 * Whether Tor is down on this computer, and waiting for it to come back. Looking at the own SOCKS port costs nothing and
 * tells nobody anything, so no peer is asked meanwhile.
 */
import type { Clock } from './clock';
import { torDownMs } from './interval';

export class TorWatch {
    #down = false;
    #looking = false;

    constructor(
        private readonly clock: Clock,
        private readonly answers: () => Promise<boolean>,
    ) {}

    get isDown(): boolean {
        return this.#down;
    }

    setDown(down: boolean): void {
        this.#down = down;
    }

    /** Looks once, after a wait; one look at a time. Calls back with the result, but for a look that is under way already. */
    look(done: (isBack: boolean) => void): void {
        if (!this.#looking) {
            this.#looking = true;
            this.clock.after(torDownMs, () => void this.#look(done));
        }
    }

    async #look(done: (isBack: boolean) => void): Promise<void> {
        const isBack = this.#down && (await this.answers().catch(() => false));
        this.#looking = false;
        if (isBack) {
            this.#down = false;
        }
        done(isBack);
    }
}
