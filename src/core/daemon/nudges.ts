/**
 * When the remote daemon may be started anew for a peer that can be reached: each restart cuts off those who are connected here.
 * Where the last one brought the peer back, the next may come as soon as it is worth one; where it did not, it is put off for longer and longer.
 */

/** A peer that answers a probe, and that git-annex never gets hold of, must not cut off the others again and again. */
const forgottenMs = 1_800_000;

export interface NudgeLimits {
    /** At least this long between two that did not help; twice as long after each. */
    readonly betweenNudges: number;
    /** At least this long between any two, in milliseconds. */
    readonly worthANudge: number;
}

export class Nudges {
    #last = -Infinity;
    /** Restarts in a row that brought no connection, by address. */
    readonly #inVain = new Map<string, { readonly count: number; readonly at: number }>();

    constructor(private readonly limits: NudgeLimits) {}

    isDue(uri: string, now: number): boolean {
        const { count, at } = this.#inVain.get(uri) ?? { count: 0, at: -Infinity };
        const wait = count === 0 || now - at >= forgottenMs ? 0 : this.limits.betweenNudges * 2 ** (count - 1);
        return now - this.#last >= this.limits.worthANudge && now - at >= wait;
    }

    made(uri: string, now: number): void {
        const before = this.#inVain.get(uri);
        this.#last = now;
        this.#inVain.set(uri, { count: before === undefined || now - before.at >= forgottenMs ? 1 : before.count + 1, at: now });
    }

    /** The peer is connected. */
    helped(uri: string): void {
        this.#inVain.delete(uri);
    }
}
