/**
 * Connections through Tor's SOCKS port, with the answers told apart.
 *
 * git-annex can use 127.0.0.1:9050 alone (Utility/Tor.hs, `torSocksPort`). Host names are resolved by Tor: the name is
 * sent to the proxy and never looked up here.
 */
import net, { type Socket } from 'node:net';
import { SocksClient, SocksClientError } from 'socks';
import { AnnexPeersError, CancelledError, throwIfCancelled } from '../errors';

export interface SocksEndpoint {
    readonly host: string;
    readonly port: number;
}

/** Where git-annex expects Tor. */
export const systemTor: SocksEndpoint = { host: '127.0.0.1', port: 9050 };
/** Where Tor Browser brings its own Tor, which git-annex can't use. */
export const torBrowserTor: SocksEndpoint = { host: '127.0.0.1', port: 9150 };

/**
 * - `tor-down`: nothing listens on the SOCKS port
 * - `unreachable`: Tor answers, but finds no way to the onion service
 * - `refused`: the onion service is there, but nothing listens behind it
 * - `time-limit`: no answer in time
 */
export type SocksReason = 'tor-down' | 'unreachable' | 'refused' | 'time-limit';

export class SocksError extends AnnexPeersError<SocksReason> {
    override readonly name = 'SocksError';
}

export interface SocksOptions {
    readonly endpoint?: SocksEndpoint;
    readonly timeLimitMs: number;
    readonly signal?: AbortSignal | undefined;
    /** A SOCKS user name: Tor gives every user name circuits of its own (tor's manual, IsolateSOCKSAuth). */
    readonly identity?: string;
}

/** Opens a connection to `host:port` through Tor. @throws {SocksError}, {CancelledError} */
export async function connectThroughTor(host: string, port: number, options: SocksOptions): Promise<Socket> {
    throwIfCancelled(options.signal);
    const endpoint = options.endpoint ?? systemTor;
    // An own socket, so that a cancel can end it while the proxy is still looking for a way.
    const socket = await connectPlain(endpoint, Math.min(5000, options.timeLimitMs), options.signal);
    const abort = (): void => void socket.destroy();
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
        await SocksClient.createConnection({
            proxy: { host: endpoint.host, port: endpoint.port, type: 5, ...(options.identity === undefined ? {} : { userId: options.identity, password: 'annex-peers' }) },
            command: 'connect',
            destination: { host, port },
            existing_socket: socket,
            timeout: options.timeLimitMs,
        });
        return socket;
    } catch (error) {
        socket.destroy();
        throwIfCancelled(options.signal);
        throw classify(error);
    } finally {
        options.signal?.removeEventListener('abort', abort);
    }
}

/** A plain connection to the SOCKS port itself. */
function connectPlain(endpoint: SocksEndpoint, timeLimitMs: number, signal?: AbortSignal): Promise<Socket> {
    return new Promise((resolve, reject) => {
        const socket = net.connect(endpoint.port, endpoint.host);
        const settle = (finish: () => void): void => {
            clearTimeout(timer);
            signal?.removeEventListener('abort', onAbort);
            socket.removeAllListeners('error');
            socket.removeAllListeners('connect');
            finish();
        };
        const fail = (error: Error): void =>
            settle(() => {
                socket.on('error', () => undefined);
                socket.destroy();
                reject(error);
            });
        const onAbort = (): void => fail(new CancelledError('the connection'));
        const timer = setTimeout(() => fail(new SocksError('tor-down', `no answer from ${endpoint.host}:${endpoint.port}`)), timeLimitMs);
        signal?.addEventListener('abort', onAbort, { once: true });
        socket.once('error', error => fail(new SocksError('tor-down', `nothing listens on ${endpoint.host}:${endpoint.port}`, error.message)));
        socket.once('connect', () =>
            settle(() => {
                socket.setNoDelay(true);
                resolve(socket);
            }),
        );
    });
}

/** Reply codes of RFC 1928 section 6 as the socks library words them, and Tor's use of them. */
function classify(error: unknown): SocksError {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof SocksClientError || error instanceof Error) {
        if (/ConnectionRefused/iu.test(message)) {
            return new SocksError('refused', 'the onion service answers, but nothing serves behind it', message, { cause: error });
        }
        if (/timed out/iu.test(message)) {
            return new SocksError('time-limit', 'Tor gave no answer in time', message, { cause: error });
        }
    }
    return new SocksError('unreachable', 'Tor found no way to the onion service', message, { cause: error });
}

/** Whether a SOCKS 5 proxy answers there: sends the greeting of RFC 1928 section 3 and looks at the reply. */
export async function isSocksProxy(endpoint: SocksEndpoint, timeLimitMs = 2000): Promise<boolean> {
    let socket: Socket;
    try {
        socket = await connectPlain(endpoint, timeLimitMs);
    } catch {
        return false;
    }
    return new Promise(resolve => {
        const timer = setTimeout(() => finish(false), timeLimitMs);
        const finish = (answer: boolean): void => {
            clearTimeout(timer);
            socket.destroy();
            resolve(answer);
        };
        socket.on('error', () => finish(false));
        socket.on('end', () => finish(false));
        socket.once('data', reply => finish(reply[0] === 5));
        socket.write(Buffer.from([5, 1, 0]));
    });
}
