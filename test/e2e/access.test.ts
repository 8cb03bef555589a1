/**
 * Giving access, seeing it, checking who is who, and taking it away: alice and bob at their editors, carol at a command line.
 * ACCESS_THEMES=1 keeps pictures of the page and the tree in all four themes.
 */
import assert from 'node:assert/strict';
import { themes, type ThemeKind } from '../rig/editor/settings';
import { waitFor } from '../rig/wait';
import { AccessPage, clipboard, untilListed } from './steps/accessPage';
import { CommandLine } from './steps/commandLine';
import { oneAfterTheOther } from './steps/oneAfterTheOther';
import { pairByPage } from './steps/pairing';
import { PeerRow } from './steps/peerRow';
import { viewContainer, type Person } from './steps/person';
import { screenshotFolder, Stage } from './steps/stage';
import { syncContent } from './steps/sync';

const publishLimitMs = 150_000;

describe('who has access', function () {
    this.timeout(300_000);
    // Each step needs the ones before.
    oneAfterTheOther(this);
    let stage: Stage;
    let alice: Person;
    let bob: Person;
    let carol: CommandLine;
    let bobsTerminal: CommandLine;

    before(async () => {
        stage = await Stage.set({ people: ['alice', 'bob', 'carol'], atEditors: ['alice', 'bob'], files: name => ({ [`${name}-readme.txt`]: `Files of ${name}.\n` }) });
        carol = new CommandLine(stage.rig.computer('carol'));
        bobsTerminal = new CommandLine(stage.rig.computer('bob'));
        const alicesTerminal = new CommandLine(stage.rig.computer('alice'));
        const { repository } = alicesTerminal.computer;
        await alicesTerminal.computer.execOrThrow(['dd', 'if=/dev/urandom', 'of=big.bin', 'bs=1M', 'count=150'], { cwd: repository });
        await alicesTerminal.git('annex', 'add', '--quiet', 'big.bin');
        await alicesTerminal.git('commit', '--quiet', '-m', 'A big file');
        const shim = await carol.installShim();
        await Promise.all([carol.enableTor().then(() => carol.startDaemon(shim)), bobsTerminal.enableTor(), alicesTerminal.enableTor()]);
        await stage.open();
        alice = stage.person('alice');
        bob = stage.person('bob');
        await Promise.all([alice, bob].map(async ({ window }) => window.dialogs.clickNotification(/Serve/u, 'Serve')));
    });

    afterEach(async function () {
        if (this.currentTest?.state === 'failed') {
            await stage.pictures('access-failure');
        }
    });

    after(async () => {
        await stage.strike();
    });

    const run = (who: CommandLine, ...args: readonly string[]): Promise<number> =>
        who.computer.exec(['git', ...args], { cwd: who.computer.repository, timeLimitMs: 45_000 }).then(({ code }) => code ?? -1);
    const picturesInThemes = async (what: string): Promise<void> => {
        await alice.window.screenshot(screenshotFolder, `alice-${what}`);
        if (process.env['ACCESS_THEMES'] === '1') {
            for (const kind of Object.keys(themes) as ThemeKind[]) {
                await alice.window.setTheme(kind);
                await alice.window.screenshot(screenshotFolder, `alice-${what}-${kind}`);
            }
        }
    };

    it('is given by an address made by hand in the input box, to somebody at a command line', async () => {
        const { window } = alice;
        await window.runCommand('Annex: Make an Address in the Input Box');
        await window.quickInput.waitUntilOpen(/Make an address for somebody/u);
        await window.quickInput.enter('Carol');
        await window.quickInput.waitUntilOpen(/Address for Carol/u);
        await window.quickInput.accept();
        const address = await waitFor(async () => /^tor-annex::.*/u.exec(await clipboard(alice))?.[0], { what: 'the address in the clipboard', limitMs: 10_000 });
        await window.quickInput.cancel();
        await carol.link(address, 'alice');
        await carol.git('fetch', '--quiet', 'alice');
        await untilListed(alice, rows => rows.some(row => /^Carol ?by address, since/u.test(row)));
    });

    it('is listed for a paired peer too, and goes both ways once this side links to the other’s address', async () => {
        await pairByPage(alice, bob);
        const page = await AccessPage.open(alice);
        await page.link(await carol.address(), 'carol');
        await untilListed(alice, rows => rows.some(row => /^bob ?paired, since/u.test(row)));
        carol.reload();
    });

    it('goes with words that are the same at both editors and at the command line', async () => {
        const page = await AccessPage.verify(alice, 'bob');
        const other = await AccessPage.verify(bob, 'alice');
        const words = await page.words();
        assert.deepEqual(await other.words(), words);
        assert.equal(words.length, 5);
        await picturesInThemes('words');
        await page.click('They are the same');
        await page.reached('verify', 'agreed');
        await waitFor(async () => (await alice.window.treeRows()).some(row => /^bob\s*✓/u.test(row)), { what: 'bob to be shown as verified', limitMs: 10_000 });
        assert.ok(!(await bob.window.treeRows()).some(row => /^alice\s*✓/u.test(row)), 'each side says so for itself');

        const withCarol = await AccessPage.verify(alice, 'carol');
        await withCarol.click('Copy a message with that line');
        const message = await waitFor(async () => /^To check[\s\S]*$/u.exec(await clipboard(alice))?.[0], { what: 'the message in the clipboard', limitMs: 10_000 });
        const line = message.trim().split('\n').at(-1) ?? '';
        const said = await carol.computer.execOrThrow(['sh', '-c', line], { cwd: carol.computer.repository, timeLimitMs: 30_000 });
        assert.equal(said.trim(), `alice: ${(await withCarol.words()).join(' ')}`);
        await bob.window.closeEditor();
    });

    it('is no matter of settings: what is set for a peer in the tree is what git-annex says at the other end', async () => {
        const { window } = alice;
        await window.openViewContainer(viewContainer);
        await window.clickContextMenu('bob', 'Peer Settings');
        await window.quickInput.waitUntilOpen(/Settings of bob/u);
        await window.quickInput.type('Description');
        await window.quickInput.accept();
        await window.quickInput.waitUntilOpen(/What everybody who shares/u);
        await window.quickInput.enter("Bob's laptop");
        await window.quickInput.waitUntilOpen(/Settings of bob/u);
        await window.quickInput.type('Wanted');
        await window.quickInput.accept();
        await window.quickInput.waitUntilOpen(/Which content is it to have|Wanted content/u);
        await window.quickInput.type('present');
        await window.quickInput.accept();
        await window.quickInput.waitUntilOpen(/Settings of bob/u);
        await alice.window.screenshot(screenshotFolder, 'alice-peer-settings');
        await window.quickInput.cancel();
        await syncContent(alice, 'bob', [[/Commit these files before syncing/u, 'Commit and Sync'], [/created apart/u, 'Merge the Histories']]);
        const uuid = (await bobsTerminal.git('config', 'annex.uuid')).trim();
        assert.match(await bobsTerminal.git('annex', 'info', '--fast', '--json', uuid), /Bob's laptop/u);
        assert.equal((await bobsTerminal.git('annex', 'wanted', uuid)).trim(), 'present');
    });

    it('is shown with what to look at and what mends it, the worst first', async () => {
        const { window, computer } = alice;
        const auth = `${computer.repository}/.git/annex/creds/p2pauth`;
        const rows = async (): Promise<string> => (await window.treeRows()).map(row => row.replaceAll(/\s+/gu, ' ').trim()).join('\n');
        await computer.execOrThrow(['chmod', '644', auth]);
        await window.openViewContainer(viewContainer);
        const node = window.treeItem('Security');
        await node.waitFor();
        await node.click();
        await waitFor(async () => /Security ?dangers: 1[^]*\nCredentials others can read[^]*\nYour name is in commits/u.test(await rows()), { what: 'the findings', limitMs: 15_000 });
        await picturesInThemes('security');
        await window.treeItem('Credentials others can read').click();
        await waitFor(async () => (await computer.execOrThrow(['stat', '-c', '%a', auth])).trim() === '600' && !/Credentials others/u.test(await rows()), { what: 'the credentials to be private', limitMs: 15_000 });
        await node.click();
    });

    it('is taken away: refused, cut in the middle of a transfer, while others keep theirs; and given back within the minute', async () => {
        const { window } = alice;
        const page = await AccessPage.open(alice);
        const forDave = await page.make('Dave');
        await page.click('Copy');
        await waitFor(async () => await clipboard(alice) === forDave, { what: 'the address in the clipboard', limitMs: 10_000 });
        await picturesInThemes('address');
        await untilListed(alice, rows => rows.length === 3);
        await picturesInThemes('access');

        const { computer } = bobsTerminal;
        await bobsTerminal.git('fetch', '--quiet', 'alice');
        const key = (await stage.rig.computer('alice').execOrThrow(['git', 'annex', 'lookupkey', 'big.bin'], { cwd: alice.computer.repository })).trim();
        const getting = computer.exec(['git', 'annex', 'get', '--key', key, '--from', 'alice'], { cwd: computer.repository, timeLimitMs: 120_000 });
        let done = false;
        void getting.then(() => { done = true; });
        await waitFor(async () => Number((await computer.exec(['stat', '-c', '%s', `.git/annex/tmp/${key}`], { cwd: computer.repository })).stdout) > 1_000_000, { what: "bob's transfer to run", limitMs: 60_000, everyMs: 50 });

        await window.openViewContainer(viewContainer);
        await window.clickContextMenu('bob', 'Revoke Access');
        const question = await window.dialogs.modal(/Revoke the access of bob/u);
        assert.match(question.text, /sessions? that are open now are cut/iu);
        assert.match(question.text, /breaks off once, and goes on/u);
        assert.match(question.text, /can't be taken back/u);
        await window.screenshot(screenshotFolder, 'alice-revoke');
        assert.equal(done, false, 'the transfer was over too soon to say anything');
        const revoked = Date.now();
        await window.dialogs.clickModal(/^Revoke$/u);
        await window.dialogs.notification(/bob has no access any more\. Open sessions were cut/u);
        const [get, refused, refusedGet, kept] = await Promise.all([
            getting.then(result => ({ ...result, after: Date.now() - revoked })),
            run(bobsTerminal, 'ls-remote', 'alice'),
            run(bobsTerminal, 'annex', 'get', '--key', key, '--from', 'alice'),
            run(carol, 'ls-remote', 'alice'),
            new PeerRow(bob, 'alice').shows(/refuses our token/u, 40_000),
        ]);
        console.log(`      the transfer broke off ${(get.after / 1000).toFixed(1)} s after the click`);
        assert.notEqual(get.code, 0, "bob's transfer went through");
        assert.notEqual(refused, 0, 'bob could still list');
        assert.notEqual(refusedGet, 0, 'bob could still get');
        assert.equal(kept, 0, 'carol lost her access');
        await untilListed(alice, rows => rows.length === 2 && !rows.some(row => row.startsWith('bob')));
        await bob.window.screenshot(screenshotFolder, 'bob-refused');

        await window.dialogs.clickNotification(/bob has no access any more/u, 'Undo');
        await untilListed(alice, rows => rows.some(row => /^bob ?paired/u.test(row)));
        assert.equal(await run(bobsTerminal, 'ls-remote', 'alice'), 0, 'bob is not let in again');
        await waitFor(async () => await clipboard(alice) === '', { what: 'the address to be gone from the clipboard', limitMs: 70_000, everyMs: 500 });
    });

    it('is taken from everybody, with a new onion address', async () => {
        const { window, computer } = alice;
        const addresses = async (): Promise<readonly string[]> => (await computer.readFile(`${computer.repository}/.git/annex/creds/p2paddrs`)).split('\n').filter(line => line !== '');
        const [before] = await addresses();
        await window.runCommand('Annex: Revoke All Access and Start Afresh');
        const question = await window.dialogs.modal(/start afresh/u);
        assert.match(question.text, /new onion address/u);
        await window.screenshot(screenshotFolder, 'aliceafresh');
        await window.dialogs.clickModal('Revoke All, Run with sudo');
        await window.terminal.waitFor(/password for/u);
        await window.terminal.enter(computer.user.password);
        await window.dialogs.notification(/Peers can now reach/u, publishLimitMs);
        // The page let go of an address that opens nothing any more.
        await new AccessPage(alice).reached('make', 'idle');
        const after = await addresses();
        assert.equal(after.length, 1);
        assert.notEqual(after[0], before);
        assert.equal((await computer.readFile(`${computer.repository}/.git/annex/creds/p2pauth`)).trim(), '');
        assert.notEqual(await run(carol, 'ls-remote', 'alice'), 0, 'carol still gets in');
        // The new address lets somebody in as the old one did.
        await window.runCommand('Annex: Make an Address in the Input Box');
        await window.quickInput.enter('Carol again');
        await window.quickInput.waitUntilOpen(/Address for Carol again/u);
        await window.quickInput.accept();
        const address = await waitFor(async () => /^tor-annex::.*/u.exec(await clipboard(alice))?.[0], { what: 'the address in the clipboard', limitMs: 10_000 });
        await window.quickInput.cancel();
        await carol.link(address, 'aliceafresh');
        const { code, stderr } = await carol.computer.exec(['git', 'ls-remote', 'aliceafresh'], { cwd: carol.computer.repository, timeLimitMs: 45_000 });
        assert.equal(code, 0, stderr);
    });
});
