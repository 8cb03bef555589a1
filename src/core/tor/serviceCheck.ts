/**
 * Whether our own onion service answers from outside: asked through Tor, until it does, the user cancels or the time
 * is over. Tor needs some minutes to publish a new service.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError } from '../errors';
import { connectThroughTor, SocksError, type SocksEndpoint, type SocksReason } from './socks';
import type { TorAddress } from './address';

/**
 * - `serving`: a connection came through to a program that serves
 * - `published`: Tor reaches the service, but nothing serves behind it (no remote daemon runs)
 *
 * Where the service's Tor may not open the socket (its folder is closed, AppArmor), Tor says just what it says of a service
 * that is not published: SOCKS reply 4, `unreachable` (measured with tor 0.4.9.11). See servingObstacle.ts.
 */
export type ServiceAnswer = 'serving' | 'published' | Exclude<SocksReason, 'refused'>;

export interface ServiceCheckOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeLimitMs: number;
    readonly betweenTriesMs?: number;
    readonly endpoint?: SocksEndpoint;
    readonly onTry?: (answer: ServiceAnswer, tries: number, sinceMs: number) => void;
    /** Asked after each try that failed: whether going on is in vain. */
    readonly giveUp?: (() => Promise<boolean>) | undefined;
    /** `serving` waits for a daemon as well; `published` is content with Tor's own answer. */
    readonly until: 'serving' | 'published';
}

/** Asks once. @throws {CancelledError} */
export async function askService(address: TorAddress, options: Pick<ServiceCheckOptions, 'signal' | 'endpoint'> & { readonly timeLimitMs: number }): Promise<ServiceAnswer> {
    try {
        const socket = await connectThroughTor(address.onion, address.port, {
            timeLimitMs: options.timeLimitMs,
            signal: options.signal,
            ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
        });
        socket.on('error', () => undefined);
        socket.destroy();
        return 'serving';
    } catch (error) {
        if (error instanceof SocksError) {
            return error.reason === 'refused' ? 'published' : error.reason;
        }
        throw error;
    }
}

/** A Tor that is just being started or reloaded answers again within this time; one that doesn't has been stopped. */
const torDownMs = 8000;

/** Asks until the service answers; gives back the last answer when the time is over, or when Tor is gone. @throws {CancelledError} */
export async function waitForService(address: TorAddress, options: ServiceCheckOptions): Promise<ServiceAnswer> {
    // Not by the clock on the wall, which may be set meanwhile.
    const start = performance.now();
    const since = (): number => Math.round(performance.now() - start);
    let downSince: number | undefined;
    for (let tries = 1; ; tries++) {
        const left = options.timeLimitMs - since();
        const answer = await askService(address, { ...options, timeLimitMs: Math.max(1000, Math.min(60_000, left)) });
        options.onTry?.(answer, tries, since());
        if (answer === 'serving' || (answer === 'published' && options.until === 'published')) {
            return answer;
        }
        downSince = answer === 'tor-down' ? downSince ?? since() : undefined;
        const wait = options.betweenTriesMs ?? 2000;
        if (since() + wait >= options.timeLimitMs || (downSince !== undefined && since() - downSince >= torDownMs) || (await options.giveUp?.()) === true) {
            return answer;
        }
        try {
            await delay(wait, undefined, options.signal === undefined ? {} : { signal: options.signal });
        } catch {
            throw new CancelledError('the check of the onion service');
        }
    }
}
