/**
 * Runs Sync Content for a repository: one at a time, with progress and Cancel, and one message at the end.
 */
import * as vscode from 'vscode';
import { messageOf } from '../../core/errors';
import type { Log } from '../../core/log';
import type { LastSync, Repository } from '../../core/repository/repository';
import { heldBackBy, isCutOff, noQuestions, reachedNobody, syncContent, SyncError, type PeerSummary, type SyncPeer, type SyncSummary } from '../../core/sync';
import { inertForNotification } from '../../shared/inert';
import { sayIfBusy } from '../busy';
import { sayNoPeers } from '../noPeers';
import { abortSignalOf } from '../cancellation';
import { readSettings } from '../settings';
import { progressFraction, progressWords, remedyWords, summaryWords, syncErrorRemedy, syncErrorWords, type SummaryWords, type SyncRemedy } from '../words/sync';
import { questionsFor } from './questions';
import type { ReviewDocuments } from './reviewDocuments';
import { StandingQuestions } from './standingQuestions';

export interface SyncDependencies {
    readonly log: Log;
    readonly review: ReviewDocuments;
    showLog(): void;
}

export class SyncController {
    readonly #running = new Map<string, AbortController>();
    readonly #standing = new StandingQuestions();

    constructor(private readonly dependencies: SyncDependencies) {}

    /** Syncs with the peers and says what came of it, or what the repository is busy with. */
    async sync(repository: Repository, peers: readonly SyncPeer[]): Promise<void> {
        const { root } = repository.snapshot;
        if (repository.context === undefined || sayIfBusy(repository.snapshot) || this.#running.has(root)) {
            return;
        }
        if (peers.length === 0) {
            await sayNoPeers(repository.snapshot);
            return;
        }
        const stop = new AbortController();
        this.#running.set(root, stop);
        const names = peers.map(({ name }) => name);
        repository.setActivity({ kind: 'syncing', peers: names, fraction: undefined });
        let summary: SyncSummary;
        try {
            summary = await this.#run(repository, peers, stop);
        } catch (error) {
            if (error instanceof SyncError) {
                this.dependencies.log.warn(`Sync of ${root}: ${messageOf(error)}\n${error.detail}`);
                const remedy = syncErrorRemedy(error.reason);
                await this.#say({ text: syncErrorWords(error.reason), severity: 'warning', ...(remedy === undefined ? {} : { remedy }) });
                return;
            }
            throw error;
        } finally {
            this.#running.delete(root);
            repository.setActivity(undefined);
            await repository.refresh();
        }
        this.#record(repository, summary);
        await this.#say(summaryWords(summary), () => this.sync(repository, peers));
    }

    /**
     * Syncs without a question and without a notification; the tree and the status bar show that it runs. undefined: the
     * repository is busy. @throws {SyncError}, {CancelledError}
     */
    async syncUnattended(repository: Repository, peers: readonly SyncPeer[], content: boolean): Promise<SyncSummary | undefined> {
        const { context, daemon, snapshot } = repository;
        if (context === undefined || this.#running.has(snapshot.root) || snapshot.activity !== undefined) {
            return undefined;
        }
        const stop = new AbortController();
        this.#running.set(snapshot.root, stop);
        const names = peers.map(({ name }) => name);
        const show = (fraction: number | undefined): void => repository.setActivity({ kind: 'syncing', peers: names, fraction });
        show(undefined);
        const settings = readSettings();
        try {
            const summary = await syncContent(context, peers, {
                settings: { commit: settings.syncCommit, untracked: settings.syncUntracked },
                questions: noQuestions,
                content,
                unattended: true,
                signal: stop.signal,
                quietDaemon: work => (daemon === undefined ? work() : daemon.whilePaused(work)),
                onProgress: progress => show(progressFraction(progress)),
            });
            this.#record(repository, summary);
            const { text } = summaryWords(summary);
            this.dependencies.log.info(`Synced ${snapshot.root} by itself: ${text}`);
            vscode.window.setStatusBarMessage(text, 5000);
            return summary;
        } finally {
            this.#running.delete(snapshot.root);
            repository.setActivity(undefined);
            await repository.refresh();
        }
    }

    /** Brings back the question that the repository's sync waits with; false where it waits with none. */
    answerQuestion(repository: Repository): boolean {
        return this.#standing.reveal(repository.snapshot.root);
    }

    /** Ends the repository's sync; what has come stays. */
    stop(repository: Repository): void {
        this.#running.get(repository.snapshot.root)?.abort();
    }

    stopAll(): void {
        for (const running of this.#running.values()) {
            running.abort();
        }
    }

    #run(repository: Repository, peers: readonly SyncPeer[], stop: AbortController): Promise<SyncSummary> {
        const { context, daemon } = repository;
        if (context === undefined) {
            throw new Error('the repository has no git-annex');
        }
        const settings = readSettings();
        const names = peers.map(({ name }) => name);
        const title = vscode.l10n.t('Syncing with {0}', inertForNotification(names.join(', '), 80));
        return Promise.resolve(
            vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
                let shown = 0;
                const signal = AbortSignal.any([stop.signal, abortSignalOf(token)]);
                const summary = await syncContent(context, peers, {
                    settings: { commit: settings.syncCommit, untracked: settings.syncUntracked },
                    questions: questionsFor({ context, review: this.dependencies.review, standing: this.#standing, signal }),
                    signal,
                    quietDaemon: work => (daemon === undefined ? work() : daemon.whilePaused(work)),
                    onProgress: snapshot => {
                        const fraction = progressFraction(snapshot);
                        const percent = Math.floor((fraction ?? 0) * 100);
                        progress.report({ message: progressWords(snapshot), increment: Math.max(0, percent - shown) });
                        shown = Math.max(shown, percent);
                        repository.setActivity({ kind: 'syncing', peers: names, fraction, asking: snapshot.phase === 'asking' });
                    },
                });
                const { service } = repository.snapshot;
                if (!reachedNobody(summary)) {
                    return summary;
                }
                progress.report({ message: vscode.l10n.t('Nobody was reached. Looking whether this computer is cut off') });
                return { ...summary, cutOff: await isCutOff(service.kind === 'enabled' ? service.address : undefined, signal) };
            }),
        );
    }

    #record(repository: Repository, summary: SyncSummary): void {
        for (const entry of summary.peers) {
            for (const { path, reason, words } of entry.failed) {
                this.dependencies.log.warn(`${entry.peer.name}: ${path}: ${reason}: ${words}`);
            }
            if (entry.problem !== undefined) {
                this.dependencies.log.warn(`${entry.peer.name}: ${entry.problem.step}: ${entry.problem.reason}: ${entry.problem.words}`);
            }
            repository.recordSync(entry.peer, resultOf(entry));
            repository.holdBack(entry.peer.name, heldBackBy(entry));
        }
    }

    async #mend(remedy: SyncRemedy | undefined, again: (() => Promise<void>) | undefined): Promise<void> {
        switch (remedy) {
            case 'start-tor':
                await vscode.commands.executeCommand('annexPeers.startTor');
                break;
            case 'open-source-control':
                await vscode.commands.executeCommand('workbench.view.scm');
                break;
            case 'try-again':
            case undefined:
                await again?.();
        }
    }

    async #say({ text, severity, remedy }: SummaryWords, again?: () => Promise<void>): Promise<void> {
        switch (severity) {
            case 'quiet':
                vscode.window.setStatusBarMessage(text, 5000);
                return;
            case 'info':
                void vscode.window.showInformationMessage(text);
                return;
            case 'warning': {
                const showLog = vscode.l10n.t('Show Log');
                if (remedy === 'start-tor') {
                    // The view says it too, and its notice stays.
                    void vscode.commands.executeCommand('annexPeers.refresh');
                }
                const mend = remedy === undefined ? [] : [remedyWords(remedy)];
                const choice = await vscode.window.showWarningMessage(text, ...mend, showLog);
                if (choice === showLog) {
                    this.dependencies.showLog();
                } else if (choice !== undefined) {
                    await this.#mend(remedy, again);
                }
            }
        }
    }
}

function resultOf({ received, sent, failed, merge, problem }: PeerSummary): LastSync {
    const incomplete = failed.length > 0 || problem !== undefined || !['merged', 'nothing'].includes(merge.kind);
    return {
        at: Date.now(),
        result: problem?.step === 'fetch' ? 'failed' : incomplete ? 'partly' : 'done',
        received: received.files,
        sent: sent.files,
        failed: failed.length,
    };
}
