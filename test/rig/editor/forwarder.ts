/**
 * A TCP port on the loopback that leads to a Unix socket, byte for byte (so websockets go through as well): the way from
 * the browser on this machine to an editor inside a computer that has no network in common with it.
 */
import net from 'node:net';

export interface Forwarder {
    readonly port: number;
    close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1; `socketPath` is looked up anew for each connection. */
export async function forwardToSocket(socketPath: string): Promise<Forwarder> {
    const open = new Set<net.Socket>();
    const server = net.createServer({ allowHalfOpen: true }, incoming => {
        const outgoing = net.connect({ path: socketPath, allowHalfOpen: true });
        for (const [from, to] of [[incoming, outgoing], [outgoing, incoming]] as const) {
            open.add(from);
            from.pipe(to);
            from.on('error', () => to.destroy());
            from.on('close', () => {
                open.delete(from);
                to.end();
            });
        }
    });
    await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') {
        throw new Error('The forwarder has no port');
    }
    return {
        port: address.port,
        async close() {
            await new Promise<void>(resolve => {
                server.close(() => resolve());
                for (const socket of open) {
                    socket.destroy();
                }
            });
        },
    };
}

/** Whether something accepts connections on the Unix socket. */
export async function isListening(socketPath: string): Promise<boolean> {
    return new Promise(resolve => {
        const socket = net.connect(socketPath);
        socket.once('connect', () => {
            socket.destroy();
            resolve(true);
        });
        socket.once('error', () => resolve(false));
    });
}
