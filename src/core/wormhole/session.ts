/**
 * What sending and receiving have in common: a wormhole around one transfer, closed on every way out with the right mood,
 * and the other side told when this one gives up.
 */
import { CancelledError } from '../errors';
import { displayable } from './bytes';
import { WormholeError } from './errors';
import { parseMailboxUrl, parseRelay, timeLimitsOf, type TimeLimits, type WormholeOptions } from './options';
import type { TransferStatus } from './status';
import { Transit } from './transit/connect';
import type { Role } from './transit/handshake';
import { decodeTransferMessage, encodeError, type TransferMessage } from './transferMessages';
import { Wormhole } from './wormhole';

export interface TransferOptions extends WormholeOptions {
    readonly onStatus?: ((status: TransferStatus) => void) | undefined;
}

/** Words for the other side when this one gives up; they tell nothing about this computer. */
function wordsFor(error: unknown): string {
    if (error instanceof WormholeError && error.reason === 'offer-refused') {
        return 'transfer rejected';
    }
    return error instanceof CancelledError ? 'transfer cancelled' : 'transfer failed';
}

export class Session {
    readonly wormhole: Wormhole;
    readonly limits: TimeLimits;
    readonly #options: TransferOptions;
    #peerGaveUp = false;

    private constructor(options: TransferOptions) {
        this.#options = options;
        this.limits = timeLimitsOf(options);
        this.wormhole = new Wormhole(options);
    }

    /** Runs one transfer. @throws {WormholeError}; {CancelledError} */
    static async run<T>(options: TransferOptions, transfer: (session: Session) => Promise<T>): Promise<T> {
        // Mistakes in the options come out before anything is sent.
        parseMailboxUrl(options.mailboxUrl);
        if (options.relay !== undefined) {
            parseRelay(options.relay);
        }
        const session = new Session(options);
        session.report({ step: 'connecting' });
        session.wormhole.connect();
        let failure: unknown;
        try {
            const result = await transfer(session);
            return result;
        } catch (error) {
            failure = error ?? new Error('unknown');
            session.#tellPeer(error);
            throw error;
        } finally {
            await session.wormhole.close(failure);
            if (failure === undefined) {
                session.report({ step: 'done' });
            }
        }
    }

    report(status: TransferStatus): void {
        this.#options.onStatus?.(status);
    }

    /** A transit by this session's route and relay. */
    transit(role: Role): Transit {
        const { relay, log } = this.#options;
        return new Transit({ role, dialer: this.wormhole.dialer, relay: relay === undefined ? undefined : parseRelay(relay), limitMs: this.limits.transit, log });
    }

    /** Waits for something outside (a person), unless the wormhole fails first. */
    unlessFailed<T>(promise: Promise<T>): Promise<T> {
        const { failed } = this.wormhole;
        return new Promise((resolve, reject) => {
            const onFailed = (): void => reject(failed.reason instanceof Error ? failed.reason : new CancelledError('the transfer'));
            failed.addEventListener('abort', onFailed, { once: true });
            if (failed.aborted) {
                onFailed();
            }
            promise.then(resolve, (error: unknown) => reject(error instanceof Error ? error : new Error(String(error)))).finally(() => failed.removeEventListener('abort', onFailed));
        });
    }

    /** Waits until the other side has proved that it holds the code. */
    async verified(): Promise<void> {
        this.report({ step: 'waiting' });
        this.report({ step: 'verified', verifier: await this.wormhole.whenVerified() });
    }

    /**
     * The next message, checked.
     * @param limitMs how long to wait for it; 0 for no limit
     * @throws {WormholeError} `peer-error` if the other side gives up, `peer-lost` at the limit, `peer-protocol`
     */
    async receive(limitMs: number): Promise<TransferMessage> {
        const message = decodeTransferMessage(await withLimit(this.wormhole.receive(), limitMs));
        if (message === undefined) {
            throw new WormholeError('peer-protocol', 'the other side sent a malformed message');
        }
        if (message.error !== undefined) {
            this.#peerGaveUp = true;
            throw new WormholeError('peer-error', 'the other side gave up', displayable(message.error, 500));
        }
        return message;
    }

    /**
     * Runs `work` while listening for the other side giving up, or this wormhole failing, which aborts its signal.
     * A mailbox server that is lost meanwhile doesn't matter: what is left goes by the transit.
     */
    async whileListening<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
        const stop = new AbortController();
        const { signal } = this.#options;
        const onAbort = (): void => stop.abort();
        signal?.addEventListener('abort', onAbort, { once: true });
        if (signal?.aborted === true) {
            onAbort();
        }
        let failure: unknown;
        const listen = async (): Promise<void> => {
            try {
                for (;;) {
                    await this.receive(0);
                }
            } catch (error) {
                if (error instanceof WormholeError && (error.reason === 'peer-error' || error.reason === 'peer-protocol')) {
                    failure = error;
                    stop.abort();
                }
            }
        };
        void listen();
        try {
            return await work(stop.signal);
        } catch (error) {
            throw signal?.aborted === true ? new CancelledError('the transfer') : (failure ?? error);
        } finally {
            signal?.removeEventListener('abort', onAbort);
        }
    }

    #tellPeer(error: unknown): void {
        if (this.wormhole.verified && !this.#peerGaveUp) {
            try {
                this.wormhole.sendLast(encodeError(wordsFor(error)));
            } catch {
                // Nothing can be said any more; it was only a courtesy.
            }
        }
    }
}

async function withLimit<T>(promise: Promise<T>, limitMs: number): Promise<T> {
    if (limitMs <= 0) {
        return promise;
    }
    let timer: NodeJS.Timeout | undefined;
    try {
        return await Promise.race([
            promise,
            new Promise<never>((_resolve, reject) => {
                timer = setTimeout(() => reject(new WormholeError('peer-lost', `the other side said nothing for ${limitMs} ms`)), limitMs);
            }),
        ]);
    } finally {
        clearTimeout(timer);
    }
}
