/**
 * A small SOCKS5 server (RFC 1928, RFC 1929) that writes down what it is asked: the stand-in for tor's SOCKS port where a
 * test is about what is asked of it. Names are resolved from a table, so that a name that doesn't exist anywhere proves
 * that it was left to the proxy.
 */
import { createServer, connect, type Server, type Socket } from 'node:net';
import { SocketReader } from '../../../../src/core/wormhole/transit/reader';

export interface SocksRequest {
    readonly user: string;
    readonly addressType: 'ipv4' | 'name' | 'ipv6';
    readonly host: string;
    readonly port: number;
}

export interface SocksServer {
    readonly port: number;
    readonly requests: readonly SocksRequest[];
    end(): Promise<void>;
}

export interface SocksBehaviour {
    /** Where a name or address leads: a port of 127.0.0.1 or another loopback address, or undefined for nowhere (reply 4, host unreachable). */
    readonly route: (request: SocksRequest) => number | { readonly host: string; readonly port: number } | undefined;
    /** Where it listens; any free port if left out. */
    readonly port?: number;
}

export async function startSocksServer({ route, port: wanted = 0 }: SocksBehaviour): Promise<SocksServer> {
    const requests: SocksRequest[] = [];
    const sockets = new Set<Socket>();
    const server: Server = createServer(client => {
        sockets.add(client);
        client.on('error', () => undefined).on('close', () => sockets.delete(client));
        void serve(client, requests, route).catch(() => client.destroy());
    });
    const port = await new Promise<number>(resolve => server.listen(wanted, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
    }));
    return {
        port,
        requests,
        end: () => new Promise(resolve => {
            sockets.forEach(socket => socket.destroy());
            server.close(() => resolve());
        }),
    };
}

async function serve(client: Socket, requests: SocksRequest[], route: SocksBehaviour['route']): Promise<void> {
    const reader = new SocketReader(client);
    const byte = async (): Promise<number> => (await reader.read(1))[0] ?? 0;
    const text = async (size: number): Promise<string> => Buffer.from(await reader.read(size)).toString('latin1');
    await byte();
    const methods = await reader.read(await byte());
    if (!methods.includes(2)) {
        client.end(Buffer.from([5, 0xff]));
        return;
    }
    client.write(Buffer.from([5, 2]));
    await byte();
    const user = await text(await byte());
    await text(await byte());
    client.write(Buffer.from([1, 0]));
    await reader.read(3);
    const type = await byte();
    const addressType = type === 1 ? 'ipv4' : type === 3 ? 'name' : 'ipv6';
    const host = type === 1 ? [...(await reader.read(4))].join('.') : type === 3 ? await text(await byte()) : Buffer.from(await reader.read(16)).toString('hex');
    const port = Buffer.from(await reader.read(2)).readUInt16BE();
    const request: SocksRequest = { user, addressType, host, port };
    requests.push(request);
    const target = route(request);
    const reply = (code: number): Buffer => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
    if (target === undefined) {
        client.end(reply(4));
        return;
    }
    const upstream = connect(typeof target === 'number' ? { host: '127.0.0.1', port: target } : target);
    upstream.on('error', () => client.destroy());
    upstream.on('connect', () => {
        client.removeAllListeners('data');
        client.write(reply(0));
        client.pipe(upstream);
        upstream.pipe(client);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.end());
}
