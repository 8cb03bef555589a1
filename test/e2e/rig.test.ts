/** The rig itself: two people do the tutorial by command line on it, over the private Tor network, with the real programs alone. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readlinkSync } from 'node:fs';
import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { silentLog } from '../../src/core/log';
import { RunError } from '../../src/core/process/run';
import { ManagedProcess } from '../../src/core/process/managedProcess';
import { Rig } from '../rig/rig';
import type { Computer } from '../rig/computers/computer';
import { identityOf, isAlive, type ProcessIdentity } from '../rig/computers/namespaces';
import { findRigs, sweep, type OwnerRecord } from '../rig/lifetime';
import { projectRoot, rigsFolder } from '../rig/paths';
import { waitFor } from '../rig/wait';
import { startCommand } from './steps/commandAsRoot';
import { oneAfterTheOther } from './steps/oneAfterTheOther';

const minute = 60_000;
const fileOf = (computer: Computer): string => `from-${computer.name}.txt`;
const contentOf = (computer: Computer): string => `A letter from ${computer.name}.\n`;

describe('the rig', function () {
    this.timeout(2 * minute);
    let rig: Rig;
    let alice: Computer;
    let bob: Computer;
    const daemons: ManagedProcess[] = [];

    before(async () => {
        rig = await Rig.up({ computers: ['alice', 'bob', 'carol'] });
        [alice, bob] = [rig.computer('alice'), rig.computer('bob')];
    });

    after(async () => {
        await rig.down();
    });

    it('lets computers reach the relays and the mailbox server, and not each other', async () => {
        const connect = (to: string, port: number): Promise<{ code: number | null }> => alice.exec(['bash', '-c', 'exec 3<>/dev/tcp/$0/$1', to, String(port)], { timeLimitMs: 5000 });
        // Something listens on bob's side, so that only the cables can be the reason.
        const listener = await bob.spawn(['perl', '-MIO::Socket::INET', '-e', 'my $s = IO::Socket::INET->new(Listen => 1, LocalPort => 7777) or die; print "listening\n"; STDOUT->flush; $s->accept']);
        await new Promise<void>(resolve => listener.onStdoutLine.on(() => resolve()));
        assert.notEqual((await connect(bob.address, 7777)).code, 0);
        await listener.end();
        assert.equal((await connect(rig.network.node('relay0').node.address, rig.network.node('relay0').node.orPort)).code, 0);
        assert.equal((await connect(rig.mailbox.address, rig.mailbox.port)).code, 0);
    });

    it('has people whom sudo asks for a password', async () => {
        assert.notEqual((await alice.exec(['sudo', '--non-interactive', 'id', '-u'])).code, 0);
        assert.notEqual((await alice.exec(['sudo', '--stdin', 'id', '-u'], { input: 'wrong\n' })).code, 0);
        assert.equal(await alice.execOrThrow(['sudo', '--stdin', 'id', '-u'], { input: `${alice.user.password}\n` }), '0\n');
        assert.match((await alice.exec(['su', '--command', 'id -un'], { input: `${alice.user.password}\n` })).stdout, /root/u);
    });

    it('takes the network cable out and puts it in again', async () => {
        const reachesMailbox = async (): Promise<boolean> => {
            try {
                return (await alice.exec(['bash', '-c', 'exec 3<>/dev/tcp/$0/$1', rig.mailbox.address, String(rig.mailbox.port)], { timeLimitMs: 1000 })).code === 0;
            } catch (error) {
                if (error instanceof RunError) {
                    return false;
                }
                throw error;
            }
        };
        assert.equal(await reachesMailbox(), true);
        await alice.disconnect();
        assert.equal(await reachesMailbox(), false);
        await alice.connect();
        await waitFor(reachesMailbox, { what: 'the cable', limitMs: 10_000 });
    });

    it('makes a cable slow and quick again', async () => {
        const carol = rig.computer('carol');
        const program = 'my $t = time; IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1]) or die; print 1000 * (time - $t)';
        const roundTrip = async (): Promise<number> =>
            Number(await carol.execOrThrow(['perl', '-MTime::HiRes=time', '-MIO::Socket::INET', '-e', program, rig.mailbox.address, String(rig.mailbox.port)]));
        await carol.setDelay(150);
        assert.ok(await roundTrip() >= 300);
        await carol.setDelay(0);
        await waitFor(async () => await roundTrip() < 300, { what: 'the quick cable', limitMs: 10_000 });
    });

    it('reaches files inside from the host, and shows folders of the host inside', async () => {
        const carol = rig.computer('carol');
        await carol.execOrThrow(['ln', '-s', '/etc/hostname', 'link']);
        await carol.writeFile('/home/carol/link', 'carol\'s own\n');
        assert.equal(await carol.execOrThrow(['stat', '--format', '%F %U', 'link']), 'regular file carol\n');
        assert.equal(await carol.readFile('/etc/hostname'), 'carol\n');
        await carol.bind(path.join(projectRoot(), 'test'), '/srv/test');
        assert.match(await carol.execOrThrow(['cat', '/srv/test/e2e/rig.test.ts']), /shows folders of the host inside/u);
        assert.notEqual((await carol.exec(['touch', '/srv/test/no'], { as: 'root' })).code, 0);
        // What root reaches the host's files by is closed to people.
        assert.notEqual((await carol.exec(['ls', '/.rig/host'])).code, 0);
    });

    it('runs commands as root for a person who types a password: asks once, and all ends with Ctrl-C, and with the command', async () => {
        const carol = rig.computer('carol');
        for (const end of ['Ctrl-C', 'TERM', 'KILL']) {
            const running = await startCommand(carol);
            const { terminal, pids } = running;
            assert.match(running.shown(), /sudo asks for your password, once[^]*first as 0/u);
            assert.equal(running.questions, 1, running.shown());
            if (end === 'Ctrl-C') {
                terminal.write('\u0003');
            } else {
                await carol.execOrThrow(['kill', `-${end}`, String(pids.command)]);
            }
            await waitFor(async () => (await carol.exec(['test', '-e', `/proc/${pids.root}`], { as: 'root' })).code !== 0, { what: `the end of what runs as root after ${end}`, limitMs: 5000 });
            await terminal.exited;
        }
    });

    describe('the plain tutorial by command line works on it', function () {
        // Each step needs the one before.
        oneAfterTheOther(this);

        it('both make a repository and enable Tor through sudo', async () => {
            for (const computer of [alice, bob]) {
                await computer.createRepository({ files: { [fileOf(computer)]: contentOf(computer) } });
                const enabled = await computer.exec(['sudo', '--stdin', 'git-annex', 'enable-tor', String(computer.user.uid)], { cwd: computer.repository, input: `${computer.user.password}\n`, timeLimitMs: minute });
                assert.equal(enabled.code, 0, enabled.stderr);
                assert.match(await computer.readFile('/etc/tor/torrc'), /^HiddenServiceDir \/var\/lib\/tor\/tor-annex_\d+_[0-9a-f-]{36}\nHiddenServicePort \d+ unix:/mu);
            }
        });

        it('both serve, and pair by exchanging codes', async () => {
            for (const computer of [alice, bob]) {
                daemons.push(await computer.spawn(['git-annex', 'remotedaemon', '--foreground'], { cwd: computer.repository }));
            }
            const [first, second] = await Promise.all([alice, bob].map(computer => startPairing(computer)));
            assert.ok(first !== undefined && second !== undefined);
            first.process.write(`${second.code}\n`);
            second.process.write(`${first.code}\n`);
            for (const { process, words } of [first, second]) {
                assert.deepEqual(await process.exited, { code: 0, signal: null }, words.join('\n'));
            }
            for (const computer of [alice, bob]) {
                assert.match(await computer.execOrThrow(['git', 'remote', 'get-url', 'peer1'], { cwd: computer.repository }), /^tor-annex::[a-z2-7]{56}\.onion:\d+\n$/u);
            }
        });

        it('both end up with each other\'s files', async () => {
            for (const daemon of daemons) {
                daemon.write('RELOAD\n');
            }
            await waitFor(async () => {
                for (const computer of [alice, bob]) {
                    await sync(computer);
                }
                return await hasBothFiles(alice) && await hasBothFiles(bob);
            }, { what: 'both files on both computers', limitMs: 80_000 });
            for (const computer of [alice, bob]) {
                for (const author of [alice, bob]) {
                    const sum = createHash('sha256').update(contentOf(author)).digest('hex');
                    assert.match(await computer.execOrThrow(['sha256sum', fileOf(author)], { cwd: computer.repository }), new RegExp(`^${sum} `, 'u'));
                }
            }
        });

        it('the mailbox server counted what was exchanged', async () => {
            const query = 'import sqlite3, sys; print(sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True).execute("SELECT count(*) FROM mailboxes").fetchone()[0])';
            const count = await rig.mailbox.machine.execOrThrow(['/usr/bin/python3', '-c', query, '/var/lib/wormhole/mailbox-usage.sqlite']);
            assert.equal(count.trim(), '2');
        });
    });
});

describe('the end of a rig', function () {
    this.timeout(2 * minute);

    it('kill -9 of its owner ends everything in it, another rig beside it goes on, and the next one sweeps', async () => {
        const mine = await mkdtemp(path.join(os.tmpdir(), 'rigs-'));
        const rigs = await Promise.all([Rig.up({ computers: ['dave'], rigsFolder: mine }), startCli(['up', 'erin'])]);
        const [beside, owner] = rigs;
        try {
            const killed = await recordOf(owner);
            const inside = processesIn(killed.machines.map(({ init }) => init.pid));
            assert.ok(inside.length > 8, 'six nodes, two servers, a tor');
            process.kill(owner.pid, 'SIGKILL');
            await waitFor(() => !inside.some(isAlive), { what: 'the end of everything in it', limitMs: 10_000 });
            assert.deepEqual((await findRigs(rigsFolder())).filter(({ folder }) => folder === killed.folder).map(({ ownerAlive }) => ownerAlive), [false]);
            assert.ok((await sweep(rigsFolder())).includes(path.basename(killed.folder)));
            await assert.rejects(access(killed.folder));
            assert.match(await beside.computer('dave').execOrThrow(['id', '-un']), /^dave/u);
            await beside.computer('dave').waitForTor();
        } finally {
            owner.kill();
            await beside.down();
            await rm(mine, { recursive: true });
        }
    });

    it('Ctrl-C while it is being built leaves nothing', async () => {
        const owner = await startCli(['up', 'frank'], /Tor network/u);
        const record = await recordOf(owner);
        const inside = processesIn(record.machines.map(({ init }) => init.pid));
        process.kill(owner.pid, 'SIGINT');
        const exit = await owner.exited;
        assert.equal(exit.code, null);
        assert.equal(inside.some(isAlive), false);
        await assert.rejects(access(record.folder));
    });

    it('a failure while it is being built leaves nothing, and is told', async () => {
        const mine = await mkdtemp(path.join(os.tmpdir(), 'rigs-'));
        await assert.rejects(Rig.up({ computers: ['grace'], rigsFolder: mine, keysFolder: '/dev/null/keys' }), /ENOTDIR/u);
        assert.deepEqual(await readdir(mine), []);
        const cancel = new AbortController();
        const cancelled = Rig.up({ computers: ['grace'], rigsFolder: mine, signal: cancel.signal, onStep: step => {
            if (step.startsWith('Tor network')) {
                cancel.abort();
            }
        } });
        await assert.rejects(cancelled, { reason: 'cancelled' });
        assert.deepEqual(await readdir(mine), []);
        await rm(mine, { recursive: true });
    });
});

/** Starts the rig's command in a process of its own and waits for a line. */
async function startCli(args: readonly string[], until = /Ctrl-C/u): Promise<ManagedProcess> {
    const cli = await ManagedProcess.start({ file: process.execPath, args: [path.join(projectRoot(), 'out/test/rig/cli.js'), ...args], cwd: projectRoot() }, { log: silentLog });
    const words: string[] = [];
    cli.onStderrLine.on(line => words.push(line));
    await new Promise<void>((resolve, reject) => {
        cli.onStdoutLine.on(line => {
            words.push(line);
            if (until.test(line)) {
                resolve();
            }
        });
        void cli.exited.then(() => reject(new Error(words.join('\n'))));
    });
    return cli;
}

async function recordOf(owner: ManagedProcess): Promise<OwnerRecord & { readonly folder: string }> {
    const found = (await findRigs(rigsFolder())).find(({ record }) => record?.owner.pid === owner.pid);
    assert.ok(found?.record !== undefined);
    return { ...found.record, folder: found.folder };
}

/** Everything that runs in the process namespaces of these first processes. */
function processesIn(inits: readonly number[]): ProcessIdentity[] {
    const namespaceOf = (pid: string): string => {
        try {
            return readlinkSync(`/proc/${pid}/ns/pid`);
        } catch {
            return '';
        }
    };
    const wanted = new Set(inits.map(pid => namespaceOf(String(pid))));
    return readdirSync('/proc').filter(name => /^\d+$/u.test(name) && wanted.has(namespaceOf(name))).flatMap(name => identityOf(Number(name)) ?? []);
}

async function startPairing(computer: Computer): Promise<{ process: ManagedProcess; code: string; words: string[] }> {
    const process = await computer.spawn(['git', 'annex', 'p2p', '--pair', '--name', 'peer1'], { cwd: computer.repository });
    const words: string[] = [];
    process.onStderrLine.on(line => words.push(line));
    const code = await new Promise<string>((resolve, reject) => {
        process.onStdoutLine.on(line => {
            words.push(line);
            const shown = /pairing code is: (\S+)/u.exec(line)?.[1];
            if (shown !== undefined) {
                resolve(shown);
            }
        });
        void process.exited.then(() => reject(new Error(words.join('\n'))));
    });
    return { process, code, words };
}

/** git-annex's own sync, whose fetches over Tor may hang for ever and whose exit code can't be believed: bounded, and judged by its outcome. */
async function sync(computer: Computer): Promise<void> {
    try {
        await computer.exec(['git', 'annex', 'sync', '--content', '--allow-unrelated-histories', 'peer1'], { cwd: computer.repository, timeLimitMs: 20_000 });
    } catch (error) {
        if (!(error instanceof RunError && error.reason === 'time-limit')) {
            throw error;
        }
    }
}

async function hasBothFiles(computer: Computer): Promise<boolean> {
    const here = await computer.exec(['git', 'annex', 'find', '--in=here', '--and', '--in=peer1'], { cwd: computer.repository });
    return here.stdout.split('\n').filter(line => line !== '').length === 2;
}
