/** In a window on a workspace file. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { describeOwnSettings } from '../ownSettings';

describe('a window on a workspace file', () => {
    it('is one', () => {
        assert.match(vscode.workspace.workspaceFile?.path ?? '', /\.code-workspace$/u);
    });
});

describeOwnSettings('a workspace file');
