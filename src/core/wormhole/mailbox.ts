/**
 * One mailbox on the mailbox server, kept through lost connections: same side, same nameplate, and everything that the
 * server hasn't echoed is sent again.
 *
 * Source: magic-wormhole server-protocol.md, `_nameplate.py`, `_mailbox.py`. What must be true of the mailbox is state here;
 * `#advance` sends whatever the present connection still lacks, so that a first connection and a later one are the same thing.
 */
import { randomBytes } from 'node:crypto';
import { displayable, type Bytes } from './bytes';
import type { Dialer } from './dialer';
import { WormholeError, type Mood } from './errors';
import { MailboxLink } from './mailboxLink';
import type { ServerMessage } from './mailboxMessages';
import { timeLimitsOf, type WormholeOptions } from './options';

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
    allocate: boolean;
    claim: boolean;
    open: boolean;
    release: boolean;
    close: boolean;
    readonly phases: Set<string>;
}

const freshSent = (): Sent => ({ allocate: false, claim: false, open: false, release: false, close: false, phases: new Set() });
/** A whole exchange takes fewer than ten messages. */
const maxForeignMessages = 256;

export class Mailbox {
    readonly side = randomBytes(5).toString('hex');
    readonly #link: MailboxLink;
    readonly #events: MailboxEvents;
    readonly #closeLimitMs: number;
    readonly #outbound = new Map<string, Bytes>();
    readonly #seen = new Set<string>();
    #sent = freshSent();
    #theirSide: string | undefined;
    #foreignMessages = 0;
    #wantAllocate = false;
    #nameplate: string | undefined;
    #mailbox: string | undefined;
    #wantRelease = false;
    #released = false;
    /** Set once the mailbox is to be closed. */
    #mood: Mood | undefined;
    /** Only the farewell is still listened to. */
    #failed = false;
    readonly #whenClosed: Promise<void>;
    #resolveClosed: () => void = () => undefined;

    constructor(options: WormholeOptions, dialer: Dialer, events: MailboxEvents) {
        this.#events = events;
        this.#closeLimitMs = timeLimitsOf(options).close;
        this.#whenClosed = new Promise(resolve => (this.#resolveClosed = resolve));
        this.#link = new MailboxLink(options, dialer, this.side, {
            onReady: motd => {
                this.#sent = freshSent();
                this.#advance();
                events.onWelcome(motd);
            },
            onMessage: message => this.#onServerMessage(message),
            onFailure: error => this.#onFailure(error),
        });
    }

    /** Connects, and connects again whenever the connection is lost, until `close`. */
    start(): void {
        this.#link.start();
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
        const isAnythingToClose = this.#mailbox !== undefined || (!this.#failed && (this.#nameplate !== undefined || this.#sent.allocate));
        if (this.#link.everReady && !this.#link.isOver() && isAnythingToClose) {
            this.#advance();
            const limit = setTimeout(() => this.#resolveClosed(), this.#closeLimitMs);
            await this.#whenClosed;
            clearTimeout(limit);
        }
        this.#link.end();
    }

    /** Drops the connection as a network failure would; for tests of reconnection. */
    dropConnection(): void {
        this.#link.drop();
    }

    #onFailure(error: Error): void {
        this.#failed = true;
        if (this.#mood !== undefined || this.#link.isOver()) {
            this.#resolveClosed();
        }
        if (this.#mood === undefined) {
            this.#events.onFailure(error);
        }
    }

    #onServerMessage(message: ServerMessage): void {
        if (this.#failed && message.type !== 'closed') {
            return;
        }
        switch (message.type) {
            case 'welcome':
                return;
            case 'allocated':
                // Only the answer to a question is an answer.
                if (this.#sent.allocate && this.#nameplate === undefined) {
                    this.#link.expectReply(false);
                    this.#nameplate = message.nameplate;
                    this.#advance();
                    this.#events.onAllocated(message.nameplate);
                }
                return;
            case 'claimed':
                if (this.#sent.claim && this.#mailbox === undefined) {
                    this.#link.expectReply(false);
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
                this.#link.fail(serverError(message.error));
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
            this.#link.fail(new WormholeError('peer-protocol', 'the other side sends without end'));
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

    #advance(): void {
        if (!this.#link.ready) {
            return;
        }
        const sent = this.#sent;
        if (this.#nameplate === undefined) {
            if (this.#wantAllocate && !sent.allocate && this.#mood === undefined) {
                sent.allocate = true;
                this.#link.send({ type: 'allocate' });
                this.#link.expectReply(true);
            }
        } else if (this.#mailbox === undefined) {
            if (!sent.claim) {
                sent.claim = true;
                this.#link.send({ type: 'claim', nameplate: this.#nameplate });
                this.#link.expectReply(true);
            }
        } else {
            this.#advanceOpen(this.#nameplate, this.#mailbox, sent);
        }
    }

    #advanceOpen(nameplate: string, mailbox: string, sent: Sent): void {
        if (!sent.open) {
            sent.open = true;
            this.#link.send({ type: 'open', mailbox });
        }
        for (const [phase, body] of this.#outbound) {
            if (!sent.phases.has(phase)) {
                sent.phases.add(phase);
                this.#link.send({ type: 'add', phase, body });
            }
        }
        if ((this.#wantRelease || this.#mood !== undefined) && !this.#released && !sent.release) {
            sent.release = true;
            this.#link.send({ type: 'release', nameplate });
        }
        if (this.#mood !== undefined && !sent.close) {
            sent.close = true;
            this.#link.send({ type: 'close', mailbox, mood: this.#mood });
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
