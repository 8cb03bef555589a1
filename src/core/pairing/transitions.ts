/**
 * The pure part of a pairing: which snapshot follows from what git-annex said, and from what was seen of its wormholes.
 */
import type { FailureReason, PairingSnapshot, Privacy } from '../../shared/pairing/snapshot';
import type { Observation } from './observer';
import type { PairingEvent } from './output';
import { failureOf } from './wormholeFailure';
import type { WormholeResults } from './wormholeResults';

/** What every snapshot of a begun pairing has. */
export interface Named {
    readonly repository: string;
    readonly privacy: Privacy;
    readonly name: string;
}

export type FailureSaid = Extract<PairingEvent, { type: 'failure' }>['why'];

/** The snapshot after git-annex has said something; the same one if nothing changes. */
export function afterEvent(snapshot: PairingSnapshot, named: Named, event: PairingEvent): PairingSnapshot {
    switch (event.type) {
        case 'code':
            return snapshot.state === 'preparing' ? { ...named, state: 'code-ready', ownCode: event.code, peerEntered: false, refused: false } : snapshot;
        case 'refused':
            return snapshot.state === 'code-ready' ? { ...snapshot, refused: true } : snapshot;
        case 'exchanging':
            return snapshot.state === 'code-ready' ? { ...named, state: 'waiting', ownCode: snapshot.ownCode, peerEntered: snapshot.peerEntered, slow: false } : snapshot;
        case 'exchanged':
            return { ...named, state: 'connecting', attempts: 1, overdue: false };
        case 'retrying':
            return snapshot.state === 'connecting' ? { ...snapshot, attempts: snapshot.attempts + 1 } : snapshot;
        case 'started':
        case 'prompt':
        case 'ok':
        case 'failure':
        case 'failed':
        case 'unknown':
            return snapshot;
    }
}

/**
 * The snapshot after two looks in a row (a program that is just being started isn't seen as what it will be), or why the pairing can't
 * succeed any more: git-annex waits for both wormholes before it says that one has failed.
 */
export function afterLook(snapshot: PairingSnapshot, before: Observation | undefined, seen: Observation): PairingSnapshot | FailureReason {
    const failure = seen.results === undefined ? undefined : failureOf(seen.results);
    if (failure !== undefined) {
        return failure;
    }
    if (snapshot.state === 'waiting' && seen.received) {
        return { repository: snapshot.repository, privacy: snapshot.privacy, name: snapshot.name, state: 'exchanging', ownCode: snapshot.ownCode, slow: snapshot.slow };
    }
    if (seen.results !== undefined) {
        // A wormhole that says how it ends need not be watched.
        const canTell = snapshot.state === 'code-ready' || snapshot.state === 'waiting';
        return canTell && seen.results.send === 'ok' && !snapshot.peerEntered ? { ...snapshot, peerEntered: true } : snapshot;
    }
    if (seen.wormholes === undefined || before?.wormholes === undefined || !seen.exchangeOpen) {
        return snapshot;
    }
    const [now, then] = [seen.wormholes, before.wormholes];
    const onlyReceiving = !now.sending && !then.sending && now.receiving && then.receiving;
    const onlySending = !now.receiving && !then.receiving && now.sending && then.sending;
    switch (snapshot.state) {
        case 'code-ready':
            return onlyReceiving && !snapshot.peerEntered ? { ...snapshot, peerEntered: true } : snapshot;
        case 'waiting':
            if (onlySending) {
                return 'wrong-code-here';
            }
            return onlyReceiving && !snapshot.peerEntered ? { ...snapshot, peerEntered: true } : snapshot;
        case 'choosing':
        case 'preparing':
        case 'exchanging':
        case 'connecting':
        case 'ending':
        case 'paired':
        case 'failed':
        case 'cancelled':
            return snapshot;
    }
}

/** What a failure means at the point that the pairing had reached. `results`: what our own wormholes said; undefined for others. */
export function failureReason(snapshot: PairingSnapshot, said: FailureSaid | undefined, results: WormholeResults | undefined): FailureReason {
    if (results !== undefined && (said === 'sending' || said === 'receiving' || said === undefined)) {
        return failureOf(results) ?? 'unexpected';
    }
    const hadCode = snapshot.state !== 'preparing';
    switch (said) {
        case 'sending':
            return hadCode ? 'wrong-code-there' : 'mailbox-unreachable';
        case 'receiving':
            return hadCode ? 'wrong-code-here' : 'mailbox-unreachable';
        case 'linking':
            return 'not-connected';
        case 'no-address':
        case 'no-wormhole':
        case 'name-taken':
            return said;
        case undefined:
            return 'unexpected';
    }
}
