/**
 * The other side's numbered messages, given out in order and without gaps, however they arrive.
 */
import type { Bytes } from './bytes';
import { WormholeError } from './errors';

export interface Waiter<T> {
    readonly resolve: (value: T) => void;
    readonly reject: (error: Error) => void;
}

/** Messages that may wait for their turn, or for a reader; an honest side has a handful on the way. */
export const maxEarlyMessages = 16;

export class Inbox {
    readonly #arrived = new Map<number, Bytes>();
    readonly #waiters: Waiter<Bytes>[] = [];
    #next = 0;
    #failure: Error | undefined;

    /** @throws {WormholeError} `peer-protocol` for a number that was there, or is too far ahead, and when nobody reads */
    arrive(number: number, message: Bytes): void {
        if (number < this.#next || number >= this.#next + maxEarlyMessages || this.#arrived.size >= maxEarlyMessages) {
            throw new WormholeError('peer-protocol', 'the other side sends out of all order');
        }
        this.#arrived.set(number, message);
        while (this.#waiters.length > 0) {
            const next = this.#take();
            if (next === undefined) {
                return;
            }
            this.#waiters.shift()?.resolve(next);
        }
    }

    /** The next message; what has come is given out also after a failure. */
    read(): Promise<Bytes> {
        const next = this.#waiters.length === 0 ? this.#take() : undefined;
        if (next !== undefined) {
            return Promise.resolve(next);
        }
        return this.#failure === undefined ? new Promise((resolve, reject) => this.#waiters.push({ resolve, reject })) : Promise.reject(this.#failure);
    }

    /** Nothing more will come. */
    fail(error: Error): void {
        this.#failure ??= error;
        this.#waiters.splice(0).forEach(waiter => waiter.reject(error));
    }

    #take(): Bytes | undefined {
        const message = this.#arrived.get(this.#next);
        if (message !== undefined) {
            this.#arrived.delete(this.#next++);
        }
        return message;
    }
}
