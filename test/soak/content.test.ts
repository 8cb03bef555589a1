/** The Content view in a real window: what it shows is what git-annex says, and what its commands do is done. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { silentLog } from '../../src/core/log';
import { launchBrowser } from '../rig/editor/browser';
import { LocalHost } from '../rig/editor/host';
import { editorVersions, installEditor } from '../rig/editor/install';
import { EditorServer } from '../rig/editor/server';
import { Workbench } from '../rig/editor/workbench';
import { waitFor } from '../rig/wait';
import { viewContainer } from '../e2e/steps/person';
import { oneAfterTheOther } from '../e2e/steps/oneAfterTheOther';
import { packagedExtension, screenshotFolder } from '../e2e/steps/stage';
import { addAndCommit, annex, cloneRepository, introduce, newRepository, put, removeFolder, temporaryFolder } from '../unit/sync/support/repositories';

describe('the Content view', function () {
    this.timeout(120_000);
    oneAfterTheOther(this);
    let folder: string;
    let alice: string;
    let window: Workbench;
    const cleanUp: (() => Promise<unknown>)[] = [];

    before(async () => {
        folder = await temporaryFolder();
        cleanUp.unshift(async () => removeFolder(folder));
        const bob = await newRepository(folder, 'bob');
        for (const [file, content] of Object.entries({ 'photos/2024/beach.jpg': 'b'.repeat(2_400_000), 'photos/2024/town.jpg': 't'.repeat(1_800_000), 'photos/2025/hill.jpg': 'h'.repeat(3_100_000), 'music/song.ogg': 's'.repeat(5_000_000), 'letter.txt': 'A letter.\n' })) {
            await put(bob, file, content);
        }
        await addAndCommit(bob, 'from bob');
        alice = await cloneRepository(folder, bob, 'alice');
        await introduce(alice, bob);
        await put(alice, 'diary.txt', 'Dear diary.\n');
        await addAndCommit(alice, 'a diary');
        await annex(alice, 'get', '--quiet', 'photos/2024/beach.jpg');
        await annex(alice, 'unlock', '--quiet', 'photos/2024/beach.jpg');
        const server = await EditorServer.start({ installation: await installEditor(editorVersions.newest), host: new LocalHost(silentLog, folder), stateFolder: path.join(folder, 'editor'), log: silentLog });
        cleanUp.unshift(async () => server.stop());
        await server.installExtension(await packagedExtension());
        const browser = await launchBrowser();
        cleanUp.unshift(async () => browser.close());
        window = await Workbench.open(browser, server.url(alice));
        await window.grantTrust();
        await window.openViewContainer(viewContainer);
    });

    afterEach(async function () {
        if (this.currentTest?.state === 'failed') {
            await window.screenshot(screenshotFolder, 'content-failure').catch(() => undefined);
        }
    });

    after(async () => {
        for (const step of cleanUp) {
            await step();
        }
    });

    const row = (name: string): Locator => window.page.getByRole('tree', { name: /^Content/u }).getByRole('treeitem', { name });
    const here = (file: string): boolean => existsSync(path.join(alice, file));

    it('shows each annexed file with its size and who has it', async () => {
        // The tree draws only the rows that there is room for.
        await window.page.getByRole('button', { name: /^Peers Section/u }).click();
        await window.page.getByRole('button', { name: /^Content Section/u }).click();
        await row('photos').waitFor();
        assert.match(await row('photos').innerText(), /1 of 3 here, 2\.4 MB of 7\.3 MB/u);
        assert.match(await row('letter.txt').innerText(), /10 B · bob/u);
        assert.match(await row('diary.txt').innerText(), /12 B · here/u);
        await row('photos').click();
        await row('2024').click();
        assert.match(await row('beach.jpg').innerText(), /2\.4 MB · here, bob/u);
        await window.screenshot(screenshotFolder, 'content-view');
    });

    it('gets a file, with the button on its row', async () => {
        await row('town.jpg').hover();
        await row('town.jpg').getByRole('button', { name: /Get Content/u }).click();
        await waitFor(() => here('photos/2024/town.jpg'), { what: 'the content of town.jpg', limitMs: 30_000 });
        await waitFor(async () => /here, bob/u.test(await row('town.jpg').innerText()), { what: 'the row of town.jpg', limitMs: 20_000 });
    });

    it('drops a file that another repository has, and refuses to drop the only copy', async () => {
        const drop = async (name: string): Promise<void> => {
            await row(name).click({ button: 'right' });
            await window.chooseMenuEntry('Drop Content');
            await window.dialogs.clickModal('Drop');
        };
        await drop('town.jpg');
        await waitFor(async () => /1\.8 MB · bob/u.test(await row('town.jpg').innerText()), { what: 'the row of town.jpg', limitMs: 30_000 });
        assert.ok(!here('photos/2024/town.jpg'));
        await drop('diary.txt');
        await window.page.getByText(/diary\.txt stays here/u).first().waitFor();
        assert.ok(here('diary.txt'));
        await window.screenshot(screenshotFolder, 'content-refused');
    });

    it('shows what passes a filter', async () => {
        await window.runCommand('Annex: Filter Content');
        await window.quickInput.pick('Only here');
        await row('diary.txt').waitFor();
        await waitFor(async () => (await row('photos').count()) === 0, { what: 'the end of other rows', limitMs: 10_000 });
        await window.screenshot(screenshotFolder, 'content-only-here');
        await window.runCommand('Annex: Filter Content');
        await window.quickInput.pick('All files');
        await row('photos').waitFor();
    });

    it('tells where a file is', async () => {
        await row('letter.txt').click({ button: 'right' });
        await window.chooseMenuEntry('Where Is It?');
        await waitFor(async () => (await window.quickInput.items()).some(item => JSON.stringify(item).includes('bob')), { what: 'bob in the list', limitMs: 10_000 });
        await window.screenshot(screenshotFolder, 'content-where');
        await window.page.keyboard.press('Escape');
    });

    it('offers to get an absent file that is opened, and then opens it', async () => {
        await row('letter.txt').click();
        await window.page.getByRole('button', { name: 'Get and Open' }).click();
        await window.page.getByRole('tab', { name: /letter\.txt/u }).waitFor();
        assert.ok(here('letter.txt'));
    });
});
