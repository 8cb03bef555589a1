/**
 * Whether it is this computer that reaches nobody, where no peer could be reached: Tor runs and answers, but without a network, or with a
 * clock that is days off, finds no way to anybody. It tells nobody why; that it doesn't even find our own onion service does.
 */
import { networkInterfaces } from 'node:os';
import type { TorAddress } from '../tor/address';
import { askService } from '../tor/serviceCheck';
import type { FailureReason, SyncSummary } from './types';

/** A Tor that works answers for its own service within seconds. */
const limitMs = 30_000;
const noWay: readonly FailureReason[] = ['unreachable', 'stalled'];

/** Whether it is worth asking. */
export function reachedNobody({ peers }: SyncSummary): boolean {
    return peers.length > 0 && peers.every(({ problem }) => problem?.step === 'fetch' && noWay.includes(problem.reason));
}

/** Addresses that lead no farther than the next cable (RFC 3927, RFC 4291 section 2.5.6); macOS keeps interfaces that have no other. */
const linkLocal = /^(?:169\.254\.|fe[89ab])/iu;

/** Whether anything but the loopback is up and connected: a cable that is out, or a radio that is off, is known without asking anybody. */
export function hasNetwork(interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces()): boolean {
    return Object.values(interfaces).some(addresses => addresses?.some(({ internal, address }) => !internal && !linkLocal.test(address)) === true);
}

/** Looks for our own onion service at `address`, if there is one. @throws {CancelledError} */
export async function isCutOff(address: TorAddress | undefined, signal?: AbortSignal): Promise<boolean> {
    if (!hasNetwork()) {
        return true;
    }
    if (address === undefined) {
        return false;
    }
    const answer = await askService(address, { timeLimitMs: limitMs, signal });
    return answer === 'unreachable' || answer === 'time-limit';
}
