/**
 * A mailbox server that does what a test tells it to: honest by default (enough of the protocol for two clients), hostile
 * where a test hooks in. The real server is used everywhere else.
 */
import { WebSocketServer, type WebSocket } from 'ws';

export interface ClientSaid {
    readonly type: string;
    readonly [key: string]: unknown;
}

export interface FakeClient {
    readonly socket: WebSocket;
    side: string;
    send(message: object | string): void;
}

export interface FakeServerHooks {
    /** The greeting; undefined sends none. */
    readonly welcome?: (client: FakeClient) => object | undefined;
    /** Called for each message before the honest answer; true if the honest answer is not to be given. */
    readonly onMessage?: (client: FakeClient, said: ClientSaid, server: FakeServer) => boolean;
}

interface Stored {
    readonly side: string;
    readonly phase: string;
    readonly body: string;
}

export interface FakeServer {
    readonly url: string;
    readonly said: ClientSaid[];
    readonly connections: () => number;
    readonly messages: Stored[];
    /** Puts a message into the mailbox as if `side` had added it. */
    inject(side: string, phase: string, body: string): void;
    dropAll(): void;
    end(): Promise<void>;
}

export async function startFakeServer(hooks: FakeServerHooks = {}): Promise<FakeServer> {
    const websockets = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
    await new Promise<void>(resolve => websockets.once('listening', resolve));
    const address = websockets.address();
    const listeners = new Set<FakeClient>();
    let connections = 0;
    const server: FakeServer = {
        url: `ws://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/v1`,
        said: [],
        messages: [],
        connections: () => connections,
        inject: (side, phase, body) => {
            server.messages.push({ side, phase, body });
            listeners.forEach(client => client.send({ type: 'message', side, phase, body }));
        },
        dropAll: () => websockets.clients.forEach(client => client.terminate()),
        end: () => new Promise(resolve => {
            server.dropAll();
            websockets.close(() => resolve());
        }),
    };
    websockets.on('connection', socket => {
        connections++;
        const client: FakeClient = { socket, side: '', send: message => socket.send(typeof message === 'string' ? message : JSON.stringify(message)) };
        socket.on('error', () => undefined);
        socket.on('close', () => listeners.delete(client));
        const greeting = hooks.welcome === undefined ? { type: 'welcome', welcome: {} } : hooks.welcome(client);
        if (greeting !== undefined) {
            client.send(greeting);
        }
        socket.on('message', data => {
            const said = JSON.parse((data as Buffer).toString('utf8')) as ClientSaid;
            server.said.push(said);
            if (hooks.onMessage?.(client, said, server) !== true) {
                answer(client, said, server, listeners);
            }
        });
    });
    return server;
}

function answer(client: FakeClient, said: ClientSaid, server: FakeServer, listeners: Set<FakeClient>): void {
    switch (said.type) {
        case 'bind':
            client.side = String(said['side']);
            break;
        case 'allocate':
            client.send({ type: 'allocated', nameplate: '4' });
            break;
        case 'claim':
            client.send({ type: 'claimed', mailbox: 'mailbox1' });
            break;
        case 'open':
            listeners.add(client);
            server.messages.forEach(message => client.send({ type: 'message', ...message }));
            break;
        case 'add':
            server.inject(client.side, String(said['phase']), String(said['body']));
            break;
        case 'release':
            client.send({ type: 'released' });
            break;
        case 'close':
            listeners.delete(client);
            client.send({ type: 'closed' });
            break;
        default:
    }
}
