/** A workspace of several folders, with repositories in them and below them: each has its node, and commands act on theirs. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { silentLog } from '../../src/core/log';
import { launchBrowser } from '../rig/editor/browser';
import { LocalHost } from '../rig/editor/host';
import { editorVersions, installEditor } from '../rig/editor/install';
import { EditorServer } from '../rig/editor/server';
import { Workbench } from '../rig/editor/workbench';
import { waitFor } from '../rig/wait';
import { viewContainer } from './steps/person';
import { packagedExtension, screenshotFolder } from './steps/stage';

describe('several repositories in one window', function () {
    this.timeout(120_000);
    let folder: string;
    let window: Workbench;
    const cleanUp: (() => Promise<unknown>)[] = [];

    const git = async (repository: string, ...args: string[]): Promise<string> =>
        (await promisify(execFile)('git', args, { cwd: path.join(folder, repository), env: { ...process.env, HOME: folder } })).stdout.trim();
    const uuidOf = async (repository: string): Promise<string> => git(repository, 'config', 'annex.uuid').catch(() => '');

    before(async () => {
        folder = await mkdtemp(path.join(os.tmpdir(), 'annex-peers-several-'));
        cleanUp.unshift(async () => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
        await writeFile(path.join(folder, '.gitconfig'), '[user]\n\tname = Test\n\temail = test@example.invalid\n');
        for (const [repository, annexed] of [['shelf/letters', true], ['shelf/drafts', false], ['music', true]] as const) {
            await mkdir(path.join(folder, repository), { recursive: true });
            await git(repository, 'init', '--quiet');
            if (annexed) {
                await git(repository, 'annex', 'init', '--quiet', repository);
            }
        }
        await writeFile(path.join(folder, 'shelf/letters/dear-diary.txt'), 'Dear diary.\n');
        await writeFile(path.join(folder, 'all.code-workspace'), JSON.stringify({ folders: [{ path: 'shelf' }, { path: 'music' }] }));
        const server = await EditorServer.start({ installation: await installEditor(editorVersions.newest), host: new LocalHost(silentLog, folder), stateFolder: path.join(folder, 'editor'), log: silentLog });
        cleanUp.unshift(async () => server.stop());
        await server.installExtension(await packagedExtension());
        const browser = await launchBrowser();
        cleanUp.unshift(async () => browser.close());
        window = await Workbench.open(browser, server.url(path.join(folder, 'all.code-workspace')));
        await window.grantTrust();
        await window.openViewContainer(viewContainer);
    });

    after(async () => {
        for (const step of cleanUp) {
            await step();
        }
    });

    it('have a node each, in several folders and below one', async () => {
        for (const name of ['drafts', 'letters', 'music']) {
            await window.treeItem(name).waitFor();
        }
        await window.screenshot(screenshotFolder, 'state-several-repositories');
    });

    it('are acted on one by one', async () => {
        await window.clickContextMenu('letters', 'Enable Tor');
        const { text } = await window.dialogs.modal('Make "letters" reachable over Tor?');
        assert.ok(text.includes(await uuidOf('shelf/letters')), text);
        await window.dialogs.clickModal('Cancel');

        await window.clickContextMenu('drafts', 'Set Up git-annex Here');
        await window.quickInput.waitUntilOpen('Set Up git-annex');
        await window.quickInput.accept();
        await waitFor(async () => (await uuidOf('shelf/drafts')) !== '', { what: 'git-annex in drafts', limitMs: 20_000 });
    });

    it('are asked for where a command names none', async () => {
        // Once drafts is one of them.
        await waitFor(async () => {
            await window.runCommand('Annex: Pair Peer');
            // What the window was doing can take the focus, and so close the list.
            const items = await window.quickInput.items(3000).catch(() => []);
            if (await window.quickInput.isOpen()) {
                await window.quickInput.cancel();
            }
            return items.sort().join() === 'drafts,letters,music';
        }, { what: 'the three to be offered', limitMs: 40_000 });
    });

    it('get the file that lies in them', async () => {
        await window.openFile('dear-diary.txt');
        await window.runCommand('Annex: Add to git-annex');
        await waitFor(async () => git('shelf/letters', 'annex', 'lookupkey', 'dear-diary.txt').then(() => true, () => false), { what: 'the file in the annex of letters', limitMs: 20_000 });
    });
});
