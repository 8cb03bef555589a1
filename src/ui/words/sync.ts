/**
 * Words for Sync Content: progress, what would be dangerous to merge, why something failed, and the summary.
 */
import * as vscode from 'vscode';
import type { Danger, FailureReason, MergeOutcome, MovedFiles, PeerSummary, SyncErrorReason, SyncProgress, SyncSummary } from '../../core/sync';
import { inertForNotification } from '../../shared/inert';
import { sizeWords, partWords } from './size';

export function progressWords(progress: SyncProgress): string {
    const peer = inertForNotification(progress.peer ?? '');
    const file = progress.file === undefined ? '' : inertForNotification(progress.file.path, 60);
    const bytes = partWords(progress.bytes.done, progress.bytes.total);
    const place = Math.min(progress.files.done + 1, progress.files.total);
    const counted = progress.files.total === 0 ? '' : bytes === undefined ? vscode.l10n.t(' ({0} of {1})', place, progress.files.total) : vscode.l10n.t(' ({0} of {1}, {2})', place, progress.files.total, bytes);
    switch (progress.phase) {
        case 'checking':
            return vscode.l10n.t('Checking');
        case 'asking':
            return vscode.l10n.t('Waiting for your answer; a click on the status bar brings the question back');
        case 'committing':
            return vscode.l10n.t('Committing changes');
        case 'fetching':
            return vscode.l10n.t('Fetching from {0}', peer);
        case 'looking':
            return vscode.l10n.t('Looking at what would be merged');
        case 'merging':
            return vscode.l10n.t('Merging');
        case 'planning':
            return vscode.l10n.t('Finding out what to move');
        case 'waiting':
            return vscode.l10n.t('{0} has gone. Waiting for it to come back; what has come is kept', peer);
        case 'receiving':
            return vscode.l10n.t('Receiving {0} from {1}{2}', file, peer, counted);
        case 'sending':
            return vscode.l10n.t('Sending {0} to {1}{2}', file, peer, counted);
        case 'dropping':
            return vscode.l10n.t('Dropping what is not wanted');
        case 'pushing':
            return vscode.l10n.t('Pushing to {0}', peer);
    }
}

/** From 0 to 1; undefined while there is nothing to count. */
export function progressFraction({ bytes, files }: SyncProgress): number | undefined {
    if (bytes.total > 0) {
        return Math.min(1, bytes.done / bytes.total);
    }
    return files.total > 0 ? Math.min(1, files.done / files.total) : undefined;
}

export function dangerWords(danger: Danger): string {
    switch (danger) {
        case 'editor-settings':
            return vscode.l10n.t('settings or tasks of the editor');
        case 'workspace-file':
            return vscode.l10n.t('a workspace file, which holds settings and tasks');
        case 'dev-container':
            return vscode.l10n.t('a development container, which runs commands');
        case 'git-modules':
            return vscode.l10n.t("git's list of submodules");
        case 'git-attributes':
            return vscode.l10n.t('attributes, which choose filters and drivers');
        case 'git-name':
            return vscode.l10n.t("a name that belongs to git's own files");
        case 'executable':
            return vscode.l10n.t('an executable file');
        case 'link-outside':
            return vscode.l10n.t('a link that leads out of the folder');
        case 'submodule':
            return vscode.l10n.t('a submodule');
        case 'annex-config':
            return vscode.l10n.t("git-annex's shared configuration");
        case 'annex-remotes':
            return vscode.l10n.t('special remotes');
        case 'annex-history':
            return vscode.l10n.t("a rewrite of git-annex's history");
        case 'annex-own-rules':
            return vscode.l10n.t('what this repository wants, trusts or is grouped as');
    }
}

export function failureWords(reason: FailureReason): string {
    switch (reason) {
        case 'tor-down':
            return vscode.l10n.t('Tor is not running on this computer');
        case 'not-served':
            return vscode.l10n.t('its computer can be reached, but its repository is not being served there');
        case 'unreachable':
            return vscode.l10n.t('not reachable');
        case 'connection-broken':
            return vscode.l10n.t('the connection broke');
        case 'stalled':
            return vscode.l10n.t('no progress');
        case 'not-there':
            return vscode.l10n.t('the content is not there');
        case 'disk-full':
            return vscode.l10n.t('not enough free space');
        case 'too-few-copies':
            return vscode.l10n.t('too few other copies');
        case 'verification':
            return vscode.l10n.t('the content did not match its checksum');
        case 'locked':
            return vscode.l10n.t('another program holds a lock');
        case 'other':
            return vscode.l10n.t('the log has the reason');
    }
}

export function syncErrorWords(reason: SyncErrorReason): string {
    switch (reason) {
        case 'detached-head':
            return vscode.l10n.t('No branch is checked out (detached head). Check out a branch, then sync.');
        case 'merge-in-progress':
            return vscode.l10n.t('A merge is in progress. Finish or abort it, then sync.');
        case 'rebase-in-progress':
            return vscode.l10n.t('A rebase is in progress. Finish or abort it, then sync.');
        case 'cherry-pick-in-progress':
            return vscode.l10n.t('A cherry-pick is in progress. Finish or abort it, then sync.');
        case 'revert-in-progress':
            return vscode.l10n.t('A revert is in progress. Finish or abort it, then sync.');
        case 'bisect-in-progress':
            return vscode.l10n.t('A bisect is in progress. End it with git bisect reset, then sync.');
        case 'unmerged-files':
            return vscode.l10n.t('Some files have conflicts that are not resolved. Resolve them, then sync.');
        case 'no-identity':
            return vscode.l10n.t("git doesn't know whom to name in commits. Set user.name and user.email for this repository; they need not be your real ones. Peers can read them.");
        case 'commit-failed':
            return vscode.l10n.t('git refused the commit. The log has what it said.');
        case 'add-failed':
            return vscode.l10n.t('Some files could not be added. The log has what git-annex said.');
    }
}

/** Where it is mended: VS Code's own view of git shows what is in progress, in conflict or not committed. */
export function syncErrorRemedy(reason: SyncErrorReason): SyncRemedy | undefined {
    return reason === 'no-identity' || reason === 'add-failed' ? undefined : 'open-source-control';
}

function mergeWords(merge: MergeOutcome): string | undefined {
    switch (merge.kind) {
        case 'merged':
        case 'nothing':
        case 'not-asked':
            return undefined;
        case 'stopped':
            return vscode.l10n.t('its changes were not merged');
        case 'unrelated':
            return vscode.l10n.t('its history is unrelated and was not merged');
        case 'other-branch':
            return vscode.l10n.t('it has no branch of this name');
        case 'local-changes':
            return vscode.l10n.t('its changes were not merged, as uncommitted changes are in the way');
        case 'conflict':
            return vscode.l10n.t('{0} files outside of git-annex were changed on both sides: resolve them in the Source Control view, commit, and sync again', merge.files.length);
        case 'failed':
            return vscode.l10n.t('merging failed');
    }
}

/** So many files, and how large they are together. */
function movedWords({ files, bytes }: MovedFiles): string {
    return bytes === 0 ? `${files}` : vscode.l10n.t('{0} ({1})', files, sizeWords(bytes));
}

function peerWords({ peer, received, sent, dropped, failed, merge, problem }: PeerSummary): string {
    const name = inertForNotification(peer.name, 60);
    if (problem?.step === 'fetch') {
        return vscode.l10n.t('{0}: {1}', name, failureWords(problem.reason));
    }
    const parts = [
        vscode.l10n.t('{0} received, {1} sent', movedWords(received), movedWords(sent)),
        dropped > 0 ? vscode.l10n.t('{0} dropped there', dropped) : undefined,
        failed.length === 0 ? undefined : vscode.l10n.t('{0} failed ({1})', failed.length, failed.map(({ reason }) => failureWords(reason)).filter((text, at, all) => all.indexOf(text) === at).join('; ')),
        mergeWords(merge),
        problem === undefined ? undefined : vscode.l10n.t('pushing back: {0}', failureWords(problem.reason)),
    ];
    return vscode.l10n.t('{0}: {1}', name, parts.filter(part => part !== undefined).join(', '));
}

export type SyncRemedy = 'start-tor' | 'try-again' | 'open-source-control';

export interface SummaryWords {
    readonly text: string;
    readonly severity: 'quiet' | 'info' | 'warning';
    /** What to do about it, besides reading the log. */
    readonly remedy?: SyncRemedy;
}

/** Tor first: without it nothing else is worth a try. */
function remedyFor({ peers }: SyncSummary): SummaryWords['remedy'] {
    const reasons = peers.flatMap(({ problem, failed }) => [...(problem === undefined ? [] : [problem.reason]), ...failed.map(({ reason }) => reason)]);
    if (peers.some(({ merge }) => merge.kind === 'conflict' || merge.kind === 'local-changes')) {
        return 'open-source-control';
    }
    const passing: readonly FailureReason[] = ['unreachable', 'not-served', 'connection-broken', 'stalled', 'locked'];
    return reasons.includes('tor-down') ? 'start-tor' : reasons.some(reason => passing.includes(reason)) ? 'try-again' : undefined;
}

/** Everything in one message; quiet where there was nothing to do. */
export function summaryWords(summary: SyncSummary): SummaryWords {
    const problems =
        summary.notAdded.length > 0 ||
        summary.conflicts.length > 0 ||
        summary.slippedIn.length > 0 ||
        mergeWords(summary.pushedHere) !== undefined ||
        summary.peers.some(({ failed, merge, problem }) => failed.length > 0 || problem !== undefined || mergeWords(merge) !== undefined);
    const didSomething =
        summary.commit !== undefined || summary.droppedHere > 0 || summary.peers.some(({ received, sent, dropped, merge }) => received.files + sent.files + dropped > 0 || merge.kind === 'merged');
    const pushedHere = mergeWords(summary.pushedHere);
    const extra = [
        summary.cutOff === true ? vscode.l10n.t('Tor on this computer reaches nobody at all: check its network connection and its clock') : undefined,
        pushedHere === undefined ? undefined : vscode.l10n.t('What a peer had pushed here: {0}', pushedHere),
        summary.droppedHere > 0 ? vscode.l10n.t('{0} dropped here', summary.droppedHere) : undefined,
        summary.notAdded.length > 0 ? vscode.l10n.t('{0} could not be added', summary.notAdded.length) : undefined,
        summary.conflicts.length > 0 ? vscode.l10n.t('{0} files were changed on both sides; both versions were kept (.variant-)', summary.conflicts.length) : undefined,
        summary.slippedIn.length > 0 ? vscode.l10n.t('a peer changed {0} while the sync ran', inertForNotification(summary.slippedIn.map(({ path }) => path).join(', '), 100)) : undefined,
    ].filter(part => part !== undefined);
    const told = summary.peers.map(peerWords).join('; ');
    const none = summary.peers.every(({ problem }) => problem?.step === 'fetch');
    const text = [none ? vscode.l10n.t('Not synced. {0}', told) : vscode.l10n.t('Synced with {0}', told), ...extra].join('. ');
    if (problems) {
        const remedy = remedyFor(summary);
        return { text, severity: 'warning', ...(remedy === undefined ? {} : { remedy }) };
    }
    return { text: didSomething ? text : vscode.l10n.t('Everything is in sync with {0}', summary.peers.map(({ peer }) => inertForNotification(peer.name, 60)).join(', ')), severity: didSomething ? 'info' : 'quiet' };
}

export function remedyWords(remedy: SyncRemedy): string {
    switch (remedy) {
        case 'start-tor':
            return vscode.l10n.t('Start Tor');
        case 'try-again':
            return vscode.l10n.t('Try Again');
        case 'open-source-control':
            return vscode.l10n.t('Open Source Control');
    }
}
