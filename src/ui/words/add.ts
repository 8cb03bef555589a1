/**
 * Words for Add: its progress, what came of it, and why files were not added.
 */
import * as vscode from 'vscode';
import type { AddProgress, AddResult, FailureReason, FileFailure } from '../../core/sync';
import { inertForNotification } from '../../shared/inert';
import { partWords } from './size';
import { failureWords } from './sync';

export function addProgressWords({ path, done, total, files }: AddProgress): string {
    const part = partWords(done, total);
    const file = inertForNotification(path ?? '', 60);
    return [part === undefined ? file : vscode.l10n.t('{0}, {1}', file, part), vscode.l10n.t('{0} files done', files)].join('; ');
}

/** What was added, and where it went; undefined where nothing was, which its failures then tell. */
export function addedWords({ added, addedToGit, failed }: Pick<AddResult, 'added' | 'addedToGit' | 'failed'>): string | undefined {
    if (added.length > 0 && addedToGit.length > 0) {
        return vscode.l10n.t('{0} files were added to git-annex, {1} to plain git, as its configuration says.', added.length, addedToGit.length);
    }
    if (added.length > 0) {
        return vscode.l10n.t('{0} files were added to git-annex.', added.length);
    }
    if (addedToGit.length > 0) {
        return vscode.l10n.t("{0} files were added to plain git, as git-annex's configuration says.", addedToGit.length);
    }
    return failed.length > 0 ? undefined : vscode.l10n.t('There was nothing to add: git-annex or git has it all.');
}

/** How many failed for which reason, the first file of each by its name. */
export function failuresByReason(failed: readonly FileFailure[]): string {
    const byReason = new Map<FailureReason, FileFailure[]>();
    for (const failure of failed) {
        byReason.set(failure.reason, [...(byReason.get(failure.reason) ?? []), failure]);
    }
    return [...byReason].map(([reason, files]) => {
        const first = inertForNotification(files[0]?.path ?? '', 60);
        return files.length === 1 ? vscode.l10n.t('{0}: {1}', first, failureWords(reason)) : vscode.l10n.t('{0} and {1} more: {2}', first, files.length - 1, failureWords(reason));
    }).join('; ');
}

export function addFailureWords(failed: readonly FileFailure[]): string {
    return vscode.l10n.t('{0} files could not be added: {1}', failed.length, failuresByReason(failed));
}
