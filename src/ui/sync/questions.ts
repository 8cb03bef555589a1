/**
 * What a sync asks the user, in plain words; leaving a question counts as the careful answer.
 */
import * as vscode from 'vscode';
import type { RepositoryContext } from '../../core/annex/context';
import type { CommitAnswer, CommitPlan, Finding, MergeQuestion, MergeSource, PlainGitFile, SyncQuestions } from '../../core/sync';
import { inert, inertForNotification } from '../../shared/inert';
import { tokenOf } from '../cancellation';
import { dangerWords } from '../words/sync';
import type { ReviewDocuments } from './reviewDocuments';
import type { StandingQuestions } from './standingQuestions';

const maxShown = 15;

function listed(lines: readonly string[]): string {
    const shown = lines.slice(0, maxShown).map(line => inert(line, 100));
    return [...shown, ...(lines.length > maxShown ? [vscode.l10n.t('… and {0} more', lines.length - maxShown)] : [])].join('\n');
}

function sourceWords(source: MergeSource): string {
    return source.kind === 'peer' ? inertForNotification(source.peer) : vscode.l10n.t('a peer that pushed here');
}

async function askModal<T>(message: string, detail: string, answers: readonly { readonly title: string; readonly answer: T }[]): Promise<T | undefined> {
    const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail }, ...answers);
    return chosen?.answer;
}

async function askUntracked(plan: CommitPlan, signal: AbortSignal): Promise<readonly string[] | undefined> {
    if (plan.settled.add || plan.untracked.length === 0) {
        return plan.untracked;
    }
    const picked = await vscode.window.showQuickPick(
        plan.untracked.map(path => ({ label: inert(path), path, picked: true })),
        { canPickMany: true, ignoreFocusOut: true, title: vscode.l10n.t('New files'), placeHolder: vscode.l10n.t('Choose what to add and share; none leaves them alone') },
        tokenOf(signal),
    );
    return picked?.map(({ path }) => path);
}

async function askCommit(plan: CommitPlan, signal: AbortSignal): Promise<CommitAnswer> {
    const add = await askUntracked(plan, signal);
    if (add === undefined) {
        return 'cancel';
    }
    if (plan.settled.commit || plan.changed.length + add.length === 0) {
        return { commit: plan.settled.commit, add };
    }
    const answer = await askModal<CommitAnswer>(
        vscode.l10n.t('Commit these files before syncing?'),
        listed([...plan.changed.map(({ path, kind }) => (kind === 'deleted' ? vscode.l10n.t('{0} (deleted)', path) : path)), ...add.map(path => vscode.l10n.t('{0} (new)', path))]),
        [
            { title: vscode.l10n.t('Commit and Sync'), answer: { commit: true, add } },
            { title: vscode.l10n.t('Sync Without Them'), answer: { commit: false, add: [] } },
        ],
    );
    return answer ?? 'cancel';
}

export async function askPlainGit(files: readonly PlainGitFile[]): Promise<'annex' | 'leave' | 'cancel'> {
    const answer = await askModal<'annex' | 'leave'>(
        vscode.l10n.t('{0} staged files are in plain git, not in git-annex', files.length),
        [vscode.l10n.t("Plain git sends the whole file to everybody with the history, and never drops it. git-annex's configuration says that these ought to be annexed:"), '', listed(files.map(({ path }) => path))].join('\n'),
        [
            { title: vscode.l10n.t('Move to git-annex'), answer: 'annex' },
            { title: vscode.l10n.t('Leave in git'), answer: 'leave' },
        ],
    );
    return answer ?? 'cancel';
}

function findingLine({ danger, path, detail }: Finding): string {
    return `${path}: ${dangerWords(danger)}${detail === '' ? '' : ` (${detail})`}`;
}

async function askHostileMerge({ context, review, standing, signal }: Asking, { source, inTree, inAnnexBranch }: MergeQuestion): Promise<'merge' | 'skip' | 'cancel'> {
    const findings = [...inTree, ...inAnnexBranch];
    const from = sourceWords(source);
    const look = await askModal<'look' | 'skip'>(
        vscode.l10n.t('Changes from {0} could run code here or reach out of this folder', from),
        [vscode.l10n.t('Nothing was merged. Look at these changes before you decide:'), '', listed(findings.map(findingLine))].join('\n'),
        [
            { title: vscode.l10n.t('Show the Changes'), answer: 'look' },
            { title: vscode.l10n.t("Don't Merge"), answer: 'skip' },
        ],
    );
    if (look !== 'look') {
        return 'skip';
    }
    const show = (): Promise<void> => review.open(context, vscode.l10n.t('Changes from {0}', from), findings);
    await show();
    const answer = await standing.ask<'merge' | 'skip'>(
        context.root,
        {
            title: vscode.l10n.t('Merge the changes from {0} that are shown here?', from),
            placeholder: vscode.l10n.t('Escape puts this question aside; a click on the status bar brings it back. Nothing is merged until you say so.'),
            // The first one is what Enter chooses.
            choices: [
                { label: `$(circle-slash) ${vscode.l10n.t("Don't Merge")}`, answer: 'skip' },
                { label: `$(git-merge) ${vscode.l10n.t('Merge Anyway')}`, answer: 'merge' },
                { label: `$(diff-multiple) ${vscode.l10n.t('Show the Changes Again')}`, action: show },
            ],
        },
        signal,
    );
    return answer ?? 'cancel';
}

async function askUnrelated(source: MergeSource): Promise<'merge' | 'skip'> {
    const answer = await askModal<'merge'>(
        vscode.l10n.t('This repository and the one of {0} were created apart', sourceWords(source)),
        vscode.l10n.t('Their histories have nothing in common. Merging them once puts the files of both side by side; where both have a file of the same name with other content, both versions are kept. After that they sync like any others.'),
        [{ title: vscode.l10n.t('Merge the Histories'), answer: 'merge' }],
    );
    return answer ?? 'skip';
}

export interface Asking {
    readonly context: RepositoryContext;
    readonly review: ReviewDocuments;
    readonly standing: StandingQuestions;
    /** Takes back what is asked. */
    readonly signal: AbortSignal;
}

export function questionsFor(asking: Asking): SyncQuestions {
    return {
        commit: plan => askCommit(plan, asking.signal),
        plainGitFiles: askPlainGit,
        hostileMerge: question => askHostileMerge(asking, question),
        unrelatedHistories: askUnrelated,
    };
}
