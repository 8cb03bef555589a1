/**
 * "Security" in the peers' tree: one node for each repository, below it a row for each thing to be warned of, the worst first.
 */
import * as vscode from 'vscode';
import type { Finding, Severity } from '../../core/security/findings';
import { findingsWords, findingWords, mendWords, severityWords } from '../words/security';

export interface SecurityNode {
    readonly kind: 'security';
    readonly root: string;
    readonly findings: readonly Finding[];
}
export interface FindingNode {
    readonly kind: 'finding';
    readonly root: string;
    readonly finding: Finding;
}

function icon(severity: Severity): vscode.ThemeIcon {
    switch (severity) {
        case 'danger':
            return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
        case 'warning':
            return new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
        case 'info':
            return new vscode.ThemeIcon('info');
    }
}

export function securityItem({ findings }: SecurityNode): vscode.TreeItem {
    const label = vscode.l10n.t('Security');
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
    const description = findingsWords(findings);
    const [worst] = findings;
    item.description = description;
    item.iconPath = worst === undefined || worst.severity === 'info' ? new vscode.ThemeIcon('lock') : icon(worst.severity);
    item.tooltip = vscode.l10n.t('What to look at before you rely on it, and what mends it.');
    item.contextValue = 'security';
    item.accessibilityInformation = { label: `${label}: ${description}` };
    return item;
}

export function findingItem(node: FindingNode): vscode.TreeItem {
    const { finding } = node;
    const { label, why } = findingWords(finding);
    const action = mendWords(finding.mend);
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
    item.description = action;
    item.iconPath = icon(finding.severity);
    item.tooltip = [vscode.l10n.t('{0}: {1}', severityWords(finding.severity), label), why].join('\n');
    item.contextValue = `finding.${finding.id}.${finding.mend ?? 'none'}`;
    item.command = { command: 'annexPeers.mendFinding', title: action, arguments: [node] };
    item.accessibilityInformation = { label: `${severityWords(finding.severity)}: ${label}. ${why} ${action}` };
    return item;
}
