/**
 * While something else serves the repository, or is to: holds a connection to it so as to know when it ends, and watches the peers meanwhile,
 * of which that one tells nothing here.
 */
import type { Socket } from 'node:net';
import { ChangeWatch, type ChangeWatchDependencies } from './changeWatch';
import type { DaemonMessage } from './protocol';

/** It may have closed this connection alone: then it is found again. */
const afterCloseMs = 300;

export class StandBy {
    readonly #watch: ChangeWatch;
    #other: Socket | undefined;
    #timer: NodeJS.Timeout | undefined;
    #isOn = false;

    /** @param again called when who serves is to be looked at again */
    constructor(
        watching: ChangeWatchDependencies,
        tell: (message: DaemonMessage) => void,
        private readonly again: () => void,
        private readonly lookMs: number,
    ) {
        this.#watch = new ChangeWatch(watching, tell);
    }

    get isOn(): boolean {
        return this.#isOn;
    }

    /** It serves now, and its end will be noticed. */
    get isHolding(): boolean {
        return this.#other !== undefined;
    }

    /** @param other a connection to what serves; undefined: it doesn't run now */
    hold(other: Socket | undefined): void {
        if (!this.#isOn) {
            this.#isOn = true;
            this.#watch.start();
        }
        clearTimeout(this.#timer);
        this.#other = other;
        if (other === undefined) {
            this.#timer = setTimeout(this.again, this.lookMs);
            return;
        }
        other.on('data', () => undefined);
        other.once('close', () => {
            if (this.#other === other) {
                this.#timer = setTimeout(() => {
                    this.#other = undefined;
                    this.again();
                }, afterCloseMs);
            }
        });
    }

    end(): void {
        clearTimeout(this.#timer);
        const other = this.#other;
        this.#other = undefined;
        other?.destroy();
        this.#isOn = false;
        this.#watch.stop();
    }

    /** Looks again which peers there are. */
    reload(): void {
        if (this.#isOn) {
            this.#watch.reload();
        }
    }

    /** The peer at this address can be reached. */
    nudge(uri: string): void {
        this.#watch.nudge(uri);
    }
}
