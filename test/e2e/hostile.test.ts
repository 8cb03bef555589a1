/**
 * A repository that somebody else prepared, opened in a real VS Code: while the folder is not trusted the extension starts
 * nothing, and once it is, its looks at the repository run nothing of the repository's. Traced from the editor's start.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { launchBrowser } from '../rig/editor/browser';
import type { Workbench } from '../rig/editor/workbench';
import type { Computer } from '../rig/computers/computer';
import { projectRoot } from '../rig/paths';
import { CommandLine } from './steps/commandLine';
import { ExecTrace, traceEditor, type Started } from './steps/execTrace';
import { canary, hostileName, makeHostile, ranCommands, type FolderSettings } from './steps/hostileRepository';
import { oneAfterTheOther } from './steps/oneAfterTheOther';
import { viewContainer } from './steps/person';
import { Stage } from './steps/stage';

const manifestSchema = v.object({ contributes: v.object({ configuration: v.array(v.object({ properties: v.record(v.string(), v.object({ type: v.string() })) })) }) });

async function manifest(): Promise<v.InferOutput<typeof manifestSchema>['contributes']> {
    return v.parse(manifestSchema, JSON.parse(await readFile(path.join(projectRoot(), 'package.json'), 'utf8'))).contributes;
}

/** For every setting that there is, what a hostile folder would like it to be. */
async function hostileSettings(): Promise<FolderSettings> {
    const properties = (await manifest()).configuration.flatMap(({ properties: own }) => Object.entries(own));
    return Object.fromEntries(properties.map(([name, { type }]) => {
        const program = /(?:^|\.)(git|gitAnnex|wormhole)Path$/u.exec(name)?.[1];
        const text = program === undefined ? 'ws://evil.example:4000/v1' : canary(program === 'gitAnnex' ? 'git-annex' : program);
        return [name, type === 'boolean' ? true : type === 'integer' || type === 'number' ? 5 : text];
    }));
}

const shown = ({ program, args }: Started): string => [program, ...args.slice(1)].join(' ');

/** How the editor's remote host looks for ports to forward (VS Code, extHostTunnelService.ts), to the letter. */
const portSearch = /^(?:\/bin\/sh -c (?:ls -l \/proc\/\[0-9\]\*\/fd\/\[0-9\]\* \| grep socket:|ps -F -A -l \| grep root)|\/usr\/bin\/(?:grep (?:socket:|root)|ps -F -A -l|ls -l(?: \/proc\/\d+\/fd\/\d+)+))$/u;

/** The editor's own programs are in its folder; whatever has to do with the extension is not taken for one. */
const isOfTheEditor = (started: Started): boolean =>
    (started.program.startsWith('/srv/editor/') && !started.args.some(argument => /annex-peers/u.test(argument))) || portSearch.test(shown(started));

/** The only programs that looking at a trusted repository runs. */
const looks: readonly RegExp[] = [
    /^\S*node \S*\/extensions\/\S*annex-peers\S*\/dist\/guardian\.js(?: |$)/u,
    /^\/usr\/bin\/git-annex version$/u,
    /^\S*\/git config --list --show-origin -z$/u,
    /^\S*\/git config --local --includes --list --show-origin -z$/u,
    /^\S*\/git config --worktree --includes --list --show-origin -z$/u,
    /^\S*\/git version$/u,
    /^\S*\/git cat-file blob refs\/heads\/git-annex:uuid\.log$/u,
    /^\S*\/tor --version$/u,
    /^\S*\/tor --list-modules$/u,
];

describe('a hostile repository', function () {
    this.timeout(300_000);
    // Each step needs the ones before.
    oneAfterTheOther(this);
    let stage: Stage;
    let alice: Computer;
    let window: Workbench;
    let trace: ExecTrace;
    let browser: Awaited<ReturnType<typeof launchBrowser>>;

    before(async () => {
        stage = await Stage.set({
            people: ['alice'],
            before: traceEditor,
            // The editor's own git extension runs git by itself once a folder is trusted.
            settings: { 'git.enabled': false, 'remote.autoForwardPorts': false },
        });
        alice = stage.rig.computer('alice');
        await alice.writeFile(`${alice.repository}/plain.txt`, 'as committed\n');
        await alice.execOrThrow(['git', '-c', 'annex.largefiles=nothing', 'add', 'plain.txt'], { cwd: alice.repository });
        await alice.execOrThrow(['git', 'commit', '--quiet', '-m', 'A file'], { cwd: alice.repository });
        // All that keeps it from being served is that nobody has agreed to it.
        await new CommandLine(alice).enableTor();
        await makeHostile(alice, await hostileSettings());
        trace = new ExecTrace(alice);
        browser = await launchBrowser();
        window = await stage.seats[0]?.openWindow(browser) ?? assert.fail('no seat');
        await trace.watchesExtensionHost();
    });

    afterEach(async function () {
        if (this.currentTest?.state === 'failed') {
            await window.screenshot(path.join(projectRoot(), '.rig/screenshots'), 'hostile-failure');
        }
    });

    after(async () => {
        await browser.close();
        await stage.strike();
    });

    const own = async (): Promise<readonly string[]> => (await trace.started()).filter(started => !isOfTheEditor(started)).map(shown);

    it('starts nothing while the folder is not trusted, whatever is clicked', async () => {
        await window.openViewContainer(viewContainer);
        assert.match(await window.welcomeText(), /trust/iu);
        // The integration tests run every command; here are those that would start most.
        for (const command of ['Enable Tor', 'Pair Peer', 'Sync Content', 'Check Again']) {
            await window.runCommand(`Annex: ${command}`);
            const editor = window.page.locator('.workspace-trust-editor');
            await editor.waitFor();
            await window.page.keyboard.press('Escape');
            await editor.waitFor({ state: 'hidden' });
        }
        await window.reload();
        await window.openViewContainer(viewContainer);
        assert.match(await window.welcomeText(), /trust/iu);
        assert.deepEqual(await own(), []);
        assert.deepEqual(await ranCommands(alice), []);
    });

    it('runs nothing of the repository\'s when it is trusted, looked at, refreshed and clicked through', async () => {
        await window.grantTrust();
        await window.openViewContainer(viewContainer);
        await window.treeItem('bob').waitFor();
        await window.runCommand('Annex: Check Again');
        await window.treeItem('bob').click();
        await window.treeItem('Address').waitFor();
        await window.page.locator('.statusbar-item[id$="annexPeers.status"] a').first().click();
        if (await window.quickInput.isOpen()) {
            await window.quickInput.cancel();
        }
        // It asks before it serves, and waits for the answer.
        await window.dialogs.notification(/to its paired peers over Tor/u);
        await window.reload();
        await window.openViewContainer(viewContainer);
        await window.treeItem('bob').waitFor();
        await window.dialogs.notification(/to its paired peers over Tor/u);
        const started = await own();
        console.log(`      it ran ${started.length} programs: ${[...new Set(started)].join('; ')}`);
        assert.notEqual(started.length, 0);
        assert.deepEqual(started.filter(line => !looks.some(look => look.test(line))), []);
        assert.deepEqual(await ranCommands(alice), []);
        assert.equal((await alice.execOrThrow(['ps', '-u', alice.user.name, '-o', 'args='])).includes('remotedaemon'), false);
    });

    it('shows names as text: no icon, no link, nothing turned round', async () => {
        const rows = await window.treeRows();
        const row = rows.find(text => text.includes('free'));
        assert.ok(row !== undefined, rows.join('\n'));
        assert.doesNotMatch(row, /[\p{Cf}\u001b]|\$\(/u);
        assert.notEqual(row.trim(), hostileName);
        assert.equal(await window.page.locator('.part.sidebar a[href*="command:"], .notifications-toasts a[href*="command:"]').count(), 0);
    });

    it('refuses to enable Tor, says why, and runs nothing', async () => {
        await window.runCommand('Annex: Enable Tor');
        const { text } = await window.dialogs.modal("can't be enabled here safely");
        assert.match(text, /core\.fsmonitor/u);
        await window.screenshot(path.join(projectRoot(), '.rig/screenshots'), 'hostile-enable-tor');
        await window.page.keyboard.press('Escape');
        assert.deepEqual((await own()).filter(line => !looks.some(look => look.test(line))), []);
        assert.deepEqual(await ranCommands(alice), []);
    });

    it('is hostile indeed: plain git runs what the extension did not', async () => {
        const cwd = alice.repository;
        for (const args of [['cat-file', 'blob', 'refs/heads/git-annex:uuid.log'], ['status'], ['fetch', 'ext'], ['fetch', 'evil'], ['fetch', 'bob'], ['update-ref', 'refs/heads/probe', 'HEAD']]) {
            await alice.exec(['git', ...args], { cwd, timeLimitMs: 30_000 });
        }
        const ran = await ranCommands(alice);
        for (const name of ['worktree', 'filter.evil.process', 'remote.ext.url', 'core.sshCommand', 'insteadOf', 'hooksPath-reference-transaction']) {
            assert.ok(ran.some(note => note.startsWith(name)), `${name} is no danger: ${ran.join(', ')}`);
        }
    });
});
