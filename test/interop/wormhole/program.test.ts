/** The program as git-annex and people run it: its output, its input, its questions and its exit. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ourProgram, start, type Running } from './support/programs';
import { startMailboxServer, type MailboxServer } from './support/servers';

describe('wormhole program', function () {
    this.timeout(30_000);
    let folder: string;
    let mailbox: MailboxServer;

    before(async () => {
        folder = await mkdtemp(path.join(tmpdir(), 'wormhole-program-'));
        mailbox = await startMailboxServer(folder);
    });
    after(async () => {
        await mailbox.end();
        await rm(folder, { recursive: true });
    });

    const environment = (): Record<string, string> => ({ WORMHOLE_RELAY_URL: mailbox.url, WORMHOLE_TRANSIT_HELPER: '' });
    const run = (args: readonly string[], cwd = folder, input?: string): Promise<Running> => start(process.execPath, [ourProgram, ...args], cwd, environment(), input);

    it('prints the code before anything that could be taken for one', async () => {
        await writeFile(path.join(folder, '2026-11-22-notes'), 'x');
        const sending = await run(['send', '2026-11-22-notes']);
        const code = await sending.code();
        assert.match(code, /^\d{1,3}-[a-z]+-[a-z]+$/u);
        const receiving = await run(['receive', '--accept-file', '-o', 'out'], folder, `${code}\n`);
        assert.deepEqual([(await sending.finished).exitCode, (await receiving.finished).exitCode], [0, 0]);
        assert.ok(Buffer.byteLength((await sending.finished).stderr) < 4096);
    });

    it('goes on when nobody reads its output any more', async () => {
        const sender = spawn(process.execPath, [ourProgram, 'send', '--text', 'still there'], { cwd: folder, env: { ...process.env, ...environment() }, stdio: ['ignore', 'pipe', 'pipe'] });
        const exited = new Promise<number | null>(resolve => sender.once('exit', resolve));
        const code = await new Promise<string>(resolve => {
            let output = '';
            sender.stderr.on('data', (data: Buffer) => {
                output += data.toString();
                const found = /\d+-[a-z]+-[a-z]+/u.exec(output)?.[0];
                if (found !== undefined) {
                    resolve(found);
                }
            });
        });
        sender.stdout.destroy();
        sender.stderr.destroy();
        const receiving = await run(['receive'], folder, `${code}\n`);
        assert.equal((await receiving.finished).stdout, 'still there');
        assert.equal(await exited, 0);
    });

    it('takes a code as it is typed, with spaces and capitals', async () => {
        const sending = await run(['send', '--text', 'hello', '-c', '3']);
        const code = await sending.code();
        assert.equal(code.split('-').length, 4);
        const receiving = await run(['receive'], folder, `  ${code.toUpperCase().replaceAll('-', ' ')} \n`);
        assert.deepEqual(await receiving.finished, { exitCode: 0, stdout: 'hello', stderr: '' });
    });

    it('uses a code that was agreed on', async () => {
        const code = '77-our-own-words';
        const [sending, receiving] = await Promise.all([run(['send', '--text', 'hello', '--code', code]), run(['receive', code])]);
        assert.equal((await receiving.finished).stdout, 'hello');
        assert.equal((await sending.finished).exitCode, 0);
    });

    it('says what is wrong with a code, and with none', async () => {
        const typo = await run(['receive'], folder, 'not a code\n');
        assert.match((await typo.finished).stderr, /not a code/u);
        assert.equal((await typo.finished).exitCode, 1);
        const none = await run(['receive']);
        none.process.closeInput();
        assert.equal((await none.finished).exitCode, 1);
    });

    it('asks before it receives a file, under a name of its own', async () => {
        const own = path.join(folder, 'asked');
        await mkdir(own);
        await writeFile(path.join(folder, 'named-by-the-sender'), 'content');
        for (const [answer, exitCode, files] of [['n', 1, []], ['y', 0, ['wormhole-received']], ['', 0, ['wormhole-received', 'wormhole-received-2']]] as const) {
            const sending = await run(['send', 'named-by-the-sender']);
            const receiving = await run(['receive'], own, `${await sending.code()}\n${answer}\n`);
            const { exitCode: code, stderr } = await receiving.finished;
            assert.equal(code, exitCode, stderr);
            assert.match(stderr, /named "named-by-the-sender"/u);
            assert.equal((await sending.finished).exitCode, exitCode);
            assert.deepEqual((await readdir(own)).sort(), files);
        }
        assert.equal(await readFile(path.join(own, 'wormhole-received'), 'utf8'), 'content');
    });

    it('gives git-annex no text where it wants a file', async () => {
        const sending = await run(['--appid', 'git-annex.branchable.com/p2p-setup', 'send', '--text', 'trick']);
        const receiving = await run(['--appid', 'git-annex.branchable.com/p2p-setup', 'receive', '--accept-file', '--output-file', 'out3'], folder, `${await sending.code()}\n`);
        assert.deepEqual([(await receiving.finished).exitCode, (await receiving.finished).stdout], [1, '']);
        assert.equal((await sending.finished).exitCode, 1);
    });

    it('tells its version and its use', async () => {
        assert.match((await (await run(['--version'])).finished).stdout, /^wormhole \(Annex Peers\) \d/u);
        assert.match((await (await run(['--help'])).finished).stdout, /--tor-socks/u);
        assert.equal((await (await run(['--launch-tor', 'send', 'x'])).finished).exitCode, 2);
    });
});
