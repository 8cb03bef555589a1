/**
 * Stands where git-annex expects Tor (127.0.0.1:9050, in a network namespace of the test's own): a SOCKS server behind which each onion
 * address answers as a git-annex repository does, that is, it lets in whoever has a token of its `p2pauth`. The real thing is tested with
 * real Tor; this makes a success, and what can go wrong around it, quick and exact.
 */
import net from 'node:net';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { readAcceptedTokens, readOwnAddresses } from '../../../src/core/annex/creds';

export class FakeTor {
    readonly #server = net.createServer(socket => {
        socket.on('error', () => undefined);
        void this.#serve(socket).catch(() => socket.destroy());
    });
    /** Whether onion addresses can be reached. */
    reachable = true;

    constructor(private readonly repositories: readonly RepositoryContext[]) {}

    async start(): Promise<void> {
        await new Promise<void>((resolve, reject) => this.#server.once('error', reject).listen(9050, '127.0.0.1', resolve));
    }

    async stop(): Promise<void> {
        await new Promise(resolve => this.#server.close(resolve));
    }

    async #serve(socket: net.Socket): Promise<void> {
        const read = reader(socket);
        const [, methods = 0] = await read(2);
        await read(methods);
        socket.write(Buffer.from([5, 0]));
        await read(4);
        const [length = 0] = await read(1);
        const host = (await read(length)).toString('latin1');
        await read(2);
        const repository = this.reachable ? await this.#find(host) : undefined;
        // 4: host unreachable (RFC 1928).
        socket.write(Buffer.from([5, repository === undefined ? 4 : 0, 0, 1, 0, 0, 0, 0, 0, 0]));
        if (repository === undefined) {
            socket.end();
            return;
        }
        for (;;) {
            let line = '';
            while (!line.endsWith('\n')) {
                line += (await read(1)).toString('latin1');
            }
            const [command, , token = ''] = line.trim().split(' ');
            const accepted = command === 'AUTH' && (await readAcceptedTokens(repository.gitDir)).some(line => line.token === token);
            socket.write(command !== 'AUTH' ? 'ERROR unknown command\n' : accepted ? `AUTH-SUCCESS ${repository.uuid}\n` : 'AUTH-FAILURE\n');
        }
    }

    async #find(host: string): Promise<RepositoryContext | undefined> {
        for (const repository of this.repositories) {
            if ((await readOwnAddresses(repository.gitDir)).some(address => address.kind === 'tor' && address.onion === host)) {
                return repository;
            }
        }
        return undefined;
    }
}

/** Reads exact numbers of bytes. Rejects at the end of the connection. */
function reader(socket: net.Socket): (count: number) => Promise<Buffer> {
    const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    let rest = Buffer.alloc(0);
    return async count => {
        while (rest.length < count) {
            const next = await chunks.next();
            if (next.done === true) {
                throw new Error('ended');
            }
            rest = Buffer.concat([rest, next.value]);
        }
        const taken = rest.subarray(0, count);
        rest = rest.subarray(count);
        return taken;
    };
}
