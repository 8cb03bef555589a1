/**
 * An editor that goes without a word, and what it was in the middle of; and one daemon that serves a repository, whoever started it and
 * however many windows are open: with the real extension host, killed and reloaded. The soak run has every bad day.
 */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { ManagedProcess } from '../../src/core/process/managedProcess';
import { launchBrowser } from '../rig/editor/browser';
import { Workbench } from '../rig/editor/workbench';
import { waitFor } from '../rig/wait';
import { enableTor } from './steps/enableTor';
import { withDaemonThatKeepsEnding, withoutMailbox } from './steps/faults';
import { assertNothingOutlives, assertNoTraces, traces } from './steps/leftovers';
import { oneAfterTheOther } from './steps/oneAfterTheOther';
import { PairingPage } from './steps/pairing';
import { viewContainer, type Person } from './steps/person';
import { kill, running, startedByExtension } from './steps/processes';
import { Stage } from './steps/stage';

const takeoverMs = 2000;
const daemon = /^\S*git-annex remotedaemon/u;

/** What the product promises. */
const leavesNothingMs = 2000;

describe('one repository and its windows', function () {
    this.timeout(300_000);
    // Each step needs the ones before.
    oneAfterTheOther(this);
    let stage: Stage;
    let alice: Person;
    /** Another browser: it doesn't know whom the first one trusts. */
    let browser: Browser;
    let second: Workbench;

    before(async () => {
        stage = await Stage.set({ people: ['alice'] });
        await stage.open();
        alice = stage.person('alice');
        browser = await launchBrowser();
        await enableTor(alice);
    });

    afterEach(async function () {
        if (this.currentTest?.state === 'failed') {
            await stage.pictures('lifetime-failure');
        }
    });

    after(async () => {
        await browser.close();
        await stage.strike();
    });

    const daemons = async (): Promise<readonly number[]> => running(alice.computer, daemon);
    const hosts = async (): Promise<readonly number[]> => running(alice.computer, /--type=extensionHost/u);
    const says = async (window: Workbench, words: RegExp, limitMs = 30_000): Promise<void> => {
        await window.openViewContainer(viewContainer);
        let text = '';
        await waitFor(async () => words.test(text = await window.welcomeText()), { what: `the view to say ${String(words)}`, limitMs })
            .catch((error: unknown) => {
                throw new Error(`It says: ${text}`, { cause: error });
            });
    };
    const treeSays = async (words: RegExp): Promise<void> => {
        await waitFor(async () => words.test((await alice.window.treeRows()).join('\n')), { what: `the view to say ${String(words)}`, limitMs: 10_000 });
    };
    const git = async (...args: string[]): Promise<string> => alice.computer.execOrThrow(['git', ...args], { cwd: alice.computer.repository });

    describe('on a bad day', () => {
        it('leave nothing after kill -9 of the extension host while a code is shown; the next try shows another', async () => {
            const { computer, window } = alice;
            const { tokens } = await traces(computer);
            await (await PairingPage.open(alice)).showCode('bob');
            const before = await startedByExtension(computer);
            assert.ok(before.some(({ args }) => /git-annex p2p --pair/u.test(args)));
            await kill(computer, await hosts());
            console.log(`      gone after ${await assertNothingOutlives(computer, before, tokens, leavesNothingMs)} ms`);
            await window.reload();
            const again = await PairingPage.open(alice);
            await again.showCode('bob');
            await again.cancel();
            await assertNoTraces(computer, tokens);
        });

        it('say what to check where the mailbox server is out of reach; the next try shows a code', async () => {
            await withoutMailbox(alice, stage.rig.mailbox, 'bob');
        });
    });

    describe('and who serves', () => {
        it('is one daemon, whatever number of windows is open', async () => {
            second = await alice.seat.openWindow(browser);
            await second.grantTrust();
            await says(second, /no peers yet/u);
            assert.equal((await daemons()).length, 1);
        });

        it('is the other window within two seconds after kill -9 of the first one\'s extension host', async () => {
            const [before] = await daemons();
            const owner = await alice.computer.execOrThrow(['ps', '-o', 'ppid=', '-p', String(before)]);
            assert.ok((await hosts()).includes(Number(owner)), 'the daemon is a child of an extension host');
            await kill(alice.computer, [Number(owner)]);
            const start = performance.now();
            await waitFor(async () => {
                const now = await daemons();
                return now.length === 1 && now[0] !== before;
            }, { what: 'another window to serve', limitMs: takeoverMs, everyMs: 30 });
            console.log(`      taken over after ${Math.round(performance.now() - start)} ms`);
            await says(second, /no peers yet/u);
        });

        it('is one daemon after ten reloads', async () => {
            await second.close();
            for (let reload = 0; reload < 10; reload++) {
                await alice.window.reload();
            }
            await says(alice.window, /no peers yet/u);
            await waitFor(async () => (await daemons()).length === 1, { what: 'exactly one remote daemon', limitMs: 15_000 });
        });

        for (const { who, args, stop } of [
            { who: 'by hand', args: ['git-annex', 'remotedaemon', '--foreground'], stop: undefined },
            // It makes a session of its own.
            { who: "by git-annex's assistant", args: ['git-annex', 'assistant', '--foreground'], stop: ['git-annex', 'assistant', '--stop'] },
        ] as const) {
            it(`is a daemon that was started ${who}: that is shown and not fought over, and taken over when it ends`, async () => {
                const { computer, window } = alice;
                // With a peer the view shows more than the next step; this one is never there.
                await git('config', 'remote.ghost.url', `tor-annex::${'a'.repeat(56)}.onion:4711`);
                await window.openViewContainer(viewContainer);
                await window.runCommand('Annex: Stop Remote Daemon');
                await waitFor(async () => (await daemons()).length === 0, { what: 'the daemon to stop', limitMs: 10_000 });
                const other: ManagedProcess = await computer.spawn(args, { cwd: computer.repository });
                try {
                    const theirs = await waitFor(async () => {
                        const pids = await daemons();
                        return pids.length === 1 && pids;
                    }, { what: 'their daemon', limitMs: 20_000 });
                    await waitFor(async () => (await computer.exec(['perl', '-MIO::Socket::UNIX', '-e', 'exit !IO::Socket::UNIX->new(Peer => glob("/var/lib/tor-annex/*/s"))'])).code === 0, { what: 'their daemon to serve', limitMs: 20_000 });
                    await window.runCommand('Annex: Start Remote Daemon');
                    await treeSays(/served by another program since/u);
                    assert.deepEqual(await daemons(), theirs);
                } finally {
                    if (stop !== undefined) {
                        await computer.exec(stop, { cwd: computer.repository, timeLimitMs: 10_000 }).catch(() => undefined);
                        // One that was not ready yet to be told, or is slow to end, is in no process group of ours, and holds our pipes.
                        const theirs = /^\S*git-annex assistant/u;
                        await waitFor(async () => (await running(computer, theirs)).length === 0, { what: 'the assistant to end', limitMs: 10_000 })
                            .catch(async () => kill(computer, await running(computer, theirs)))
                            .catch(() => undefined);
                    }
                    await other.end();
                }
                await waitFor(async () => (await daemons()).length === 1, { what: 'ours to take over', limitMs: takeoverMs, everyMs: 50 });
                await treeSays(/served since/u);
            });
        }

        it('is another daemon at once when it is killed, and nobody is bothered; only if it keeps ending is that said, with a way to restart', async () => {
            await treeSays(/served since/u);
            await withDaemonThatKeepsEnding(alice);
        });

        // Its first window's end is not always seen in time: a part of the soak run until that is understood; test/unit/daemon has the rest of it.
        if (process.env['ANNEX_PEERS_LIFETIME'] === 'all') {
            it('is one of two folders that hold the same repository; the other says so, and what to do', async () => {
                const { computer, seat } = alice;
                const copy = `${computer.repository}-copy`;
                await git('config', '--remove-section', 'remote.ghost');
                await computer.execOrThrow(['cp', '-a', computer.repository, copy]);
                const window = await Workbench.open(browser, seat.editor.url(copy));
                await window.grantTrust();
                await says(window, /same identity is being served from another folder[^]*git annex reinit/u);
                assert.equal((await daemons()).length, 1);
                await alice.window.close();
                // Nobody was asked whether the copy may be served: that takes a click.
                await says(window, /it is not being served[^]*Start Remote Daemon/u, 60_000);
                assert.deepEqual(await daemons(), []);
                await window.clickWelcome('Start Remote Daemon');
                await says(window, /no peers yet/u);
                assert.equal((await daemons()).length, 1);
            });
        }
    });
});
