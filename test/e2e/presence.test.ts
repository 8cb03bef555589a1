/**
 * Presence in every state: each part of the way to bob is taken down and brought back, and alice's tree follows within 15
 * seconds after a plain connection through Tor sees the change, at default settings and without flapping. Then the network's part
 * of the tree, changes that are taken in by themselves, and pauses.
 */
import assert from 'node:assert/strict';
import type { SocksReason } from '../../src/core/tor/socks';
import { parseTorAddress, type TorAddress } from '../../src/core/tor/address';
import { waitFor } from '../rig/wait';
import { themes, type ThemeKind } from '../rig/editor/settings';
import { CommandLine } from './steps/commandLine';
import { hasContent } from './steps/files';
import { oneAfterTheOther } from './steps/oneAfterTheOther';
import { viewContainer, type Person } from './steps/person';
import { PlainConnects } from './steps/plainConnects';
import { PeerRow } from './steps/peerRow';
import { screenshotFolder, Stage } from './steps/stage';
import { syncContent } from './steps/sync';

const followLimitMs = 15_000;
/** Tor itself may take minutes to find a service again. */
const torLimitMs = 200_000;

const takesAll = process.env['ANNEX_PEERS_PRESENCE'] === 'all';

describe('presence of a peer', function () {
    this.timeout(600_000);
    // Each step needs the ones before.
    oneAfterTheOther(this);
    let stage: Stage;
    let alice: Person;
    let bob: CommandLine;
    let shim: Readonly<Record<string, string>>;
    let plain: PlainConnects;
    let row: PeerRow;
    let address: TorAddress;

    before(async () => {
        stage = await Stage.set({ people: ['alice', 'bob'], atEditors: ['alice'], ...(takesAll ? { logLevel: 'trace' as const } : {}), files: name => ({ [`${name}-readme.txt`]: `Files of ${name}.\n` }) });
        bob = new CommandLine(stage.rig.computer('bob'));
        const aliceAtCommandLine = new CommandLine(stage.rig.computer('alice'));
        await Promise.all([bob.enableTor(), aliceAtCommandLine.enableTor()]);
        shim = await bob.installShim();
        await bob.startDaemon(shim);
        const full = await bob.address();
        await aliceAtCommandLine.link(full, 'bob');
        const parsed = parseTorAddress(full);
        assert.ok(parsed !== undefined);
        address = parsed;
        plain = await PlainConnects.start(stage.rig.computer('alice'), address);
        await stage.open();
        alice = stage.person('alice');
        await alice.window.dialogs.clickNotification(/Serve/u, 'Serve');
        row = new PeerRow(alice, 'bob');
    });

    afterEach(async function () {
        if (this.currentTest?.state === 'failed') {
            await stage.pictures('presence-failure');
            await stage.logs('presence-failure');
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
    const back = (change: () => Promise<unknown>): Promise<void> => follows(change, ['connected'], /^online/u);
    const status = async (): Promise<string> => (await alice.window.statusBar()).filter(({ id }) => /annexPeers/iu.test(id)).map(({ text, label }) => `${text} | ${label}`).join();
    const statusIs = (pattern: RegExp): Promise<unknown> => waitFor(async () => pattern.test(await status()), { what: `the status bar to say ${String(pattern)}`, limitMs: 5000 });

    it('shows it online, with the round trip', async () => {
        await row.shows(/^online/u, 60_000);
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
        await follows(() => bob.computer.writeFile(file, tokens), [], /^online/u);
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

    // Tor takes up to three minutes to find a service again: the soak run has it.
    if (takesAll) {
        it('shows that it is off line, and is back', async () => {
            await follows(() => bob.computer.stopTor(), ['unreachable', 'time-limit'], /off line|no answer/u);
            await back(() => bob.computer.startTor());
        });
    }

    it('has shown nothing that was not so', () => {
        const states = ['online', 'its remote daemon is not running', 'online', 'refuses our token', 'online', 'another repository answers', 'online', 'Tor is down here', 'online', ...(takesAll ? ['off line', 'online'] : [])];
        // Between two repositories there may be none for a moment; without Tor nothing more is known of the peer; no answer is off line too.
        const known = row.states.slice(row.states.indexOf('online'));
        const seen = known.map(state => state === 'no answer' ? 'off line' : state).filter((state, at, all) => state !== all[at - 1]);
        const between = seen.indexOf('its remote daemon is not running', 2);
        assert.deepEqual(seen.filter((_state, at) => at !== between || seen[at + 1] !== 'another repository answers'), states);
    });

    it('has its network looked at, and copies how it stands without saying who and where', async () => {
        const { window } = alice;
        await window.treeItem('Network').click();
        const says = async (label: string, pattern: RegExp): Promise<unknown> => waitFor(async () => (await window.treeRows()).some(text => text.startsWith(label) && pattern.test(text)), { what: `${label} to say ${String(pattern)}`, limitMs: 70_000 });
        await says('From outside', /answers/u);
        await says('Tor', /\d+\.\d+\.\d+.*answers on 127\.0\.0\.1:9050/u);
        await says('Tor network', /connected/u);
        await says('Connections', /to 1 of 1 peers/u);
        await window.clickInlineAction('Network', 'Copy Diagnostics');
        await window.dialogs.notification(/Diagnostics were copied/u);
        await window.dialogs.dismissNotification(/Diagnostics were copied/u);
        const copied = String(await window.page.evaluate('navigator.clipboard.readText()'));
        assert.match(copied, /peer 1: online/u);
        assert.match(copied, /from outside: serving/u);
        assert.ok(!copied.includes(address.onion.slice(0, 56)) && !copied.includes('bob') && !copied.includes('alice'), copied);
        for (const kind of process.env['ANNEX_PEERS_PICTURES'] === '1' ? (Object.keys(themes) as ThemeKind[]) : []) {
            await window.setTheme(kind);
            await window.screenshot(screenshotFolder, `presence-${kind}`);
        }
        await window.treeItem('Network').click();
    });

    /** Bob adds a file to the annex and commits, as any program may. */
    async function bobAdds(name: string): Promise<void> {
        await bob.computer.writeFile(`${bob.computer.repository}/${name}`, `${name}\n`);
        await bob.git('annex', 'add', '--quiet', name);
        await bob.git('commit', '--quiet', '--message', name);
    }
    const alices = async (...args: readonly string[]): Promise<string> => alice.computer.execOrThrow(['git', ...args], { cwd: alice.computer.repository });
    const knows = async (name: string): Promise<boolean> => (await alices('ls-files', '--', name)) !== '';
    async function setAutoSync(value: 'metadata' | 'content'): Promise<void> {
        await alice.seat.editor.changeSettings({ 'annexPeers.autoSync': value });
        await alice.window.reload();
        await alice.window.openViewContainer(viewContainer);
    }

    it('shows that it has new changes, and merges none by itself', async () => {
        await syncContent(alice, 'bob');
        await bob.git('annex', 'merge', '--quiet');
        await bobAdds('shown.txt');
        await row.shows(/has new changes/u, 30_000);
        assert.equal(await knows('shown.txt'), false);
    });

    // Two minutes more: the soak run has them.
    if (takesAll) {
        it('has its history taken in by itself where the settings say so', async () => {
            await setAutoSync('metadata');
            await waitFor(async () => knows('shown.txt'), { what: 'the history to be taken in', limitMs: 60_000 });
            await bobAdds('metadata.txt');
            await waitFor(async () => knows('metadata.txt'), { what: 'the history to be taken in', limitMs: 60_000 });
            assert.equal(await hasContent(alice, 'metadata.txt', 'metadata.txt\n'), false);
        });

        it('has its content taken in by itself where the settings say so', async () => {
            await setAutoSync('content');
            await bobAdds('content.txt');
            await waitFor(async () => hasContent(alice, 'content.txt', 'content.txt\n'), { what: 'the content to be there', limitMs: 60_000 });
            await row.shows(/synced/u, 10_000);
        });

        it('has its changes held back while a file is not saved, and where they could run code', async () => {
            const { window } = alice;
            await (await window.explorerFile('alice-readme.txt')).dblclick();
            await window.page.locator('.editor-instance .monaco-editor .view-line').first().click();
            await window.page.keyboard.type('x');
            await window.openViewContainer(viewContainer);
            await bobAdds('waits.txt');
            await row.shows(/changes held back/u, 30_000);
            await statusIs(/changes held back/u);
            assert.equal(await knows('waits.txt'), false);
            await window.runCommand('File: Revert File');
            await waitFor(async () => knows('waits.txt'), { what: 'the changes to be taken in once nothing is unsaved', limitMs: 30_000 });
            await row.shows(/^(?!.*changes held back)/u, 30_000);

            await bob.computer.execOrThrow(['mkdir', '-p', `${bob.computer.repository}/.vscode`]);
            await bob.computer.writeFile(`${bob.computer.repository}/.vscode/tasks.json`, '{}\n');
            await bob.git('-c', 'annex.largefiles=nothing', 'add', '--force', '.vscode/tasks.json');
            await bob.git('-c', 'annex.largefiles=nothing', 'commit', '--quiet', '--message', 'tasks');
            await row.shows(/changes held back/u, 30_000);
            await row.staysFor(/changes held back/u, 3000);
            assert.equal(await knows('.vscode/tasks.json'), false);
            assert.deepEqual((await window.dialogs.notifications()).map(({ text }) => text), []);
            await window.screenshot(screenshotFolder, 'presence-held-back');
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
            await row.shows(/^online/u, 60_000);
        });
    }
});
