/**
 * The network's part of the tree: Tor, the onion service, the remote daemon.
 */
import * as vscode from 'vscode';
import type { Trouble } from '../../core/log';
import type { RepositorySnapshot } from '../../core/repository/repository';
import { networkIsWell, networkSummary, networkWords, type NetworkDetail } from '../words/network';
import { leafItem } from './peerItems';

export interface NetworkNode {
    readonly kind: 'network';
    readonly root: string;
    readonly repository: RepositorySnapshot;
    readonly trouble: Trouble | undefined;
}
export interface NetworkDetailNode {
    readonly kind: 'network-detail';
    readonly root: string;
    readonly repository: RepositorySnapshot;
    readonly trouble: Trouble | undefined;
    readonly detail: NetworkDetail;
}

export function networkItem({ repository }: NetworkNode): vscode.TreeItem {
    const item = new vscode.TreeItem(vscode.l10n.t('Network'), vscode.TreeItemCollapsibleState.Collapsed);
    const summary = networkSummary(repository);
    item.description = summary;
    item.iconPath = networkIsWell(repository) ? new vscode.ThemeIcon('radio-tower') : new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
    item.tooltip = [vscode.l10n.t('Network'), summary].filter(line => line !== '').join(': ');
    item.contextValue = 'network';
    item.accessibilityInformation = { label: item.tooltip };
    return item;
}

export function networkDetailItem({ repository, trouble, detail }: NetworkDetailNode): vscode.TreeItem {
    const { label, text, icon, more } = networkWords(repository, detail, trouble);
    return leafItem(label, text, icon, `network-detail.${detail}`, more);
}
