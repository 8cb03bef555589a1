/**
 * When a peer is probed next: pure, and the one place with the numbers.
 *
 * While somebody looks, changes shall be seen within 15 s. While nobody does, the wait doubles with every answer that brings
 * nothing new; anything new, and every look, starts it afresh. A probe tells the peer that we are online now and costs Tor a
 * circuit, so none is made that nobody wants.
 */

/**
 * - `watched`: the view is visible in a window that is being used
 * - `visible`: the view is visible, but nobody uses the window
 * - `hidden`: the view is not visible
 */
export type Attention = 'watched' | 'visible' | 'hidden';

export interface Policy {
    /** Between two probes of a peer while somebody looks, in milliseconds; undefined: never, unless a check is asked for. */
    readonly everyMs: number | undefined;
}

export const defaultPolicy: Policy = { everyMs: 8000 };
/** The shortest that a setting may ask for. */
export const minEveryMs = 3000;

/** Probes at the same time. */
export const maxAtOnce = 4;
/** With many peers each is asked less often, so that there is no more than about one probe a second. */
const msForEachPeer = 1000;
/** Between a first failure and the question that confirms it. */
export const confirmMs = 1000;
/**
 * Where something speaks against a peer already, an answer is not waited for to the end: Tor gives a connection up to half a minute to a
 * service that has just gone, and fails others to it at once (measured). Longer than Tor needs for a new way to one who is there, mostly.
 */
export const silenceMs = { afterLoss: 6000, afterFailure: 3000 } as const;
/** Several reasons to probe that come together make one probe. */
export const settleMs = 300;
/** Between two looks whether Tor is back; these don't leave this computer. */
export const torDownMs = 3000;
/** What a probe found is not shown for longer than this once nobody looks. */
export const staleMs = 5 * 60_000;
const capMs = { visible: 5 * 60_000, wanted: 60_000 } as const;
const jitter = 0.2;

export interface Circumstances {
    readonly attention: Attention;
    /** A sync with this peer is wanted. */
    readonly wanted: boolean;
    readonly policy: Policy;
    readonly peers: number;
    readonly doubted: boolean;
    /** How often in a row a probe has found the same. */
    readonly unchanged: number;
    /** Between 0 and 1. */
    readonly random: number;
}

/** Milliseconds until the next probe; undefined: none. */
export function nextProbeMs({ attention, wanted, policy, peers, doubted, unchanged, random }: Circumstances): number | undefined {
    const looked = attention !== 'hidden' && policy.everyMs !== undefined;
    if (!looked && !wanted) {
        return undefined;
    }
    if (doubted) {
        return confirmMs;
    }
    const base = Math.max(policy.everyMs ?? defaultPolicy.everyMs ?? minEveryMs, minEveryMs, peers * msForEachPeer);
    const cap = Math.max(base, wanted ? capMs.wanted : capMs.visible);
    const wait = attention === 'watched' && looked ? base : Math.min(cap, base * 2 ** Math.min(unchanged, 20));
    return Math.round(wait * (1 - jitter + 2 * jitter * random));
}
