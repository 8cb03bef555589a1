/** Where another program serves: peers are watched all the same, by the real git-annex's protocol. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { writePausedConfig } from '../../../src/core/daemon/pausedPeers';
import { connectTo, socketIdentity } from '../../../src/core/daemon/serviceSocket';
import { SharedDaemon } from '../../../src/core/daemon/sharedDaemon';
import { prepareShim } from '../../../src/core/daemon/shim/install';
import { watchingOf } from '../../../src/core/daemon/watchByConnection';
import { silentLog } from '../../../src/core/log';
import { findProgram } from '../../../src/core/process/findProgram';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { runOrThrow } from '../../../src/core/process/run';
import { canRunLocalOnion, LocalOnion, type LocalService } from '../../support/localOnion/localOnion';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/until';

async function git(repository: RepositoryContext, ...args: string[]): Promise<string> {
    return (await runOrThrow({ file: repository.programs.git, args, cwd: repository.root }, { log: silentLog, timeLimitMs: 15_000 })).stdout.trim();
}

/** Something that holds the socket, and never fetches. */
async function hold(service: LocalService): Promise<{ cut(): void; close(): void }> {
    await rm(service.socket, { force: true });
    const connections = new Set<net.Socket>();
    const server = net.createServer(connection => void connections.add(connection.on('error', () => undefined)));
    await new Promise<void>(resolve => server.listen(service.socket, resolve));
    return {
        cut: () => connections.forEach(connection => connection.destroy()),
        // Removes the socket's file, whoever has made it.
        close: () => void server.close(),
    };
}

describe('the watch of peers while another program serves', function () {
    this.timeout(120_000);

    before(async function () {
        if (!(await canRunLocalOnion())) {
            this.skip();
        }
    });

    it('tells that a peer is connected, of its changes, whoever fetches them, and leaves a paused one alone', () =>
        withTemporaryFolder(async folder => {
            const onion = await LocalOnion.start(folder);
            const [server, client] = [await onion.enable(await createAnnexRepository(folder, silentLog, 'server')), await onion.enable(await createAnnexRepository(folder, silentLog, 'client'))];
            const runtime = path.join(folder, 'run');
            await mkdir(runtime, { mode: 0o700 });
            const inside: RepositoryContext = { ...server.context, programs: { ...server.context.programs, git: (await findProgram('git')) ?? '' } };
            const served = new SharedDaemon(inside, {
                runtimeFolder: () => Promise.resolve(runtime),
                serviceSocket: () => Promise.resolve(server.service.socket),
                shim: () => prepareShim(inside, { ...process.env, XDG_DATA_HOME: path.join(folder, 'data') }),
                limits: { look: 100 },
            });
            const window = new SharedDaemon(client.context, {
                runtimeFolder: () => Promise.resolve(runtime),
                serviceSocket: () => Promise.resolve(client.service.socket),
                shim: () => Promise.resolve({ kind: 'off', reason: 'no-perl', detail: '' }),
                watching: watchingOf(client.context, { endpoint: onion.socks, patienceMs: 6000 }),
                limits: { look: 100 },
            });
            const link = (): string | undefined => window.snapshot.links.get(server.address)?.link;
            const fetched: string[] = [];
            window.onDidFetch.on(uri => fetched.push(uri));
            const commit = async (): Promise<string> => {
                await writeFile(path.join(inside.root, 'news'), randomBytes(20).toString('hex'));
                await git(inside, '-c', 'annex.largefiles=nothing', 'add', 'news');
                await git(inside, '-c', 'annex.largefiles=nothing', 'commit', '-q', '-m', 'news');
                return git(inside, 'rev-parse', 'master');
            };
            const fake = await hold(client.service);
            let other: ManagedProcess | undefined;
            try {
                await served.start();
                await until('it serves', async () => (await connectTo(server.service.socket))?.destroy() !== undefined, 30_000);
                await onion.link(client.context, server.context, 'server');

                // Nobody here fetches: then the watch does, to where a look comes before a merge.
                await window.start();
                assert.equal(window.snapshot.state.kind, 'external');
                await until('connected', () => link() === 'connected', 30_000);
                const first = await commit();
                await until('it was told', () => fetched.length > 1 && link() === 'connected', 30_000);
                assert.equal(await git(client.context, 'rev-parse', `refs/annex-peers/incoming/${server.context.uuid}/heads/master/tip`), first);

                // git-annex's own daemon fetches: then the watch tells of it all the same.
                const before = await socketIdentity(client.service.socket);
                other = await ManagedProcess.start({ file: client.context.programs.gitAnnex, args: ['remotedaemon', '--foreground'], cwd: client.context.root }, { log: silentLog });
                await until('the other serves, and is connected too', async () => (await socketIdentity(client.service.socket)) !== before && onion.connections(server.service) >= 2, 20_000);
                fake.cut();
                const count = fetched.length;
                const second = await commit();
                await until('it was told again', () => fetched.length > count, 30_000);
                await until("it is where git-annex's daemon puts it", async () => (await git(client.context, 'for-each-ref', '--format=%(objectname)', 'refs/remotes/server/master')) === second, 30_000);

                // Lost and back.
                server.service.reachability = 'unreachable';
                onion.cut(server.service);
                await until('lost', () => link() === 'disconnected', 30_000);
                server.service.reachability = 'up';
                window.nudge(server.address);
                await until('back', () => link() === 'connected', 30_000);

                // Paused: only the other's connection stays.
                await writePausedConfig(client.context.gitDir, ['server']);
                window.reload();
                await until('left alone', () => onion.connections(server.service) <= 1 && link() !== 'connected', 20_000);
            } finally {
                fake.cut();
                fake.close();
                await other?.end();
                await window.dispose();
                await served.dispose();
                await onion.stop();
            }
        }));
});
