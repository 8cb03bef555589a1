import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installShim, prepareShim, shimEnvironment } from '../../../src/core/daemon/shim/install';
import { realGitVariable, selfTestArgument, drainsLine, shimScript } from '../../../src/core/daemon/shim/script';
import { silentLog } from '../../../src/core/log';
import { findProgram } from '../../../src/core/process/findProgram';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { run, type RunResult } from '../../../src/core/process/run';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/until';

const log = silentLog;

/** A program that stands for git: says how it was called, or does as its last argument says. */
const standIn = `#!/bin/sh
for last do :; done
case $last in
    write-*) head -c "\${last#write-}" /dev/zero; echo "$$" > "$PID_FILE"; exit 7 ;;
    wait) echo "$$" > "$PID_FILE"; exec sleep 60 ;;
    input) cat ;;
    *) for argument do printf '<%s>' "$argument"; done ;;
esac
`;

async function setUp(folder: string): Promise<{ shim: string; env: Record<string, string>; git: string; pidFile: string }> {
    const shim = path.join(await installShim({ XDG_DATA_HOME: path.join(folder, 'data') }), 'git');
    const git = path.join(folder, 'real', 'git');
    await mkdir(path.dirname(git));
    await writeFile(git, standIn, { mode: 0o700 });
    const pidFile = path.join(folder, 'pid');
    return { shim, git, pidFile, env: { [realGitVariable]: git, PID_FILE: pidFile } };
}

const hasPerl = findProgram('perl').then(perl => perl !== undefined);

describe('the git that outlives its pipes', function () {
    this.timeout(30_000);

    it('is written with a mode of 0700 in a folder of 0700, once, and mended when it was changed', () =>
        withTemporaryFolder(async folder => {
            const environment = { XDG_DATA_HOME: path.join(folder, 'data') };
            const bin = await installShim(environment);
            assert.equal(bin, path.join(folder, 'data', 'annex-peers', 'bin'));
            assert.equal((await stat(bin)).mode & 0o777, 0o700);
            const first = await stat(path.join(bin, 'git'));
            assert.equal(first.mode & 0o777, 0o700);
            await Promise.all(Array.from({ length: 20 }, () => installShim(environment)));
            assert.equal((await stat(path.join(bin, 'git'))).ino, first.ino, 'not written again');
            await writeFile(path.join(bin, 'git'), 'something else');
            await Promise.all(Array.from({ length: 20 }, () => installShim(environment)));
            assert.equal(await readFile(path.join(bin, 'git'), 'utf8'), shimScript);
            assert.deepEqual(await readdir(bin), ['git']);
        }));

    it('refuses a folder that is a link, and closes one that others could read', () =>
        withTemporaryFolder(async folder => {
            await mkdir(path.join(folder, 'elsewhere'));
            await mkdir(path.join(folder, 'data'));
            await symlink(path.join(folder, 'elsewhere'), path.join(folder, 'data', 'annex-peers'));
            await assert.rejects(installShim({ XDG_DATA_HOME: path.join(folder, 'data') }), { reason: 'not-ours' });
            await mkdir(path.join(folder, 'open', 'annex-peers'), { recursive: true });
            await chmod(path.join(folder, 'open', 'annex-peers'), 0o777);
            await installShim({ XDG_DATA_HOME: path.join(folder, 'open') });
            assert.equal((await stat(path.join(folder, 'open', 'annex-peers'))).mode & 0o777, 0o700);
        }));

    it('is well-formed in both its languages', () =>
        withTemporaryFolder(async folder => {
            const [shell = '', perl = ''] = shimScript.split(/^(?=#!perl$)/mu);
            await Promise.all([writeFile(path.join(folder, 'sh'), shell), writeFile(path.join(folder, 'perl'), perl)]);
            for (const [name, args] of [['sh', ['-n', 'sh']], ...((await hasPerl) ? ([['perl', ['-c', 'perl']]] as const) : [])] as const) {
                const file = await findProgram(name);
                assert.ok(file !== undefined);
                const { code, stderr } = await run({ file, args, cwd: folder }, { log });
                assert.equal(code, 0, stderr);
                assert.doesNotMatch(stderr, /warning|once|error/iu);
            }
        }));

    it('becomes the real git for everything else, whatever the arguments hold', () =>
        withTemporaryFolder(async folder => {
            const { shim, env } = await setUp(folder);
            for (const args of [['status'], ['-c', 'upload-pack', 'log', 'receive-pack'], ['', ' ', '$HOME', "'", '*', '\n', '-n'], ['config', 'upload-pack'], ['-C', 'upload-pack'], []]) {
                const { stdout, code } = await run({ file: shim, args, cwd: folder, env }, { log });
                assert.equal(stdout, args.map(argument => `<${argument}>`).join(''));
                assert.equal(code, 0);
            }
        }));

    it('finds the real git further down the PATH when it is not told, and never itself', () =>
        withTemporaryFolder(async folder => {
            const { shim, git } = await setUp(folder);
            const alias = path.join(folder, 'alias');
            await mkdir(alias);
            await symlink(shim, path.join(alias, 'git'));
            const system = (process.env['PATH'] ?? '').split(':');
            for (const told of [undefined, shim, path.join(alias, 'git'), '/nowhere/git']) {
                const PATH = [alias, path.dirname(shim), path.dirname(git), ...system].join(':');
                const { stdout, stderr } = await run({ file: path.join(alias, 'git'), args: ['hello'], cwd: folder, env: { PATH, [realGitVariable]: told } }, { log });
                assert.equal(stdout, '<hello>', stderr);
            }
            const nothing = await run({ file: shim, args: ['hello'], cwd: folder, env: { PATH: path.dirname(shim), [realGitVariable]: undefined } }, { log });
            assert.equal(nothing.code, 127);
        }));

    describe('for upload-pack and receive-pack', () => {
        before(async function () {
            if (!(await hasPerl)) {
                this.skip();
            }
        });

        /** Runs the shim with a real pipe as its output, whose reader begins when `go` exists. Node.js itself gives sockets. */
        async function piped(folder: string, args: readonly string[], env: Record<string, string>, shim: string): Promise<ManagedProcess> {
            const bash = await findProgram('bash');
            assert.ok(bash !== undefined);
            const script = `{ "$@"; echo $? > code; } | { until [ -e go ]; do sleep 0.02; done; wc -c; }`;
            return ManagedProcess.start({ file: bash, args: ['-c', script, 'bash', shim, ...args], cwd: folder, env }, { log });
        }

        for (const args of [['upload-pack'], ['-c', 'a.b=c', '--git-dir=x', '--literal-pathspecs', 'receive-pack'], ['--work-tree', 'receive-pack', 'upload-pack']]) {
            it(`waits until the pipe was read, then ends with git's code: git ${args.join(' ')}`, () =>
                withTemporaryFolder(async folder => {
                    const { shim, env, pidFile } = await setUp(folder);
                    const child = await piped(folder, [...args, 'write-20000'], env, shim);
                    const lines: string[] = [];
                    child.onStdoutLine.on(line => lines.push(line));
                    await until('git has ended', async () => {
                        const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
                        return pid > 0 && !(await stat(`/proc/${pid}`).then(() => true, () => false));
                    });
                    const isThere = (name: string): Promise<boolean> => stat(path.join(folder, name)).then(() => true, () => false);
                    const until300 = Date.now() + 300;
                    await until('it waits', () => Date.now() > until300);
                    assert.equal(await isThere('code'), false, 'it has not ended before the pipe was read');
                    await writeFile(path.join(folder, 'go'), '');
                    await child.exited;
                    assert.deepEqual(lines, ['20000']);
                    assert.equal((await readFile(path.join(folder, 'code'), 'utf8')).trim(), '7');
                }));
        }

        it('ends at once when nobody is left who could read', () =>
            withTemporaryFolder(async folder => {
                const { shim, env } = await setUp(folder);
                const bash = await findProgram('bash');
                assert.ok(bash !== undefined);
                const start = Date.now();
                const { stdout } = await run({ file: bash, args: ['-c', 'exec 3>&1; { "$@"; echo $? >&3; } | { sleep 0.3; exec 0<&-; sleep 0.1; }', 'bash', shim, 'upload-pack', 'write-1000'], cwd: folder, env }, { log });
                assert.equal(stdout.trim(), '7');
                assert.ok(Date.now() - start < 5000);
            }));

        it("passes signals on, and ends by git's signal", () =>
            withTemporaryFolder(async folder => {
                const { shim, env, pidFile } = await setUp(folder);
                const child = await ManagedProcess.start({ file: '/bin/sh', args: ['-c', '"$@" | cat', 'sh', shim, 'upload-pack', 'wait'], cwd: folder, env }, { log });
                await until('git runs', async () => (await readFile(pidFile, 'utf8').catch(() => '')) !== '');
                const git = Number(await readFile(pidFile, 'utf8'));
                const stat = await readFile(`/proc/${git}/stat`, 'utf8');
                const parent = Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]);
                process.kill(parent, 'SIGTERM');
                await child.exited;
                assert.throws(() => process.kill(git, 0), { code: 'ESRCH' });
            }));

        it('gives git its input, and lets who writes notice that git is gone', () =>
            withTemporaryFolder(async folder => {
                const { shim, env } = await setUp(folder);
                const result: RunResult = await run({ file: '/bin/sh', args: ['-c', '"$@" | cat', 'sh', shim, 'receive-pack', 'input'], cwd: folder, env }, { log, input: 'a\nb\n' });
                assert.equal(result.stdout, 'a\nb\n');
                const bash = await findProgram('bash');
                assert.ok(bash !== undefined);
                const script = 'exec 3>&1; { yes; echo gone >&3; } | "$@" | { until [ -e go ]; do sleep 0.02; done; wc -c >/dev/null; }';
                const child = await ManagedProcess.start({ file: bash, args: ['-c', script, 'bash', shim, 'upload-pack', 'write-10'], cwd: folder, env }, { log });
                const lines: string[] = [];
                child.onStdoutLine.on(line => lines.push(line));
                await until('the writer noticed', () => lines.includes('gone'));
                await writeFile(path.join(folder, 'go'), '');
                assert.equal((await child.exited).code, 0);
            }));

        it('tests itself on a pipe', () =>
            withTemporaryFolder(async folder => {
                const { shim, env } = await setUp(folder);
                const { stdout, code } = await run({ file: shim, args: [selfTestArgument], cwd: folder, env }, { log });
                assert.equal(stdout.trim(), drainsLine);
                assert.equal(code, 0);
            }));
    });

    it('is on with the real git-annex, and off, with the reason, where it is passed by or perl is missing', () =>
        withTemporaryFolder(async folder => {
            const repository = await createAnnexRepository(folder, log);
            const environment = { ...process.env, XDG_DATA_HOME: path.join(folder, 'data') };
            const state = await prepareShim(repository, environment);
            assert.deepEqual(state, (await hasPerl) ? { kind: 'on', folder: path.join(folder, 'data', 'annex-peers', 'bin') } : { kind: 'off', reason: 'no-perl', detail: '' });
            const own = path.join(folder, 'git-annex');
            await writeFile(own, `#!/bin/sh\nPATH=/usr/bin:$PATH\nexec ${repository.programs.gitAnnex} "$@"\n`, { mode: 0o700 });
            const standalone = await prepareShim({ ...repository, programs: { ...repository.programs, gitAnnex: own } }, environment);
            assert.deepEqual(standalone, { kind: 'off', reason: 'passed-by', detail: '' });
            const empty = path.join(folder, 'empty');
            await mkdir(empty);
            assert.deepEqual(await prepareShim(repository, { ...environment, PATH: empty, XDG_DATA_HOME: path.join(folder, 'more') }), { kind: 'off', reason: 'no-perl', detail: '' });
            const itself = await prepareShim({ ...repository, programs: { ...repository.programs, git: path.join(folder, 'data', 'annex-peers', 'bin', 'git') } }, environment);
            assert.equal(itself.kind === 'off' && itself.reason, 'not-installed');
        }));

    for (const [system, ioctl] of [['there is no answer', '$! = 25; undef'], ['the end that writes is told 0, as on macOS', '$_[2] = pack("i", 0); "0 but true"']] as const) {
        it(`is off and says so where draining can't be seen (${system}), and git runs all the same`, async function () {
            const perl = await findProgram('perl');
            if (perl === undefined) {
                this.skip();
            }
            await withTemporaryFolder(async folder => {
                const bin = path.join(folder, 'blind');
                await mkdir(bin);
                await writeFile(path.join(bin, 'Blind.pm'), `package Blind; BEGIN { *CORE::GLOBAL::ioctl = sub (*$$) { ${ioctl} }; } 1;\n`);
                await writeFile(path.join(bin, 'perl'), `#!/bin/sh\nexec ${perl} -I${bin} -MBlind "$@"\n`, { mode: 0o700 });
                const PATH = [bin, process.env['PATH']].join(path.delimiter);
                const state = await prepareShim(await createAnnexRepository(folder, log), { ...process.env, PATH, XDG_DATA_HOME: path.join(folder, 'more') });
                assert.deepEqual(state, { kind: 'off', reason: 'not-seen', detail: 'annex-peers: the end that writes can not see what waits in a pipe' });
                const { shim, env } = await setUp(folder);
                const { stdout, code } = await run({ file: '/bin/sh', args: ['-c', '"$@" | wc -c; exit 0', 'sh', shim, 'upload-pack', 'write-1000'], cwd: folder, env: { ...env, PATH } }, { log });
                assert.deepEqual([stdout.trim(), code], ['1000', 0]);
            });
        });
    }

    it('changes nothing in what the remote daemon hands on', () => {
        assert.deepEqual(shimEnvironment('/shim', '/usr/bin/git', '/shim:/a::/b'), { PATH: '/shim:/a:/b', [realGitVariable]: '/usr/bin/git' });
    });
});
