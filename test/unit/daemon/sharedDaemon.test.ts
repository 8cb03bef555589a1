import assert from 'node:assert/strict';
import { appendFile, chmod, cp, mkdir, readFile, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { SharedDaemon, type SharedDaemonOptions } from '../../../src/core/daemon/sharedDaemon';
import { toShared, type DaemonSnapshot } from '../../../src/core/daemon/snapshot';
import { silentLog } from '../../../src/core/log';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/until';

const takeoverMs = 2000;

async function prepare(folder: string): Promise<{ context: RepositoryContext; options: SharedDaemonOptions; runtime: string }> {
    const runtime = path.join(folder, 'run');
    await mkdir(runtime, { mode: 0o700 });
    const context = await createAnnexRepository(folder, silentLog);
    return { context, runtime, options: { runtimeFolder: () => Promise.resolve(runtime), serviceSocket: () => Promise.resolve(undefined), shim: () => Promise.resolve({ kind: 'off', reason: 'no-perl', detail: '' }) } };
}

const pidOf = ({ state }: DaemonSnapshot): number => (state.kind === 'running' ? state.pid : 0);
const shown = (daemon: SharedDaemon): unknown => toShared(daemon.snapshot);

/** How many remote daemons run in the repository. */
async function daemonsIn(root: string): Promise<number> {
    const pids = (await readdir('/proc')).filter(name => /^\d+$/u.test(name));
    const found = await Promise.all(
        pids.map(async pid => {
            const [cwd, command] = await Promise.all([readlink(`/proc/${pid}/cwd`).catch(() => ''), readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')]);
            return cwd === root && command.includes('remotedaemon') ? 1 : 0;
        }),
    );
    return found.reduce<number>((sum, one) => sum + one, 0);
}

describe('the daemon that windows share', function () {
    this.timeout(120_000);

    it('runs once for twenty windows that start it at once, and all show the same', () =>
        withTemporaryFolder(async folder => {
            const { context, options, runtime } = await prepare(folder);
            const windows = Array.from({ length: 20 }, () => new SharedDaemon(context, options));
            try {
                await Promise.all(windows.map(window => window.start('automatically')));
                assert.equal(windows.filter(({ role }) => role === 'owner').length, 1);
                await until('all show that it runs', () => windows.every(window => pidOf(window.snapshot) !== 0));
                for (const window of windows) {
                    assert.deepEqual(shown(window), shown(windows[0] ?? window));
                }
                assert.equal(await daemonsIn(context.root), 1);

                // One after the other goes, the owner too: somebody always serves.
                const gaps: number[] = [];
                const gone = new Set<SharedDaemon>();
                for (const window of [...windows].sort(({ role }) => (role === 'owner' ? -1 : 1)).slice(0, 12)) {
                    await window.dispose();
                    gone.add(window);
                    const start = Date.now();
                    await until('it runs', () => windows.some(other => !gone.has(other) && other.role === 'owner' && pidOf(other.snapshot) !== 0));
                    gaps.push(Date.now() - start);
                }
                assert.ok(Math.max(...gaps) < takeoverMs, `${gaps.join(', ')} ms`);
                assert.equal(await daemonsIn(context.root), 1);
            } finally {
                await Promise.all(windows.map(window => window.dispose()));
            }
            assert.equal(await daemonsIn(context.root), 0);
            assert.deepEqual(await readdir(runtime), []);
        }));

    it('is one after ten reloads of a window, each of which begins before the last one has ended', () =>
        withTemporaryFolder(async folder => {
            const { context, options, runtime } = await prepare(folder);
            let window = new SharedDaemon(context, options);
            await window.start('automatically');
            for (let reload = 0; reload < 10; reload++) {
                const gone = window.dispose();
                window = new SharedDaemon(context, options);
                const started = window.start('automatically');
                await Promise.all([gone, started]);
            }
            await until('it runs', () => window.role === 'owner' && pidOf(window.snapshot) !== 0);
            assert.equal(await daemonsIn(context.root), 1);
            await window.dispose();
            assert.equal(await daemonsIn(context.root), 0);
            assert.deepEqual(await readdir(runtime), []);
        }));

    it('obeys every window: stop, start, restart, pause, and stays stopped for those that start by themselves', () =>
        withTemporaryFolder(async folder => {
            const { context, options } = await prepare(folder);
            const [owner, client, third] = [new SharedDaemon(context, options), new SharedDaemon(context, options), new SharedDaemon(context, options)];
            try {
                await owner.start();
                await client.start();
                assert.equal(client.role, 'client');
                const first = pidOf(owner.snapshot);
                assert.equal(pidOf(client.snapshot), first);
                client.reload();
                assert.equal(await client.whilePaused(() => Promise.resolve(42)), 42);
                await client.restart();
                assert.notEqual(pidOf(client.snapshot), first);
                assert.notEqual(pidOf(client.snapshot), 0);
                await client.stop();
                assert.equal(owner.snapshot.state.kind, 'stopped');
                await third.start('automatically');
                assert.equal(third.snapshot.state.kind, 'stopped');
                await owner.dispose();
                await until('another owns it', () => client.role === 'owner' || third.role === 'owner');
                await third.start('automatically');
                assert.equal(third.snapshot.state.kind, 'stopped', 'the next owner knows that it was stopped');
                await third.start();
                await until('all know that it runs', () => pidOf(client.snapshot) !== 0 && pidOf(third.snapshot) !== 0);
            } finally {
                await Promise.all([owner, client, third].map(window => window.dispose()));
            }
        }));

    it('is taken over within two seconds when the window that runs it is killed', () =>
        withTemporaryFolder(async folder => {
            const { context, options, runtime } = await prepare(folder);
            const other = await ManagedProcess.start({ file: process.execPath, args: [path.join(__dirname, 'window.js'), JSON.stringify({ context, runtime })], cwd: '/' }, { log: silentLog });
            const lines: string[] = [];
            other.onStdoutLine.on(line => lines.push(line));
            other.onStderrLine.on(line => lines.push(line));
            await until('the other window runs it', () => lines.some(line => line.startsWith('owner ')), 60_000);
            const window = new SharedDaemon(context, options);
            try {
                await window.start('automatically');
                assert.equal(window.role, 'client');
                const before = pidOf(window.snapshot);
                assert.ok(lines.includes(`owner ${before}`), lines.join());
                const start = Date.now();
                process.kill(other.pid, 'SIGKILL');
                await until('this one runs it', () => window.role === 'owner' && pidOf(window.snapshot) !== 0 && pidOf(window.snapshot) !== before);
                assert.ok(Date.now() - start < takeoverMs, `${Date.now() - start} ms`);
                await until('the other daemon has ended', async () => (await daemonsIn(context.root)) === 1);
            } finally {
                await window.dispose();
                other.kill();
            }
            assert.deepEqual(await readdir(runtime), []);
        }));

    it('serves one of two folders with the same uuid, tells both, and serves the other when the first has gone', () =>
        withTemporaryFolder(async folder => {
            const { context, options } = await prepare(folder);
            const copy = { ...context, root: path.join(folder, 'copy'), gitDir: path.join(folder, 'copy', '.git') };
            await cp(context.root, copy.root, { recursive: true });
            const [first, second] = [new SharedDaemon(context, options), new SharedDaemon(copy, options)];
            try {
                await first.start();
                await second.start('automatically');
                assert.deepEqual(second.snapshot.state, { kind: 'duplicate', of: context.root });
                await until('the first knows', () => first.snapshot.copies.includes(copy.root));
                await second.stop();
                assert.notEqual(pidOf(first.snapshot), 0, 'the copy has no say');
                await second.start('automatically');
                assert.equal(await daemonsIn(copy.root), 0);
                await first.dispose();
                await until('the other is served now', async () => pidOf(second.snapshot) !== 0 && (await daemonsIn(copy.root)) === 1);
            } finally {
                await Promise.all([first.dispose(), second.dispose()]);
            }
        }));

    it('leaves a daemon alone that others have started, and takes over when it ends', () =>
        withTemporaryFolder(async folder => {
            const { context, options } = await prepare(folder);
            const socket = path.join(folder, 's');
            const serve = async (): Promise<() => Promise<void>> => {
                await rm(socket, { force: true });
                const connections = new Set<net.Socket>();
                const server = net.createServer(connection => void connections.add(connection.on('error', () => undefined)));
                await new Promise<void>(resolve => server.listen(socket, resolve));
                return async () => {
                    const closed = new Promise(resolve => server.close(resolve));
                    connections.forEach(connection => connection.destroy());
                    await closed;
                };
            };
            const endOther = await serve();
            const window = new SharedDaemon(context, { ...options, serviceSocket: () => Promise.resolve(socket), limits: { look: 50 } });
            try {
                await window.start('automatically');
                assert.equal(window.snapshot.state.kind, 'external');
                assert.equal(await daemonsIn(context.root), 0);
                await endOther();
                await until('it runs', () => pidOf(window.snapshot) !== 0, takeoverMs);

                // As our daemon would have, had it a service: then somebody else takes the socket from it.
                const endFirst = await serve();
                const looked = Date.now() + 300;
                await until('it was looked at', () => Date.now() > looked);
                await endFirst();
                const endSecond = await serve();
                await until('it has given way', () => window.snapshot.state.kind === 'external');
                assert.equal(await daemonsIn(context.root), 0);
                await window.stop();
                assert.equal(window.snapshot.state.kind, 'stopped');
                await endSecond();
            } finally {
                await window.dispose();
            }
        }));

    it('serves even where windows can’t find each other', () =>
        withTemporaryFolder(async folder => {
            const { context, options } = await prepare(folder);
            const window = new SharedDaemon(context, { ...options, runtimeFolder: () => Promise.reject(new Error('no such place')) });
            try {
                await window.start();
                assert.notEqual(pidOf(window.snapshot), 0);
            } finally {
                await window.dispose();
            }
        }));
});

describe('the supervisor', function () {
    this.timeout(60_000);

    /** Stands for a git-annex in a state that the real one is in only after hours. */
    async function withScript(folder: string, script: string): Promise<{ context: RepositoryContext; options: SharedDaemonOptions }> {
        const { context, options } = await prepare(folder);
        const file = path.join(folder, 'git-annex');
        await writeFile(file, `#!/bin/sh\n${script}\n`);
        await chmod(file, 0o700);
        return { context: { ...context, programs: { ...context.programs, gitAnnex: file } }, options };
    }

    it('starts anew a daemon whose fetch never ends, but not one that still gets something', () =>
        withTemporaryFolder(async folder => {
            const { context, options } = await withScript(folder, 'echo "CONNECTED a"; echo "SYNCING a"; echo "SYNCING a"; exec cat');
            const window = new SharedDaemon(context, { ...options, limits: { silentFetch: 700, look: 50, grace: 100 } });
            let timer: NodeJS.Timeout | undefined;
            try {
                const pack = path.join(context.gitDir, 'objects', 'pack', 'tmp_pack_x');
                await mkdir(path.dirname(pack), { recursive: true });
                let pieces = 0;
                timer = setInterval(() => void appendFile(pack, `${pieces++}`), 100);
                await window.start();
                const first = pidOf(window.snapshot);
                await until('it fetches', () => window.snapshot.links.get('a')?.link === 'fetching');
                const enough = Date.now() + 1800;
                await until('pieces came', () => Date.now() > enough);
                assert.equal(pidOf(window.snapshot), first);
                clearInterval(timer);
                await until('it was started anew', () => pidOf(window.snapshot) !== 0 && pidOf(window.snapshot) !== first);
            } finally {
                clearInterval(timer);
                await window.dispose();
            }
        }));

    it('starts anew a daemon that would try a reachable peer only much later, and not too often', () =>
        withTemporaryFolder(async folder => {
            const { context, options } = await withScript(folder, 'echo "CONNECTED b"; for i in 1 2 3 4 5 6; do echo "CONNECTED a"; echo "DISCONNECTED a"; done; echo "WARNING a ready"; exec cat');
            const window = new SharedDaemon(context, { ...options, limits: { worthANudge: 60_000, betweenNudges: 600_000, look: 50, grace: 100 } });
            try {
                await window.start();
                await until('the peer is lost', () => window.snapshot.links.get('a')?.link === 'disconnected');
                const first = pidOf(window.snapshot);
                window.nudge('b');
                assert.equal(pidOf(window.snapshot), first);
                window.nudge('a');
                await until('it was started anew', () => pidOf(window.snapshot) !== 0 && pidOf(window.snapshot) !== first);
                const second = pidOf(window.snapshot);
                await until('the peer is lost again', () => window.snapshot.links.get('a')?.link === 'disconnected');
                window.nudge('a');
                assert.equal(pidOf(window.snapshot), second);
            } finally {
                await window.dispose();
            }
        }));

    it('starts anew a daemon that is asked to serve, and was started before there was a service', () =>
        withTemporaryFolder(async folder => {
            const { context, options } = await withScript(folder, 'exec cat');
            let socket: string | undefined;
            const window = new SharedDaemon(context, { ...options, serviceSocket: () => Promise.resolve(socket), limits: { grace: 100 } });
            try {
                await window.start();
                const first = pidOf(window.snapshot);
                await window.start();
                assert.equal(pidOf(window.snapshot), first);
                socket = path.join(folder, 's');
                await window.start();
                await until('it was started anew', () => pidOf(window.snapshot) !== 0 && pidOf(window.snapshot) !== first);
                const second = pidOf(window.snapshot);
                await window.start();
                assert.equal(pidOf(window.snapshot), second);
            } finally {
                await window.dispose();
            }
        }));

    it('survives whatever is printed', () =>
        withTemporaryFolder(async folder => {
            const { context, options } = await withScript(folder, `head -c 1500000 /dev/zero | tr '\\0' x; printf '\\n\\377\\376 \\303(\\n\\nCONNECTED\\nDONESYNCING a 2\\nCONNECTED a\\nCONNECTED a'; sleep 0.1; printf '\\r\\nDISCONNECTED zz\\nCONNECTED é\\n'; exec cat`);
            const window = new SharedDaemon(context, options);
            try {
                await window.start();
                await until('the last line was read', () => window.snapshot.links.has('é'));
                assert.deepEqual([...window.snapshot.links].map(([uri, { link }]) => [uri, link]), [['a', 'connected'], ['zz', 'disconnected'], ['é', 'connected']]);
            } finally {
                await window.dispose();
            }
        }));
});
