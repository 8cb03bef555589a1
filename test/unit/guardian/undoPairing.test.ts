import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { silentLog } from '../../../src/core/log';
import { pairingCleanup } from '../../../src/core/process/guardian/pairing';
import { formatGuardianMessage } from '../../../src/core/process/guardian/messages';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { run } from '../../../src/core/process/run';
import { undo } from '../../../src/guardian/undo';
import { makeRepository, processesUsing, realPrograms, WormholeServers } from '../pairing/realPrograms';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { isAlive } from '../support/isAlive';
import { until } from '../support/until';
import { guardianProgram, type HostReport, type HostTask } from './host';
import type { PairingTask } from './pairingHost';

const half = (): string => randomBytes(32).toString('hex');
const onion = (letter: string): string => `tor-annex::${letter.repeat(56)}.onion:4711`;

interface Prepared {
    readonly repository: RepositoryContext;
    readonly before: string;
    readonly other: string;
    readonly ours: string;
    readonly theirs: string;
    readonly folder: string;
    readonly accepted: () => Promise<string[]>;
}

async function prepare(folder: string): Promise<Prepared> {
    const repository = await createAnnexRepository(folder, silentLog);
    const creds = path.join(repository.gitDir, 'annex', 'creds');
    await mkdir(creds, { recursive: true });
    const [before, other, ours, theirs] = [half() + half(), half() + half(), half(), half()];
    await writeFile(path.join(creds, 'p2pauth'), `${before}\n${ours}${theirs}\n${other}\n`, { mode: 0o600 });
    const pairingFolder = await mkdtemp(path.join(folder, 'pairing-'));
    return { repository, before, other, ours, theirs, folder: pairingFolder, accepted: async () => (await readFile(path.join(creds, 'p2pauth'), 'utf8')).trim().split('\n') };
}

const noProcesses = (): Promise<void> => Promise.resolve();

describe('a pairing that was cut off together with the editor', function () {
    this.timeout(60_000);

    it('names no secret to the guardian', () =>
        withTemporaryFolder(async folder => {
            const { repository, before, ours, folder: pairing } = await prepare(folder);
            const told = formatGuardianMessage({ type: 'set', id: 1, cleanup: pairingCleanup(repository, { name: 'bob', folder: pairing, tokensBefore: [before], ourHalf: ours }) });
            assert.ok(!told.includes(ours) && !told.includes(before));
        }));

    for (const [what, told] of [['the guardian was told of', true], ['only git-annex’s folder holds', false]] as const) {
        it(`loses its token and nothing else, where ${what} our half`, () =>
            withTemporaryFolder(async folder => {
                const { repository, before, other, ours, folder: pairing, accepted } = await prepare(folder);
                if (!told) {
                    await mkdir(path.join(pairing, 'pair123'));
                    await writeFile(path.join(pairing, 'pair123', 'send'), `${ours}\n${onion('a')}\n`);
                }
                await undo([pairingCleanup(repository, { name: 'bob', folder: pairing, tokensBefore: [before], ...(told ? { ourHalf: ours } : {}) })], noProcesses);
                assert.deepEqual(await accepted(), [before, other]);
                await assert.rejects(stat(pairing), { code: 'ENOENT' });
            }));
    }

    it('loses a remote that is not whole, and keeps one that is, with its token', () =>
        withTemporaryFolder(async folder => {
            const { repository, before, other, ours, theirs, folder: pairing, accepted } = await prepare(folder);
            const git = (...args: string[]): ReturnType<typeof run> => run({ file: repository.programs.git, args, cwd: repository.root }, { log: silentLog });
            const cleanup = pairingCleanup(repository, { name: 'bob', folder: pairing, tokensBefore: [before], ourHalf: ours, theirAddresses: [onion('b')] });
            const creds = path.join(repository.gitDir, 'annex', 'creds');

            await git('remote', 'add', 'bob', onion('b'));
            await writeFile(path.join(creds, `${'b'.repeat(56)}.onion`), theirs + ours, { mode: 0o600 });
            await git('config', 'remote.bob.annex-uuid', '2f3c1a52-0000-4000-8000-000000000001');
            await undo([cleanup], noProcesses);
            assert.deepEqual(await accepted(), [before, ours + theirs, other]);
            assert.equal((await git('remote')).stdout.trim(), 'bob');

            await git('config', '--unset', 'remote.bob.annex-uuid');
            await undo([cleanup], noProcesses);
            assert.equal((await git('remote')).stdout.trim(), '');
        }));

    it('leaves nothing of a real git-annex p2p --pair: no wormhole, no folder', async function () {
        const programs = await realPrograms();
        if (programs === undefined) {
            this.skip();
        }
        const servers = await WormholeServers.start(programs.twist);
        try {
            await withTemporaryFolder(async folder => {
                const { repository, before, ours, theirs, other, folder: pairing, accepted } = await prepare(folder);
                await writeFile(path.join(repository.gitDir, 'annex', 'creds', 'p2paddrs'), `${onion('c')}\n`, { mode: 0o600 });
                const task: HostTask = {
                    children: [
                        { file: programs.gitAnnex, args: ['p2p', '--pair', '--name', 'bob'], cwd: repository.root, env: servers.env, temporaryFolder: pairing, readyLine: 'pairing code is' },
                    ],
                    cleanups: [pairingCleanup(repository, { name: 'bob', folder: pairing, tokensBefore: [before, ours + theirs, other] })],
                };
                const host = await ManagedProcess.start({ file: process.execPath, args: [path.join(path.dirname(guardianProgram), '..', '..', 'test', 'unit', 'guardian', 'host.js'), JSON.stringify(task)], cwd: '/' }, { log: silentLog });
                const lines: string[] = [];
                host.onStdoutLine.on(line => lines.push(line));
                await until('git-annex shows its code', () => lines.length > 0 || host.exit !== undefined, 60_000);
                const { guardian } = JSON.parse(lines[0] ?? '') as HostReport;
                const ofPairing = async (): Promise<string[]> => {
                    const pids = (await readdir('/proc')).filter(name => /^\d+$/u.test(name));
                    const found = await Promise.all(pids.map(async pid => ((await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')).includes(`TMPDIR=${pairing}`) ? [pid] : [])));
                    return found.flat();
                };
                assert.ok((await ofPairing()).length >= 2, 'git-annex and its wormholes run');
                const start = Date.now();
                process.kill(host.pid, 'SIGKILL');
                await until('no process is left', async () => (await ofPairing()).length === 0);
                await until('no folder is left', () => stat(pairing).then(() => false, () => true));
                assert.ok(Date.now() - start < 2000, `${Date.now() - start} ms`);
                await until('the guardian has ended', () => !isAlive(guardian));
                assert.deepEqual(await accepted(), [before, ours + theirs, other]);
            });
        } finally {
            await servers.stop();
        }
    });

    it('leaves nothing of a pairing that was about to succeed: no token that lets anybody in', async function () {
        const programs = await realPrograms();
        if (programs === undefined) {
            this.skip();
        }
        const servers = await WormholeServers.start(programs.twist);
        try {
            await withTemporaryFolder(async folder => {
                const repositories = await Promise.all(['alice', 'bob'].map(name => makeRepository(folder, name, programs)));
                const before = `${half()}${half()}`;
                const files = repositories.map(({ gitDir }) => path.join(gitDir, 'annex', 'creds', 'p2pauth'));
                await Promise.all(files.map(file => writeFile(file, `${before}\n`, { mode: 0o600 })));
                const task: PairingTask = { repositories, env: { ...servers.env, XDG_RUNTIME_DIR: folder } };
                const host = await ManagedProcess.start({ file: process.execPath, args: [path.join(__dirname, 'pairingHost.js'), JSON.stringify(task)], cwd: '/', env: { XDG_RUNTIME_DIR: folder } }, { log: silentLog });
                const lines: string[] = [];
                host.onStdoutLine.on(line => lines.push(line));
                host.onStderrLine.on(line => lines.push(line));
                await until('both connect', () => lines.length > 0 || host.exit !== undefined, 60_000);
                const guardian = Number(lines[0]);
                assert.ok(guardian > 1, lines.join('\n'));
                const accepted = (): Promise<string[]> => Promise.all(files.map(file => readFile(file, 'utf8')));
                await until('git-annex has stored its tokens', async () => (await accepted()).every(text => text.trim().split('\n').length === 2));
                const start = Date.now();
                process.kill(host.pid, 'SIGKILL');
                await until('the guardian has ended', () => !isAlive(guardian));
                assert.ok(Date.now() - start < 2000, `${Date.now() - start} ms`);
                assert.deepEqual(await accepted(), [`${before}\n`, `${before}\n`]);
                assert.deepEqual((await readdir(folder)).sort(), ['alice', 'bob']);
                assert.deepEqual(await processesUsing(folder), []);
            });
        } finally {
            await servers.stop();
        }
    });
});
