/**
 * The options of a wormhole from what the command line and the environment ask for.
 */
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { WormholeError } from '../core/wormhole/errors';
import { defaultAppId, defaultMailboxUrl, defaultRelay, gitAnnexAppId, parseSocks, type Route, type WormholeOptions } from '../core/wormhole/options';
import type { NetworkWish } from './arguments';

/** git-annex's users enter a code that the other side already shows; two minutes without it mean that something is wrong. */
const pairingPeerLimitMs = 120_000;

/** Whether anything listens there. */
function answers({ socksHost, socksPort }: Extract<Route, { kind: 'tor' }>): Promise<boolean> {
    return new Promise(resolve => {
        const socket = connect({ host: socksHost, port: socksPort });
        const done = (yes: boolean): void => {
            socket.destroy();
            resolve(yes);
        };
        socket.once('connect', () => done(true)).once('error', () => done(false));
    });
}

/** The route that was asked for. With Tor asked for, the first SOCKS port that answers; if none does, still Tor (and a failure). */
export async function routeFor(wish: NetworkWish): Promise<Route> {
    if (wish.socks === undefined) {
        return { kind: 'direct', listen: wish.listen };
    }
    const candidates = wish.socks.map(parseSocks);
    const [first] = candidates;
    if (first === undefined) {
        throw new WormholeError('invalid-option', 'Tor was asked for without a SOCKS port');
    }
    if (candidates.length > 1) {
        for (const candidate of candidates) {
            if (await answers(candidate)) {
                return candidate;
            }
        }
    }
    return first;
}

/** @throws {WormholeError} `invalid-option` */
export async function wormholeOptions(wish: NetworkWish, role: 'send' | 'receive', signal: AbortSignal): Promise<WormholeOptions> {
    const appId = wish.appId ?? defaultAppId;
    let certificateAuthorities: string | undefined;
    if (wish.certificateAuthorities !== undefined) {
        try {
            certificateAuthorities = await readFile(wish.certificateAuthorities, 'utf8');
        } catch (error) {
            throw new WormholeError('invalid-option', 'the file of certificate authorities can\'t be read', '', { cause: error });
        }
    }
    const relay = wish.transitHelper ?? defaultRelay;
    return {
        appId,
        mailboxUrl: wish.relayUrl ?? defaultMailboxUrl,
        relay: relay === '' ? undefined : relay,
        route: await routeFor(wish),
        certificateAuthorities,
        signal,
        timeLimits: role === 'receive' && appId === gitAnnexAppId ? { peer: pairingPeerLimitMs } : undefined,
    };
}
