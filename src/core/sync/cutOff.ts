/**
 * Whether it is this computer that reaches nobody, where no peer could be reached: Tor runs and answers, but without a network, or with a
 * clock that is days off, finds no way to anybody. It tells nobody why; that it doesn't even find our own onion service does.
 */
import type { TorAddress } from '../tor/address';
import { askService } from '../tor/serviceCheck';
import type { FailureReason, SyncSummary } from './types';

/** A Tor that works answers for its own service within seconds. */
const limitMs = 45_000;
const noWay: readonly FailureReason[] = ['unreachable', 'stalled'];

/** Whether it is worth asking. */
export function reachedNobody({ peers }: SyncSummary): boolean {
    return peers.length > 0 && peers.every(({ problem }) => problem?.step === 'fetch' && noWay.includes(problem.reason));
}

/** Looks for our own onion service at `address`. @throws {CancelledError} */
export async function isCutOff(address: TorAddress, signal?: AbortSignal): Promise<boolean> {
    const answer = await askService(address, { timeLimitMs: limitMs, signal });
    return answer === 'unreachable' || answer === 'time-limit';
}
