/**
 * Pairing as it can go wrong and as it goes right, with alice and bob at their editors and carol at a command line; then
 * three computers share, and a peer that slips something into a merge is stopped.
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { waitFor } from '../rig/wait';
import { CommandLine } from './steps/commandLine';
import { agreeToServe } from './steps/enableTor';
import { ExecTrace, startedIn, traceEditor } from './steps/execTrace';
import { countFetches } from './steps/fetches';
import { addFile, assertShared, hasContent, putFile } from './steps/files';
import { assertNoTraces, traces } from './steps/leftovers';
import { logChannel, missingFrom, programsInLog, programsInTrace } from './steps/logChannel';
import { oneAfterTheOther } from './steps/oneAfterTheOther';
import { codesSeen, pairByPage, PairingPage } from './steps/pairing';
import { viewContainer, type Person } from './steps/person';
import { pageMemory, pageState, Secrets } from './steps/secrets';
import { screenshotFolder, Stage } from './steps/stage';
import { agreeToEverything, syncContent, untilSynced, type Answers } from './steps/sync';

describe('three people, two at VS Codes and one at a command line', function () {
    this.timeout(300_000);
    // Each step needs the ones before.
    oneAfterTheOther(this);
    let stage: Stage;
    let alice: Person;
    let bob: Person;
    let carol: CommandLine;
    const secrets = new Secrets();

    before(async () => {
        stage = await Stage.set({ people: ['alice', 'bob', 'carol'], atEditors: ['alice', 'bob'], before: traceEditor, logLevel: 'trace', files: name => ({ [`${name}-readme.txt`]: `Files of ${name}.\n` }) });
        carol = new CommandLine(stage.rig.computer('carol'));
        await Promise.all(stage.rig.computers.map(async computer => secrets.watch(computer)));
        // sudo becomes nobody else under the trace, so the editors find the service there; they ask before they serve.
        await Promise.all([...['alice', 'bob'].map(async name => new CommandLine(stage.rig.computer(name)).enableTor()), carol.serve()]);
        await stage.open();
        alice = stage.person('alice');
        bob = stage.person('bob');
        await Promise.all([agreeToServe(alice), agreeToServe(bob)]);
    });

    afterEach(async function () {
        if (this.currentTest?.state === 'failed') {
            await stage.pictures('pairing-failure');
        }
    });

    after(async () => {
        await stage.strike();
    });

    const ended = /The pairing has been ended[^]*Nothing of it is left on this computer[^]*both of you need new ones/u;
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
        await page.click('Cancel');
        await page.reached('cancelled');
        assert.match(await page.text(), ended);
        await assertNoTraces(alice.computer, before);
        // Closing the page ends a pairing as Cancel does.
        await page.click('Start again');
        await page.showCode('bob');
        await alice.window.closeEditor();
        await assertNoTraces(alice.computer, before);
    });

    it('waits on when the other person cancels, until this one does too; nothing is left', async () => {
        const [before, beforeBob] = await tokens();
        const [one, other] = await Promise.all([PairingPage.open(alice), PairingPage.open(bob)]);
        const [, otherCode] = await Promise.all([one.showCode('bob'), other.showCode('alice')]);
        await other.click('Cancel');
        await other.reached('cancelled');
        assert.match(await other.text(), ended);
        await other.click('Close');
        await assertNoTraces(bob.computer, beforeBob);
        await one.enterCode(otherCode);
        await one.reached('waiting');
        assert.match(await one.text(), /Waiting for the other person[^]*Now they have to enter yours/u);
        await one.click('Cancel');
        await one.reached('cancelled');
        assert.match(await one.text(), ended);
        await one.click('Close');
        await assertNoTraces(alice.computer, before);
    });

    it('goes without Tor only for who agrees, each time anew; Enter alone agrees to nothing', async () => {
        const { window } = alice;
        const [before] = await tokens();
        const useProgram = async (value: boolean): Promise<void> => {
            await alice.seat.editor.changeSettings({ 'annexPeers.wormhole.useProgramOnPath': value });
            await window.reload();
        };
        await useProgram(true);
        const page = await PairingPage.open(alice);
        const refuses = async (): Promise<void> => {
            assert.match(await page.text(), /IP address/u);
            assert.equal(await page.frame.locator('#consent').isChecked(), false);
            await page.frame.locator('#name').fill('bob');
            await page.askForCode();
            await waitFor(async () => /Tick the box/u.test(await page.text()), { what: 'the page to ask for consent', limitMs: 5000 });
            assert.equal(await page.state(), 'choosing');
            assert.deepEqual((await traces(alice.computer)).processes, []);
        };
        await refuses();
        const code = await page.showCode('bob');
        assert.match(code, /^\d+-\w+-\w+$/u);
        await page.click('Cancel');
        await page.reached('cancelled');
        await page.click('Start again');
        await page.reached('choosing');
        await refuses();
        await page.click('Cancel');
        await window.runCommand('Annex: Pair Peer in the Input Box');
        await window.quickInput.waitUntilOpen(/Pair with a peer/u);
        await window.quickInput.accept();
        await window.quickInput.accept();
        assert.match(await window.quickInput.title(), /Pair with a peer/u);
        await window.quickInput.pick('Agree that they learn my IP address, and go on');
        await window.quickInput.waitUntilOpen(/Name for the peer/u);
        await window.quickInput.cancel();
        await useProgram(false);
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
        secrets.addCode(ours);
        secrets.addCode(theirs.code);
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
        // No notification, which goes away by itself. Put aside it waits, says so, and comes back.
        const merge = /that are shown here/u;
        await window.quickInput.waitUntilOpen(merge);
        await stage.pictures('review');
        assert.equal((await window.dialogs.notifications()).some(({ text }) => merge.test(text)), false);
        await window.quickInput.cancel();
        await window.dialogs.notification(/Waiting for your answer/u);
        await stage.pictures('review-put-aside');
        assert.equal(await isHere(), false);
        await window.page.locator('.statusbar-item[id$="annexPeers.status"] a').first().click();
        await window.quickInput.waitUntilOpen(merge);
        await window.quickInput.pick('Merge Anyway');
        await window.quickInput.waitUntilClosed();
        await untilSynced(alice);
        assert.equal(await isHere(), true);
    });

    it('lets no plain git fetch hang of what it serves', async () => {
        // carol's own daemon fetches as well, and would be in the way.
        await carol.stopDaemon();
        for (const [runs, bytes] of [[10, 1000], [3, 1_500_000]] as const) {
            const figures = await countFetches(alice.computer, carol.computer, 'alice', { runs, bytes, timeLimitMs: 20_000 });
            console.log(`      ${runs} fetches of ${bytes} bytes: ${figures.hung} hung, ${figures.failed} failed, median ${figures.medianMs} ms`);
            assert.deepEqual([figures.hung, figures.words], [0, []]);
        }
    });

    it('has left no code and no token anywhere but where git-annex keeps them', async () => {
        codesSeen.forEach(code => secrets.addCode(code));
        await secrets.endWatching();
        // Of two pairings each, on both sides; those of the pairings that failed are gone from the disk.
        console.log(`      ${secrets.codes.length} codes, ${secrets.tokens.length} halves of tokens`);
        assert.ok(secrets.codes.length >= 10 && secrets.tokens.length >= 8);
        for (const { name, computer, window } of [alice, bob]) {
            const trace = await new ExecTrace(computer).text();
            assert.match(trace, /"p2p", "--pair"/u, 'the trace has what was run');
            assert.deepEqual(secrets.in(trace), [], `${name}: arguments and environments of programs`);
            const ran = programsInTrace(startedIn(trace));
            assert.ok(ran.length > 50, `${name}: ${ran.length} programs`);
            // A question to git is logged when it is answered.
            await waitFor(async () => missingFrom(programsInLog(await logChannel(computer)), ran).length === 0, { what: `${name}: a log of everything that ran`, limitMs: 10_000 })
                .catch(async () => assert.deepEqual(missingFrom(programsInLog(await logChannel(computer)), ran), [], `${name}: programs that ran and are not in the log`));
            assert.deepEqual(await secrets.filesWith(computer), [], `${name}: files`);
            await window.runCommand('View: Close All Editors');
            assert.deepEqual(secrets.in(await pageState(window.page)), [], `${name}: the window's storage and what it shows`);
            const memory = await pageMemory(window.page);
            assert.match(memory, /git-annex Peers/u, 'the memory has what was shown');
            const inMemory = secrets.in(memory);
            if (inMemory.length > 0) {
                // To be opened with Chrome's developer tools.
                await writeFile(path.join(screenshotFolder, `${name}.heapsnapshot`), memory);
            }
            assert.deepEqual(inMemory, [], `${name}: the page's memory`);
        }
    });

    it('would have been found out: the search finds what is planted', async () => {
        const [code = ''] = secrets.codes;
        const [token = ''] = secrets.tokens;
        const { computer, window } = alice;
        const { home } = computer.user;
        await computer.writeFile(`${home}/.cache/planted-code`, `log: ${code.toUpperCase()} and more`);
        await computer.writeFile('/var/tmp/planted-token', Buffer.concat([Buffer.from([1, 2, 3]), Buffer.from(token, 'utf16le')]));
        assert.deepEqual(await secrets.filesWith(computer), [`${home}/.cache/planted-code`, '/var/tmp/planted-token']);
        await window.page.evaluate(`localStorage.setItem('planted', ${JSON.stringify(code)}); globalThis.planted = { text: ${JSON.stringify(code)} }; undefined`);
        assert.equal(secrets.in(await pageState(window.page)).length, 1);
        assert.equal(secrets.in(await pageMemory(window.page)).length, 1);
    });
});
