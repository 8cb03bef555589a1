/**
 * Finds a connection between the two sides: listens and dials the other side's addresses where the route allows it, and
 * meets it at a relay.
 *
 * Source: magic-wormhole transit.md, `transit.py` (Common._connect). Through Tor nothing listens, no address is told, and
 * hints to private places are passed over.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { CancelledError, messageOf } from '../../errors';
import { silentLog, type Log } from '../../log';
import { localAddresses } from '../addresses';
import type { Bytes } from '../bytes';
import type { Dialer } from '../dialer';
import { WormholeError } from '../errors';
import type { Endpoint } from '../options';
import type { Hints } from '../transferMessages';
import { passRelay, shakeHands, type Role } from './handshake';
import { SocketReader } from './reader';
import { RecordPipe } from './records';

export interface TransitOptions {
    readonly role: Role;
    readonly dialer: Dialer;
    /** Our own relay. */
    readonly relay: Endpoint | undefined;
    /** For finding a connection, in milliseconds. */
    readonly limitMs: number;
    readonly log?: Log | undefined;
}

/** A relay is slower than a direct connection and costs its operator: it is tried a little later where there is another way. */
const relayDelayMs = 2000;
const maxInbound = 16;

const sameEndpoint = (a: Endpoint, b: Endpoint): boolean => a.host === b.host && a.port === b.port;

export class Transit {
    readonly #options: TransitOptions;
    readonly #log: Log;
    readonly #side = randomBytes(8).toString('hex');
    readonly #inbound: Socket[] = [];
    readonly #stop = new AbortController();
    #onInbound: ((socket: Socket) => void) | undefined;
    #server: Server | undefined;

    constructor(options: TransitOptions) {
        this.#options = options;
        this.#log = options.log ?? silentLog;
    }

    /** Abilities for the `transit` message. */
    get abilities(): readonly ('direct-tcp-v1' | 'relay-v1')[] {
        return this.#options.dialer.route.kind === 'tor' ? ['relay-v1'] : ['direct-tcp-v1', 'relay-v1'];
    }

    /** Starts to listen if the route allows it; gives the hints for the `transit` message. */
    async prepare(): Promise<Hints> {
        const { dialer, relay } = this.#options;
        const relays = relay === undefined ? [] : [relay];
        if (dialer.route.kind === 'tor' || !dialer.route.listen) {
            return { direct: [], relays };
        }
        const server = createServer({ noDelay: true }, socket => this.#accept(socket));
        this.#server = server;
        const port = await new Promise<number | undefined>(resolve => {
            server.once('error', error => {
                this.#log.warn(`transit: can't listen: ${messageOf(error)}`);
                resolve(undefined);
            });
            server.listen(0, () => {
                const address = server.address();
                resolve(typeof address === 'object' && address !== null ? address.port : undefined);
            });
        });
        return { direct: port === undefined ? [] : localAddresses().map(host => ({ host, port })), relays };
    }

    /**
     * The connection, once both sides have agreed on one. All others, and the listener, are closed.
     * @throws {WormholeError} `transit-failed`, `tor-unreachable`; {CancelledError}
     */
    async connect(key: Bytes, theirs: Hints, signal: AbortSignal): Promise<RecordPipe> {
        const limited = AbortSignal.any([signal, AbortSignal.timeout(this.#options.limitMs), this.#stop.signal]);
        try {
            return await this.#race(key, theirs, limited);
        } catch (error) {
            if (signal.aborted) {
                throw new CancelledError('the transfer');
            }
            throw error instanceof WormholeError ? error : new WormholeError('transit-failed', 'no connection between the two sides came about', messageOf(error), { cause: error });
        } finally {
            this.close();
        }
    }

    /** Stops listening and ends every connection that was not chosen. */
    close(): void {
        this.#stop.abort();
        this.#server?.close();
        this.#server = undefined;
        this.#inbound.splice(0).forEach(socket => socket.destroy());
    }

    #accept(socket: Socket): void {
        socket.on('error', () => undefined);
        if (this.#onInbound !== undefined) {
            this.#onInbound(socket);
        } else if (this.#inbound.push(socket) > maxInbound) {
            this.#inbound.shift()?.destroy();
        }
    }

    #race(key: Bytes, theirs: Hints, signal: AbortSignal): Promise<RecordPipe> {
        return new Promise((resolve, reject) => {
            let winner: Socket | undefined;
            let contenders = 0;
            let lastError: unknown = new Error('there is no way to try');
            const end = new AbortController();
            const finish = (action: () => void): void => {
                signal.removeEventListener('abort', onAbort);
                end.abort();
                action();
            };
            const onAbort = (): void => finish(() => reject(new Error('no connection in time', { cause: lastError })));
            const enter = (how: 'direct' | 'relay', open: () => Promise<Socket>): void => {
                contenders++;
                this.#contend(key, how, open, end.signal, socket => {
                    const first = winner === undefined;
                    winner ??= socket;
                    return first;
                }).then(pipe => finish(() => resolve(pipe)), (error: unknown) => {
                    lastError = error;
                    this.#log.debug(`transit: ${how}: ${messageOf(error)}`);
                    if (error instanceof WormholeError) {
                        finish(() => reject(error));
                    } else if (--contenders === 0 && this.#server === undefined) {
                        finish(() => reject(error instanceof Error ? error : new Error(messageOf(error))));
                    }
                });
            };
            signal.addEventListener('abort', onAbort, { once: true });
            if (signal.aborted) {
                onAbort();
                return;
            }
            let strangers = 0;
            this.#onInbound = socket => {
                if (++strangers > maxInbound) {
                    socket.destroy();
                } else {
                    enter('direct', () => Promise.resolve(socket));
                }
            };
            this.#inbound.splice(0).forEach(this.#onInbound);
            const isAnyWay = this.#dialAll(theirs, enter, end.signal);
            if (!isAnyWay && this.#server === undefined) {
                onAbort();
            }
        });
    }

    /** Dials everything that may be dialled; false if there is nothing. */
    #dialAll(theirs: Hints, enter: (how: 'direct' | 'relay', open: () => Promise<Socket>) => void, signal: AbortSignal): boolean {
        const { dialer, relay } = this.#options;
        const direct = theirs.direct.filter(hint => dialer.mayDial(hint.host));
        const relays = theirs.relays.filter(hint => dialer.mayDial(hint.host) && !(relay !== undefined && sameEndpoint(hint, relay)));
        const passedOver = theirs.direct.length - direct.length;
        if (passedOver > 0) {
            this.#log.info(`transit: ${passedOver} hints passed over`);
        }
        for (const hint of direct) {
            enter('direct', () => dialer.connectToHint(hint, signal));
        }
        const later = async (open: () => Promise<Socket>): Promise<Socket> => {
            await delay(direct.length > 0 ? relayDelayMs : 0, signal);
            return open();
        };
        if (relay !== undefined) {
            enter('relay', () => later(() => dialer.connect(relay, signal)));
        }
        for (const hint of relays) {
            enter('relay', () => later(() => dialer.connectToHint(hint, signal)));
        }
        return direct.length > 0 || relays.length > 0 || relay !== undefined;
    }

    async #contend(key: Bytes, how: 'direct' | 'relay', open: () => Promise<Socket>, signal: AbortSignal, choose: (socket: Socket) => boolean): Promise<RecordPipe> {
        const socket = await open();
        const reader = new SocketReader(socket);
        const hangUp = (): void => void socket.destroy();
        signal.addEventListener('abort', hangUp, { once: true });
        if (signal.aborted) {
            hangUp();
        }
        const channel = { reader, write: (bytes: Bytes) => socket.write(bytes) };
        let chosen = false;
        try {
            const passed = how === 'direct' || (await passRelay(channel, key, this.#side));
            chosen = passed && (await shakeHands(channel, this.#options.role, key, () => choose(socket)));
            if (!chosen || signal.aborted) {
                throw new Error(passed ? 'not the other side, or not the chosen connection' : 'not a relay');
            }
            return new RecordPipe(socket, reader, this.#options.role, key, how);
        } catch (error) {
            // Lets a `nevermind` out first.
            socket.destroySoon();
            throw error;
        } finally {
            signal.removeEventListener('abort', hangUp);
        }
    }
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
        if (ms === 0 && !signal.aborted) {
            resolve();
            return;
        }
        const onAbort = (): void => {
            clearTimeout(timer);
            reject(new Error('not needed any more'));
        };
        const timer = setTimeout(() => {
            signal.removeEventListener('abort', onAbort);
            resolve();
        }, ms);
        signal.addEventListener('abort', onAbort, { once: true });
        if (signal.aborted) {
            onAbort();
        }
    });
}
