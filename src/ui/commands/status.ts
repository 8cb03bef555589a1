/**
 * What a click on the status bar opens: the view where something needs attention or is under way, else the actions.
 */
import * as vscode from 'vscode';
import type { Workspace } from '../../core/repository/workspace';
import { statusOf } from '../statusBar';
import { aggregateWords } from '../words/presence';
import type { CommandId } from './ids';

export async function showStatus(workspace: Workspace): Promise<void> {
    const state = statusOf(workspace.snapshot);
    switch (state.kind) {
        case 'hidden':
        case 'attention':
        case 'held-back':
        case 'working':
            await vscode.commands.executeCommand('annexPeers.peers.focus');
            return;
        case 'asking':
            await vscode.commands.executeCommand('annexPeers.answerQuestion' satisfies CommandId, { root: state.root });
            return;
        case 'idle':
            break;
    }
    const actions: readonly { readonly label: string; readonly command: CommandId | 'annexPeers.peers.focus' }[] = [
        ...(state.all.kind !== 'no-peers' ? [{ label: `$(sync) ${vscode.l10n.t('Sync Content with all peers')}`, command: 'annexPeers.syncContent' as const }] : []),
        { label: `$(person-add) ${vscode.l10n.t('Pair Peer')}`, command: 'annexPeers.pairPeer' },
        { label: `$(list-tree) ${vscode.l10n.t('Show Peers')}`, command: 'annexPeers.peers.focus' },
        { label: `$(output) ${vscode.l10n.t('Show Log')}`, command: 'annexPeers.showLog' },
    ];
    const picked = await vscode.window.showQuickPick(actions, { placeHolder: vscode.l10n.t('git-annex Peers: {0}', aggregateWords(state.all)) });
    if (picked !== undefined) {
        await vscode.commands.executeCommand(picked.command);
    }
}
