/**
 * Sets up git-annex (and git, where it is missing) in a folder of the workspace.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import { programsOf } from '../../core/preflight/preflight';
import { initialize } from '../../core/repository/initialize';
import type { RepositorySnapshot } from '../../core/repository/repository';
import type { Workspace } from '../../core/repository/workspace';
import type { Log } from '../../core/log';
import { inert } from '../../shared/inert';
import { abortSignalOf } from '../cancellation';
import { pickRepository, rootOfTarget, type CommandTarget } from './pickRepository';

async function pickFolder(workspace: Workspace, target: CommandTarget): Promise<string | undefined> {
    const isNew = ({ uuid }: RepositorySnapshot): boolean => uuid === undefined;
    if (rootOfTarget(target) !== undefined || workspace.repositories.some(({ snapshot }) => isNew(snapshot))) {
        return (await pickRepository(workspace, target, isNew))?.snapshot.root;
    }
    const roots = workspace.repositories.map(({ snapshot }) => snapshot.root);
    const without = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => !roots.some(root => root === uri.fsPath || uri.fsPath.startsWith(`${root}/`)));
    if (without.length === 0) {
        void vscode.window.showInformationMessage(vscode.l10n.t('git-annex is set up in every folder that is open here.'));
        return undefined;
    }
    const items = without.map(({ name, uri }) => ({ label: inert(name), description: inert(uri.fsPath), folder: uri.fsPath }));
    return items.length === 1 ? items[0]?.folder : (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('In which folder?') }))?.folder;
}

export async function initializeCommand(workspace: Workspace, target: CommandTarget, log: Log, refresh: () => Promise<void>): Promise<void> {
    const programs = workspace.preflight && programsOf(workspace.preflight);
    const folder = await pickFolder(workspace, target);
    if (programs === undefined || folder === undefined || !vscode.workspace.isTrusted) {
        return;
    }
    const description = await vscode.window.showInputBox({
        title: vscode.l10n.t('Set Up git-annex'),
        prompt: vscode.l10n.t('How other repositories will see this one. Everybody whom you share with can read it.'),
        value: path.basename(folder),
        validateInput: value => (value.trim() === '' ? vscode.l10n.t('Enter a description.') : undefined),
    });
    if (description === undefined) {
        return;
    }
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Setting up git-annex'), cancellable: true }, (_progress, token) =>
        initialize(folder, { programs, log, description: description.trim(), signal: abortSignalOf(token) }),
    );
    await refresh();
}
