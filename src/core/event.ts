/**
 * A minimal typed event for the core (the editor's own EventEmitter can't be imported here).
 */

export type Listener<T> = (value: T) => void;
export interface Subscription {
    dispose(): void;
}

export class Event<T> {
    readonly #listeners = new Set<Listener<T>>();

    /** Calls `listener` for every later value until the subscription is disposed of. */
    readonly on = (listener: Listener<T>): Subscription => {
        this.#listeners.add(listener);
        return { dispose: () => this.#listeners.delete(listener) };
    };

    fire(value: T): void {
        for (const listener of [...this.#listeners]) {
            listener(value);
        }
    }

    clear(): void {
        this.#listeners.clear();
    }
}
