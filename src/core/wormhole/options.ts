/**
 * What every wormhole needs to know: where the servers are, which way the network is reached, and the limits on time and size.
 */
import type { Log } from '../log';
import { WormholeError } from './errors';

/** The way to the network. There is no fall-back from one to the other. */
export type Route =
    /** The clear net: servers and the other side learn this computer's addresses. `listen` offers direct connections as well. */
    | { readonly kind: 'direct'; readonly listen: boolean }
    /** Tor's SOCKS port: names are resolved there, nothing listens, no address of this computer is told to anyone. */
    | { readonly kind: 'tor'; readonly socksHost: string; readonly socksPort: number };

/** All times in milliseconds. */
export interface TimeLimits {
    /** One connection: TCP, SOCKS and TLS together. */
    readonly connect: number;
    /** How long the mailbox server may stay out of reach before a wormhole gives up. */
    readonly mailboxAway: number;
    /** How long Tor's own port on this computer may stay closed: a Tor that is started anew opens it within seconds, one that was stopped doesn't. */
    readonly torAway: number;
    /** A reply that the mailbox server owes. */
    readonly mailboxReply: number;
    /** From the code on, until the other side's first message; 0 for no limit. */
    readonly peer: number;
    /** Any step of the other side once its first message has come. */
    readonly peerStep: number;
    /** The receiver's answer to an offer: a person may be asked. */
    readonly answer: number;
    /** Both sides finding a connection for the transfer. */
    readonly transit: number;
    /** Silence during the transfer. */
    readonly transferSilence: number;
    /** Saying good-bye to the mailbox server. */
    readonly close: number;
}

/** All sizes in bytes. */
export interface SizeLimits {
    /** One message through the mailbox, decrypted; a text is one message. */
    readonly message: number;
    /** A file that is accepted. */
    readonly file: number;
}

export interface WormholeOptions {
    /** Both sides must have the same. */
    readonly appId: string;
    /** `wss://host[:port]/v1` or `ws://…`. */
    readonly mailboxUrl: string;
    /** `tcp:host:port`, or undefined for none of our own. */
    readonly relay?: string | undefined;
    readonly route: Route;
    /** PEM of the certificate authorities to trust instead of the built-in ones. */
    readonly certificateAuthorities?: string | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly log?: Log | undefined;
    readonly timeLimits?: Partial<TimeLimits> | undefined;
    readonly sizeLimits?: Partial<SizeLimits> | undefined;
}

export const defaultMailboxUrl = 'wss://relay.magic-wormhole.io/v1';
export const defaultRelay = 'tcp:transit.magic-wormhole.io:4001';
/** The id of the `wormhole` programs; git-annex has its own. */
export const defaultAppId = 'lothar.com/wormhole/text-or-file-xfer';
export const gitAnnexAppId = 'git-annex.branchable.com/p2p-setup';

const directLimits: TimeLimits = {
    connect: 30_000,
    mailboxAway: 600_000,
    torAway: 15_000,
    mailboxReply: 60_000,
    peer: 0,
    peerStep: 120_000,
    answer: 600_000,
    transit: 120_000,
    transferSilence: 60_000,
    close: 3_000,
};

/** A circuit takes seconds to build and may have to be built anew. */
const torLimits: TimeLimits = { ...directLimits, connect: 120_000, mailboxReply: 120_000, peerStep: 240_000, transit: 240_000, transferSilence: 180_000, close: 10_000 };

const sizeLimits: SizeLimits = { message: 4 << 20, file: Number.MAX_SAFE_INTEGER };

/** git-annex's payload is a few hundred bytes: a token and addresses. */
export const pairingSizeLimits: SizeLimits = { message: 64 << 10, file: 64 << 10 };

export function timeLimitsOf(options: Pick<WormholeOptions, 'route' | 'timeLimits'>): TimeLimits {
    return { ...(options.route.kind === 'tor' ? torLimits : directLimits), ...options.timeLimits };
}

export function sizeLimitsOf(options: Pick<WormholeOptions, 'appId' | 'sizeLimits'>): SizeLimits {
    return { ...(options.appId === gitAnnexAppId ? pairingSizeLimits : sizeLimits), ...options.sizeLimits };
}

export interface Endpoint {
    readonly host: string;
    readonly port: number;
}

/** A port of the network, as JSON or text may hold one. */
export function isPort(value: number): boolean {
    return Number.isInteger(value) && value > 0 && value < 65_536;
}

/**
 * `tcp:host:port[:…]` as the programs take it (magic-wormhole, `_hints.py`, parse_hint_argv).
 * @throws {WormholeError} `invalid-option`
 */
export function parseRelay(text: string): Endpoint {
    const match = /^tcp:(?<host>\[[0-9a-f:.]+\]|[^\s:[\]/@]+):(?<port>\d{1,5})(?::priority=[\d.]+)?$/iu.exec(text.trim());
    const host = match?.groups?.['host']?.replace(/^\[|\]$/gu, '');
    const port = Number(match?.groups?.['port']);
    if (host === undefined || !isPort(port)) {
        throw new WormholeError('invalid-option', 'a transit relay is tcp:HOST:PORT');
    }
    return { host, port };
}

/**
 * `host:port` of a SOCKS proxy.
 * @throws {WormholeError} `invalid-option`, also for an empty text: a proxy that was asked for is never passed by
 */
export function parseSocks(text: string): Extract<Route, { kind: 'tor' }> {
    const match = /^(?:socks5h?:\/\/)?(?<host>\[[0-9a-f:.]+\]|[^\s:[\]/@]+):(?<port>\d{1,5})$/iu.exec(text.trim());
    const host = match?.groups?.['host']?.replace(/^\[|\]$/gu, '');
    const port = Number(match?.groups?.['port']);
    if (host === undefined || !isPort(port)) {
        throw new WormholeError('invalid-option', 'a SOCKS proxy is HOST:PORT');
    }
    return { kind: 'tor', socksHost: host, socksPort: port };
}

export interface MailboxUrl extends Endpoint {
    readonly url: URL;
    readonly secure: boolean;
}

/** @throws {WormholeError} `invalid-option` */
export function parseMailboxUrl(text: string): MailboxUrl {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || (url.protocol !== 'ws:' && url.protocol !== 'wss:') || url.username !== '' || url.hash !== '' || url.hostname === '') {
        throw new WormholeError('invalid-option', 'a mailbox server is wss://HOST[:PORT]/v1');
    }
    const secure = url.protocol === 'wss:';
    return { url, secure, host: url.hostname.replace(/^\[|\]$/gu, ''), port: url.port === '' ? (secure ? 443 : 80) : Number(url.port) };
}
