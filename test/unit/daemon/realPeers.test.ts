import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { SharedDaemon, type SharedDaemonOptions } from '../../../src/core/daemon/sharedDaemon';
import { connectTo, socketIdentity } from '../../../src/core/daemon/serviceSocket';
import { prepareShim } from '../../../src/core/daemon/shim/install';
import { silentLog } from '../../../src/core/log';
import { findProgram } from '../../../src/core/process/findProgram';
import { livingGroups } from '../../../src/core/process/guardian/ownerMark';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { runOrThrow } from '../../../src/core/process/run';
import { canRunLocalOnion, LocalOnion, type LocalService } from '../../support/localOnion/localOnion';
import { guardianProgram, type HostReport, type HostTask } from '../guardian/host';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { isAlive } from '../support/isAlive';
import { until } from '../support/until';

interface Peers {
    readonly onion: LocalOnion;
    readonly server: RepositoryContext;
    readonly client: RepositoryContext;
    readonly service: LocalService;
    readonly options: SharedDaemonOptions;
}

async function withPeers(work: (peers: Peers) => Promise<void>): Promise<void> {
    await withTemporaryFolder(async folder => {
        const onion = await LocalOnion.start(folder);
        try {
            const [server, client] = [await onion.enable(await createAnnexRepository(folder, silentLog, 'server')), await onion.enable(await createAnnexRepository(folder, silentLog, 'client'))];
            const git = await findProgram('git');
            assert.ok(git !== undefined);
            const runtime = path.join(folder, 'run');
            await mkdir(runtime, { mode: 0o700 });
            // The daemon is inside already: its git need not enter again.
            const context: RepositoryContext = { ...server.context, programs: { ...server.context.programs, git } };
            const options: SharedDaemonOptions = {
                runtimeFolder: () => Promise.resolve(runtime),
                serviceSocket: () => Promise.resolve(server.service.socket),
                shim: () => prepareShim(context, { ...process.env, XDG_DATA_HOME: path.join(folder, 'data') }),
                limits: { look: 100 },
            };
            await work({ onion, server: context, client: client.context, service: server.service, options });
        } finally {
            await onion.stop();
        }
    });
}

async function git(repository: RepositoryContext, ...args: string[]): Promise<string> {
    return (await runOrThrow({ file: repository.programs.git, args, cwd: repository.root }, { log: silentLog, timeLimitMs: 15_000 })).stdout.trim();
}

async function annex(repository: RepositoryContext, ...args: string[]): Promise<void> {
    await runOrThrow({ file: repository.programs.gitAnnex, args, cwd: repository.root }, { log: silentLog, timeLimitMs: 30_000 });
}

async function isServed(service: LocalService): Promise<boolean> {
    const connection = await connectTo(service.socket);
    connection?.destroy();
    return connection !== undefined;
}

const startByHand = (repository: RepositoryContext): Promise<ManagedProcess> =>
    ManagedProcess.start({ file: repository.programs.gitAnnex, args: ['remotedaemon', '--foreground'], cwd: repository.root }, { log: silentLog });

describe('the daemon that windows share, between real git-annex repositories', function () {
    this.timeout(120_000);

    before(async function () {
        if (!(await canRunLocalOnion())) {
            this.skip();
        }
    });

    it('serves fetches that end, with the state that its peers see', () =>
        withPeers(async ({ onion, server, client, service, options }) => {
            const window = new SharedDaemon(server, options);
            try {
                await window.start();
                assert.deepEqual(window.snapshot.fetchGuard, { kind: 'on' });
                await until('it serves', () => isServed(service));
                await onion.link(client, server, 'server');
                for (let index = 0; index < 8; index++) {
                    await writeFile(path.join(server.root, 'file'), randomBytes(index * 40_000 + 10));
                    await git(server, '-c', 'annex.largefiles=nothing', 'add', 'file');
                    await git(server, '-c', 'annex.largefiles=nothing', 'commit', '-q', '-m', `${index}`);
                    await git(client, 'fetch', '-q', 'server');
                    assert.equal(await git(client, 'rev-parse', 'server/master'), await git(server, 'rev-parse', 'master'));
                }
            } finally {
                await window.dispose();
            }
            assert.equal(await isServed(service), false);
        }));

    it('gives way to a git-annex that was started by hand, before or after, and takes over when that ends', () =>
        withPeers(async ({ server, service, options }) => {
            const before = await startByHand(server);
            await until('it serves', () => isServed(service));
            const window = new SharedDaemon(server, options);
            const running = (): boolean => window.snapshot.state.kind === 'running';
            try {
                await window.start('automatically');
                assert.equal(window.snapshot.state.kind, 'external');
                before.kill();
                await until('ours serves', async () => running() && (await isServed(service)), 3000);
                const ours = await socketIdentity(service.socket);
                const looked = Date.now() + 400;
                await until('ours was seen', () => Date.now() > looked);
                const after = await startByHand(server);
                await until('the other serves', async () => (await socketIdentity(service.socket)) !== ours);
                await until('ours has given way', () => window.snapshot.state.kind === 'external');
                await after.end();
                await until('ours serves again', async () => running() && (await isServed(service)), 3000);
            } finally {
                before.kill();
                await window.dispose();
            }
        }));

    it('shows that a peer of ours is connected, lost and back', () =>
        withPeers(async ({ onion, server, client, service, options }) => {
            const served = new SharedDaemon(server, options);
            const window = new SharedDaemon(client, { ...options, serviceSocket: () => Promise.resolve(undefined) });
            const link = (): string | undefined => [...window.snapshot.links.values()][0]?.link;
            const fetched: string[] = [];
            window.onDidFetch.on(uri => fetched.push(uri));
            try {
                await served.start();
                await until('it serves', () => isServed(service));
                await onion.link(client, server, 'server');
                await window.start();
                await until('connected', () => link() === 'connected' || link() === 'fetching', 30_000);
                onion.cut(service);
                service.reachability = 'unreachable';
                await until('lost', () => link() === 'disconnected', 30_000);
                await writeFile(path.join(server.root, 'meanwhile'), 'x');
                await annex(server, 'add', '-q', 'meanwhile');
                await git(server, 'commit', '-q', '-m', 'meanwhile');
                service.reachability = 'up';
                await until('back', () => link() === 'connected' || link() === 'fetching', 30_000);
                const meanwhile = await git(server, 'rev-parse', 'master');
                await until('what changed meanwhile was fetched', async () => (await git(client, 'for-each-ref', '--format=%(objectname)')).split('\n').includes(meanwhile), 30_000);
                const count = fetched.length;
                await writeFile(path.join(server.root, 'news'), 'x');
                await annex(server, 'add', '-q', 'news');
                await git(server, 'commit', '-q', '-m', 'news');
                await until('fetched', () => fetched.length > count, 30_000);
            } finally {
                await window.dispose();
                await served.dispose();
            }
        }));

    it('leaves nothing of a get that was cut off with the editor, and the next one goes on', () =>
        withPeers(async ({ onion, server, client, service }) => {
            const daemon = await startByHand(server);
            try {
                await until('it serves', () => isServed(service));
                await onion.link(client, server, 'server');
                await writeFile(path.join(server.root, 'large'), randomBytes(4_000_000));
                await annex(server, 'add', '-q', 'large');
                await git(server, 'commit', '-q', '-m', 'large');
                // The plain daemon's fetches may hang: git's own way takes its place here.
                await git(client, 'fetch', '-q', server.root, 'master:refs/remotes/server/master', 'git-annex:refs/remotes/server/git-annex');
                await git(client, 'merge', '-q', '--allow-unrelated-histories', '-m', 'both', 'server/master');
                service.bytesPerSecond = 400_000;
                const task: HostTask = { children: [{ file: client.programs.gitAnnex, args: ['get', 'large', '--from', 'server', '--json', '--json-progress'], cwd: client.root, readyLine: 'byte-progress' }] };
                const host = await ManagedProcess.start({ file: process.execPath, args: [path.join(path.dirname(guardianProgram), '..', '..', 'test', 'unit', 'guardian', 'host.js'), JSON.stringify(task)], cwd: '/' }, { log: silentLog });
                const lines: string[] = [];
                host.onStdoutLine.on(line => lines.push(line));
                await until('it is under way', () => lines.length > 0 || host.exit !== undefined, 60_000);
                const { children, guardian } = JSON.parse(lines[0] ?? '') as HostReport;
                const [group = 0] = children;
                const start = Date.now();
                process.kill(host.pid, 'SIGKILL');
                await until('nothing is left', () => livingGroups([group])?.length === 0);
                assert.ok(Date.now() - start < 2000, `${Date.now() - start} ms`);
                await until('the guardian has ended', () => !isAlive(guardian));
                service.bytesPerSecond = undefined;
                await annex(client, 'get', 'large', '--from', 'server');
                assert.deepEqual(await readFile(path.join(client.root, 'large')), await readFile(path.join(server.root, 'large')));
            } finally {
                await daemon.end();
            }
        }));
});
