/**
 * The owner's part: runs the one remote daemon of a repository for all windows, tells them how it is, and does what they ask.
 */
import type { Socket } from 'node:net';
import { messageOf } from '../../errors';
import type { Log } from '../../log';
import type { RemoteDaemon } from '../remoteDaemon';
import { toShared, type DaemonSnapshot } from '../snapshot';
import type { Owned } from './claim';
import { parseToOwner, readSocketLines, send, type DaemonRequest, type ToClient } from './wire';

export interface Place {
    readonly root: string;
    readonly gitDir: string;
}

interface Client {
    readonly socket: Socket;
    /** Undefined until it has said where it is, and again once it turned out to be of another folder. */
    isOurs: boolean;
    root: string;
    pauses: number;
}

export class Owner {
    readonly #clients = new Set<Client>();
    #stoppedByUser: boolean;
    /** This window is going, and so is its daemon: what the next owner is to go on with. */
    #leaving: { readonly snapshot: DaemonSnapshot; readonly wanted: boolean } | undefined;

    constructor(
        private readonly place: Place,
        readonly daemon: RemoteDaemon,
        private readonly owned: Owned,
        private readonly log: Log,
        stoppedByUser: boolean,
        private readonly onDidChange: () => void,
    ) {
        this.#stoppedByUser = stoppedByUser;
        daemon.onDidChange.on(() => this.#tellAll());
        daemon.onDidFetch.on(uri => this.#broadcast({ type: 'fetched', uri }));
        owned.accept(socket => this.#welcome(socket));
    }

    get snapshot(): DaemonSnapshot {
        const copies = [...new Set([...this.#clients].filter(({ isOurs, root }) => !isOurs && root !== '').map(({ root }) => root))];
        return { ...this.daemon.snapshot, copies };
    }

    get stoppedByUser(): boolean {
        return this.#stoppedByUser;
    }

    isInForce(): Promise<boolean> {
        return this.owned.isInForce();
    }

    async perform(request: DaemonRequest, uri = ''): Promise<void> {
        switch (request) {
            case 'start-automatically':
                if (!this.#stoppedByUser) {
                    await this.daemon.start();
                }
                return;
            case 'start':
                this.#stoppedByUser = false;
                await this.daemon.start();
                break;
            case 'stop':
                this.#stoppedByUser = true;
                await this.daemon.stop();
                break;
            case 'restart':
                this.#stoppedByUser = false;
                await this.daemon.restart();
                break;
            case 'reload':
                this.daemon.reload();
                return;
            case 'pause':
                this.daemon.pause();
                return;
            case 'resume':
                this.daemon.resume();
                return;
            case 'nudge':
                this.daemon.nudge(uri);
                return;
        }
        this.#tellAll();
    }

    /** Ends the daemon, then lets the others take over. */
    async dispose(): Promise<void> {
        // That it ends here is no news for the others: one of them goes on with it.
        this.#leaving = { snapshot: this.snapshot, wanted: this.daemon.wanted };
        this.daemon.onDidChange.clear();
        await this.daemon.dispose();
        await this.owned.release();
        for (const { socket } of this.#clients) {
            socket.destroy();
        }
    }

    #welcome(socket: Socket): void {
        const client: Client = { socket, isOurs: false, root: '', pauses: 0 };
        this.#clients.add(client);
        send(socket, { type: 'hello', ...this.place });
        send(socket, this.#state());
        readSocketLines(socket, line => {
            const message = parseToOwner(line);
            if (message?.type === 'hello') {
                client.isOurs = message.gitDir === this.place.gitDir;
                client.root = message.root;
                if (!client.isOurs) {
                    this.log.warn(`${message.root} has the same uuid as ${this.place.root}; only one of them can be served.`);
                    this.#tellAll();
                }
            } else if (message?.type === 'command' && client.isOurs) {
                this.#obey(client, message.id, message.command, message.uri);
            }
        });
        socket.once('close', () => {
            this.#clients.delete(client);
            for (; client.pauses > 0; client.pauses--) {
                this.daemon.resume();
            }
            if (!client.isOurs && client.root !== '') {
                this.#tellAll();
            }
        });
    }

    #obey(client: Client, id: number, request: DaemonRequest, uri: string | undefined): void {
        if (this.#leaving !== undefined || (request === 'resume' && client.pauses === 0)) {
            // Without an answer it asks the next owner.
            return;
        }
        client.pauses += request === 'pause' ? 1 : request === 'resume' ? -1 : 0;
        this.perform(request, uri)
            .catch((error: unknown) => this.log.error(`The remote daemon of ${this.place.root}: ${request}: ${messageOf(error)}`))
            .finally(() => send(client.socket, { type: 'done', id }));
    }

    #state(): ToClient {
        const { snapshot, wanted } = this.#leaving ?? { snapshot: this.snapshot, wanted: this.daemon.wanted };
        return { type: 'snapshot', snapshot: toShared(snapshot), wanted, stoppedByUser: this.#stoppedByUser };
    }

    #tellAll(): void {
        this.#broadcast(this.#state());
        this.onDidChange();
    }

    #broadcast(message: ToClient): void {
        for (const { socket } of this.#clients) {
            send(socket, message);
        }
    }
}
