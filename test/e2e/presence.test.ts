/**
 * Presence in every state: each part of the way to bob is taken down and brought back, and alice's tree follows within 15
 * seconds after a plain connection through Tor sees the change, at default settings and without flapping. Then pauses.
 */
import assert from 'node:assert/strict';
import type { SocksReason } from '../../src/core/tor/socks';
import { parseTorAddress } from '../../src/core/tor/address';
import { waitFor } from '../rig/wait';
import { CommandLine } from './steps/commandLine';
import { viewContainer, type Person } from './steps/person';
import { PlainConnects } from './steps/plainConnects';
import { PeerRow } from './steps/peerRow';
import { screenshotFolder, Stage } from './steps/stage';

const followLimitMs = 15_000;
/** Tor itself may take minutes to find a service again. */
const torLimitMs = 200_000;

describe('presence of a peer', function () {
    this.timeout(600_000);
    // Each step needs the ones before.
    this.bail(true);
    let stage: Stage;
    let alice: Person;
    let bob: CommandLine;
    let shim: Readonly<Record<string, string>>;
    let plain: PlainConnects;
    let row: PeerRow;

    before(async () => {
        stage = await Stage.set({ people: ['alice', 'bob'], atEditors: ['alice'], files: name => ({ [`${name}-readme.txt`]: `Files of ${name}.\n` }) });
        bob = new CommandLine(stage.rig.computer('bob'));
        const aliceAtCommandLine = new CommandLine(stage.rig.computer('alice'));
        await Promise.all([bob.enableTor(), aliceAtCommandLine.enableTor()]);
        shim = await bob.installShim();
        await bob.startDaemon(shim);
        const address = await bob.address();
        await aliceAtCommandLine.link(address, 'bob');
        const at = parseTorAddress(address);
        assert.ok(at !== undefined);
        plain = await PlainConnects.start(stage.rig.computer('alice'), at);
        await stage.open();
        alice = stage.person('alice');
        await alice.window.dialogs.clickNotification(/Serve/u, 'Serve');
        row = new PeerRow(alice, 'bob');
    });

    afterEach(async function () {
        if (this.currentTest?.state === 'failed') {
            await stage.pictures('presence-failure');
        }
    });

    after(async () => {
        await plain.stop();
        await stage.strike();
    });

    /** Changes something and waits until the tree shows it, in its time after a plain connection sees it (at once where none can). */
    async function follows(change: () => Promise<unknown>, answers: readonly (SocksReason | 'connected')[], shows: RegExp): Promise<void> {
        const changed = Date.now();
        await change();
        const seen = answers.length === 0 ? Date.now() : await plain.sees(answers, changed, torLimitMs);
        const shown = await row.shows(shows, seen - Date.now() + followLimitMs);
        console.log(`      plain: ${((seen - changed) / 1000).toFixed(1)} s, the tree: ${((shown - changed) / 1000).toFixed(1)} s: ${row.text}`);
        await row.staysFor(shows, 3000);
    }
    const back = (change: () => Promise<unknown>): Promise<void> => follows(change, ['connected'], /^bob online/u);
    const status = async (): Promise<string> => (await alice.window.statusBar()).filter(({ id }) => /annexPeers/iu.test(id)).map(({ text, label }) => `${text} | ${label}`).join();
    const statusIs = (pattern: RegExp): Promise<unknown> => waitFor(async () => pattern.test(await status()), { what: `the status bar to say ${String(pattern)}`, limitMs: 5000 });

    it('shows it online, with the round trip', async () => {
        await row.shows(/^bob online/u, 60_000);
        await row.shows(/online, \d+ ms, since/u, 20_000);
        await statusIs(/1 of 1 peers online/u);
    });

    it('shows that its daemon has stopped, and is back', async () => {
        await follows(() => bob.stopDaemon(), ['refused'], /its remote daemon is not running, since .*last seen/u);
        await statusIs(/all peers off line/u);
        await alice.window.screenshot(screenshotFolder, 'presence-daemon-down');
        await back(() => bob.startDaemon(shim));
    });

    it('shows that our token is refused, and accepted again', async () => {
        const file = `${bob.computer.repository}/.git/annex/creds/p2pauth`;
        const tokens = await bob.computer.readFile(file);
        // No plain connection can tell: it gets no further than bob's daemon.
        await follows(() => bob.computer.writeFile(file, ''), [], /refuses our token/u);
        await follows(() => bob.computer.writeFile(file, tokens), [], /^bob online/u);
    });

    it('shows that another repository answers at its address, and the right one again', async () => {
        const { computer } = bob;
        const uid = String(computer.user.uid);
        const other = await computer.createRepository({ folder: `${computer.user.home}/other` });
        await bob.enableTor(other);
        await computer.execOrThrow(['cp', `${computer.repository}/.git/annex/creds/p2pauth`, `${other}/.git/annex/creds/p2pauth`]);
        const socketOf = async (repository: string): Promise<string> => `/var/lib/tor-annex/${uid}_${(await computer.execOrThrow(['git', 'config', 'annex.uuid'], { cwd: repository })).trim()}/s`;
        const [its, bobs] = [await socketOf(other), await socketOf(computer.repository)];
        const daemon = await computer.spawn(['git-annex', 'remotedaemon', '--foreground'], { cwd: other });
        await waitFor(async () => (await computer.exec(['test', '-S', its])).code === 0, { what: "the other daemon's socket", limitMs: 10_000 });
        await follows(async () => {
            await bob.stopDaemon();
            await computer.execOrThrow(['ln', '-sf', its, bobs]);
        }, [], /another repository answers/u);
        await daemon.end();
        await back(() => bob.startDaemon(shim));
    });

    it('shows that Tor is down here, and is back', async () => {
        await follows(() => alice.computer.stopTor(), ['tor-down'], /Tor is down here/u);
        await statusIs(/Tor is (?:down|not running)/u);
        await alice.window.screenshot(screenshotFolder, 'presence-tor-down');
        await back(() => alice.computer.startTor());
    });

    it('shows that it is off line, and is back', async () => {
        await follows(() => bob.computer.stopTor(), ['unreachable', 'time-limit'], /off line|no answer/u);
        await back(() => bob.computer.startTor());
    });

    it('has shown nothing that was not so', () => {
        const states = ['online', 'its remote daemon is not running', 'online', 'refuses our token', 'online', 'another repository answers', 'online', 'Tor is down here', 'online', 'off line', 'online'];
        // Between two repositories there may be none for a moment; without Tor nothing more is known of the peer; no answer is off line too.
        const seen = row.states.map(state => state === 'no answer' ? 'off line' : state).filter((state, at, all) => state !== all[at - 1]);
        const between = seen.indexOf('its remote daemon is not running', 2);
        assert.deepEqual(seen.filter((_state, at) => at !== between || seen[at + 1] !== 'another repository answers'), states);
    });

    it('is paused: neither checked nor connected to, also after a reload, until it is resumed', async () => {
        const { window } = alice;
        await window.clickContextMenu('bob', 'Pause Peer');
        await window.quickInput.pick('For 30 minutes');
        await row.shows(/paused until/u, 5000);
        await statusIs(/peers paused/u);
        // Plain connections would be seen there too.
        await plain.stop();
        const connections = async (): Promise<number> => (await bob.computer.execOrThrow(['ss', '-xnH', 'state', 'established'], { as: 'root' })).split('\n').filter(line => line.includes('/var/lib/tor-annex/')).length;
        await waitFor(async () => await connections() === 0, { what: "alice to be gone from bob's daemon", limitMs: 15_000 });
        await window.screenshot(screenshotFolder, 'presence-paused');
        await window.clickInlineAction('bob', 'Sync Content with This Peer');
        await window.dialogs.notification(/bob is paused/u);
        await window.dialogs.dismissNotification(/bob is paused/u);
        await window.reload();
        await window.openViewContainer(viewContainer);
        await row.shows(/paused until/u, 30_000);
        assert.equal(await connections(), 0);
        await window.clickInlineAction('bob', 'Resume Peer');
        await row.shows(/^bob online/u, 60_000);
    });
});
