/**
 * Pairing as it can go wrong and as it goes right, with alice and bob at their editors and carol at a command line; then
 * three computers share, and a peer that slips something into a merge is stopped.
 */
import assert from 'node:assert/strict';
import { waitFor } from '../rig/wait';
import { CommandLine } from './steps/commandLine';
import { enableTor } from './steps/enableTor';
import { addFile, assertShared, hasContent, putFile } from './steps/files';
import { assertNoTraces, traces } from './steps/leftovers';
import { pairByPage, PairingPage } from './steps/pairing';
import { viewContainer, type Person } from './steps/person';
import { Stage } from './steps/stage';
import { agreeToEverything, syncContent, untilSynced, type Answers } from './steps/sync';

describe('three people, two at VS Codes and one at a command line', function () {
    this.timeout(300_000);
    // Each step needs the ones before.
    this.bail(true);
    let stage: Stage;
    let alice: Person;
    let bob: Person;
    let carol: CommandLine;

    before(async () => {
        stage = await Stage.set({ people: ['alice', 'bob', 'carol'], atEditors: ['alice', 'bob'], files: name => ({ [`${name}-readme.txt`]: `Files of ${name}.\n` }) });
        await stage.open();
        alice = stage.person('alice');
        bob = stage.person('bob');
        carol = new CommandLine(stage.rig.computer('carol'));
        await Promise.all([enableTor(alice), enableTor(bob), carol.serve()]);
    });

    afterEach(async function () {
        if (this.currentTest?.state === 'failed') {
            await stage.pictures('pairing-failure');
        }
    });

    after(async () => {
        await stage.strike();
    });

    const tokens = async (): Promise<readonly [string, string]> => [(await traces(alice.computer)).tokens, (await traces(bob.computer)).tokens];

    it('refuses the own code, and says so', async () => {
        const [before] = await tokens();
        const page = await PairingPage.open(alice);
        const code = await page.showCode('bob');
        await page.enterCode(code);
        await waitFor(async () => /your own code/u.test(await page.frame.locator('main').innerText()), { what: 'the page to say that it is the own code', limitMs: 10_000 });
        assert.equal(await page.state(), 'code-ready');
        await page.cancel();
        await assertNoTraces(alice.computer, before);
    });

    it('ends on both sides after a wrong code, asks for new codes, and leaves nothing', async () => {
        const [before, beforeBob] = await tokens();
        const [one, other] = await Promise.all([PairingPage.open(alice), PairingPage.open(bob)]);
        const [code, otherCode] = await Promise.all([one.showCode('bob'), other.showCode('alice')]);
        // The right number, and words of the list, but other ones.
        const words = otherCode.endsWith('-adroitness-absurd') ? 'adviser-accrue' : 'adroitness-absurd';
        await other.enterCode(code);
        await one.enterCode(`${otherCode.split('-')[0] ?? ''}-${words}`);
        await Promise.all([one.reached('failed'), other.reached('failed')]);
        for (const page of [one, other]) {
            assert.match(await page.frame.locator('main').innerText(), /new codes/u, page.person.name);
        }
        await stage.pictures('wrong-code');
        await Promise.all([alice.window.closeEditor(), bob.window.closeEditor()]);
        await assertNoTraces(alice.computer, before);
        await assertNoTraces(bob.computer, beforeBob);
    });

    it('is cancelled while the other person never comes, and leaves nothing', async () => {
        const [before] = await tokens();
        const page = await PairingPage.open(alice);
        await page.showCode('bob');
        assert.notEqual((await traces(alice.computer)).processes.length, 0);
        // Closing the page ends the pairing as Cancel does.
        await alice.window.closeEditor();
        await assertNoTraces(alice.computer, before);
    });

    it('waits on when the other person cancels, until this one does too; nothing is left', async () => {
        const [before, beforeBob] = await tokens();
        const [one, other] = await Promise.all([PairingPage.open(alice), PairingPage.open(bob)]);
        const [, otherCode] = await Promise.all([one.showCode('bob'), other.showCode('alice')]);
        await other.cancel();
        await assertNoTraces(bob.computer, beforeBob);
        await one.enterCode(otherCode);
        await one.reached('waiting');
        await one.cancel();
        await assertNoTraces(alice.computer, before);
    });

    it('pairs by the pages, and both see each other online', async () => {
        await pairByPage(alice, bob);
        for (const person of [alice, bob]) {
            await person.window.openViewContainer(viewContainer);
            await waitFor(async () => (await person.window.treeRows()).some(row => /online/u.test(row)), { what: `${person.name} to see the peer online`, limitMs: 60_000 });
        }
    });

    it('pairs by the input box with a command line', async () => {
        const { window } = alice;
        const theirs = await carol.pair('alice');
        await window.runCommand('Annex: Pair Peer in the Input Box');
        await window.quickInput.waitUntilOpen(/Pair with a peer/u);
        await window.quickInput.accept();
        await window.quickInput.waitUntilOpen(/Name for the peer/u);
        await window.quickInput.enter('carol');
        await window.quickInput.waitUntilOpen(/Your code/u);
        const ours = /\d+-[a-z]+-[a-z]+/u.exec(await window.quickInput.title())?.[0] ?? '';
        await window.quickInput.enter(theirs.code);
        theirs.process.write(`${ours}\n`);
        assert.deepEqual(await theirs.process.exited, { code: 0, signal: null });
        await window.quickInput.waitUntilOpen(/Paired with carol/u);
        await window.quickInput.pick('Close');
        carol.reload();
    });

    it('shares among three: what bob has reaches carol through alice', async () => {
        const content = 'Dear carol, this came by two ways over Tor. bob\n';
        await putFile(bob, 'letter.txt', content);
        await addFile(bob, 'letter.txt');
        await syncContent(bob, 'alice');
        await alice.window.runCommand('Annex: Sync Content');
        const { text } = await untilSynced(alice);
        assert.match(text, /bob/u);
        assert.match(text, /carol/u);
        await assertShared([alice, bob], 'letter.txt', content);
        // carol's git-annex merges what was pushed to it.
        await carol.git('annex', 'merge');
        assert.ok(await hasContent({ ...alice, computer: carol.computer }, 'letter.txt', content), 'carol has no letter.txt');
    });

    it('stops before it merges what could run code here, shows it, and merges only on a yes', async () => {
        const { computer, window } = alice;
        await carol.computer.execOrThrow(['mkdir', '.vscode'], { cwd: carol.computer.repository });
        await carol.computer.writeFile(`${carol.computer.repository}/.vscode/tasks.json`, `${JSON.stringify({ version: '2.0.0', tasks: [{ label: 'x', type: 'shell', command: 'touch /tmp/ran', runOptions: { runOn: 'folderOpen' } }] }, undefined, 4)}\n`);
        await carol.git('-c', 'annex.largefiles=nothing', 'add', '.vscode');
        await carol.git('commit', '--quiet', '-m', 'Handy tasks');
        const isHere = async (): Promise<boolean> => (await computer.exec(['test', '-e', '.vscode/tasks.json'], { cwd: computer.repository })).code === 0;

        const refuse: Answers = [[/could run code here/u, "Don't Merge"]];
        const refused = await syncContent(alice, 'carol', refuse);
        assert.equal(refused.severity, 'warning');
        assert.match(refused.text, /not merged/u);
        assert.match(refused.questions.join('\n'), /\.vscode\/tasks\.json/u);
        assert.equal(await isHere(), false);

        const look: Answers = [[/could run code here/u, 'Show the Changes'], ...agreeToEverything];
        await window.openViewContainer(viewContainer);
        await window.clickInlineAction('carol', 'Sync Content with This Peer');
        await window.dialogs.modal(/could run code here/u);
        await window.dialogs.clickModal(look[0]?.[1] ?? '');
        await window.dialogs.notification(/that are shown here/u);
        await stage.pictures('review');
        assert.equal(await isHere(), false);
        await window.dialogs.clickNotification(/that are shown here/u, 'Merge Anyway');
        await untilSynced(alice);
        assert.equal(await isHere(), true);
    });
});
