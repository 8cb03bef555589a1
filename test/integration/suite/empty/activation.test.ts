/** The extension in a window without a folder: there, and in nobody's way. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { extensionUnderTest } from '../extension';

describe('in an empty window', () => {
    it('has no folder', () => {
        assert.equal(vscode.workspace.workspaceFolders, undefined);
    });

    it('activates within half a second, and then leaves the extension host alone', async () => {
        const start = performance.now();
        await extensionUnderTest().activate();
        assert.ok(performance.now() - start < 500, `${performance.now() - start} ms`);
        // Work that goes on after activation shows as a loop that comes late.
        let worst = 0;
        for (let turn = 0; turn < 20; turn++) {
            const before = performance.now();
            await delay(10);
            worst = Math.max(worst, performance.now() - before - 10);
        }
        assert.ok(worst < 500, `the extension host was busy for ${worst} ms`);
    });
});
