/**
 * Opens connections the one way that a wormhole was told to: directly, or through Tor's SOCKS port and never otherwise.
 *
 * Through Tor the host name goes to the proxy unresolved, and a random SOCKS user name for each wormhole gives it circuits
 * of its own (tor's IsolateSOCKSAuth).
 */
import { randomBytes } from 'node:crypto';
import { lookup as systemLookup } from 'node:dns';
import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net';
import { CancelledError, messageOf } from '../errors';
import { mayDialDirectly, mayDialThroughTor } from './addresses';
import { WormholeError } from './errors';
import type { Endpoint, Route } from './options';

/** The destination didn't answer (the way to it did). */
export class DialError extends Error {
    override readonly name = 'DialError';
}

export interface Dialer {
    readonly route: Route;
    /**
     * Connects to a server of our own choice.
     * @throws {WormholeError} `tor-unreachable`; {DialError}; {CancelledError}
     */
    connect(endpoint: Endpoint, signal: AbortSignal): Promise<Socket>;
    /** Whether a place that a stranger named may be dialled this way. */
    mayDial(host: string): boolean;
    /** Like `connect`, for a place that a stranger named; refuses those that `mayDial` refuses. */
    connectToHint(endpoint: Endpoint, signal: AbortSignal): Promise<Socket>;
}

/** A dialer for one wormhole. */
export function dialerFor(route: Route, connectLimitMs: number): Dialer {
    const isolation = randomBytes(12).toString('hex');
    const mayDial = (host: string): boolean => (route.kind === 'tor' ? mayDialThroughTor(host) : mayDialDirectly(host));
    const dial = async (endpoint: Endpoint, signal: AbortSignal, lookup?: LookupFunction): Promise<Socket> => {
        const limited = AbortSignal.any([signal, AbortSignal.timeout(connectLimitMs)]);
        try {
            return await (route.kind === 'tor' ? connectThroughTor(route, isolation, endpoint, connectLimitMs, limited) : connectTcp(endpoint, limited, lookup));
        } catch (error) {
            if (signal.aborted) {
                throw new CancelledError('the connection');
            }
            if (error instanceof WormholeError) {
                throw error;
            }
            throw new DialError(limited.aborted ? `no answer within ${connectLimitMs} ms` : messageOf(error), { cause: error });
        }
    };
    return {
        route,
        mayDial,
        connect: (endpoint, signal) => dial(endpoint, signal),
        connectToHint: async (endpoint, signal) => {
            if (!mayDial(endpoint.host)) {
                throw new DialError('a place that hints may not lead to');
            }
            return dial(endpoint, signal, lookupForHints);
        },
    };
}

/** Waits for `event`; on an error, the end or the signal destroys the socket and rejects. */
export function waitFor(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
        const done = (error?: Error): void => {
            signal.removeEventListener('abort', onAbort);
            socket.off(event, onEvent).off('close', onClose);
            if (error === undefined) {
                resolve();
                socket.off('error', done);
            } else {
                // The error listener stays: a destroyed socket may still report what went wrong.
                socket.destroy();
                reject(error);
            }
        };
        const onEvent = (): void => done();
        const onClose = (): void => done(new Error('the connection was closed'));
        const onAbort = (): void => done(new Error('stopped waiting for the connection'));
        socket.once(event, onEvent).once('error', done).once('close', onClose);
        signal.addEventListener('abort', onAbort, { once: true });
        if (signal.aborted) {
            onAbort();
        }
    });
}

async function connectTcp(endpoint: Endpoint, signal: AbortSignal, lookup?: LookupFunction): Promise<Socket> {
    const socket = connectPlain({ host: endpoint.host, port: endpoint.port, noDelay: true, ...(lookup === undefined ? {} : { lookup }) });
    await waitFor(socket, 'connect', signal);
    return socket;
}

/** A stranger's name may resolve to an address that a stranger's hint may not name. */
const lookupForHints: LookupFunction = (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
        const usable = error === null ? addresses.filter(found => mayDialDirectly(found.address)) : [];
        const [first] = usable;
        if (first === undefined) {
            callback(error ?? Object.assign(new Error('the name leads to a forbidden address'), { code: 'EACCES' }), '', 0);
        } else if (options.all === true) {
            callback(null, usable);
        } else {
            callback(null, first.address, first.family);
        }
    });
};

async function connectThroughTor(route: Extract<Route, { kind: 'tor' }>, isolation: string, endpoint: Endpoint, limitMs: number, signal: AbortSignal): Promise<Socket> {
    // Only needed with Tor, and not small: loaded on demand.
    const { SocksClient } = await import(/* webpackMode: "eager" */ 'socks');
    let proxy: Socket;
    try {
        proxy = await connectTcp({ host: route.socksHost, port: route.socksPort }, signal);
    } catch (error) {
        throw new WormholeError('tor-unreachable', `nothing answers at ${route.socksHost} port ${route.socksPort}`, messageOf(error), { cause: error });
    }
    const client = new SocksClient({
        command: 'connect',
        proxy: { host: route.socksHost, port: route.socksPort, type: 5, userId: isolation, password: isolation },
        destination: { host: isIP(endpoint.host) === 0 ? endpoint.host.replace(/\.$/u, '') : endpoint.host, port: endpoint.port },
        timeout: limitMs,
        existing_socket: proxy,
    });
    const stop = (): void => void proxy.destroy();
    signal.addEventListener('abort', stop, { once: true });
    // Something that answers, but not as a SOCKS proxy does, is not Tor.
    const answer = { isSocks: false };
    proxy.once('data', (data: Buffer) => (answer.isSocks = data[0] === 5));
    try {
        await new Promise<void>((resolve, reject) => {
            client.once('established', () => resolve());
            client.once('error', reject);
            client.connect(proxy);
        });
    } catch (error) {
        proxy.on('error', () => undefined);
        proxy.destroy();
        if (!answer.isSocks && !signal.aborted) {
            throw new WormholeError('tor-unreachable', `${route.socksHost} port ${route.socksPort} is not a SOCKS proxy`, messageOf(error), { cause: error });
        }
        throw error;
    } finally {
        signal.removeEventListener('abort', stop);
    }
    return proxy;
}
