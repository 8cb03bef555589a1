/**
 * One mailbox on the mailbox server, kept through lost connections: same side, same nameplate, and everything that the
 * server hasn't echoed is sent again.
 *
 * Source: magic-wormhole server-protocol.md, `_nameplate.py`, `_mailbox.py`. What must be true of the mailbox is state here;
 * `#advance` sends whatever this connection still lacks, so that a first connection and a later one are the same thing.
 */
import { randomBytes } from 'node:crypto';
import { CancelledError, messageOf } from '../errors';
import { silentLog, type Log } from '../log';
import { displayable, type Bytes } from './bytes';
import type { Dialer } from './dialer';
import { WormholeError, type Mood } from './errors';
import { maxHashcashBits, mintStamp } from './hashcash';
import { decodeServerMessage, encodeClientMessage, type ClientMessage, type ServerMessage, type Welcome } from './mailboxMessages';
import { openMailboxSocket, type MailboxSocket } from './mailboxSocket';
import { parseMailboxUrl, sizeLimitsOf, timeLimitsOf, type TimeLimits, type WormholeOptions } from './options';

export interface MailboxEvents {
    /** Greeted by the server, at every connection. `motd` is a stranger's text. */
    onWelcome(motd: string | undefined): void;
    onAllocated(nameplate: string): void;
    /** A message of the other side, each phase once. Always the same side. */
    onMessage(side: string, phase: string, body: Bytes): void;
    /** The end: nothing follows but `close`. */
    onFailure(error: Error): void;
}

/** What was sent on the present connection. */
interface Sent {
    bind: boolean;
    allocate: boolean;
    claim: boolean;
    open: boolean;
    release: boolean;
    close: boolean;
    readonly phases: Set<string>;
}

const freshSent = (): Sent => ({ bind: false, allocate: false, claim: false, open: false, release: false, close: false, phases: new Set() });
/** A whole exchange takes fewer than ten messages. */
const maxForeignMessages = 256;
const firstTriesThroughTor = 3;
const hexOverhead = 16 << 10;
const steadyMs = 10_000;

export class Mailbox {
    readonly side = randomBytes(5).toString('hex');
    readonly #options: WormholeOptions;
    readonly #limits: TimeLimits;
    readonly #dialer: Dialer;
    readonly #events: MailboxEvents;
    readonly #log: Log;
    readonly #stop = new AbortController();
    readonly #outbound = new Map<string, Bytes>();
    readonly #seen = new Set<string>();
    #socket: MailboxSocket | undefined;
    #sent = freshSent();
    #greeted = false;
    #everGreeted = false;
    #replyMissed = false;
    #theirSide: string | undefined;
    #foreignMessages = 0;
    #wantAllocate = false;
    #nameplate: string | undefined;
    #mailbox: string | undefined;
    #wantRelease = false;
    #released = false;
    #mood: Mood | undefined;
    #closed = false;
    #failed = false;
    /** Something can't be accepted: only the farewell is still listened to. */
    #refused = false;
    #replyTimer: NodeJS.Timeout | undefined;
    readonly #whenClosed: Promise<void>;
    #resolveClosed: () => void = () => undefined;

    constructor(options: WormholeOptions, dialer: Dialer, events: MailboxEvents) {
        this.#options = options;
        this.#limits = timeLimitsOf(options);
        this.#dialer = dialer;
        this.#events = events;
        this.#log = options.log ?? silentLog;
        this.#whenClosed = new Promise(resolve => (this.#resolveClosed = resolve));
    }

    /** Connects, and connects again whenever the connection is lost, until `close`. */
    start(): void {
        void this.#keepConnected().catch((error: unknown) => this.#fail(error instanceof Error ? error : new Error(messageOf(error))));
    }

    /** Asks for a nameplate; the answer is `onAllocated`. */
    allocate(): void {
        this.#wantAllocate = true;
        this.#advance();
    }

    /** Claims a nameplate (also an allocated one) and opens its mailbox. */
    claim(nameplate: string): void {
        this.#nameplate = nameplate;
        this.#advance();
    }

    /** Adds a message; it is sent again after a lost connection until the server has echoed it. */
    add(phase: string, body: Bytes): void {
        this.#outbound.set(phase, body);
        this.#advance();
    }

    /** Frees the nameplate for others once both sides are in the mailbox. */
    release(): void {
        this.#wantRelease = true;
        this.#advance();
    }

    /** Tells the server the outcome and ends the connection; waits for its answer no longer than the limit. Never rejects. */
    async close(mood: Mood): Promise<void> {
        this.#mood ??= mood;
        const isAnythingToClose = this.#mailbox !== undefined || (!this.#refused && (this.#nameplate !== undefined || this.#sent.allocate));
        if (this.#everGreeted && !this.#isOver() && isAnythingToClose) {
            this.#advance();
            const limit = setTimeout(() => this.#resolveClosed(), this.#limits.close);
            await this.#whenClosed;
            clearTimeout(limit);
        }
        this.#closed = true;
        clearTimeout(this.#replyTimer);
        this.#socket?.close();
        this.#socket = undefined;
        this.#stop.abort();
    }

    /** Drops the connection as a network failure would; for tests of reconnection. */
    dropConnection(): void {
        this.#socket?.destroy();
    }

    async #keepConnected(): Promise<void> {
        const target = parseMailboxUrl(this.#options.mailboxUrl);
        const maxFrame = 2 * sizeLimitsOf(this.#options).message + hexOverhead;
        let awaySince = Date.now();
        for (let attempt = 0; !this.#isOver(); attempt++) {
            const began = Date.now();
            try {
                await this.#connectOnce(target, maxFrame);
                awaySince = Date.now();
                // A server that greets and hangs up is not asked more and more often.
                attempt = awaySince - began > steadyMs ? 0 : attempt;
            } catch (error) {
                if (this.#isOver() || error instanceof CancelledError) {
                    return;
                }
                this.#refuseToRetry(error, attempt, Date.now() - awaySince);
                this.#log.debug(`mailbox: ${messageOf(error)}; trying again`);
            }
            await this.#pause(Math.min(10_000, 200 * 1.6 ** attempt));
        }
    }

    #isOver(): boolean {
        return this.#closed || this.#failed || (this.#refused && this.#socket === undefined);
    }

    /** Throws `error` again where another try can't help or patience is at its end. */
    #refuseToRetry(error: unknown, attempt: number, awayMs: number): void {
        const reason = error instanceof WormholeError ? error.reason : undefined;
        const again = reason === 'mailbox-unreachable' || (reason === 'tor-unreachable' && this.#everGreeted);
        const tries = this.#everGreeted ? Infinity : this.#options.route.kind === 'tor' ? firstTriesThroughTor : 1;
        if (!again || attempt + 1 >= tries || awayMs > this.#limits.mailboxAway) {
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
    async #connectOnce(target: ReturnType<typeof parseMailboxUrl>, maxFrame: number): Promise<void> {
        let ended: () => void = () => undefined;
        const end = new Promise<void>(resolve => (ended = resolve));
        await openMailboxSocket({
            target,
            dialer: this.#dialer,
            certificateAuthorities: this.#options.certificateAuthorities,
            maxFrame,
            handshakeLimitMs: this.#limits.connect,
            signal: this.#stop.signal,
        }, {
            onOpen: socket => {
                this.#socket = socket;
                this.#sent = freshSent();
                this.#replyMissed = false;
                this.#greeted = false;
                this.#expectReply(true);
            },
            onText: text => this.#onText(text),
            onClosed: (why, violated) => {
                this.#log.debug(`mailbox: ${displayable(why)}`);
                this.#socket = undefined;
                clearTimeout(this.#replyTimer);
                if (violated) {
                    this.#refuse(new WormholeError('mailbox-protocol', 'the mailbox server broke the rules of the connection', displayable(why)));
                }
                ended();
            },
        });
        await end;
        if ((!this.#greeted || this.#replyMissed) && !this.#isOver()) {
            throw new WormholeError('mailbox-unreachable', this.#greeted ? 'the mailbox server owes an answer' : 'the mailbox server closed the connection without a greeting');
        }
    }

    /** Drops the connection if a reply that is owed doesn't come. */
    #expectReply(owed: boolean): void {
        clearTimeout(this.#replyTimer);
        if (owed) {
            this.#replyTimer = setTimeout(() => {
                this.#replyMissed = true;
                this.#socket?.destroy();
            }, this.#limits.mailboxReply);
        }
    }

    #fail(error: Error): void {
        if (!this.#isOver()) {
            this.#failed = true;
            this.#resolveClosed();
            this.#events.onFailure(error);
        }
    }

    /** Fails, but leaves the connection up, so that `close` can still tell the mood. */
    #refuse(error: WormholeError): void {
        if (this.#mood !== undefined) {
            this.#resolveClosed();
        } else if (!this.#refused) {
            this.#refused = true;
            this.#events.onFailure(error);
        }
    }

    #onText(text: string): void {
        const decoded = decodeServerMessage(text);
        switch (decoded.kind) {
            case 'unknown':
                return;
            case 'malformed':
                this.#refuse(new WormholeError('mailbox-protocol', 'the mailbox server sent a malformed message', decoded.why));
                return;
            case 'message':
                if (!this.#refused || decoded.message.type === 'closed') {
                    this.#onServerMessage(decoded.message);
                }
        }
    }

    #onServerMessage(message: ServerMessage): void {
        switch (message.type) {
            case 'welcome':
                void this.#onWelcome(message.welcome, this.#socket);
                return;
            case 'allocated':
                // Only the answer to a question is an answer.
                if (this.#sent.allocate && this.#nameplate === undefined) {
                    this.#expectReply(false);
                    this.#nameplate = message.nameplate;
                    this.#advance();
                    this.#events.onAllocated(message.nameplate);
                }
                return;
            case 'claimed':
                if (this.#sent.claim && this.#mailbox === undefined) {
                    this.#expectReply(false);
                    this.#mailbox = message.mailbox;
                    this.#advance();
                }
                return;
            case 'released':
                this.#released ||= this.#sent.release;
                return;
            case 'message':
                this.#onMailboxMessage(message.side, message.phase, message.body);
                return;
            case 'closed':
                if (this.#sent.close) {
                    this.#resolveClosed();
                }
                return;
            case 'error':
                this.#refuse(serverError(message.error));
        }
    }

    async #onWelcome(welcome: Welcome, socket: MailboxSocket | undefined): Promise<void> {
        if (this.#sent.bind || socket === undefined) {
            return;
        }
        if (welcome.error !== undefined) {
            this.#refuse(new WormholeError('mailbox-refused', 'the mailbox server turns clients away', displayable(welcome.error, 1000)));
            return;
        }
        try {
            await this.#submitPermission(welcome['permission-required'], socket);
        } catch (error) {
            if (error instanceof WormholeError) {
                this.#refuse(error);
            }
            return;
        }
        if (this.#socket === socket && !this.#closed) {
            this.#send({ type: 'bind', appid: this.#options.appId, side: this.side });
            this.#sent.bind = true;
            this.#greeted = true;
            this.#everGreeted = true;
            this.#expectReply(false);
            this.#advance();
            this.#events.onWelcome(welcome.motd);
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
            this.#send({ type: 'submit-permissions', method: 'hashcash', stamp });
        }
    }

    #onMailboxMessage(side: string, phase: string, body: Bytes): void {
        if (!this.#sent.open) {
            return;
        }
        if (side === this.side) {
            this.#outbound.delete(phase);
            return;
        }
        if (++this.#foreignMessages > maxForeignMessages) {
            this.#refuse(new WormholeError('peer-protocol', 'the other side sends without end'));
            return;
        }
        // The first other side is the one: a third would be a second guess, or in the way of the second's phases.
        this.#theirSide ??= side;
        if (side !== this.#theirSide || this.#seen.has(phase)) {
            return;
        }
        this.#seen.add(phase);
        this.#events.onMessage(side, phase, body);
    }

    #send(message: ClientMessage): void {
        this.#socket?.send(encodeClientMessage(message));
    }

    #advance(): void {
        const sent = this.#sent;
        if (this.#socket === undefined || !sent.bind) {
            return;
        }
        const closing = this.#mood !== undefined;
        if (this.#nameplate === undefined) {
            if (this.#wantAllocate && !sent.allocate && !closing) {
                sent.allocate = true;
                this.#send({ type: 'allocate' });
                this.#expectReply(true);
            }
            return;
        }
        if (this.#mailbox === undefined) {
            if (!sent.claim) {
                sent.claim = true;
                this.#send({ type: 'claim', nameplate: this.#nameplate });
                this.#expectReply(true);
            }
            return;
        }
        this.#advanceOpen(this.#nameplate, this.#mailbox, sent);
    }

    #advanceOpen(nameplate: string, mailbox: string, sent: Sent): void {
        if (!sent.open) {
            sent.open = true;
            this.#send({ type: 'open', mailbox });
        }
        for (const [phase, body] of this.#outbound) {
            if (!sent.phases.has(phase)) {
                sent.phases.add(phase);
                this.#send({ type: 'add', phase, body });
            }
        }
        if ((this.#wantRelease || this.#mood !== undefined) && !this.#released && !sent.release) {
            sent.release = true;
            this.#send({ type: 'release', nameplate });
        }
        if (this.#mood !== undefined && !sent.close) {
            sent.close = true;
            this.#send({ type: 'close', mailbox, mood: this.#mood });
        }
    }
}

/** The server's `error` messages that mean something to people (`server_websocket.py`). */
function serverError(words: string): WormholeError {
    const detail = displayable(words, 1000);
    // `reclaimed`: this side had released the nameplate already, which no honest order of events leads to.
    return words === 'crowded'
        ? new WormholeError('crowded', 'a third party uses the same code', detail)
        : new WormholeError('mailbox-error', 'the mailbox server reports an error', detail);
}
