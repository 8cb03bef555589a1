/**
 * A real git-annex that serves a real repository, without Tor in between: `git-annex remotedaemon` finds its service by
 * Tor's configuration file, so it is started in a mount namespace of its own with a file of ours in that place, and is
 * spoken to on its Unix socket. Needs root and util-linux's `unshare`.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import type { RepositoryContext } from '../../../../src/core/annex/context';
import { silentLog } from '../../../../src/core/log';
import { findProgram } from '../../../../src/core/process/findProgram';
import { ManagedProcess } from '../../../../src/core/process/managedProcess';
import { runOrThrow } from '../../../../src/core/process/run';
import { createAnnexRepository } from '../../support/annexRepository';
import { until } from '../../support/until';

/** Whether a daemon can be started in a namespace here; if not, tests that need one are skipped and say so. */
export async function canServe(): Promise<boolean> {
    return process.getuid?.() === 0 && (await findProgram('unshare')) !== undefined && (await findProgram('git-annex')) !== undefined && (await readFile('/etc/tor/torrc').catch(() => undefined)) !== undefined;
}

export class RealPeer {
    #daemon: ManagedProcess | undefined;

    private constructor(
        readonly repository: RepositoryContext,
        readonly onion: string,
        readonly port: number,
        readonly socketPath: string,
        private readonly torrc: string,
    ) {}

    static async create(folder: string, name: string): Promise<RealPeer> {
        const repository = await createAnnexRepository(folder, silentLog, name);
        const service = path.join(folder, `${name}-service`);
        await mkdir(service);
        // A Unix socket's path may have 107 characters at most.
        const socketPath = path.join(service, 's');
        const port = 12_000 + Math.floor(Math.random() * 1000);
        const torrc = path.join(folder, `${name}-torrc`);
        await writeFile(torrc, `SocksPort 9050\nHiddenServiceDir ${service}/tor-annex_${process.getuid?.() ?? 0}_${repository.uuid}\nHiddenServicePort ${port} unix:${socketPath}\n`);
        const onion = `${Array.from({ length: 56 }, () => 'abcdefghijklmnopqrstuvwxyz234567'[Math.floor(Math.random() * 32)]).join('')}.onion`;
        const creds = path.join(repository.gitDir, 'annex', 'creds');
        await mkdir(creds, { recursive: true });
        await writeFile(path.join(creds, 'p2paddrs'), `tor-annex::${onion}:${port}\n`, { mode: 0o600 });
        return new RealPeer(repository, onion, port, socketPath, torrc);
    }

    async accept(...tokens: readonly string[]): Promise<void> {
        const file = path.join(this.repository.gitDir, 'annex', 'creds', 'p2pauth');
        await writeFile(file, tokens.map(token => `${token}\n`).join(''), { mode: 0o600 });
    }

    async start(): Promise<void> {
        const unshare = await findProgram('unshare');
        const { programs, root } = this.repository;
        this.#daemon = await ManagedProcess.start(
            { file: unshare ?? '', args: ['--mount', 'sh', '-c', 'mount --bind "$1" /etc/tor/torrc && exec "$2" remotedaemon --foreground', 'sh', this.torrc, programs.gitAnnex], cwd: root },
            { log: silentLog },
        );
        await until('the daemon serves', async () => {
            const socket = await this.connect().catch(() => undefined);
            socket?.destroy();
            return socket !== undefined;
        });
    }

    get pid(): number {
        return this.#daemon?.pid ?? -1;
    }

    async stop(): Promise<void> {
        await this.#daemon?.end();
        this.#daemon = undefined;
    }

    connect(): Promise<net.Socket> {
        return new Promise((resolve, reject) => {
            const socket = net.connect(this.socketPath);
            socket.once('connect', () => resolve(socket));
            socket.once('error', reject);
        });
    }

    /** Adds a file with this content; gives back its key. */
    async addFile(name: string, content: string | Uint8Array): Promise<string> {
        const { programs, root } = this.repository;
        await writeFile(path.join(root, name), content);
        await runOrThrow({ file: programs.gitAnnex, args: ['add', '--quiet', name], cwd: root }, { log: silentLog });
        await runOrThrow({ file: programs.git, args: ['commit', '-q', '-m', name], cwd: root }, { log: silentLog });
        const { stdout } = await runOrThrow({ file: programs.gitAnnex, args: ['lookupkey', name], cwd: root }, { log: silentLog });
        return stdout.trim();
    }
}
