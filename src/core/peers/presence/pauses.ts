/**
 * Which peers are paused, and until when: a value that can be kept between sessions.
 */
import * as v from 'valibot';

/** `undefined` as an end: until the user resumes. */
export interface Pauses {
    /** All peers. */
    readonly all: { readonly until: number | undefined } | undefined;
    /** By the peer's address. */
    readonly peers: ReadonlyMap<string, { readonly until: number | undefined }>;
}

export const noPauses: Pauses = { all: undefined, peers: new Map() };

export type PauseLength = '30-minutes' | 'until-tomorrow' | 'until-resumed';

/** When a pause ends, in milliseconds since the epoch. "Tomorrow" begins at six in the morning, local time, after the next midnight. */
export function pauseEnd(length: PauseLength, now: number): number | undefined {
    switch (length) {
        case '30-minutes':
            return now + 30 * 60_000;
        case 'until-tomorrow': {
            const date = new Date(now);
            return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1, 6).getTime();
        }
        case 'until-resumed':
            return undefined;
    }
}

/** The pause that holds for a peer now, the longer one if two do; undefined if it isn't paused. */
export function pauseOf(pauses: Pauses, peer: string, now: number): { readonly until: number | undefined } | undefined {
    const holding = [pauses.all, pauses.peers.get(peer)].flatMap(pause => (pause !== undefined && (pause.until === undefined || pause.until > now) ? [pause] : []));
    return holding.reduce<{ readonly until: number | undefined } | undefined>((longest, pause) => (longest === undefined || end(pause) > end(longest) ? pause : longest), undefined);
}

function end(pause: { readonly until: number | undefined }): number {
    return pause.until ?? Infinity;
}

/** When the next pause ends by itself; undefined if none does. */
export function nextPauseEnd(pauses: Pauses, now: number): number | undefined {
    const ends = [pauses.all, ...pauses.peers.values()].flatMap(pause => (pause?.until !== undefined && pause.until > now ? [pause.until] : []));
    return ends.length === 0 ? undefined : Math.min(...ends);
}

/** Pauses one peer, or all (`peer` undefined). */
export function withPause(pauses: Pauses, peer: string | undefined, until: number | undefined): Pauses {
    return peer === undefined ? { ...pauses, all: { until } } : { ...pauses, peers: new Map(pauses.peers).set(peer, { until }) };
}

/**
 * Resumes one peer, or all, those that were paused one by one too (`peer` undefined). Where all are paused, one peer alone can
 * be resumed: the pause goes on for each of `others`.
 */
export function withoutPause(pauses: Pauses, peer: string | undefined, others: readonly string[] = [], now = Date.now()): Pauses {
    if (peer === undefined) {
        return noPauses;
    }
    const peers = new Map(pauses.peers);
    const holds = pauses.all !== undefined && end(pauses.all) > now;
    if (holds) {
        for (const other of others) {
            peers.set(other, { until: pauseOf(pauses, other, now)?.until });
        }
    }
    peers.delete(peer);
    return { all: undefined, peers };
}

const pauseSchema = v.object({ until: v.optional(v.number()) });
const storedSchema = v.object({ all: v.optional(pauseSchema), peers: v.optional(v.record(v.string(), pauseSchema), {}) });

/** What is kept between sessions; those that have ended are left out. */
export function storedPauses(pauses: Pauses, now: number): unknown {
    const plain = (pause: { readonly until: number | undefined }): object => (pause.until === undefined ? {} : { until: pause.until });
    const holds = (pause: { readonly until: number | undefined } | undefined): pause is { readonly until: number | undefined } => pause !== undefined && end(pause) > now;
    return {
        ...(holds(pauses.all) ? { all: plain(pauses.all) } : {}),
        peers: Object.fromEntries([...pauses.peers].filter(([, pause]) => holds(pause)).map(([peer, pause]) => [peer, plain(pause)])),
    };
}

/** Reads what {@link storedPauses} made; anything else is no pause. */
export function parsePauses(stored: unknown): Pauses {
    const parsed = v.safeParse(storedSchema, stored);
    if (!parsed.success) {
        return noPauses;
    }
    const plain = (pause: { readonly until?: number | undefined }): { readonly until: number | undefined } => ({ until: pause.until });
    return {
        all: parsed.output.all === undefined ? undefined : plain(parsed.output.all),
        peers: new Map(Object.entries(parsed.output.peers).map(([peer, pause]) => [peer, plain(pause)])),
    };
}
