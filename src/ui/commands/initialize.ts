/**
 * Sets up git-annex (and git, where it is missing) in a folder of the workspace.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import { programsOf } from '../../core/preflight/preflight';
import { initialize } from '../../core/repository/initialize';
import type { Workspace } from '../../core/repository/workspace';
import type { Log } from '../../core/log';
import { abortSignalOf } from '../cancellation';
import { pickRepository, type CommandTarget } from './pickRepository';

async function pickFolder(workspace: Workspace, target: CommandTarget): Promise<string | undefined> {
    const repository = await pickRepository(workspace, target, ({ uuid }) => uuid === undefined);
    if (repository !== undefined) {
        return repository.snapshot.root;
    }
    const folders = vscode.workspace.workspaceFolders ?? [];
    const folder = folders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : folders[0];
    return folder?.uri.fsPath;
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
