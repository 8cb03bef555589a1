/**
 * Syncs by itself with a peer whose changes have come, where the user's settings say so. What it may not decide it leaves, and
 * the tree and the status bar say why; it opens no question and no notification.
 */
import * as vscode from 'vscode';
import { CancelledError, messageOf } from '../../core/errors';
import type { Log } from '../../core/log';
import type { PeerSnapshot, Repository } from '../../core/repository/repository';
import type { Workspace } from '../../core/repository/workspace';
import { heldBackBy, heldBackByError, isPassing, SyncError, type AutoSyncPolicy, type HeldBack, type SyncPeer } from '../../core/sync';
import type { SyncController } from './syncController';

/** Changes come in bursts. */
const settleMs = 1000;
/** Before another try at what may have gone by itself; doubled up to the longest. */
const firstRetryMs = 30_000;
const longestRetryMs = 15 * 60_000;

interface Attempt {
    /** The changes that it was made for. */
    readonly tip: string;
    readonly retryAt: number | undefined;
    readonly waitMs: number;
}

export class AutoSync implements vscode.Disposable {
    readonly #attempts = new Map<string, Attempt>();
    readonly #disposables: { dispose(): unknown }[];
    #timer: NodeJS.Timeout | undefined;

    constructor(
        private readonly workspace: Workspace,
        private readonly sync: SyncController,
        private readonly policy: () => AutoSyncPolicy,
        private readonly log: Log,
    ) {
        const soon = (): void => this.#soon(settleMs);
        this.#disposables = [
            workspace.onDidChange.on(soon),
            vscode.workspace.onDidSaveTextDocument(soon),
            vscode.workspace.onDidCloseTextDocument(soon),
            vscode.workspace.onDidChangeConfiguration(event => (event.affectsConfiguration('annexPeers.autoSync') ? soon() : undefined)),
        ];
    }

    dispose(): void {
        clearTimeout(this.#timer);
        this.#disposables.forEach(disposable => void disposable.dispose());
    }

    /** Only the first of several reasons sets the time, so that a busy repository doesn't put it off for ever. */
    #soon(ms: number): void {
        this.#timer ??= setTimeout(() => {
            this.#timer = undefined;
            void this.#look();
        }, ms);
    }

    async #look(): Promise<void> {
        const policy = this.policy();
        if (policy === 'off') {
            return;
        }
        for (const repository of this.workspace.repositories) {
            try {
                await this.#lookAt(repository, policy === 'content');
            } catch (error) {
                if (!(error instanceof CancelledError)) {
                    this.log.error(`Syncing ${repository.found.root} by itself: ${messageOf(error)}`);
                }
            }
        }
        // What was due and could not be tried is looked at again with the next change.
        const now = Date.now();
        const retries = [...this.#attempts.values()].flatMap(({ retryAt }) => (retryAt !== undefined && retryAt > now ? [retryAt] : []));
        if (retries.length > 0) {
            this.#soon(Math.max(settleMs, Math.min(...retries) - now));
        }
    }

    async #lookAt(repository: Repository, content: boolean): Promise<void> {
        const { snapshot, daemon, presence } = repository;
        // The window that runs the daemon does it for all.
        if (snapshot.uuid === undefined || snapshot.activity !== undefined || daemon?.role === 'client') {
            return;
        }
        const due = snapshot.peers.filter(peer => peer.incoming !== undefined && peer.uuid !== undefined && peer.syncs && presence?.isPaused(peer) !== true && this.#isDue(repository, peer));
        if (due.length === 0) {
            return;
        }
        if (hasUnsaved(snapshot.root)) {
            // Looked at again when something is saved or closed.
            due.forEach(({ name }) => repository.holdBack(name, 'unsaved'));
            return;
        }
        const outcome = await this.#run(repository, due.flatMap(({ name, uuid }) => (uuid === undefined ? [] : [{ name, uuid }])), content);
        if (outcome === undefined) {
            return;
        }
        for (const peer of due) {
            const reason = outcome.get(peer.name);
            this.#note(repository, peer, reason);
            repository.holdBack(peer.name, reason);
        }
    }

    /** Why each peer's changes are left; undefined: the repository was busy, and tells when it no longer is. */
    async #run(repository: Repository, peers: readonly SyncPeer[], content: boolean): Promise<ReadonlyMap<string, HeldBack | undefined> | undefined> {
        try {
            const summary = await this.sync.syncUnattended(repository, peers, content);
            return summary === undefined ? undefined : new Map(summary.peers.map(entry => [entry.peer.name, heldBackBy(entry)]));
        } catch (error) {
            if (error instanceof SyncError) {
                return new Map(peers.map(({ name }) => [name, heldBackByError(error.reason)]));
            }
            if (!(error instanceof CancelledError)) {
                this.log.error(`Syncing ${repository.found.root} by itself: ${messageOf(error)}`);
            }
            return new Map(peers.map(({ name }) => [name, 'failed']));
        }
    }

    #isDue(repository: Repository, peer: PeerSnapshot): boolean {
        const last = this.#attempts.get(keyOf(repository, peer));
        return last === undefined || last.tip !== peer.incoming?.tip || (last.retryAt !== undefined && Date.now() >= last.retryAt);
    }

    #note(repository: Repository, peer: PeerSnapshot, reason: HeldBack | undefined): void {
        const key = keyOf(repository, peer);
        const last = this.#attempts.get(key);
        const tip = peer.incoming?.tip ?? '';
        const waitMs = last?.tip === tip ? Math.min(longestRetryMs, last.waitMs * 2) : firstRetryMs;
        this.#attempts.set(key, { tip, waitMs, retryAt: reason !== undefined && isPassing(reason) ? Date.now() + waitMs : undefined });
    }
}

function keyOf(repository: Repository, peer: PeerSnapshot): string {
    return `${repository.found.root}\0${peer.name}`;
}

/** Whether an editor holds changes to a file of the work tree that are not saved. */
function hasUnsaved(root: string): boolean {
    return vscode.workspace.textDocuments.some(({ isDirty, uri }) => isDirty && uri.scheme === 'file' && (uri.fsPath === root || uri.fsPath.startsWith(`${root}/`)));
}
