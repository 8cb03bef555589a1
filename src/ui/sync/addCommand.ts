/**
 * The command Add: git-annex adds the files and folders that were chosen in the Explorer.
 */
import * as vscode from 'vscode';
import type { Log } from '../../core/log';
import type { Repository } from '../../core/repository/repository';
import { addFiles, annexStagedFiles, findPlainGitFiles, type AddOptions, type AddResult } from '../../core/sync';
import { inertForNotification } from '../../shared/inert';
import { abortSignalOf } from '../cancellation';
import { failureWords } from '../words/sync';

export interface AddDependencies {
    readonly log: Log;
    showLog(): void;
}

/** Adds `files` (absolute paths in the repository); says only what went wrong or is worth a decision. */
export async function addCommand(repository: Repository, files: readonly string[], dependencies: AddDependencies): Promise<void> {
    const { context } = repository;
    if (context === undefined || files.length === 0 || repository.snapshot.activity !== undefined) {
        return;
    }
    const result = await withProgress(repository, options => addFiles(context, files, options));
    await sayFailures(result, dependencies);
    const plain = await findPlainGitFiles(context);
    if (plain.length === 0) {
        vscode.window.setStatusBarMessage(vscode.l10n.t('{0} files were added to git-annex.', result.added.length), 5000);
        return;
    }
    const move = vscode.l10n.t('Move to git-annex');
    const choice = await vscode.window.showWarningMessage(
        vscode.l10n.t('{0} staged files are in plain git, though they ought to be annexed ({1}).', plain.length, inertForNotification(plain.map(({ path }) => path).join(', '), 100)),
        move,
    );
    if (choice === move) {
        await sayFailures(await withProgress(repository, options => annexStagedFiles(context, plain.map(({ path }) => path), options)), dependencies);
    }
}

async function withProgress(repository: Repository, work: (options: AddOptions) => Promise<AddResult>): Promise<AddResult> {
    repository.setActivity({ kind: 'adding', fraction: undefined });
    try {
        return await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Adding to git-annex'), cancellable: true }, (progress, token) =>
            work({
                signal: abortSignalOf(token),
                onProgress: ({ path, files }) => progress.report({ message: vscode.l10n.t('{0} ({1} done)', inertForNotification(path ?? '', 60), files) }),
            }),
        );
    } finally {
        repository.setActivity(undefined);
        await repository.refresh();
    }
}

async function sayFailures({ failed }: AddResult, dependencies: AddDependencies): Promise<void> {
    const [first] = failed;
    if (first === undefined) {
        return;
    }
    for (const { path, reason, words } of failed) {
        dependencies.log.warn(`add ${path}: ${reason}: ${words}`);
    }
    const button = vscode.l10n.t('Show Log');
    const choice = await vscode.window.showWarningMessage(
        vscode.l10n.t('{0} files could not be added: {1} ({2})', failed.length, inertForNotification(first.path, 60), failureWords(first.reason)),
        button,
    );
    if (choice === button) {
        dependencies.showLog();
    }
}
