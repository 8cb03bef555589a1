/**
 * A SOCKS 5 server (RFC 1928) that knows onion services of this computer alone, and answers for the others as Tor does.
 */
import net, { type Socket } from 'node:net';

/** What happens to a connection to a service. */
export type Reachability = 'up' | 'unreachable' | 'silent';

export interface LocalService {
    readonly onion: string;
    readonly port: number;
    /** The Unix socket on which git-annex serves. */
    readonly socket: string;
    reachability: Reachability;
    /** Bytes a second towards the client; undefined: as fast as it goes. */
    bytesPerSecond: number | undefined;
}

const reply = { succeeded: 0, generalFailure: 1, hostUnreachable: 4, connectionRefused: 5 } as const;

export class SocksServer {
    readonly #server: net.Server;
    readonly #services = new Map<string, LocalService>();
    readonly #open = new Map<string, Set<Socket>>();

    constructor() {
        this.#server = net.createServer({ allowHalfOpen: true }, client => {
            client.on('error', () => client.destroy());
            this.#greet(client);
        });
    }

    /** Listens on a Unix socket, or on a free port of this computer where none is named; gives back the port. */
    async listen(socket?: string): Promise<number> {
        await new Promise<void>((resolve, reject) => {
            this.#server.once('error', reject).listen(socket === undefined ? { host: '127.0.0.1', port: 0 } : { path: socket }, () => resolve());
        });
        const address = this.#server.address();
        return typeof address === 'object' && address !== null ? address.port : 0;
    }

    add(service: LocalService): void {
        this.#services.set(service.onion, service);
        this.#open.set(service.onion, new Set());
    }

    /** Ends all connections to a service, as a lost circuit does. */
    cut(onion: string): void {
        for (const socket of this.#open.get(onion) ?? []) {
            socket.destroy();
        }
    }

    connections(onion: string): number {
        return (this.#open.get(onion)?.size ?? 0) / 2;
    }

    async close(): Promise<void> {
        for (const onion of this.#open.keys()) {
            this.cut(onion);
        }
        await new Promise(resolve => this.#server.close(resolve));
    }

    #greet(client: Socket): void {
        let buffer = Buffer.alloc(0);
        let greeted = false;
        // One that goes before it has said where to.
        const onEnd = (): void => void client.destroy();
        const onData = (chunk: Buffer): void => {
            buffer = Buffer.concat([buffer, chunk]);
            if (!greeted && buffer.length >= 2 && buffer.length >= 2 + (buffer[1] ?? 0)) {
                // No name and password: who connects is not told apart here.
                buffer = buffer.subarray(2 + (buffer[1] ?? 0));
                greeted = true;
                client.write(Buffer.from([5, 0]));
            }
            const length = 7 + (buffer[4] ?? 0);
            if (greeted && buffer.length >= 5 && buffer.length >= length) {
                client.removeListener('data', onData).removeListener('end', onEnd);
                client.pause();
                this.#connect(client, buffer.toString('latin1', 5, length - 2), buffer.subarray(length));
            }
        };
        client.on('data', onData).on('end', onEnd);
    }

    #connect(client: Socket, onion: string, early: Buffer): void {
        const service = this.#services.get(onion);
        const answer = (code: number): boolean => client.write(Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
        if (service === undefined || service.reachability !== 'up') {
            if (service?.reachability !== 'silent') {
                answer(service === undefined ? reply.generalFailure : reply.hostUnreachable);
                client.end();
            }
            return;
        }
        const inside = net.connect({ path: service.socket, allowHalfOpen: true });
        const both = this.#open.get(onion);
        inside.once('error', () => {
            answer(reply.connectionRefused);
            client.end();
        });
        inside.once('connect', () => {
            both?.add(client).add(inside);
            inside.removeAllListeners('error').on('error', () => client.destroy());
            answer(reply.succeeded);
            inside.write(early);
            client.pipe(inside);
            this.#forward(inside, client, service);
        });
        for (const [one, other] of [[client, inside], [inside, client]] as const) {
            one.on('close', () => {
                both?.delete(one);
                other.destroySoon();
            });
        }
    }

    #forward(from: Socket, to: Socket, service: LocalService): void {
        from.on('data', (chunk: Buffer) => {
            const ready = to.write(chunk);
            if (service.bytesPerSecond !== undefined) {
                from.pause();
                setTimeout(() => from.resume(), (1000 * chunk.length) / service.bytesPerSecond);
            } else if (!ready) {
                from.pause();
                to.once('drain', () => from.resume());
            }
        });
        from.on('end', () => to.end());
    }
}
