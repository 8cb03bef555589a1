/** The other end of a connection, as a test wants it: for what a real git-annex would never say. */
import net from 'node:net';
import path from 'node:path';
import { withTemporaryFolder } from '../../support/temporaryFolder';

/** Gives `work` a fresh stream whose other end is handed to `other`. */
export async function withOtherEnd(other: (socket: net.Socket) => void, work: (stream: net.Socket) => Promise<void>): Promise<void> {
    await withTemporaryFolder(async folder => {
        const sockets: net.Socket[] = [];
        const server = net.createServer(socket => {
            sockets.push(socket);
            socket.on('error', () => undefined);
            other(socket);
        });
        const file = path.join(folder, 's');
        await new Promise<void>(resolve => server.listen(file, resolve));
        const stream = net.connect(file);
        try {
            await work(stream);
        } finally {
            stream.destroy();
            sockets.forEach(socket => socket.destroy());
            await new Promise(resolve => server.close(resolve));
        }
    });
}

/** Answers each line that comes with what the script holds next; an undefined answer hangs up. */
export function answering(script: readonly (string | Uint8Array | undefined)[], asked?: string[]): (socket: net.Socket) => void {
    return socket => {
        let at = 0;
        let rest = '';
        socket.on('data', chunk => {
            rest += chunk.toString('latin1');
            const lines = rest.split('\n');
            rest = lines.pop() ?? '';
            for (const line of lines) {
                asked?.push(line);
                const answer = script[at++];
                if (answer === undefined) {
                    socket.end();
                } else {
                    socket.write(answer);
                }
            }
        });
    };
}
