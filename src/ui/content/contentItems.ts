/**
 * How the rows of the Content view look.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import type { ContentSnapshot, FolderEntry, Sum } from '../../core/content';
import { inert } from '../../shared/inert';
import { repositoryName, sizeWords, sumWords, whereWords, type RepositoryNames } from '../words/content';
import type { ContentNode } from './contentNodes';

/** Bytes as Latin-1 to what they are in UTF-8, to be shown. */
export function shownName(latin1: string): string {
    return inert(Buffer.from(latin1, 'latin1').toString('utf8'));
}

function folderItem(label: string, sum: Sum, icon: vscode.ThemeIcon, state: vscode.TreeItemCollapsibleState): vscode.TreeItem {
    const item = new vscode.TreeItem(label, state);
    item.description = sumWords(sum);
    item.iconPath = icon;
    item.contextValue = ['content', 'folder', sum.here < sum.files ? 'absent' : '', sum.here > 0 ? 'here' : ''].filter(part => part !== '').join('.');
    item.accessibilityInformation = { label: `${label}, ${sumWords(sum)}` };
    return item;
}

export function folderRow(entry: FolderEntry): vscode.TreeItem {
    return folderItem(shownName(path.posix.basename(entry.path)), entry, vscode.ThemeIcon.Folder, vscode.TreeItemCollapsibleState.Collapsed);
}

export function repositoryRow(name: string, sum: Sum | undefined): vscode.TreeItem {
    return folderItem(inert(name), sum ?? { files: 0, here: 0, bytes: 0, bytesHere: 0 }, new vscode.ThemeIcon('repo'), vscode.TreeItemCollapsibleState.Expanded);
}

export function moreRow(left: number): vscode.TreeItem {
    const item = new vscode.TreeItem(vscode.l10n.t('Show more ({0} are left)', left), vscode.TreeItemCollapsibleState.None);
    item.iconPath = new vscode.ThemeIcon('ellipsis');
    return item;
}

/** One look at a file: what there is to say first, most pressing first. */
export function fileState(snapshot: ContentSnapshot, file: number): 'lost' | 'absent' | 'only-here' | 'too-few' | 'here' {
    const members = snapshot.logged(file);
    const elsewhere = members.some(number => number !== snapshot.own);
    const copies = members.filter(number => snapshot.repositories[number]?.trust !== 'untrusted').length;
    if (!snapshot.isHere(file)) {
        return elsewhere ? 'absent' : 'lost';
    }
    return !elsewhere ? 'only-here' : copies < snapshot.wantedCopies ? 'too-few' : 'here';
}

const icons: Readonly<Record<ReturnType<typeof fileState>, vscode.ThemeIcon>> = {
    lost: new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground')),
    absent: new vscode.ThemeIcon('cloud'),
    'only-here': new vscode.ThemeIcon('device-desktop', new vscode.ThemeColor('list.warningForeground')),
    'too-few': new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
    here: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
};

export function stateWords(snapshot: ContentSnapshot, file: number): string {
    switch (fileState(snapshot, file)) {
        case 'lost':
            return vscode.l10n.t('No repository is known to have its content.');
        case 'absent':
            return vscode.l10n.t('Its content is not on this computer.');
        case 'only-here':
            return vscode.l10n.t('Its content is here, and no other repository is known to have it.');
        case 'too-few':
            return vscode.l10n.t('Its content is here; fewer than {0} repositories have it.', snapshot.wantedCopies);
        case 'here':
            return vscode.l10n.t('Its content is here.');
    }
}

export function fileRow(node: ContentNode, snapshot: ContentSnapshot, file: number, names: RepositoryNames): vscode.TreeItem {
    const label = shownName(path.posix.basename(node.path));
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
    const state = fileState(snapshot, file);
    const [size, where] = [sizeWords(snapshot.size(file)), whereWords(snapshot, file, names)];
    item.description = `${size} · ${where}`;
    item.iconPath = icons[state];
    item.tooltip = [
        shownName(node.path),
        stateWords(snapshot, file),
        ...snapshot.logged(file).map(number => `• ${number === snapshot.own ? vscode.l10n.t('this repository') : repositoryName(snapshot, number, names)}`),
        ...(snapshot.isLocked(file) ? [] : [vscode.l10n.t('Unlocked: it can be edited.')]),
        ...(snapshot.differs(file) ? [vscode.l10n.t('git-annex believes otherwise of this repository. "git annex fsck" looks again.')] : []),
    ].join('\n');
    item.contextValue = `content.file.${snapshot.isHere(file) ? 'here' : 'absent'}`;
    item.command = { command: 'annexPeers.openContent', title: vscode.l10n.t('Open'), arguments: [{ node }] };
    item.accessibilityInformation = { label: `${label}, ${stateWords(snapshot, file)} ${size}, ${where}` };
    return item;
}
