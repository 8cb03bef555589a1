import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { silentLog } from '../../../src/core/log';
import { findProgram } from '../../../src/core/process/findProgram';
import { makeMark, markedProcesses, orphans, ownerVariable, parseMark, thisOwner } from '../../../src/core/process/guardian/ownerMark';
import { formatGuardianMessage, parseGuardianMessage } from '../../../src/core/process/guardian/messages';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { endAll } from '../../../src/guardian/ending';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { isAlive } from '../support/isAlive';
import { until } from '../support/until';
import type { HostReport, HostTask } from './host';

const hostProgram = path.join(__dirname, 'host.js');
/** What the product promises, and how long a test waits before it says that the promise was broken. */
const promisedMs = 2000;

interface Host extends HostReport {
    readonly process: ManagedProcess;
    /** Kills it as the system does when memory is short, and waits until nothing with its mark is left; gives back how long that took. */
    killed(): Promise<number>;
    ask(): Promise<HostReport>;
}

async function startHost(task: HostTask): Promise<Host> {
    const host = await ManagedProcess.start({ file: process.execPath, args: [hostProgram, JSON.stringify(task)], cwd: '/' }, { log: silentLog });
    const lines: string[] = [];
    host.onStdoutLine.on(line => lines.push(line));
    host.onStderrLine.on(line => lines.push(line));
    const next = async (count: number): Promise<HostReport> => {
        await until('the host speaks', () => lines.length >= count || host.exit !== undefined, 60_000);
        return JSON.parse(lines[count - 1] ?? '') as HostReport;
    };
    const report = await next(1);
    const ofHost = (): number[] => markedProcesses().filter(({ mark }) => parseMark(mark)?.pid === host.pid).map(({ pid }) => pid);
    return {
        ...report,
        process: host,
        ask: () => {
            const count = lines.length + 1;
            host.write('?\n');
            return next(count);
        },
        killed: async () => {
            const { guardian } = report;
            const start = Date.now();
            process.kill(host.pid, 'SIGKILL');
            await until('nothing is left', () => ofHost().length === 0 && !report.children.some(isAlive), 10_000);
            const took = Date.now() - start;
            await until('the guardian has ended', () => !isAlive(guardian), 10_000);
            host.kill();
            return took;
        },
    };
}

describe('what the guardian is told', () => {
    it('is read back, and nothing else is believed', () => {
        const message = { type: 'set', id: 3, cleanup: { processGroup: 77, folders: ['/tmp/x'], ownedSockets: ['/run/s'] } } as const;
        assert.deepEqual(parseGuardianMessage(formatGuardianMessage(message).trim()), message);
        for (const line of ['', '{', 'null', '{"type":"set"}', '{"type":"set","id":1,"cleanup":{"processGroup":1}}', '{"type":"set","id":1,"cleanup":{"processGroup":-5}}', '{"type":"set","id":1,"cleanup":{"folders":[1]}}']) {
            assert.equal(parseGuardianMessage(line), undefined, line);
        }
    });
});

describe('an owner’s mark', () => {
    it('says who the owner is', () => {
        assert.deepEqual(parseMark(makeMark()), thisOwner());
        assert.equal(parseMark('anything'), undefined);
    });

    it('makes an orphan of a process only where its owner is surely gone', async () => {
        const owner = thisOwner();
        const marks = [makeMark(owner), makeMark({ ...owner, startTime: '1' }), makeMark({ ...owner, startTime: '' }), makeMark({ ...owner, namespace: 'pid:[1]', startTime: '1' }), 'nonsense'];
        const found = await orphans(marks.map(mark => ({ pid: 1, mark })));
        assert.deepEqual(found.map(({ mark }) => mark), owner.namespace === '' ? [] : [marks[1]]);
    });
});

describe('the guardian', function () {
    this.timeout(90_000);

    before(function () {
        if (process.platform === 'win32') {
            this.skip();
        }
    });

    it('ends groups, what has left its group, and what ignores signals; removes their folders', () =>
        withTemporaryFolder(async folder => {
            const temporaryFolder = await mkdtemp(path.join(folder, 'secret-'));
            await writeFile(path.join(temporaryFolder, 'half'), 'x');
            const host = await startHost({
                children: [
                    { file: '/bin/sh', args: ['-c', 'sleep 300 & sleep 300 & echo ready; wait'], cwd: '/', readyLine: 'ready', temporaryFolder },
                    { file: '/bin/sh', args: ['-c', 'trap "" TERM HUP INT; echo ready; while :; do sleep 300; done'], cwd: '/', readyLine: 'ready' },
                    ...((await findProgram('setsid')) === undefined ? [] : [{ file: '/bin/sh', args: ['-c', 'setsid sleep 300 & echo ready; wait'], cwd: '/', readyLine: 'ready' }]),
                ],
            });
            const took = await host.killed();
            assert.ok(took < promisedMs, `${took} ms`);
            await assert.rejects(stat(temporaryFolder), { code: 'ENOENT' });
        }));

    it('lets git and git-annex remove their locks', () =>
        withTemporaryFolder(async folder => {
            const repository = await createAnnexRepository(folder, silentLog);
            const hook = path.join(repository.gitDir, 'hooks', 'pre-commit');
            await mkdir(path.dirname(hook), { recursive: true });
            await writeFile(hook, '#!/bin/sh\necho ready\nsleep 300\n', { mode: 0o700 });
            const host = await startHost({
                children: [{ file: repository.programs.git, args: ['commit', '--all', '--allow-empty', '-m', 'x'], cwd: repository.root }],
            });
            const lock = path.join(repository.gitDir, 'index.lock');
            await until('git holds its lock', () => stat(lock).then(() => true, () => false));
            const took = await host.killed();
            assert.ok(took < promisedMs, `${took} ms`);
            await assert.rejects(stat(lock), { code: 'ENOENT' });
        }));

    it('ends a remote daemon with its helpers', () =>
        withTemporaryFolder(async folder => {
            const repository = await createAnnexRepository(folder, silentLog);
            const host = await startHost({ children: [{ file: repository.programs.gitAnnex, args: ['remotedaemon', '--foreground'], cwd: repository.root }] });
            const took = await host.killed();
            assert.ok(took < promisedMs, `${took} ms`);
        }));

    it('is replaced when it is killed itself, survives what is sent to its group, and the new one knows all', () =>
        withTemporaryFolder(async folder => {
            const temporaryFolder = await mkdtemp(path.join(folder, 'secret-'));
            const host = await startHost({ children: [{ file: '/bin/sh', args: ['-c', 'sleep 300 & echo ready; wait'], cwd: '/', readyLine: 'ready', temporaryFolder }] });
            await until('it runs its program', async () => (await readFile(`/proc/${host.guardian}/cmdline`, 'latin1').catch(() => '')).includes('main.js'));
            process.kill(host.guardian, 'SIGKILL');
            let second = host.guardian;
            await until('another runs', async () => {
                second = (await host.ask()).guardian;
                return second !== 0 && second !== host.guardian;
            });
            const took = await host.killed();
            assert.ok(took < promisedMs, `${took} ms`);
            await until('the second guardian has ended', () => !isAlive(second));
            await assert.rejects(stat(temporaryFolder), { code: 'ENOENT' });
        }));

    it('misses no child of a host that is killed while it starts them', async function () {
        if (thisOwner().namespace === '') {
            this.skip();
        }
        const times: number[] = [];
        for (let round = 0; round < 6; round++) {
            const host = await startHost({ children: [{ file: '/bin/sh', args: ['-c', 'sleep 300'], cwd: '/' }], endless: true });
            const end = Date.now() + round * 11;
            await until('some time has passed', () => Date.now() >= end);
            times.push(await host.killed());
        }
        assert.ok(Math.max(...times) < promisedMs, `${times.join(', ')} ms`);
    });

    it('when it starts, ends what an earlier owner left that died together with its guardian', async function () {
        if (thisOwner().namespace === '') {
            this.skip();
        }
        const host = await startHost({ children: [{ file: '/bin/sh', args: ['-c', 'sleep 300'], cwd: '/' }] });
        const [child = 0] = host.children;
        process.kill(host.guardian, 'SIGSTOP');
        process.kill(host.process.pid, 'SIGKILL');
        process.kill(host.guardian, 'SIGKILL');
        await host.process.exited;
        assert.ok(isAlive(child));
        const next = await startHost({ children: [{ file: '/bin/sh', args: ['-c', 'sleep 300'], cwd: '/' }] });
        await until('the orphan is gone', () => !isAlive(child));
        assert.ok(next.children.every(isAlive), 'its own children live');
        await next.killed();
    });

    it('leaves alone a process that merely has the number of a group that ended', () =>
        withTemporaryFolder(async () => {
            const stranger = await ManagedProcess.start({ file: '/bin/sleep', args: ['300'], cwd: '/', env: { [ownerVariable]: undefined } }, { log: silentLog });
            await endAll('', [{ id: stranger.pid, leaderStarted: Promise.resolve('1') }]);
            assert.ok(isAlive(stranger.pid));
            await stranger.end();
        }));
});
