/**
 * git-annex's peer-to-peer protocol between real repositories, at once and without Tor.
 *
 * git-annex connects through a SOCKS server at 127.0.0.1:9050 and finds its own service in /etc/tor/torrc; both are fixed. So it runs in
 * a mount and a network namespace of this harness, where that port and that file are ours, and every "onion service" leads straight to
 * the Unix socket of the repository's remote daemon. What Tor does to connections (gone, slow, silent, cut) can be done here too.
 *
 * Needs Linux and root; {@link canRunLocalOnion} says whether it can run.
 */
import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { silentLog } from '../../../src/core/log';
import { findProgram, isExecutable } from '../../../src/core/process/findProgram';
import { ManagedProcess, type Invocation } from '../../../src/core/process/managedProcess';
import { runOrThrow } from '../../../src/core/process/run';
import { SocksServer, type LocalService } from './socksServer';

export type { LocalService, Reachability } from './socksServer';

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';
const tools = ['unshare', 'nsenter', 'mount', 'ip', 'git', 'git-annex'] as const;

export async function canRunLocalOnion(): Promise<boolean> {
    const found = await Promise.all(tools.map(name => findProgram(name)));
    return process.platform === 'linux' && process.getuid?.() === 0 && found.every(file => file !== undefined);
}

export class LocalOnion {
    readonly #services = new Map<string, LocalService>();

    private constructor(
        /** Holds `git-annex` and `git`, each of which enters the namespaces and becomes the real one. */
        readonly bin: string,
        /** A SOCKS server that the test's own process can reach; it leads to the same services. */
        readonly socks: { readonly host: string; readonly port: number },
        private readonly folder: string,
        private readonly servers: readonly SocksServer[],
        private readonly holder: ManagedProcess,
        private readonly nsenter: string,
    ) {}

    /** Makes the namespaces; `folder` is a temporary folder of the test. */
    static async start(folder: string): Promise<LocalOnion> {
        const torrc = path.join(folder, 'torrc');
        const bin = path.join(folder, 'bin');
        const unix = path.join(folder, 'socks');
        await Promise.all([writeFile(torrc, '# services of this test\n'), mkdir(bin)]);
        const inner = new SocksServer();
        const outer = new SocksServer();
        const [, port] = await Promise.all([inner.listen(unix), outer.listen()]);
        const holder = await ManagedProcess.start(
            { file: await required('unshare'), args: ['--mount', '--net', '--', process.execPath, path.join(__dirname, 'inside.js'), torrc, unix], cwd: folder },
            { log: silentLog },
        );
        const said: string[] = [];
        holder.onStderrLine.on(line => said.push(line));
        await new Promise<void>((resolve, reject) => {
            holder.onStdoutLine.on(() => resolve());
            void holder.exited.then(() => reject(new Error(`no namespaces: ${said.join('\n')}`)));
        });
        const nsenter = await required('nsenter');
        for (const name of ['git', 'git-annex']) {
            const script = `#!/bin/sh\nexec ${nsenter} --target ${holder.pid} --mount --net --wdns="$PWD" -- ${await required(name)} "$@"\n`;
            await writeFile(path.join(bin, name), script, { mode: 0o700 });
        }
        return new LocalOnion(bin, { host: '127.0.0.1', port }, folder, [inner, outer], holder, nsenter);
    }

    /** What to run so that `args` (the first an absolute path) runs where the services are known. */
    invocation(args: readonly string[], cwd: string): Invocation {
        return { file: this.nsenter, args: ['--target', String(this.holder.pid), '--mount', '--net', `--wdns=${cwd}`, '--', ...args], cwd };
    }

    /** Gives the repository an onion service as `git-annex enable-tor` does, and programs that run where it is known. */
    async enable(repository: RepositoryContext): Promise<{ readonly context: RepositoryContext; readonly service: LocalService; readonly address: string }> {
        const onion = `${[...randomBytes(56)].map(byte => base32[byte % 32]).join('')}.onion`;
        const name = `${process.getuid?.() ?? 0}_${repository.uuid}`;
        const home = path.join(this.folder, 's', name);
        const service: LocalService = { onion, port: 1025 + this.#services.size, socket: path.join(home, 's'), reachability: 'up', bytesPerSecond: undefined };
        await mkdir(home, { recursive: true, mode: 0o700 });
        await appendFile(path.join(this.folder, 'torrc'), `\nHiddenServiceDir ${path.join(this.folder, `tor-annex_${name}`)}\nHiddenServicePort ${service.port} unix:${service.socket}\n`);
        const creds = path.join(repository.gitDir, 'annex', 'creds');
        await mkdir(creds, { recursive: true });
        const address = `tor-annex::${onion}:${service.port}`;
        await writeFile(path.join(creds, 'p2paddrs'), `${address}\n`, { mode: 0o600 });
        this.#services.set(repository.uuid, service);
        for (const server of this.servers) {
            server.add(service);
        }
        return { context: { ...repository, programs: { git: path.join(this.bin, 'git'), gitAnnex: path.join(this.bin, 'git-annex') } }, service, address };
    }

    /** The torrc that holds the services' stanzas. */
    get torrc(): string {
        return path.join(this.folder, 'torrc');
    }

    /** Makes `server` a remote of `client`, as `p2p --gen-addresses` and `p2p --link` do. The server's daemon must be running. */
    async link(client: RepositoryContext, server: RepositoryContext, name: string): Promise<void> {
        const made = await runOrThrow({ file: server.programs.gitAnnex, args: ['p2p', '--gen-addresses'], cwd: server.root }, { log: silentLog, timeLimitMs: 20_000 });
        await runOrThrow(
            { file: client.programs.gitAnnex, args: ['p2p', '--link', '--name', name], cwd: client.root },
            { log: silentLog, timeLimitMs: 60_000, input: `${made.stdout.trim().split('\n')[0] ?? ''}\n` },
        );
    }

    /** Ends all connections to a repository's service. */
    cut(service: LocalService): void {
        for (const server of this.servers) {
            server.cut(service.onion);
        }
    }

    /** How many connections to a repository's service are open. */
    connections(service: LocalService): number {
        return this.servers.reduce((sum, server) => sum + server.connections(service.onion), 0);
    }

    async stop(): Promise<void> {
        await Promise.all(this.servers.map(server => server.close()));
        await this.holder.end();
    }
}

async function required(name: string): Promise<string> {
    const file = await findProgram(name);
    if (file === undefined || !(await isExecutable(file))) {
        throw new Error(`${name} is needed for this test`);
    }
    return file;
}
