/** The extension in a window on a folder that is trusted. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { waitFor } from '../../../rig/wait';
import { contributedCommands, extensionUnderTest } from '../extension';
import { recordSpawns } from '../spawns';

describe('in a trusted folder', () => {
    it('the extension activates', async () => {
        const extension = extensionUnderTest();
        await extension.activate();
        assert.equal(extension.isActive, true);
    });

    it('runs beside the workspace', () => {
        assert.equal(extensionUnderTest().extensionKind, vscode.ExtensionKind.Workspace);
    });

    it('every command of package.json is registered, and none besides', async () => {
        await extensionUnderTest().activate();
        const registered = (await vscode.commands.getCommands(true)).filter(command => command.startsWith('annexPeers.') && !isOfTheEditor(command));
        assert.deepEqual(registered.sort(), contributedCommands().map(({ command }) => command).sort());
    });

    it('asks git-annex about the repository when it is refreshed', async () => {
        const recorder = recordSpawns();
        try {
            await extensionUnderTest().activate();
            void vscode.commands.executeCommand('annexPeers.refresh');
            await waitFor(() => recorder.started.some(line => line.includes('git-annex')), { what: 'git-annex to be started', limitMs: 10_000 });
        } finally {
            recorder.stop();
        }
    });

    it('every command has a title and the same category', () => {
        for (const { command, title, category } of contributedCommands()) {
            assert.ok(title.length > 0 && !title.startsWith('%'), command);
            assert.equal(category, 'Annex', command);
        }
    });
});

/** The editor makes commands of its own for each view. */
function isOfTheEditor(command: string): boolean {
    return /^annexPeers\.\w+\.(?:focus|open|resetViewLocation|removeView|toggleVisibility)$/u.test(command);
}
