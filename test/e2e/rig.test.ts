/** The rig itself: two people do the tutorial by command line on it, over the private Tor network, with the real programs alone. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { RunError } from '../../src/core/process/run';
import type { ManagedProcess } from '../../src/core/process/managedProcess';
import { Rig } from '../rig/rig';
import type { Computer } from '../rig/computers/computer';
import { waitFor } from '../rig/wait';

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

    describe('the plain tutorial by command line works on it', function () {
        // Each step needs the one before.
        this.bail(true);

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
