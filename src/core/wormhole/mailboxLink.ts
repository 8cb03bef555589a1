/**
 * The line to the mailbox server, kept up: connects, greets, shows the permission that is asked for, says who we are, and
 * connects again when the connection is lost.
 *
 * Source: magic-wormhole server-protocol.md ("Connection-Specific Messages"; permissions: its newer versions), `_rendezvous.py`. The first connection
 * must come about at once (through Tor within a few tries); later ones are tried for as long as the limit allows.
 */
import { CancelledError, messageOf } from '../errors';
import { silentLog, type Log } from '../log';
import { displayable } from './bytes';
import type { Dialer } from './dialer';
import { WormholeError } from './errors';
import { maxHashcashBits, mintStamp } from './hashcash';
import { decodeServerMessage, encodeClientMessage, type ClientMessage, type ServerMessage, type Welcome } from './mailboxMessages';
import { openMailboxSocket, type MailboxSocket } from './mailboxSocket';
import { parseMailboxUrl, sizeLimitsOf, timeLimitsOf, type MailboxUrl, type TimeLimits, type WormholeOptions } from './options';

export interface LinkEvents {
    /** We are known to the server, on a new connection. `motd` is a stranger's text. */
    onReady(motd: string | undefined): void;
    /** A message of the server, after `onReady`. */
    onMessage(message: ServerMessage): void;
    /** Something that can't be accepted or mended. Called once; the connection may still be up for a farewell. */
    onFailure(error: Error): void;
}

const firstTriesThroughTor = 3;
const steadyMs = 10_000;
/** Between two tries; Tor's own port costs nobody anything to ask. */
const longestPauseMs = 10_000;
const torPauseMs = 1000;
/** Room in a frame for what is around a body. */
const frameOverhead = 16 << 10;

function isTorAway(error: unknown): boolean {
    return error instanceof WormholeError && error.reason === 'tor-unreachable';
}

export class MailboxLink {
    readonly #options: WormholeOptions;
    readonly #limits: TimeLimits;
    readonly #dialer: Dialer;
    readonly #side: string;
    readonly #events: LinkEvents;
    readonly #log: Log;
    readonly #stop = new AbortController();
    #socket: MailboxSocket | undefined;
    /** Known to the server on the present connection. */
    #ready = false;
    #everReady = false;
    #replyMissed = false;
    #replyTimer: NodeJS.Timeout | undefined;
    #failed = false;
    #ended = false;

    constructor(options: WormholeOptions, dialer: Dialer, side: string, events: LinkEvents) {
        this.#options = options;
        this.#limits = timeLimitsOf(options);
        this.#dialer = dialer;
        this.#side = side;
        this.#events = events;
        this.#log = options.log ?? silentLog;
    }

    /** Connects, and connects again, until `end` or a failure. */
    start(): void {
        void this.#keepConnected().catch((error: unknown) => this.fail(error instanceof Error ? error : new Error(messageOf(error))));
    }

    get ready(): boolean {
        return this.#ready;
    }

    get everReady(): boolean {
        return this.#everReady;
    }

    /** No connection, and there will be none. */
    isOver(): boolean {
        return this.#ended || (this.#failed && this.#socket === undefined);
    }

    send(message: ClientMessage): void {
        this.#socket?.send(encodeClientMessage(message));
    }

    /** Drops the connection if a reply that is owed doesn't come in time. */
    expectReply(owed: boolean): void {
        clearTimeout(this.#replyTimer);
        if (owed) {
            this.#replyTimer = setTimeout(() => {
                this.#replyMissed = true;
                this.#socket?.destroy();
            }, this.#limits.mailboxReply);
        }
    }

    /** Gives up on this server; a connection that is up stays up for a farewell, but no other is made. */
    fail(error: Error): void {
        if (!this.#failed && !this.#ended) {
            this.#failed = true;
            this.#events.onFailure(error);
        }
    }

    /** Drops the connection as a network failure would. */
    drop(): void {
        this.#socket?.destroy();
    }

    /** The end: no connection, no further event. */
    end(): void {
        this.#ended = true;
        this.#ready = false;
        clearTimeout(this.#replyTimer);
        this.#socket?.close();
        this.#socket = undefined;
        this.#stop.abort();
    }

    async #keepConnected(): Promise<void> {
        const target = parseMailboxUrl(this.#options.mailboxUrl);
        // Not by the clock on the wall, which may be set meanwhile.
        let awaySince = performance.now();
        let torAwaySince: number | undefined;
        for (let attempt = 0; !this.isOver(); attempt++) {
            const began = performance.now();
            try {
                await this.#connectOnce(target);
                awaySince = performance.now();
                torAwaySince = undefined;
                // A server that greets and hangs up is not asked more and more often.
                attempt = awaySince - began > steadyMs ? 0 : attempt;
            } catch (error) {
                if (this.isOver() || error instanceof CancelledError) {
                    return;
                }
                torAwaySince = isTorAway(error) ? torAwaySince ?? performance.now() : undefined;
                this.#refuseToRetry(error, attempt, awaySince, torAwaySince);
                this.#log.debug(`mailbox: ${messageOf(error)}; trying again`);
            }
            await this.#pause(Math.min(torAwaySince === undefined ? longestPauseMs : torPauseMs, 200 * 1.6 ** attempt));
        }
    }

    /** Throws `error` again where another try can't help or patience is at its end. */
    #refuseToRetry(error: unknown, attempt: number, awaySince: number, torAwaySince: number | undefined): void {
        const again = isTorAway(error) ? this.#everReady : error instanceof WormholeError && error.reason === 'mailbox-unreachable';
        const tries = this.#everReady ? Infinity : this.#options.route.kind === 'tor' ? firstTriesThroughTor : 1;
        const now = performance.now();
        const isTooLong = now - awaySince > this.#limits.mailboxAway || now - (torAwaySince ?? now) > this.#limits.torAway;
        if (!again || attempt + 1 >= tries || isTooLong) {
            throw error;
        }
    }

    #pause(ms: number): Promise<void> {
        return new Promise(resolve => {
            const timer = setTimeout(resolve, ms);
            this.#stop.signal.addEventListener('abort', () => {
                clearTimeout(timer);
                resolve();
            }, { once: true });
        });
    }

    /** One connection from its beginning to its end. */
    async #connectOnce(target: MailboxUrl): Promise<void> {
        let resolveEnd: () => void = () => undefined;
        const end = new Promise<void>(resolve => (resolveEnd = resolve));
        const seen = { ready: false };
        await openMailboxSocket({
            target,
            dialer: this.#dialer,
            certificateAuthorities: this.#options.certificateAuthorities,
            maxFrame: 2 * sizeLimitsOf(this.#options).message + frameOverhead,
            handshakeLimitMs: this.#limits.connect,
            signal: this.#stop.signal,
        }, {
            onOpen: socket => {
                this.#socket = socket;
                this.#replyMissed = false;
                this.expectReply(true);
            },
            onText: text => this.#onText(text),
            onClosed: (why, violated) => {
                this.#log.debug(`mailbox: ${displayable(why)}`);
                seen.ready = this.#ready;
                this.#socket = undefined;
                this.#ready = false;
                clearTimeout(this.#replyTimer);
                if (violated) {
                    this.fail(new WormholeError('mailbox-protocol', 'the mailbox server broke the rules of the connection', displayable(why)));
                }
                resolveEnd();
            },
        });
        await end;
        if ((!seen.ready || this.#replyMissed) && !this.isOver()) {
            throw new WormholeError('mailbox-unreachable', seen.ready ? 'the mailbox server owes an answer' : 'the mailbox server closed the connection without a greeting');
        }
    }

    #onText(text: string): void {
        const decoded = decodeServerMessage(text);
        switch (decoded.kind) {
            case 'unknown':
                return;
            case 'malformed':
                this.fail(new WormholeError('mailbox-protocol', 'the mailbox server sent a malformed message', decoded.why));
                return;
            case 'message':
                if (decoded.message.type === 'welcome') {
                    void this.#onWelcome(decoded.message.welcome, this.#socket);
                } else if (this.#ready) {
                    this.#events.onMessage(decoded.message);
                }
        }
    }

    async #onWelcome(welcome: Welcome, socket: MailboxSocket | undefined): Promise<void> {
        if (this.#ready || this.#failed || socket === undefined) {
            return;
        }
        if (welcome.error !== undefined) {
            this.fail(new WormholeError('mailbox-refused', 'the mailbox server turns clients away', displayable(welcome.error, 1000)));
            return;
        }
        try {
            await this.#submitPermission(welcome['permission-required'], socket);
        } catch (error) {
            if (error instanceof WormholeError) {
                this.fail(error);
            }
            return;
        }
        if (this.#socket === socket) {
            this.send({ type: 'bind', appid: this.#options.appId, side: this.#side });
            this.#ready = true;
            this.#everReady = true;
            this.expectReply(false);
            this.#events.onReady(welcome.motd);
        }
    }

    /** Answers "permission-required": nothing for `none`, a stamp for `hashcash` up to the cap. */
    async #submitPermission(permission: Welcome['permission-required'], socket: MailboxSocket): Promise<void> {
        if (permission === undefined || permission.none !== undefined) {
            return;
        }
        const { hashcash } = permission;
        if (hashcash === undefined || hashcash.bits > maxHashcashBits) {
            throw new WormholeError('mailbox-permission', hashcash === undefined ? 'an unknown permission is asked for' : `a stamp of ${hashcash.bits} bits is asked for`);
        }
        const stamp = await mintStamp(hashcash.bits, hashcash.resource, this.#stop.signal);
        if (this.#socket === socket) {
            this.send({ type: 'submit-permissions', method: 'hashcash', stamp });
        }
    }
}
