/**
 * What is known of a peer's presence, and how a new finding changes it: pure functions, so that every sequence of events can
 * be tried.
 *
 * One failed probe of a peer that was online is not believed: Tor loses a circuit now and then. It is asked again soon, and
 * what it says the second time is shown.
 */
import type { ProbeOutcome } from '../../p2p';

export type PresenceStatus =
    /** `via` daemon: our remote daemon holds a connection; the round trip is known once that was verified. */
    | { readonly kind: 'online'; readonly via: 'daemon' | 'probe'; readonly roundTripMs: number | undefined }
    /** `certain` is false where nothing answered in time. */
    | { readonly kind: 'offline'; readonly certain: boolean }
    | { readonly kind: 'daemon-down' }
    | { readonly kind: 'tor-down' }
    /** They may have revoked us. */
    | { readonly kind: 'refused' }
    | { readonly kind: 'other-repository'; readonly uuid: string }
    | { readonly kind: 'no-token' }
    | { readonly kind: 'not-git-annex' }
    /** The first answer is awaited. */
    | { readonly kind: 'checking' }
    /** `until`: in milliseconds since the epoch; undefined: until the user resumes. */
    | { readonly kind: 'paused'; readonly until: number | undefined }
    | { readonly kind: 'unknown' };

export type PresenceKind = PresenceStatus['kind'];

export interface PeerPresence {
    readonly status: PresenceStatus;
    /** When the kind of the status came to be, in milliseconds since the epoch. */
    readonly since: number;
    /** When the peer was last known to be online; now, while it is. */
    readonly lastSeen: number | undefined;
}

/** The presence, and what the schedule needs to remember of the peer. */
export interface PresenceRecord extends PeerPresence {
    /** A probe failed once and is to be repeated before it is believed. */
    readonly doubted: boolean;
    /** How often in a row a probe has found the same. */
    readonly unchanged: number;
}

export function initialRecord(now: number, lastSeen: number | undefined): PresenceRecord {
    return { status: { kind: 'unknown' }, since: now, lastSeen, doubted: false, unchanged: 0 };
}

/** Another status; the time since when it is so changes with its kind alone. */
export function withStatus(record: PresenceRecord, status: PresenceStatus, now: number): PresenceRecord {
    // A probe saw it when it was made; the daemon's connection, until now.
    const seenNow = status.kind === 'online' || (record.status.kind === 'online' && record.status.via === 'daemon');
    return {
        ...record,
        status,
        since: status.kind === record.status.kind ? record.since : now,
        lastSeen: seenNow ? now : record.lastSeen,
        doubted: false,
    };
}

function statusOf(outcome: ProbeOutcome, linked: boolean): PresenceStatus {
    switch (outcome.kind) {
        case 'online':
            return { kind: 'online', via: linked ? 'daemon' : 'probe', roundTripMs: outcome.roundTripMs };
        case 'offline':
            return { kind: 'offline', certain: outcome.certain };
        case 'other-repository':
            return { kind: 'other-repository', uuid: outcome.uuid };
        case 'daemon-down':
        case 'tor-down':
        case 'refused':
        case 'no-token':
        case 'not-git-annex':
            return { kind: outcome.kind };
    }
}

/** Whether an answer may be a passing fault, to be asked about once more. Half a minute without any is not: Tor has tried often by then. */
function mayPass(outcome: ProbeOutcome): boolean {
    return (outcome.kind === 'offline' && outcome.certain) || outcome.kind === 'daemon-down';
}

/** @param linked the remote daemon has a connection all the while */
export function afterProbe(record: PresenceRecord, outcome: ProbeOutcome, now: number, linked = false): PresenceRecord {
    if (record.status.kind === 'online' && mayPass(outcome) && !record.doubted) {
        return { ...record, doubted: true };
    }
    const status = statusOf(outcome, linked);
    return { ...withStatus(record, status, now), unchanged: status.kind === record.status.kind ? record.unchanged + 1 : 0 };
}

/** A probe is under way and has brought nothing yet, of a peer that something else speaks against. */
export function afterSilence(record: PresenceRecord, now: number): PresenceRecord {
    return record.status.kind === 'online' ? { ...withStatus(record, { kind: 'offline', certain: false }, now), unchanged: 0 } : record;
}

/** The remote daemon has a connection to the peer. */
export function afterConnected(record: PresenceRecord, now: number): PresenceRecord {
    return { ...withStatus(record, { kind: 'online', via: 'daemon', roundTripMs: undefined }, now), unchanged: 0 };
}

/**
 * The remote daemon has lost its connection: the peer was there until now. Where it is going to be probed it stays what it
 * was until the answer, else nothing is known.
 */
export function afterDisconnected(record: PresenceRecord, now: number, willProbe: boolean): PresenceRecord {
    if (record.status.kind !== 'online') {
        return record;
    }
    const seen = { ...record, lastSeen: now, unchanged: 0 };
    return willProbe ? { ...seen, status: { kind: 'online', via: 'probe', roundTripMs: undefined } } : withStatus(seen, { kind: 'unknown' }, now);
}

/** Whether two presences would be shown alike; a round trip that differs by little isn't worth drawing again. */
export function looksAlike(a: PeerPresence, b: PeerPresence): boolean {
    if (a.status.kind !== b.status.kind || a.since !== b.since) {
        return false;
    }
    if (a.status.kind === 'online' && b.status.kind === 'online') {
        return a.status.via === b.status.via && roughly(a.status.roundTripMs) === roughly(b.status.roundTripMs);
    }
    return a.lastSeen === b.lastSeen && JSON.stringify(a.status) === JSON.stringify(b.status);
}

/** Two digits of it. */
function roughly(ms: number | undefined): number | undefined {
    return ms === undefined ? undefined : Number(ms.toPrecision(ms < 100 ? 1 : 2));
}
