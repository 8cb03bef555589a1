/**
 * Asks once whether a peer is there: connects, shows our token, looks who answers, and hangs up.
 *
 * The peer learns our uuid and that we are online now, as it does from every sync; one who watches our network sees that Tor
 * is used. Nothing is written at the other end. One of its daemon's hundred places is held for one round trip.
 */
import { performance } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import { throwIfCancelled } from '../errors';
import { connectThroughTor, SocksError, type SocksEndpoint } from '../tor/socks';
import type { TorAddress } from '../tor/address';
import { connectInAttempts } from './attempts';
import { P2PConnection } from './connection';
import { P2PError } from './errors';
import { socksIdentity } from './open';
import { outcomeOfConversation, outcomeOfSocks, type ProbeOutcome } from './outcome';

export interface ProbeTarget {
    readonly address: TorAddress;
    /** The uuid that shall answer; undefined: whoever answers is right. */
    readonly uuid: string | undefined;
}

export interface ProbeOptions {
    readonly ownUuid: string;
    /** The token that this peer accepts from us; undefined where we have none. */
    readonly token: string | undefined;
    readonly signal?: AbortSignal | undefined;
    /** For Tor to find a way, in milliseconds. */
    readonly connectLimitMs?: number;
    /** For the answer, in milliseconds, all of it: one who sends a byte now and then doesn't hold us. */
    readonly answerLimitMs?: number;
    readonly endpoint?: SocksEndpoint;
    /** How to connect; Tor by default. */
    readonly connect?: (address: TorAddress, options: { readonly timeLimitMs: number; readonly signal?: AbortSignal | undefined }) => Promise<Duplex>;
}

/** Tor takes up to 25 s to find that a service it knew has gone (measured); after that it answers at once. */
export const defaultConnectLimitMs = 30_000;
export const defaultAnswerLimitMs = 10_000;
/** Of a peer that is there, Tor needs longer for the first connection alone. */
const anotherAttemptMs = 5000;
/** By address, the circuits that worked last: a peer has the same ones as long as they do. */
const generations = new Map<string, number>();

/** @throws {CancelledError} and nothing else that the network or the peer can cause */
export async function probe(target: ProbeTarget, options: ProbeOptions): Promise<ProbeOutcome> {
    const { token, signal } = options;
    throwIfCancelled(signal);
    if (token === undefined) {
        return { kind: 'no-token' };
    }
    const start = performance.now();
    let stream: Duplex;
    try {
        stream = await connectTo(target.address, options);
    } catch (error) {
        if (error instanceof SocksError) {
            return outcomeOfSocks(error.reason);
        }
        throw error;
    }
    const connected = performance.now();
    const connection = new P2PConnection(stream);
    const answerLimitMs = options.answerLimitMs ?? defaultAnswerLimitMs;
    const deadline = setTimeout(() => connection.close(), answerLimitMs);
    try {
        const uuid = await connection.authenticate(options.ownUuid, token, { signal, timeLimitMs: answerLimitMs });
        if (target.uuid !== undefined && uuid !== target.uuid) {
            return { kind: 'other-repository', uuid };
        }
        return { kind: 'online', roundTripMs: performance.now() - connected, connectMs: connected - start };
    } catch (error) {
        if (error instanceof P2PError) {
            return performance.now() - connected >= answerLimitMs - 1 ? outcomeOfConversation('time-limit') : outcomeOfConversation(error.reason);
        }
        throw error;
    } finally {
        clearTimeout(deadline);
        connection.close();
    }
}

function connectTo(address: TorAddress, { connect, connectLimitMs, endpoint, signal }: ProbeOptions): Promise<Duplex> {
    const timeLimitMs = connectLimitMs ?? defaultConnectLimitMs;
    if (connect !== undefined) {
        return connect(address, { timeLimitMs, signal });
    }
    const key = `${address.onion}:${address.port}`;
    const first = generations.get(key) ?? 0;
    return connectInAttempts(
        async (limitMs, either, attempt) => {
            const generation = first + attempt;
            const identity = socksIdentity(address, generation === 0 ? 'presence' : `presence ${generation}`);
            const socket = await connectThroughTor(address.onion, address.port, { timeLimitMs: limitMs, signal: either, identity, ...(endpoint === undefined ? {} : { endpoint }) });
            generations.set(key, Math.max(generation, generations.get(key) ?? 0));
            return socket;
        },
        { everyMs: anotherAttemptMs, limitMs: timeLimitMs, signal },
    );
}
