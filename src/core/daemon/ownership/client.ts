/**
 * A client's part: a window whose repository's remote daemon is run by another one.
 */
import type { Socket } from 'node:net';
import { fromShared, type DaemonSnapshot } from '../snapshot';
import type { Place } from './owner';
import { parseToClient, readSocketLines, send, type DaemonRequest } from './wire';

export interface ClientEvents {
    readonly onSnapshot: (snapshot: DaemonSnapshot, wanted: boolean, stoppedByUser: boolean) => void;
    readonly onFetched: (uri: string) => void;
    /** The owner serves another folder with the same uuid. */
    readonly onDuplicate: (of: string) => void;
    readonly onClosed: () => void;
}

export class Client {
    #nextId = 1;
    readonly #waiting = new Map<number, () => void>();
    #kind: 'unknown' | 'same' | 'duplicate' = 'unknown';

    constructor(
        private readonly place: Place,
        private readonly socket: Socket,
        private readonly events: ClientEvents,
    ) {
        send(socket, { type: 'hello', ...place });
        readSocketLines(socket, line => this.#receive(line));
        socket.once('close', () => {
            this.#release();
            events.onClosed();
        });
    }

    /** Asks the owner to do something; resolves when it has, or when there is no owner any more. */
    perform(request: DaemonRequest, uri?: string): Promise<void> {
        if (this.#kind === 'duplicate' || this.socket.destroyed) {
            return Promise.resolve();
        }
        const id = this.#nextId++;
        return new Promise(resolve => {
            this.#waiting.set(id, resolve);
            send(this.socket, { type: 'command', id, command: request, ...(uri === undefined ? {} : { uri }) });
        });
    }

    dispose(): void {
        this.socket.removeAllListeners('close');
        this.socket.destroy();
        this.#release();
    }

    #release(): void {
        for (const resolve of this.#waiting.values()) {
            resolve();
        }
        this.#waiting.clear();
    }

    #receive(line: string): void {
        const message = parseToClient(line);
        switch (message?.type) {
            case 'hello':
                this.#kind = message.gitDir === this.place.gitDir ? 'same' : 'duplicate';
                if (this.#kind === 'duplicate') {
                    this.#release();
                    this.events.onDuplicate(message.root);
                }
                return;
            case 'snapshot':
                if (this.#kind === 'same') {
                    this.events.onSnapshot(fromShared(message.snapshot), message.wanted, message.stoppedByUser);
                }
                return;
            case 'fetched':
                if (this.#kind === 'same') {
                    this.events.onFetched(message.uri);
                }
                return;
            case 'done':
                this.#waiting.get(message.id)?.();
                this.#waiting.delete(message.id);
                return;
            case undefined:
                return;
        }
    }
}
