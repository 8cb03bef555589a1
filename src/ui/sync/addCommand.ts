/**
 * The command Add: git-annex adds the files and folders that were chosen in the Explorer.
 */
import * as vscode from 'vscode';
import type { Log } from '../../core/log';
import type { Repository } from '../../core/repository/repository';
import { addFiles, annexStagedFiles, findPlainGitFiles, type AddOptions, type AddResult, type PlainGitFile } from '../../core/sync';
import { sayIfBusy } from '../busy';
import { abortSignalOf } from '../cancellation';
import { addedWords, addFailureWords, addProgressWords } from '../words/add';
import { askPlainGit } from './questions';

export interface AddDependencies {
    readonly log: Log;
    showLog(): void;
}

/** What was added, and what had been put into plain git by others than git-annex. */
interface Added {
    readonly result: AddResult;
    readonly plain: readonly PlainGitFile[];
}

/** Adds `files` (absolute paths in the repository); says only what went wrong or is worth a decision. */
export async function addCommand(repository: Repository, files: readonly string[], dependencies: AddDependencies): Promise<void> {
    const { context } = repository;
    if (context === undefined || files.length === 0 || sayIfBusy(repository.snapshot)) {
        return;
    }
    const { result, plain } = await withProgress(repository, async (options, progress) => {
        const added = await addFiles(context, files, options);
        progress.report({ message: vscode.l10n.t('Looking for large files in plain git') });
        return { result: added, plain: await findPlainGitFiles(context, options.signal) };
    });
    // A notification is not waited for: it can be hidden, and never be answered.
    void sayFailures(result, dependencies);
    if (plain.length === 0 || (await askPlainGit(plain)) !== 'annex') {
        sayAdded(result);
        return;
    }
    const moved = await withProgress(repository, async options => ({ result: await annexStagedFiles(context, plain.map(({ path }) => path), options), plain: [] }));
    void sayFailures(moved.result, dependencies);
    sayAdded({ ...result, added: [...result.added, ...moved.result.added] });
}

async function withProgress(repository: Repository, work: (options: AddOptions, progress: vscode.Progress<{ message: string }>) => Promise<Added>): Promise<Added> {
    repository.setActivity({ kind: 'adding', fraction: undefined });
    try {
        return await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Adding to git-annex'), cancellable: true }, (progress, token) =>
            work({ signal: abortSignalOf(token), onProgress: current => progress.report({ message: addProgressWords(current) }) }, progress),
        );
    } finally {
        repository.setActivity(undefined);
        await repository.refresh();
    }
}

function sayAdded(result: AddResult): void {
    const text = addedWords(result);
    if (text !== undefined) {
        vscode.window.setStatusBarMessage(text, 5000);
    }
}

async function sayFailures({ failed }: AddResult, dependencies: AddDependencies): Promise<void> {
    if (failed.length === 0) {
        return;
    }
    for (const { path, reason, words } of failed) {
        dependencies.log.warn(`add ${path}: ${reason}: ${words}`);
    }
    const button = vscode.l10n.t('Show Log');
    if ((await vscode.window.showWarningMessage(addFailureWords(failed), button)) === button) {
        dependencies.showLog();
    }
}
