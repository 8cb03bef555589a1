/** What the view says while something is missing: each state is made real, its words are read, and its button is pressed. */
import assert from 'node:assert/strict';
import type { Browser, BrowserContext } from 'playwright-core';
import { silentLog } from '../../src/core/log';
import type { Computer } from '../rig/computers/computer';
import { launchBrowser } from '../rig/editor/browser';
import { editorVersions, installEditor } from '../rig/editor/install';
import { Seat } from '../rig/editor/seat';
import { Workbench } from '../rig/editor/workbench';
import { Rig } from '../rig/rig';
import { waitFor } from '../rig/wait';
import { CommandLine } from './steps/commandLine';
import { oneAfterTheOther } from './steps/oneAfterTheOther';
import { viewContainer } from './steps/person';
import { packagedExtension, screenshotFolder } from './steps/stage';
import { syncContent } from './steps/sync';

const installCommand = 'sudo apt-get install git git-annex tor';

describe('what the view says while something is missing', function () {
    this.timeout(120_000);
    // Each step finds the computer as the one before left it.
    oneAfterTheOther(this);
    let alice: Computer;
    let seat: Seat;
    let context: BrowserContext;
    let window: Workbench;
    let friend: CommandLine;
    const cleanUp: (() => Promise<unknown>)[] = [];
    let browser: Browser;
    let closeWindow = (): Promise<void> => Promise.resolve();
    const home = '/home/alice';
    const photos = `${home}/photos`;
    const music = `${home}/music`;

    before(async () => {
        const rig = await Rig.up({ computers: ['alice', 'bob'] });
        cleanUp.unshift(async () => rig.down());
        alice = rig.computer('alice');
        await alice.execOrThrow(['mkdir', '-p', photos, `${home}/bin`]);
        const [installation, bob] = [await installEditor(editorVersions.newest), rig.computer('bob')];
        await bob.createRepository({ files: { 'letter.txt': 'From bob.\n' } });
        friend = new CommandLine(bob);
        cleanUp.unshift(async () => friend.end());
        // Tor has published it long before it is wanted.
        await friend.enableTor();
        await friend.startDaemon(await friend.installShim());
        seat = await Seat.at(alice, { installation, vsix: await packagedExtension(), log: silentLog, env: { PATH: `/usr/local/bin:/usr/bin:/bin:${home}/bin` } });
        cleanUp.unshift(async () => seat.stop());
        browser = await launchBrowser();
        cleanUp.unshift(async () => browser.close());
        context = await browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] });
    });

    afterEach(async function () {
        if (this.currentTest?.state === 'failed') {
            await window.screenshot(screenshotFolder, 'states-failure').catch(() => undefined);
        }
    });

    after(async () => {
        for (const step of cleanUp) {
            await step();
        }
    });

    const root = async (...args: readonly string[]): Promise<string> => alice.execOrThrow(args, { as: 'root' });
    /** A program that isn't there, as far as anybody on the computer can see. */
    const hide = async (program: string): Promise<string> => root('mount', '--bind', '/dev/null', program);
    const unhide = async (program: string): Promise<string> => root('umount', program);
    const open = async (folder?: string): Promise<void> => {
        await closeWindow();
        window = await Workbench.open(browser, seat.editor.url(folder), { context });
        closeWindow = async () => window.close();
        await window.openViewContainer(viewContainer);
    };
    const sees = async (state: string, ...words: readonly (string | RegExp)[]): Promise<void> => {
        const fits = (text: string): boolean => words.every(word => (typeof word === 'string' ? text.includes(word) : word.test(text)));
        let text = '';
        try {
            await waitFor(async () => fits((text = await window.welcomeText().catch(() => ''))), { what: `the state ${state}`, limitMs: 20_000 });
        } catch (error) {
            throw new Error(`${state}: the view says:\n${text}`, { cause: error });
        }
        await window.screenshot(screenshotFolder, `state-${state}`);
    };
    const checkAgain = async (): Promise<void> => window.clickViewAction('Peers', 'Check Again');
    const typePassword = async (): Promise<void> => {
        await window.terminal.waitFor(/password for/u);
        await window.terminal.enter(alice.user.password);
    };
    const uuidOf = async (folder: string): Promise<string> => (await alice.exec(['git', 'config', 'annex.uuid'], { cwd: folder })).stdout.trim();
    const setUp = async (): Promise<void> => {
        await window.quickInput.waitUntilOpen('Set Up git-annex');
        await window.quickInput.accept();
    };

    it('no folder: opens one', async () => {
        await open();
        await sees('no-folder', 'Open the folder that you want to share.');
        await window.clickWelcome('Open Folder');
        await window.quickInput.waitUntilOpen('Open Folder');
        await window.quickInput.cancel();
    });

    it('Restricted Mode: leads to the trust', async () => {
        await open(photos);
        await sees('untrusted', 'Restricted Mode');
        await window.clickWelcome('Manage Workspace Trust');
        await window.page.locator('.workspace-trust-editor .monaco-button').filter({ hasText: /^Trust$/u }).click();
        await sees('no-repository', 'no git repository in this folder', 'git init', 'git annex init');
        await window.closeEditor();
    });

    it('no git, no git-annex: the command that installs them, shown and copied', async () => {
        await hide('/usr/bin/git');
        await checkAgain();
        await sees('git-missing', 'git is not installed', installCommand);
        await unhide('/usr/bin/git');
        await hide('/usr/bin/git-annex');
        await window.clickWelcome('Check Again');
        await sees('git-annex-missing', 'git-annex is not installed', installCommand);
        await window.clickWelcome('Show and Copy the Command');
        const { text } = await window.dialogs.modal('Install git-annex');
        assert.match(text, /This computer runs .+\n[^]*sudo apt-get install git-annex$/u);
        await window.dialogs.clickModal('Copy Command');
        await waitFor(async () => await window.page.evaluate('navigator.clipboard.readText()') === 'sudo apt-get install git-annex', { what: 'the command in the clipboard', limitMs: 5000 });
    });

    it('a container and a Flatpak without it are named', async () => {
        await root('touch', '/run/.containerenv');
        await checkAgain();
        await sees('container', 'inside a container', installCommand);
        await root('touch', '/.flatpak-info');
        await checkAgain();
        await sees('flatpak', 'as a Flatpak', 'How to Install VS Code');
        await root('rm', '/run/.containerenv', '/.flatpak-info');
        await unhide('/usr/bin/git-annex');
    });

    it('a git-annex that is too old', async () => {
        await alice.writeFile(`${home}/old`, '#!/bin/sh\necho "git-annex version: 8.20210223"\n');
        await root('chmod', '755', `${home}/old`);
        await root('mount', '--bind', `${home}/old`, '/usr/bin/git-annex');
        await checkAgain();
        await sees('git-annex-too-old', 'too old', '10.20220927', "git-annex's own build", installCommand);
        await window.clickWelcome('Show and Copy the Command');
        assert.match((await window.dialogs.modal('Install git-annex')).text, /git-annex 8\.20210223 is installed; 10\.20220927 or newer is needed/u);
        await unhide('/usr/bin/git-annex');
        await window.dialogs.clickModal('Check Again');
        await sees('no-repository', 'no git repository');
    });

    it('no repository: git init and git annex init at a click', async () => {
        await window.clickWelcome('Set Up git-annex Here');
        await setUp();
        await sees('tor-not-enabled', 'Make this repository reachable over Tor', 'connect only');
        assert.match(await uuidOf(photos), /^[0-9a-f-]{36}$/u);
    });

    it("no Tor, or none but Tor Browser's", async () => {
        await alice.stopTor();
        await alice.execOrThrow(['cp', '/usr/bin/tor', `${home}/torbrowser`]);
        await alice.writeFile(`${home}/torbrowserrc`, '');
        await hide('/usr/bin/tor');
        await checkAgain();
        await sees('tor-not-installed', 'Tor is not installed', installCommand);
        const browserTor = await alice.spawn([`${home}/torbrowser`, '--defaults-torrc', '/dev/null', '-f', `${home}/torbrowserrc`, '--SocksPort', '9150', '--DataDirectory', `${home}/.torbrowser`]);
        try {
            await waitFor(async () => {
                await window.clickWelcome('Check Again');
                return (await window.welcomeText()).includes('9150');
            }, { what: "Tor Browser's Tor to be seen", limitMs: 15_000 });
            await sees('tor-browser-only', "Only Tor Browser's Tor is running, on port 9150", '127.0.0.1:9050', installCommand);
            await window.clickWelcome('Show and Copy the Command');
            assert.match((await window.dialogs.modal('Install tor')).text, /sudo apt-get install tor$/u);
            await window.dialogs.clickModal('Cancel');
        } finally {
            browserTor.kill();
            await browserTor.exited;
        }
        await unhide('/usr/bin/tor');
    });

    it('Tor that is not running: is started at a click, and the view goes on by itself', async () => {
        await checkAgain();
        await sees('tor-not-running', 'Tor is not running', '127.0.0.1:9050');
        await window.clickWelcome('Start Tor');
        await typePassword();
        await sees('tor-not-enabled', 'Make this repository reachable over Tor');
        await alice.waitForTor();
    });

    it('Tor not enabled: connects only, and links, fetches, gets and syncs', async () => {
        await window.clickWelcome('Link to an Address');
        await window.quickInput.waitUntilOpen('Link to an address');
        await window.quickInput.enter(await friend.address());
        await window.quickInput.waitUntilOpen('Name for the peer');
        await window.quickInput.enter('bob');
        await window.dialogs.notification(/Linked to bob/, 90_000);
        await window.dialogs.dismissNotification(/Linked to bob/);
        await window.treeItem('bob').waitFor();
        assert.ok((await window.treeRows()).some(row => /connect only/u.test(row)), String(await window.treeRows()));
        const person = { name: 'alice', computer: alice, seat, window };
        const { text, severity } = await syncContent(person, 'bob');
        assert.match(severity, /info|quiet/u, text);
        await window.screenshot(screenshotFolder, 'state-connect-only');
        assert.equal(await alice.execOrThrow(['cat', 'letter.txt'], { cwd: photos }), 'From bob.\n');
        assert.doesNotMatch(await alice.readFile('/etc/tor/torrc'), /HiddenService/u);
    });

    it('a git repository without git-annex: git annex init at a click', async () => {
        await alice.createRepository({ folder: music, annex: false, files: { 'song.txt': 'La la.\n' } });
        await open(music);
        await window.grantTrust();
        await window.openViewContainer(viewContainer);
        await sees('not-annex', 'This is a git repository', 'git annex init');
        await window.clickWelcome('Set Up git-annex Here');
        await setUp();
        await sees('tor-not-enabled', 'Make this repository reachable over Tor');
    });

    it('no peers: Pair Peer', async () => {
        await window.clickWelcome('Enable Tor');
        await window.dialogs.modal('reachable over Tor?');
        await window.dialogs.clickModal('Run with sudo');
        await typePassword();
        await window.dialogs.notification(/Peers can now reach/u, 90_000);
        await window.dialogs.dismissNotification(/Peers can now reach/u);
        await sees('no-peers', 'ready, and has no peers yet');
        await window.clickWelcome('Pair Peer');
        await window.webview().locator('h1').first().waitFor();
        await window.closeEditor();
    });

    it('a remote daemon that does not run: is started at a click', async () => {
        await window.runCommand('Annex: Stop Remote Daemon');
        await sees('daemon-stopped', 'it is not being served');
        await window.clickWelcome('Start Remote Daemon');
        await sees('no-peers', 'ready, and has no peers yet');
    });

    it('no wormhole where the settings want the one on the PATH; one with a version in its name will do', async () => {
        await alice.execOrThrow(['cp', '/usr/bin/wormhole', `${home}/wormhole`]);
        await hide('/usr/bin/wormhole');
        await seat.editor.changeSettings({ 'annexPeers.wormhole.useProgramOnPath': true });
        await window.reload();
        await window.openViewContainer(viewContainer);
        await sees('wormhole-missing', 'there is none');
        await window.clickWelcome('Open Settings');
        await window.page.locator('.settings-editor .setting-item-contents:has-text("Use Program On Path")').first().waitFor();
        await window.page.keyboard.press('Escape');
        await window.page.locator('.settings-editor').waitFor({ state: 'hidden' });
        await window.clickWelcome('Show How to Install It');
        assert.match((await window.dialogs.modal('Install wormhole')).text, /sudo apt-get install magic-wormhole$/u);
        await window.dialogs.clickModal('Cancel');
        await alice.execOrThrow(['mv', `${home}/wormhole`, `${home}/bin/wormhole-2.7`]);
        await checkAgain();
        await sees('no-peers', 'ready, and has no peers yet');
        await seat.editor.changeSettings({ 'annexPeers.wormhole.useProgramOnPath': false });
        await unhide('/usr/bin/wormhole');
    });
});
