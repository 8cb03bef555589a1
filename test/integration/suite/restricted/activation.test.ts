/** The extension in a folder that nobody has trusted yet: it starts nothing. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { contributedCommands, extensionUnderTest } from '../extension';
import { recordSpawns } from '../spawns';

describe('in a folder that is not trusted', () => {
    it('is in Restricted Mode', () => {
        assert.equal(vscode.workspace.isTrusted, false);
        assert.equal(vscode.workspace.workspaceFolders?.length, 1);
    });

    it('starts no program, whatever command is run', async () => {
        const recorder = recordSpawns();
        try {
            await extensionUnderTest().activate();
            for (const { command } of contributedCommands()) {
                // A command may ask something or refuse; nobody answers.
                void vscode.commands.executeCommand(command).then(undefined, () => undefined);
                await delay(20);
                await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
            }
            await delay(1000);
            assert.deepEqual(recorder.started, []);
        } finally {
            recorder.stop();
        }
    });
});
