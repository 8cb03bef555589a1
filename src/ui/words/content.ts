/**
 * Words for annexed content: where it is, how much of it, and what became of getting or dropping it.
 */
import * as vscode from 'vscode';
import type { ActionSummary, ContentAction, ContentFilter, ContentSnapshot, Sum } from '../../core/content';
import type { FailureReason } from '../../core/sync';
import { inert, inertForNotification } from '../../shared/inert';
import { failureWords } from './sync';

/** Bytes with a unit, as people write them; three digits are enough to judge by. */
export function sizeWords(bytes: number): string {
    if (Number.isNaN(bytes)) {
        return vscode.l10n.t('unknown size');
    }
    const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
    const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
    const value = bytes / 1000 ** power;
    return `${value.toLocaleString(vscode.env.language, { maximumFractionDigits: power === 0 || value >= 100 ? 0 : 1 })} ${units[power] ?? ''}`;
}

/** What a repository is called here: its remote's name, or what its owners call it. Already inert. */
export type RepositoryNames = (uuid: string) => string | undefined;

export function repositoryName(snapshot: ContentSnapshot, number: number, names: RepositoryNames): string {
    const { uuid, description } = snapshot.repositories[number] ?? { uuid: '', description: '' };
    return inert(names(uuid) ?? (description === '' ? uuid.slice(0, 8) : description), 40);
}

/** Who has a file, this computer first. */
export function whereWords(snapshot: ContentSnapshot, file: number, names: RepositoryNames): string {
    const others = snapshot.logged(file).filter(number => number !== snapshot.own);
    const all = [...(snapshot.isHere(file) ? [vscode.l10n.t('here')] : []), ...others.map(number => repositoryName(snapshot, number, names))];
    const where = all.length === 0 ? vscode.l10n.t('nowhere') : all.join(', ');
    return snapshot.differs(file) ? vscode.l10n.t('{0} (git-annex believes otherwise)', where) : where;
}

/** How much of what is in a folder is here. */
export function sumWords({ files, here, bytes, bytesHere }: Sum): string {
    return here === files ? vscode.l10n.t('all {0} here, {1}', files, sizeWords(bytes)) : vscode.l10n.t('{0} of {1} here, {2} of {3}', here, files, sizeWords(bytesHere), sizeWords(bytes));
}

export function filterWords(filter: ContentFilter, nameOf: (uuid: string) => string): string {
    switch (filter.kind) {
        case 'all':
            return vscode.l10n.t('All files');
        case 'absent':
            return vscode.l10n.t('Absent here');
        case 'only-here':
            return vscode.l10n.t('Only here');
        case 'too-few':
            return vscode.l10n.t('Too few copies');
        case 'differs':
            return vscode.l10n.t('Not as git-annex believes');
        case 'missing-at':
            return vscode.l10n.t('Missing at {0}', inert(nameOf(filter.uuid), 40));
    }
}

export function actionTitle(action: ContentAction): string {
    if (action.kind === 'drop') {
        return vscode.l10n.t('Dropping content');
    }
    return action.from === undefined ? vscode.l10n.t('Getting content') : vscode.l10n.t('Getting content from {0}', inertForNotification(action.from, 40));
}

/** Why one content could not be dropped or got, with what can be done about it. */
function reasonWords(action: ContentAction, reason: FailureReason): string {
    if (action.kind === 'drop' && (reason === 'too-few-copies' || reason === 'other')) {
        return vscode.l10n.t('git-annex could not make sure that enough other repositories have it. Sync with a peer that is online, then drop it');
    }
    if (action.kind === 'get' && reason === 'not-there') {
        return vscode.l10n.t('no repository that can be reached from here has it. Sync first, or wait until a peer that has it is online');
    }
    return failureWords(reason);
}

/** What came of it, in one sentence; undefined if all went well. */
export function actionFailureWords(action: ContentAction, { failed, done }: ActionSummary): string | undefined {
    const [first] = failed;
    if (first === undefined) {
        return undefined;
    }
    const reason = reasonWords(action, first.reason);
    if (failed.length === 1 && done === 0) {
        const name = inertForNotification(first.path, 80);
        return action.kind === 'drop' ? vscode.l10n.t('{0} stays here: {1}.', name, reason) : vscode.l10n.t('{0} could not be got: {1}.', name, reason);
    }
    return action.kind === 'drop'
        ? vscode.l10n.t('{0} files were dropped, {1} stay here. {2}: {3}.', done, failed.length, inertForNotification(first.path, 60), reason)
        : vscode.l10n.t('{0} files were got, {1} could not be. {2}: {3}.', done, failed.length, inertForNotification(first.path, 60), reason);
}
