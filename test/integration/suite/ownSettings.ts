/** A folder or workspace file that sets everything it can: nothing about Tor, programs or the network comes of it. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { defaultPolicy } from '../../../src/core/peers/presence';
import { readSettings } from '../../../src/ui/settings';
import { declaredSettings } from '../hostileSettings';
import { extensionUnderTest } from './extension';
import { recordSpawns } from './spawns';

/** The one setting that a folder may have its own way with: how deep to look for repositories, at most 5. */
const theFoldersOwn = 'annexPeers.repositoryScanDepth';

const asIfNothingWereSet: ReturnType<typeof readSettings> = {
    programs: { gitPath: undefined, gitAnnexPath: undefined, wormholePath: undefined, wormholeOnPath: false },
    wormhole: { mailboxUrl: undefined, transitRelay: undefined, withoutTor: false },
    autoStartDaemon: true,
    autoSync: 'off',
    presence: defaultPolicy,
    scanDepth: 5,
    syncCommit: 'ask',
    syncUntracked: 'ask',
    syncOtherRemotes: false,
};

export function describeOwnSettings(where: string): void {
    describe(`settings that ${where} sets`, () => {
        it('are read by the editor', () => {
            const found = vscode.workspace.getConfiguration('annexPeers').inspect<number>('repositoryScanDepth');
            assert.equal(found?.workspaceFolderValue ?? found?.workspaceValue, 5);
        });

        it('are of machine scope, but for one', async () => {
            assert.deepEqual((await declaredSettings()).filter(({ scope }) => scope !== 'machine').map(({ name }) => name), [theFoldersOwn]);
        });

        it('change nothing in what the extension goes by', () => {
            assert.deepEqual(readSettings(), asIfNothingWereSet);
        });

        it('start no program of the folder\'s', async () => {
            const recorder = recordSpawns();
            try {
                await extensionUnderTest().activate();
                await vscode.commands.executeCommand('annexPeers.refresh');
                assert.notEqual(recorder.started.length, 0);
                assert.deepEqual(recorder.started.filter(line => line.includes('evil')), []);
            } finally {
                recorder.stop();
            }
        });
    });
}
