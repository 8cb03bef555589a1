/** Serving at boot, by real service managers and the real git-annex: what is written is what serves, after a start and after a crash. */
import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, realpath, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { BootService } from '../../../src/core/boot/bootService';
import { connectTo } from '../../../src/core/daemon/serviceSocket';
import { SharedDaemon } from '../../../src/core/daemon/sharedDaemon';
import { silentLog } from '../../../src/core/log';
import { cutSessions } from '../../../src/core/peers/access/sessions';
import type { ManagedProcess } from '../../../src/core/process/managedProcess';
import { findProgram } from '../../../src/core/process/findProgram';
import { run, runOrThrow } from '../../../src/core/process/run';
import { canRunLocalOnion, LocalOnion, type LocalService } from '../../support/localOnion/localOnion';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/until';
import { canRunCron, CronDaemon } from './support/cronDaemon';
import { canRunUserSystemd, UserSystemd } from './support/userSystemd';

interface World {
    readonly folder: string;
    readonly onion: LocalOnion;
    readonly server: RepositoryContext;
    readonly client: RepositoryContext;
    readonly service: LocalService;
}

async function withWorld(work: (world: World) => Promise<void>): Promise<void> {
    await withTemporaryFolder(async made => {
        const folder = await realpath(made);
        const onion = await LocalOnion.start(folder);
        try {
            // Names that a service manager could take for something else.
            const { context, service } = await onion.enable(await createAnnexRepository(folder, silentLog, `it's $HOME 100% "served"`));
            const { context: client } = await onion.enable(await createAnnexRepository(folder, silentLog, 'client'));
            // The daemon is inside already: its git need not enter again.
            const inside = (await findProgram('git')) ?? '';
            await work({ folder, onion, server: { ...context, programs: { ...context.programs, git: inside } }, client, service });
        } finally {
            await onion.stop();
        }
    });
}

async function listener(service: LocalService): Promise<boolean> {
    const connection = await connectTo(service.socket);
    connection?.destroy();
    return connection !== undefined;
}
const serves = (service: LocalService, limitMs = 20_000): Promise<void> => until('it serves', () => listener(service), limitMs);
const isSilent = (service: LocalService): Promise<void> => until('nobody serves', async () => !(await listener(service)), 20_000);

async function git(repository: RepositoryContext, ...args: string[]): Promise<string> {
    return (await runOrThrow({ file: repository.programs.git, args, cwd: repository.root }, { log: silentLog, timeLimitMs: 30_000 })).stdout.trim();
}

async function daemonsIn({ root }: RepositoryContext): Promise<readonly number[]> {
    const found = await run({ file: '/usr/bin/pgrep', args: ['-f', 'git-annex remotedaemon --foreground'], cwd: '/' }, { log: silentLog });
    const pids = found.stdout.split('\n').filter(line => line !== '').map(Number);
    const here = await Promise.all(pids.map(pid => realpath(`/proc/${pid}/cwd`).then(cwd => cwd === root, () => false)));
    return pids.filter((_pid, index) => here[index]);
}

/** Everything of it is tried with each manager. */
async function proveIt(world: World, boot: BootService, turnOff: () => Promise<void>, turnOn: () => Promise<void>): Promise<void> {
    const { onion, server, client, service, folder } = world;
    assert.deepEqual(await boot.status(), { kind: 'none' });
    assert.equal(await boot.isInstalled(), false);
    const runtime = path.join(folder, 'windows');
    await mkdir(runtime, { mode: 0o700 });
    const window = new SharedDaemon(server, { boot, runtimeFolder: () => Promise.resolve(runtime), serviceSocket: () => Promise.resolve(service.socket), shim: () => Promise.resolve({ kind: 'off', reason: 'no-perl', detail: '' }), limits: { look: 200 } });
    const shows = (what: string): Promise<void> => until(`the window shows ${what}`, () => {
        const { state } = window.snapshot;
        return (state.kind === 'boot' ? `boot ${state.serving ? 'serving' : 'silent'}` : state.kind) === what;
    }, 20_000);
    try {
        await window.start();
        await shows('running');
        await serves(service);

        await boot.install();
        await window.restart();
        await shows('boot silent');
        await boot.start();
        await serves(service);
        await shows('boot serving');
        assert.equal((await boot.status() as { running?: boolean }).running, true);
        const pids = await daemonsIn(server);
        assert.equal(pids.length, 1);

        // It is git-annex with our git before git's own, and with what keeps a peer in bounds.
        const environment = (await readFile(`/proc/${pids[0] ?? 0}/environ`, 'utf8')).split('\0');
        assert.ok(environment.some(line => /^PATH=[^:]*annex-peers\/bin:/u.test(line)), environment.join('\n'));
        assert.ok(environment.includes('GIT_CONFIG_VALUE_1=!refs/heads/synced/'));
        assert.ok(environment.includes(`GIT_CONFIG_VALUE_3=${server.gitDir}/annex-peers/paused.gitconfig`));

        // Its input never ends, and can be written to: what it reads is obeyed.
        await onion.link(client, server, 'server');
        for (let index = 0; index < 3; index++) {
            await writeFile(path.join(server.root, 'file'), `${index}\n`);
            await git(server, '-c', 'annex.largefiles=nothing', 'add', 'file');
            await git(server, '-c', 'annex.largefiles=nothing', 'commit', '-q', '-m', `${index}`);
            await git(client, 'fetch', '-q', 'server');
            assert.equal(await git(client, 'rev-parse', 'server/master'), await git(server, 'rev-parse', 'master'));
        }
        window.reload();
        assert.equal((await stat(path.join(server.gitDir, 'annex-peers', 'serve.in'))).mode & 0o777, 0o600);

        // Killed, it is there again; the window does not take its place.
        process.kill(pids[0] ?? 0, 'SIGKILL');
        await until('another serves', async () => {
            const [now] = await daemonsIn(server);
            return now !== undefined && now !== pids[0] && (await listener(service));
        }, 30_000);
        await shows('boot serving');
        assert.equal((await daemonsIn(server)).length, 1);

        // Sessions are cut, by a restart of the service.
        const [before] = await daemonsIn(server);
        assert.equal(await cutSessions(window, server.uuid), 'cut');
        await until('it was started anew', async () => {
            const [now] = await daemonsIn(server);
            return now !== undefined && now !== before;
        }, 20_000);
        await serves(service);

        await boot.stop();
        await isSilent(service);
        await shows('boot silent');
        assert.deepEqual(await daemonsIn(server), []);
        assert.equal((await boot.status() as { running?: boolean }).running, false);
        await boot.start();
        await serves(service);

        // The editor is closed, the computer is turned off and on: it is served.
        await window.dispose();
        assert.ok(await listener(service));
        await turnOff();
        await isSilent(service);
        await turnOn();
        await serves(service);
        assert.equal((await daemonsIn(server)).length, 1);

        await boot.remove();
        await isSilent(service);
        assert.deepEqual([await boot.isInstalled(), await daemonsIn(server)], [false, []]);
        assert.deepEqual((await readdir(path.join(server.gitDir, 'annex-peers'))).filter(name => /^(?:serve|boot)/u.test(name)), []);
    } finally {
        await window.dispose();
        await boot.remove();
    }
}

describe('serving at boot', function () {
    this.timeout(120_000);

    before(async function () {
        if (!(await canRunLocalOnion())) {
            this.skip();
        }
    });

    it("is done by a real systemd of the user's own", async function () {
        if (!(await canRunUserSystemd())) {
            this.skip();
        }
        await withWorld(async world => {
            const systemd = await UserSystemd.create(world.folder, world.onion.bin);
            const boot = new BootService(world.server, systemd.environment);
            try {
                await systemd.start();
                const plan = await boot.plan();
                assert.equal(plan.method, 'systemd');
                await proveIt(world, boot, () => systemd.stop(), () => systemd.start());
                assert.equal(await stat(plan.file ?? '').then(() => true, () => false), false);
            } finally {
                await systemd.stop();
            }
        });
    });

    it('is done by a real cron, which leaves every other line as it was', async function () {
        if (!(await canRunCron())) {
            this.skip();
        }
        await withWorld(async world => {
            const cron = await CronDaemon.create(world.folder);
            const home = path.join(world.folder, 'cron-home');
            await mkdir(home);
            const environment = { HOME: home, XDG_RUNTIME_DIR: path.join(world.folder, 'none'), PATH: `${cron.bin}:${world.onion.bin}:/usr/bin:/bin`, XDG_CONFIG_HOME: undefined, XDG_DATA_HOME: undefined, DBUS_SESSION_BUS_ADDRESS: undefined };
            const boot = new BootService(world.server, environment);
            const own = '# mine\n17 3 * * * true 100\\%\n';
            const crontab = async (...args: string[]): Promise<string> => (await runOrThrow({ file: path.join(cron.bin, 'crontab'), args: args.slice(0, 1), cwd: '/' }, { log: silentLog, ...(args[1] === undefined ? {} : { input: args[1] }) })).stdout;
            let daemon: ManagedProcess | undefined;
            try {
                daemon = await cron.boot();
                await crontab('-', own);
                assert.equal((await boot.plan()).method, 'cron');
                await proveIt(world, boot, async () => {
                    await daemon?.end();
                    await boot.stop();
                }, async () => {
                    daemon = await cron.boot();
                });
                assert.equal(await crontab('-l'), own);
            } finally {
                await daemon?.end();
                await cron.stop();
            }
        });
    });
});
