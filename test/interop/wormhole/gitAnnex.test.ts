/**
 * The real `git annex p2p --pair` with our program as its `wormhole`, against itself and against python's.
 *
 * The addresses lead nowhere, so that the step after the exchange can't succeed: what counts is that git-annex has
 * exchanged the pairing data.
 */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog } from '../../../src/core/log';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { runOrThrow } from '../../../src/core/process/run';
import { createLauncher } from '../../../src/core/wormhole/launcher';
import { ourProgram } from './support/programs';
import { startMailboxServer, startRelay, type MailboxServer, type RelayServer } from './support/servers';
import { until } from './support/until';

interface Side {
    readonly process: ManagedProcess;
    readonly output: string[];
    code(): Promise<string>;
}

describe('wormhole for git-annex', function () {
    this.timeout(60_000);
    let folder: string;
    let mailbox: MailboxServer;
    let relay: RelayServer;
    let ours: string;

    before(async () => {
        folder = await mkdtemp(path.join(tmpdir(), 'wormhole-annex-'));
        [mailbox, relay] = await Promise.all([startMailboxServer(folder), startRelay(folder)]);
        // Neither Node.js nor Python nor another wormhole: the launcher, and what git-annex itself needs.
        const tools = path.join(folder, 'tools');
        await mkdir(tools);
        await Promise.all(['git', 'git-annex', 'sh', 'uname'].map(name => symlink(path.join('/usr/bin', name), path.join(tools, name))));
        ours = `${await createLauncher({ folder: path.join(folder, 'bin'), runtime: process.execPath, program: ourProgram })}:${tools}`;
        await Promise.all(['alice', 'bob'].map(makeRepository));
    });
    after(async () => {
        await Promise.all([mailbox.end(), relay.end()]);
        // git-annex write-protects its own.
        await runOrThrow({ file: '/bin/chmod', args: ['-R', 'u+w', folder], cwd: '/' }, { log: silentLog });
        await rm(folder, { recursive: true });
    });

    async function makeRepository(name: string): Promise<void> {
        const cwd = path.join(folder, name);
        await mkdir(cwd);
        const env = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: `${name}@example.org`, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: `${name}@example.org` };
        await runOrThrow({ file: '/usr/bin/git', args: ['init', '-q'], cwd, env }, { log: silentLog });
        await runOrThrow({ file: '/usr/bin/git-annex', args: ['init', name], cwd, env }, { log: silentLog });
        await mkdir(path.join(cwd, '.git/annex/creds'), { recursive: true });
        await writeFile(path.join(cwd, '.git/annex/creds/p2paddrs'), `tor-annex::${'a'.repeat(56)}.onion:4713\n`, { mode: 0o600 });
    }

    async function pair(name: string, programPath: string): Promise<Side> {
        const process = await ManagedProcess.start({
            file: '/usr/bin/git-annex', args: ['p2p', '--pair', '--name', 'peer1'], cwd: path.join(folder, name),
            env: { PATH: programPath, WORMHOLE_RELAY_URL: mailbox.url, WORMHOLE_TRANSIT_HELPER: relay.hint },
        }, { log: silentLog });
        const output: string[] = [];
        process.onStdoutText.on(text => output.push(text));
        process.onStderrLine.on(line => output.push(line));
        return { process, output, code: () => until(`${name}'s code (${output.join('')})`, () => /pairing code is: (?<code>\d+-\S+)/u.exec(output.join(''))?.groups?.['code'], 30_000) };
    }

    const systemPath = process.env['PATH'] ?? '';
    for (const [left, right] of [['ours', 'ours'], ['ours', 'python'], ['python', 'ours']] as const) {
        it(`${left} and ${right} exchange pairing data`, async () => {
            const pathOf = (which: 'ours' | 'python'): string => (which === 'ours' ? ours : `/usr/bin:${systemPath}`);
            const [alice, bob] = await Promise.all([pair('alice', pathOf(left)), pair('bob', pathOf(right))]);
            try {
                const [codeOfAlice, codeOfBob] = await Promise.all([alice.code(), bob.code()]);
                alice.process.write(`${codeOfBob}\n`);
                bob.process.write(`${codeOfAlice}\n`);
                for (const side of [alice, bob]) {
                    await until(`the exchange: ${side.output.join('')}`, () => side.output.join('').includes('Successfully exchanged pairing data'), 30_000);
                }
            } finally {
                await Promise.all([alice.process.end(), bob.process.end()]);
            }
        });
    }

    it('left every mailbox happy', async () => {
        const usage = await until('all mailboxes to be closed', async () => {
            const seen = await mailbox.usage();
            return seen.length >= 6 && seen;
        });
        assert.deepEqual([...new Set(usage.map(entry => entry.result))], ['happy']);
    });
});
