/**
 * One conversation with a peer's git-annex: the client's side of the peer-to-peer protocol (git-annex, P2P/Protocol.hs and
 * doc/design/p2p_protocol.mdwn).
 *
 * One request at a time. After a time limit, a cancel or a breach of the protocol the connection is closed, since what was
 * asked for could still come as the answer to the next request. An `ERROR` answer leaves it usable.
 */
import type { Duplex } from 'node:stream';
import { throwIfCancelled } from '../errors';
import { inert } from '../../shared/inert';
import { formatMessage, parseMessage } from './codec';
import { P2PError, type P2PReason } from './errors';
import { maxProtocolVersion, type Message } from './messages';
import { receiveContent, sendContent, type Get, type GetResult, type Put, type PutResult } from './transfer';
import { Wire, type Waiting } from './wire';

export interface RequestOptions {
    readonly signal?: AbortSignal | undefined;
    /** Longest silence of the other end; default {@link defaultTimeLimitMs}. */
    readonly timeLimitMs?: number;
}

/** Over Tor a round trip takes up to some seconds; the other end may have to wait for a lock. */
export const defaultTimeLimitMs = 30_000;

/** Errors that are complete answers, after which the next request can be made. */
const answers: ReadonlySet<P2PReason> = new Set<P2PReason>(['refused', 'remote-error', 'unavailable']);

/** What a request may do with the wire while it is under way. */
export interface Conversation {
    readonly wire: Wire;
    readonly waiting: Waiting;
    send(message: Message): Promise<void>;
    /** @throws {P2PError} `remote-error` for ERROR */
    receive(): Promise<Message>;
    /** The error for an answer that isn't allowed here; the connection is closed. */
    unexpected(message: Message): P2PError;
}

export class P2PConnection {
    readonly #wire: Wire;
    #version = 0;
    #peerUuid: string | undefined;
    #busy = false;

    /** @param stream a fresh connection to a peer's service; owned by this object from now on */
    constructor(stream: Duplex) {
        this.#wire = new Wire(stream);
    }

    /** The version that both ends speak; 0 until {@link negotiate}. */
    get version(): number {
        return this.#version;
    }

    /** The uuid that the other end said it has; undefined until {@link authenticate}. */
    get peerUuid(): string | undefined {
        return this.#peerUuid;
    }

    get isOpen(): boolean {
        return this.#wire.isOpen;
    }

    close(): void {
        this.#wire.close();
    }

    /**
     * AUTH: says who we are. Gives back the other repository's uuid, which proves nothing: what proves is the onion address.
     * @throws {P2PError} `refused` if the token isn't accepted; the other end would let us try another
     */
    authenticate(ownUuid: string, token: string, options?: RequestOptions): Promise<string> {
        return this.#request(options, async talk => {
            await talk.send({ kind: 'auth', uuid: ownUuid, token });
            const answer = await talk.receive();
            switch (answer.kind) {
                case 'auth-success':
                    this.#peerUuid = answer.uuid;
                    return answer.uuid;
                case 'auth-failure':
                    throw new P2PError('refused', 'the other end does not accept our token');
                default:
                    throw talk.unexpected(answer);
            }
        });
    }

    /** VERSION: agrees on the highest version that both speak; a very old other end doesn't know the question, and speaks 0. */
    negotiate(wanted: number = maxProtocolVersion, options?: RequestOptions): Promise<number> {
        return this.#request(options, async talk => {
            await talk.send({ kind: 'version', version: wanted });
            const answer = await talk.receive().catch((error: unknown) => {
                if (error instanceof P2PError && error.reason === 'remote-error') {
                    return undefined;
                }
                throw error;
            });
            if (answer !== undefined && (answer.kind !== 'version' || answer.version > wanted)) {
                throw talk.unexpected(answer);
            }
            this.#version = answer?.version ?? 0;
            return this.#version;
        });
    }

    /** BYPASS: cluster gateways that the other end shall not connect to; without an answer. */
    async bypass(uuids: readonly string[], options?: RequestOptions): Promise<void> {
        this.#needs(2);
        await this.#request(options, talk => talk.send({ kind: 'bypass', uuids }));
    }

    /** Whether the other repository has the content of a key now. */
    async checkPresent(key: string, options?: RequestOptions): Promise<boolean> {
        return (await this.#successOrFailure({ kind: 'check-present', key }, options)).ok;
    }

    /** LOCKCONTENT: keeps the content from being removed until {@link unlockContent} or the connection's end. */
    async lockContent(key: string, options?: RequestOptions): Promise<boolean> {
        return (await this.#successOrFailure({ kind: 'lock-content', key }, options)).ok;
    }

    /** UNLOCKCONTENT, without an answer. */
    unlockContent(options?: RequestOptions): Promise<void> {
        return this.#request(options, talk => talk.send({ kind: 'unlock-content' }));
    }

    /** The other end's own clock in seconds, which REMOVE-BEFORE goes by; also a sign of life that changes nothing. */
    async timestamp(options?: RequestOptions): Promise<number> {
        this.#needs(3);
        return this.#request(options, async talk => {
            await talk.send({ kind: 'get-timestamp' });
            const answer = await talk.receive();
            if (answer.kind !== 'timestamp') {
                throw talk.unexpected(answer);
            }
            return answer.seconds;
        });
    }

    /**
     * NOTIFYCHANGE: waits until refs of the other repository change; gives back the commits that they point to then. The other
     * end keeps what happens between two calls.
     * @param options.timeLimitMs none by default: a quiet repository is silent for days
     */
    waitForChange(options?: RequestOptions): Promise<readonly string[]> {
        return this.#request({ timeLimitMs: longestTimer, ...options }, async talk => {
            await talk.send({ kind: 'notify-change' });
            const answer = await talk.receive();
            if (answer.kind !== 'changed') {
                throw talk.unexpected(answer);
            }
            return answer.commits;
        });
    }

    /** GET: receives the content of a key from an offset. See {@link Get}. */
    get(get: Get, options?: RequestOptions): Promise<GetResult> {
        return this.#request(options, talk => receiveContent(talk, this.#version, get));
    }

    /** PUT: stores the content of a key at the other end. See {@link Put}. */
    put(put: Put, options?: RequestOptions): Promise<PutResult> {
        return this.#request(options, talk => sendContent(talk, this.#version, put));
    }

    #successOrFailure(message: Message, options?: RequestOptions): Promise<{ readonly ok: boolean }> {
        return this.#request(options, async talk => {
            await talk.send(message);
            const answer = await talk.receive();
            if (answer.kind !== 'success' && answer.kind !== 'failure') {
                throw talk.unexpected(answer);
            }
            return { ok: answer.kind === 'success' };
        });
    }

    #needs(version: number): void {
        if (this.#version < version) {
            throw new P2PError('unsupported', `this needs version ${version} of the protocol, the other end speaks ${this.#version}`);
        }
    }

    async #request<T>(options: RequestOptions | undefined, work: (talk: Conversation) => Promise<T>): Promise<T> {
        if (this.#busy) {
            throw new P2PError('busy', 'another request is under way on this connection');
        }
        throwIfCancelled(options?.signal);
        this.#busy = true;
        const wire = this.#wire;
        const progress = { begun: false };
        const waiting: Waiting = { timeLimitMs: options?.timeLimitMs ?? defaultTimeLimitMs, signal: options?.signal };
        try {
            return await work({
                wire,
                waiting,
                send: async message => {
                    const line = `${formatMessage(message)}\n`;
                    progress.begun = true;
                    await wire.write(line, waiting);
                },
                receive: async () => this.#answer(parseMessage(await wire.readLine(waiting))),
                unexpected: message => wire.fail(new P2PError('protocol', `the other end answered ${message.kind} out of turn`)),
            });
        } catch (error) {
            // Anything else, as a consumer that threw, leaves the conversation at an unknown point.
            if (progress.begun && !(error instanceof P2PError && answers.has(error.reason))) {
                wire.close();
            }
            throw error;
        } finally {
            this.#busy = false;
        }
    }

    #answer(message: Message | undefined): Message {
        if (message === undefined) {
            throw this.#wire.fail(new P2PError('protocol', 'the other end said something that is not of the protocol'));
        }
        if (message.kind === 'error') {
            throw new P2PError('remote-error', 'the other end answered with an error', inert(message.text));
        }
        return message;
    }
}

/** Node's longest timer, 24.8 days. */
const longestTimer = 2 ** 31 - 1;
