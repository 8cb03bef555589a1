/**
 * "Who has access" in the peers' tree: one node for each repository, below it a row for each token that is accepted.
 */
import * as vscode from 'vscode';
import type { AccessEntry } from '../../core/peers/access';
import { entryDetails, holderName, isDoubtful, sinceWords, wayWords } from '../words/access';

export interface AccessNode {
    readonly kind: 'access';
    readonly root: string;
    readonly entries: readonly AccessEntry[];
}
export interface AccessEntryNode {
    readonly kind: 'access-entry';
    readonly root: string;
    readonly entry: AccessEntry;
}

const warning = new vscode.ThemeColor('list.warningForeground');

export function accessItem({ entries }: AccessNode): vscode.TreeItem {
    const label = vscode.l10n.t('Who has access');
    const item = new vscode.TreeItem(label, entries.length === 0 ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Collapsed);
    const doubtful = entries.filter(({ holder }) => isDoubtful(holder)).length;
    const count = entries.length === 0 ? vscode.l10n.t('nobody') : String(entries.length);
    const description = doubtful === 0 ? count : vscode.l10n.t('{0}, of them {1} to be looked at', entries.length, doubtful);
    item.description = description;
    item.iconPath = doubtful === 0 ? new vscode.ThemeIcon('shield') : new vscode.ThemeIcon('shield', warning);
    item.tooltip = vscode.l10n.t('Every token that this repository accepts. Each one allows everything: read, upload, remove.');
    item.contextValue = entries.length === 0 ? 'access.nobody' : 'access.some';
    item.accessibilityInformation = { label: `${label}: ${description}` };
    return item;
}

function icon({ holder }: AccessEntry): vscode.ThemeIcon {
    switch (holder.kind) {
        case 'peer':
        case 'removed-peer':
            return new vscode.ThemeIcon('person');
        case 'person':
            return new vscode.ThemeIcon('mail');
        case 'failed-pairing':
            return new vscode.ThemeIcon('warning', warning);
        case 'unknown':
            return isDoubtful(holder) ? new vscode.ThemeIcon('question', warning) : new vscode.ThemeIcon('question');
    }
}

export function accessEntryItem({ entry }: AccessEntryNode): vscode.TreeItem {
    const label = holderName(entry.holder);
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
    const description = `${wayWords(entry.holder)}, ${sinceWords(entry)}`;
    item.description = description;
    item.iconPath = icon(entry);
    item.tooltip = entryDetails(entry).join('\n');
    item.contextValue = `access-entry.${entry.holder.kind}`;
    item.accessibilityInformation = { label: entryDetails(entry).join('. ') };
    return item;
}
