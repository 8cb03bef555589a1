/** Says why there is nobody for a command about peers, and offers what would change that. */
import * as vscode from 'vscode';
import type { RepositorySnapshot } from '../core/repository/repository';
import { inertForNotification } from '../shared/inert';

export async function sayNoPeers({ name, root, peers }: RepositorySnapshot): Promise<void> {
    const shown = inertForNotification(name);
    if (peers.length > 0) {
        const settings = vscode.l10n.t('Peer Settings');
        const text = vscode.l10n.t('"{0}" has no peer to sync with: syncing is switched off for those that it has, or it is not known yet which repository they are.', shown);
        if ((await vscode.window.showInformationMessage(text, settings)) === settings) {
            await vscode.commands.executeCommand('annexPeers.peerSettings', { root });
        }
        return;
    }
    const pair = vscode.l10n.t('Pair Peer');
    if ((await vscode.window.showInformationMessage(vscode.l10n.t('"{0}" has no peers yet.', shown), pair)) === pair) {
        await vscode.commands.executeCommand('annexPeers.pairPeer', { root });
    }
}
