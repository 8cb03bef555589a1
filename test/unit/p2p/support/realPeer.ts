/**
 * A repository that a real git-annex serves, and a way to its socket: the protocol without Tor in between.
 */
import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import type { RepositoryContext } from '../../../../src/core/annex/context';
import { silentLog } from '../../../../src/core/log';
import { ManagedProcess } from '../../../../src/core/process/managedProcess';
import { runOrThrow } from '../../../../src/core/process/run';
import { LocalOnion, type LocalService } from '../../../support/localOnion/localOnion';
import { createAnnexRepository } from '../../support/annexRepository';
import { until } from '../../support/until';

export class RealPeer {
    #daemon: ManagedProcess | undefined;

    private constructor(
        private readonly onion: LocalOnion,
        readonly repository: RepositoryContext,
        private readonly service: LocalService,
    ) {}

    /** Serves a new repository below `folder`, which lets in who shows one of the tokens. */
    static async start(folder: string, tokens: readonly string[]): Promise<RealPeer> {
        const onion = await LocalOnion.start(folder);
        const { context, service } = await onion.enable(await createAnnexRepository(folder, silentLog, 'peer'));
        await writeFile(path.join(context.gitDir, 'annex', 'creds', 'p2pauth'), tokens.map(token => `${token}\n`).join(''), { mode: 0o600 });
        const peer = new RealPeer(onion, context, service);
        await peer.serve();
        return peer;
    }

    async serve(): Promise<void> {
        const { programs, root } = this.repository;
        this.#daemon = await ManagedProcess.start({ file: programs.gitAnnex, args: ['remotedaemon', '--foreground'], cwd: root }, { log: silentLog });
        await until('the daemon serves', async () => {
            const socket = await this.connect().catch(() => undefined);
            socket?.destroy();
            return socket !== undefined;
        });
    }

    async stopServing(): Promise<void> {
        await this.#daemon?.end();
        this.#daemon = undefined;
    }

    async stop(): Promise<void> {
        await this.stopServing();
        await this.onion.stop();
    }

    connect(): Promise<net.Socket> {
        return new Promise((resolve, reject) => {
            const socket = net.connect(this.service.socket);
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
