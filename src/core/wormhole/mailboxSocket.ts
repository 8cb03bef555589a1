/**
 * One connection to the mailbox server: dialled, wrapped in TLS where the URL says `wss`, spoken to in text frames, and
 * watched with pings, so that a silent death is noticed.
 */
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import WebSocket from 'ws';
import { CancelledError, messageOf } from '../errors';
import { waitFor, type Dialer } from './dialer';
import { WormholeError } from './errors';
import type { MailboxUrl } from './options';

export interface MailboxSocket {
    send(text: string): void;
    /** Says good-bye and doesn't wait for the answer. */
    close(): void;
    /** Drops the connection. */
    destroy(): void;
}

export interface MailboxSocketEvents {
    /** Called before any text: the server greets at once. */
    onOpen(socket: MailboxSocket): void;
    onText(text: string): void;
    /** Called once, whoever ended it; `violated` if the server broke the websocket's rules or sent too long a frame. */
    onClosed(why: string, violated: boolean): void;
}

export interface MailboxSocketOptions {
    readonly target: MailboxUrl;
    readonly dialer: Dialer;
    readonly certificateAuthorities?: string | undefined;
    /** Longest frame that is accepted, in bytes. */
    readonly maxFrame: number;
    /** For TLS and for the websocket's handshake, each, in milliseconds. */
    readonly handshakeLimitMs: number;
    readonly signal: AbortSignal;
}

const pingEveryMs = 30_000;
/** How long the server may take over the websocket's own farewell. */
const farewellMs = 2000;

/** node:tls codes for a certificate that proves nothing (node documentation, "X509 certificate error codes"). */
const certificateCode = /CERT|SELF_SIGNED|UNABLE_TO_|ISSUER|^INVALID_(?:CA|PURPOSE)$|HOSTNAME_MISMATCH|PATH_LENGTH/u;

/**
 * Connects; resolves when the websocket is open.
 * @throws {WormholeError} `tor-unreachable`, `mailbox-unreachable`, `mailbox-certificate`; {CancelledError}
 */
export async function openMailboxSocket(options: MailboxSocketOptions, events: MailboxSocketEvents): Promise<MailboxSocket> {
    const { target, dialer, signal } = options;
    let socket: Socket;
    try {
        socket = await dialer.connect(target, signal);
    } catch (error) {
        throw error instanceof WormholeError || error instanceof CancelledError ? error : unreachable(error);
    }
    const stream = target.secure ? await secure(socket, options) : socket;
    return openWebSocket(stream, options, events);
}

const unreachable = (error: unknown): WormholeError => new WormholeError('mailbox-unreachable', 'the mailbox server does not answer', messageOf(error), { cause: error });

async function secure(socket: Socket, { target, certificateAuthorities, handshakeLimitMs, signal }: MailboxSocketOptions): Promise<Socket> {
    const tls = connectTls({
        socket,
        host: target.host,
        servername: /^[\d.]+$|:/u.test(target.host) ? '' : target.host,
        ALPNProtocols: ['http/1.1'],
        minVersion: 'TLSv1.2',
        ...(certificateAuthorities === undefined ? {} : { ca: certificateAuthorities }),
    });
    try {
        await waitFor(tls, 'secureConnect', AbortSignal.any([signal, AbortSignal.timeout(handshakeLimitMs)]));
    } catch (error) {
        socket.destroy();
        if (signal.aborted) {
            throw new CancelledError('the connection');
        }
        const code = error instanceof Error && 'code' in error ? String(error.code) : '';
        throw certificateCode.test(code)
            ? new WormholeError('mailbox-certificate', 'the mailbox server shows a certificate that is not trusted', messageOf(error), { cause: error })
            : unreachable(error);
    }
    return tls;
}

function openWebSocket(stream: Socket, { target, maxFrame, handshakeLimitMs, signal }: MailboxSocketOptions, events: MailboxSocketEvents): Promise<MailboxSocket> {
    const websocket = new WebSocket(target.url, {
        createConnection: () => stream,
        // Compression next to secrets gives away their likeness, and a small frame could unpack to a huge one.
        perMessageDeflate: false,
        followRedirects: false,
        handshakeTimeout: handshakeLimitMs,
        maxPayload: maxFrame,
    });
    return new Promise((resolve, reject) => {
        let open = false;
        let why = 'the server closed the connection';
        let violated = false;
        let heard = true;
        const pings = setInterval(() => {
            if (!heard) {
                why = 'the server fell silent';
                websocket.terminate();
            } else if (open) {
                heard = false;
                websocket.ping();
            }
        }, pingEveryMs);
        pings.unref();
        const onAbort = (): void => websocket.terminate();
        signal.addEventListener('abort', onAbort, { once: true });
        websocket.on('open', () => {
            open = true;
            const opened: MailboxSocket = {
                send: text => websocket.send(text),
                close: () => {
                    websocket.close(1000);
                    setTimeout(() => websocket.terminate(), farewellMs).unref();
                },
                destroy: () => websocket.terminate(),
            };
            events.onOpen(opened);
            resolve(opened);
        });
        websocket.on('pong', () => (heard = true));
        websocket.on('message', (data, isBinary) => {
            heard = true;
            // One Buffer a message is what ws gives with its default binaryType; frames are text in this protocol.
            events.onText(isBinary || !Buffer.isBuffer(data) ? '' : data.toString('utf8'));
        });
        websocket.on('error', error => {
            why = messageOf(error);
            violated = 'code' in error && typeof error.code === 'string' && error.code.startsWith('WS_ERR_');
        });
        websocket.on('close', () => {
            clearInterval(pings);
            signal.removeEventListener('abort', onAbort);
            stream.destroy();
            if (open) {
                events.onClosed(why, violated);
            } else {
                reject(signal.aborted ? new CancelledError('the connection') : unreachable(new Error(why)));
            }
        });
        if (signal.aborted) {
            onAbort();
        }
    });
}
