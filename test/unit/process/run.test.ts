import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { CancelledError } from '../../../src/core/errors';
import { silentLog } from '../../../src/core/log';
import { findProgram, findProgramMatching } from '../../../src/core/process/findProgram';
import { environmentFor, ManagedProcess } from '../../../src/core/process/managedProcess';
import { run, RunError, runOrThrow } from '../../../src/core/process/run';
import { until } from '../support/until';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { chmod, writeFile } from 'node:fs/promises';

const shell = '/bin/sh';

/** The processes of a process group that still run. */
async function group(id: number): Promise<string[]> {
    const alive: string[] = [];
    for (const pid of (await readdir('/proc')).filter(name => /^\d+$/u.test(name))) {
        const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (Number(fields[2]) === id && fields[0] !== 'Z') {
            alive.push(pid);
        }
    }
    return alive;
}

describe('run', () => {
    it('gives back exit code and both outputs', async () => {
        const result = await run({ file: shell, args: ['-c', 'echo out; echo err >&2; exit 3'], cwd: '/' }, { log: silentLog });
        assert.deepEqual([result.code, result.stdout, result.stderr], [3, 'out\n', 'err']);
    });

    it('passes arguments as they are, whatever a shell would make of them', async () => {
        const args = ['$HOME', '; id', '*', "a'b", ''];
        const result = await runOrThrow({ file: '/usr/bin/printf', args: ['%s\\n', ...args], cwd: '/' }, { log: silentLog });
        assert.equal(result.stdout, args.map(arg => `${arg}\n`).join(''));
    });

    it('fails with a reason where the program does', async () => {
        await assert.rejects(runOrThrow({ file: shell, args: ['-c', 'exit 7'], cwd: '/' }, { log: silentLog }), (error: unknown) => error instanceof RunError && error.reason === 'failed' && error.result.code === 7);
    });

    it('says not-found for a program that is not there', async () => {
        const lines: string[] = [];
        await assert.rejects(run({ file: '/nowhere/git', args: ['status'], cwd: '/' }, { log: { ...silentLog, warn: line => lines.push(line) } }), { reason: 'not-found' });
        assert.match(lines.join('\n'), /^\/nowhere\/git status \(in \/\) could not be started: .*ENOENT$/u);
    });

    it('says spawn-failed, and says it in the log, where the system takes no such arguments', async () => {
        const lines: string[] = [];
        await assert.rejects(run({ file: '/bin/true', args: ['x'.repeat(4_000_000)], cwd: '/' }, { log: { ...silentLog, warn: line => lines.push(line) } }), { reason: 'spawn-failed' });
        assert.match(lines.join('\n'), /could not be started: .*E2BIG$/u);
    });

    it('ends the whole process tree on cancel, also what ignores SIGTERM', async () => {
        const controller = new AbortController();
        let pid = 0;
        const log = { ...silentLog, info: (message: string) => (pid ||= Number(/^\[(\d+)\]/u.exec(message)?.[1])) };
        const running = run({ file: shell, args: ['-c', "trap '' TERM; sleep 100 & echo ready; wait; sleep 100"], cwd: '/' }, { log, signal: controller.signal, onStdoutLine: () => controller.abort() });
        await assert.rejects(running, CancelledError);
        await until('the group has gone', async () => (await group(pid)).length === 0);
    });

    it('ends what stays silent too long, and not what keeps talking', async () => {
        await assert.rejects(run({ file: shell, args: ['-c', 'echo a; sleep 60'], cwd: '/' }, { log: silentLog, silenceLimitMs: 300 }), { reason: 'silence' });
        const talking = await run({ file: shell, args: ['-c', 'for i in 1 2 3 4 5; do echo $i; sleep 0.1; done'], cwd: '/' }, { log: silentLog, silenceLimitMs: 2000 });
        assert.equal(talking.code, 0);
    });

    it('ends what takes too long', async () => {
        await assert.rejects(run({ file: shell, args: ['-c', 'while :; do echo x; sleep 0.05; done'], cwd: '/' }, { log: silentLog, timeLimitMs: 400 }), { reason: 'time-limit' });
    });
});

describe('ManagedProcess', () => {
    it('reads text split inside a character', async () => {
        const child = await ManagedProcess.start({ file: shell, args: ['-c', "printf '\\303'; sleep 0.1; printf '\\244\\n'"], cwd: '/' }, { log: silentLog });
        const lines: string[] = [];
        child.onStdoutLine.on(line => lines.push(line));
        await child.exited;
        assert.deepEqual(lines, ['ä']);
    });

    it('answers a prompt', async () => {
        const child = await ManagedProcess.start({ file: shell, args: ['-c', 'printf "code: "; read code; echo "got $code"'], cwd: '/' }, { log: silentLog });
        const lines: string[] = [];
        child.onStdoutLine.on(line => lines.push(line));
        child.onStdoutText.on(text => {
            if (text.includes('code: ')) {
                child.write('7-a-b\n');
            }
        });
        await child.exited;
        assert.deepEqual(lines, ['code: got 7-a-b']);
    });

    it("takes the editor's own variables out of the environment and fixes the locale", () => {
        process.env['VSCODE_TEST_VARIABLE'] = 'x';
        try {
            const environment = environmentFor({ EXTRA: '1', HOME: undefined });
            assert.equal(environment['VSCODE_TEST_VARIABLE'], undefined);
            assert.equal(environment['HOME'], undefined);
            assert.deepEqual([environment['EXTRA'], environment['LC_ALL']], ['1', 'C.UTF-8']);
        } finally {
            delete process.env['VSCODE_TEST_VARIABLE'];
        }
    });
});

describe('findProgram', () => {
    it('searches absolute folders only', () =>
        withTemporaryFolder(async folder => {
            await writeFile(`${folder}/git`, '#!/bin/sh\n');
            await chmod(`${folder}/git`, 0o755);
            const before = process.cwd();
            process.chdir(folder);
            try {
                assert.equal(await findProgram('git', `.::${folder}`), `${folder}/git`);
                assert.equal(await findProgram('git', '.:'), undefined);
            } finally {
                process.chdir(before);
            }
        }));

    it('finds the newest of the programs with a version in their name', () =>
        withTemporaryFolder(async folder => {
            for (const name of ['wormhole-2.7', 'wormhole-3.6', 'wormhole-server']) {
                await writeFile(`${folder}/${name}`, '');
                await chmod(`${folder}/${name}`, 0o755);
            }
            assert.equal(await findProgramMatching(/^wormhole-\d+(?:\.\d+)*$/u, folder), `${folder}/wormhole-3.6`);
        }));
});
