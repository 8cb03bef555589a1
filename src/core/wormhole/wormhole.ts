/**
 * One wormhole: a mailbox, one key exchange, and messages that only the two holders of the code can read, in order.
 *
 * Source: magic-wormhole client-protocol.md, `_boss.py`, `_key.py`, `_order.py`, `_receive.py`. One wormhole makes one
 * exchange: whatever fails, the code is spent.
 */
import { CancelledError } from '../errors';
import { fromHex, jsonFromBytes, jsonToBytes, textToBytes, toHex, type Bytes } from './bytes';
import { makeCode, parseCode } from './code';
import { dialerFor, type Dialer } from './dialer';
import { moodOf, WormholeError, type Mood } from './errors';
import { Inbox, maxEarlyMessages, type Waiter } from './inbox';
import { phaseKey, seal, transitKey, unseal, verifier } from './keys';
import { Mailbox } from './mailbox';
import { sizeLimitsOf, timeLimitsOf, type WormholeOptions } from './options';
import { Spake2 } from './spake2';

interface Incoming {
    readonly phase: string;
    readonly body: Bytes;
}

const numericPhase = /^(?:0|[1-9][0-9]{0,5})$/u;

export class Wormhole {
    readonly dialer: Dialer;
    readonly #options: WormholeOptions;
    readonly #mailbox: Mailbox;
    #words = 2;
    #spake: Spake2 | undefined;
    #key: Bytes | undefined;
    #theirSide: string | undefined;
    #verified = false;
    #failure: Error | undefined;
    readonly #failed = new AbortController();
    #closing: Promise<void> | undefined;
    #motd: string | undefined;
    readonly #early: Incoming[] = [];
    #earlyBytes = 0;
    readonly #inbox = new Inbox();
    #nextOut = 0;
    #peerTimer: NodeJS.Timeout | undefined;
    readonly #codeWaiters: Waiter<string>[] = [];
    readonly #verifiedWaiters: Waiter<Bytes>[] = [];
    readonly #onAbort = (): void => this.#fail(new CancelledError('the wormhole'));

    /** Nothing is sent before `connect`. */
    constructor(options: WormholeOptions) {
        this.#options = options;
        this.dialer = dialerFor(options.route, timeLimitsOf(options).connect);
        this.#mailbox = new Mailbox(options, this.dialer, {
            onWelcome: motd => (this.#motd = motd),
            onAllocated: nameplate => this.#onAllocated(nameplate),
            onMessage: (side, phase, body) => this.#guarded(() => this.#onMessage(side, phase, body)),
            onFailure: error => this.#fail(error),
        });
        options.signal?.addEventListener('abort', this.#onAbort, { once: true });
    }

    /** Whether the other side has proved that it holds the same code. */
    get verified(): boolean {
        return this.#verified;
    }

    /** Aborted when the wormhole fails or is closed, so that a transfer next to it ends too. */
    get failed(): AbortSignal {
        return this.#failed.signal;
    }

    /** The server's message of the day: a stranger's text, see `displayable`. */
    get motd(): string | undefined {
        return this.#motd;
    }

    /** Connects to the mailbox server. Failures come out of whatever is awaited next. */
    connect(): void {
        if (this.#options.signal?.aborted === true) {
            this.#onAbort();
        } else {
            this.#mailbox.start();
        }
    }

    /** A new code, made as soon as the server has given out a nameplate. @param words 16 bits for two */
    allocateCode(words = 2): Promise<string> {
        this.#words = words;
        this.#mailbox.allocate();
        return this.#wait(this.#codeWaiters);
    }

    /**
     * Uses a code that somebody has.
     * @throws {WormholeError} `invalid-code`
     */
    useCode(typed: string): string {
        const { code, nameplate } = parseCode(typed);
        this.#begin(code);
        this.#mailbox.claim(nameplate);
        return code;
    }

    /** The verifier, once the other side has proved that it holds the same code. */
    whenVerified(): Promise<Bytes> {
        return this.#verified && this.#key !== undefined ? Promise.resolve(verifier(this.#key)) : this.#wait(this.#verifiedWaiters);
    }

    /** Sends a JSON value as the next message. Only after `whenVerified`: what is sent may tell who we are. */
    send(value: unknown): void {
        const key = this.#key;
        if (key === undefined || !this.#verified) {
            throw new Error('nothing is sent before the other side is verified');
        }
        if (this.#failure === undefined) {
            this.#addSealed(key, String(this.#nextOut++), jsonToBytes(value));
        }
    }

    /** A last word before `close`, sent also after a failure if the other side was verified. */
    sendLast(value: unknown): void {
        if (this.#key !== undefined && this.#verified && this.#closing === undefined) {
            this.#addSealed(this.#key, String(this.#nextOut++), jsonToBytes(value));
        }
    }

    /** The next message of the other side: a JSON value, unchecked. */
    async receive(): Promise<unknown> {
        const bytes = await this.#inbox.read();
        const value = jsonFromBytes(bytes);
        if (value === undefined) {
            throw new WormholeError('peer-protocol', 'the other side sent what is not JSON');
        }
        return value;
    }

    /** The key for the bulk connection; only after `whenVerified`. */
    transitKey(): Bytes {
        if (this.#key === undefined) {
            throw new Error('there is no key yet');
        }
        return transitKey(this.#key);
    }

    /**
     * Ends the wormhole and tells the server how it went; once. Never rejects.
     * @param failure what went wrong, or undefined if all went well
     */
    close(failure?: unknown): Promise<void> {
        return this.#closing ??= this.#close(failure === undefined ? 'happy' : moodOf(failure, this.#verified));
    }

    /** Drops the mailbox connection as a network failure would; for tests of reconnection. */
    dropConnection(): void {
        this.#mailbox.dropConnection();
    }

    async #close(mood: Mood): Promise<void> {
        clearTimeout(this.#peerTimer);
        this.#options.signal?.removeEventListener('abort', this.#onAbort);
        await this.#mailbox.close(mood);
        this.#fail(new CancelledError('the wormhole'));
        this.#key?.fill(0);
    }

    #onAllocated(nameplate: string): void {
        this.#guarded(() => {
            const code = makeCode(nameplate, this.#words);
            this.#begin(code);
            this.#mailbox.claim(nameplate);
            this.#codeWaiters.splice(0).forEach(waiter => waiter.resolve(code));
        });
    }

    #begin(code: string): void {
        if (this.#spake !== undefined) {
            throw new Error('a wormhole has one code');
        }
        this.#spake = new Spake2(textToBytes(code), textToBytes(this.#options.appId));
        this.#mailbox.add('pake', jsonToBytes({ pake_v1: toHex(this.#spake.message) }));
        this.#limitPeer(timeLimitsOf(this.#options).peer);
    }

    #limitPeer(limitMs: number): void {
        clearTimeout(this.#peerTimer);
        if (limitMs > 0) {
            this.#peerTimer = setTimeout(() => this.#fail(new WormholeError('peer-absent', `nothing from the other side within ${limitMs} ms`)), limitMs);
        }
    }

    /** What a stranger's message makes fail is a failure of the wormhole, never of the program. */
    #guarded(action: () => void): void {
        try {
            action();
        } catch (error) {
            this.#fail(error instanceof WormholeError ? error : new WormholeError('peer-protocol', 'the other side sent something unforeseen', String(error), { cause: error }));
        }
    }

    #onMessage(side: string, phase: string, body: Bytes): void {
        if (this.#failure !== undefined) {
            return;
        }
        if (this.#theirSide === undefined) {
            this.#theirSide = side;
            this.#mailbox.release();
            this.#limitPeer(timeLimitsOf(this.#options).peerStep);
        }
        if (!(phase === 'pake' || phase === 'version' || numericPhase.test(phase))) {
            return;
        }
        if (body.length > sizeLimitsOf(this.#options).message) {
            throw new WormholeError('peer-protocol', 'the other side sent too long a message');
        }
        if (phase === 'pake') {
            this.#onPake(body);
        } else if (this.#key === undefined) {
            this.#hold({ phase, body });
        } else {
            this.#onSealed(this.#key, side, { phase, body });
        }
    }

    #hold(incoming: Incoming): void {
        this.#earlyBytes += incoming.body.length;
        if (this.#early.push(incoming) > maxEarlyMessages || this.#earlyBytes > sizeLimitsOf(this.#options).message) {
            throw new WormholeError('peer-protocol', 'the other side sent too much before the key exchange');
        }
    }

    #onPake(body: Bytes): void {
        const message = jsonFromBytes(body);
        const field: unknown = typeof message === 'object' && message !== null && 'pake_v1' in message ? message.pake_v1 : undefined;
        const theirs = typeof field === 'string' ? fromHex(field) : undefined;
        if (theirs === undefined || this.#spake === undefined || this.#theirSide === undefined) {
            throw new WormholeError('hostile-key-exchange', 'the key exchange message has another form');
        }
        this.#key = this.#spake.finish(theirs);
        this.#addSealed(this.#key, 'version', jsonToBytes({ abilities: [], app_versions: {} }));
        for (const incoming of this.#early.splice(0)) {
            this.#onSealed(this.#key, this.#theirSide, incoming);
        }
    }

    #addSealed(key: Bytes, phase: string, plaintext: Bytes): void {
        this.#mailbox.add(phase, seal(phaseKey(key, this.#mailbox.side, phase), plaintext));
    }

    #onSealed(key: Bytes, side: string, { phase, body }: Incoming): void {
        const plaintext = unseal(phaseKey(key, side, phase), body);
        if (plaintext === undefined) {
            throw new WormholeError('wrong-code', 'the keys of the two sides differ');
        }
        if (!this.#verified) {
            this.#verified = true;
            clearTimeout(this.#peerTimer);
            this.#verifiedWaiters.splice(0).forEach(waiter => waiter.resolve(verifier(key)));
        }
        if (phase !== 'version') {
            this.#inbox.arrive(Number(phase), plaintext);
        }
    }

    #wait<T>(waiters: Waiter<T>[]): Promise<T> {
        if (this.#failure !== undefined) {
            return Promise.reject(this.#failure);
        }
        return new Promise((resolve, reject) => waiters.push({ resolve, reject }));
    }

    #fail(error: Error): void {
        if (this.#failure === undefined) {
            this.#failure = error;
            clearTimeout(this.#peerTimer);
            for (const waiter of [...this.#codeWaiters.splice(0), ...this.#verifiedWaiters.splice(0)]) {
                waiter.reject(error);
            }
            this.#inbox.fail(error);
            this.#failed.abort(error);
        }
    }
}
