/**
 * Revoking access: asks, takes it away, tells what came of it, and takes it back while that can be done.
 */
import * as vscode from 'vscode';
import { cutSessions, revokeAccess, sessionsNow, type AccessEntry, type Revocation } from '../../core/peers/access';
import { takeRemote } from '../../core/peers/editRemotes';
import type { PeerSnapshot, Repository } from '../../core/repository/repository';
import { inertForNotification } from '../../shared/inert';
import { showUndoRevoke } from '../viewContext';
import { entryDetails, holderName, isDoubtful, revokeDetail, revokedWords, revokeTitle, sinceWords, wayWords } from '../words/access';

interface Undoable {
    readonly repository: Repository;
    readonly who: string;
    readonly revocation: Revocation;
    /** Put back the remotes that were removed with it. */
    readonly restores: readonly (() => Promise<void>)[];
}

export class Revoker implements vscode.Disposable {
    #last: Undoable | undefined;
    #timer: NodeJS.Timeout | undefined;

    dispose(): void {
        clearTimeout(this.#timer);
        this.#last?.revocation.forget();
    }

    /** Revokes what the user chooses from all who have access; `entries` where that is chosen already. */
    async revoke(repository: Repository, entries?: readonly AccessEntry[]): Promise<void> {
        const chosen = entries ?? (await pickEntries(repository));
        if (chosen.length > 0) {
            await this.#revoke(repository, chosen);
        }
    }

    /** Revokes a peer's access. An address that was made by hand names nobody: then the user says which token is the peer's. */
    async revokePeer(repository: Repository, peer: PeerSnapshot): Promise<void> {
        const own = entriesOf(repository, peer);
        if (own.length > 0) {
            await this.#revoke(repository, own);
            return;
        }
        if (repository.snapshot.access.length === 0) {
            await vscode.window.showInformationMessage(vscode.l10n.t('"{0}" has no access to this repository: it accepts no token at all.', inertForNotification(peer.name)));
            return;
        }
        const chosen = await pickEntries(repository, vscode.l10n.t('No token of "{0}" is known. If it came in by an address that was made by hand, choose that one.', inertForNotification(peer.name)));
        if (chosen.length > 0) {
            await this.#revoke(repository, chosen);
        }
    }

    /** Gives back what was revoked last. */
    async undo(): Promise<void> {
        const last = this.#last;
        if (last?.revocation.canUndo !== true) {
            await vscode.window.showWarningMessage(vscode.l10n.t("This can't be undone any more: the token was forgotten after a minute. Pair again, or make a new address."));
            return;
        }
        this.#forget();
        await last.revocation.undo();
        for (const restore of last.restores) {
            await restore();
        }
        last.repository.daemon?.reload();
        await last.repository.refresh();
        vscode.window.setStatusBarMessage(vscode.l10n.t('{0} has access again.', inertForNotification(last.who)), 8000);
    }

    async #revoke(repository: Repository, entries: readonly AccessEntry[]): Promise<void> {
        const { context, daemon, snapshot } = repository;
        if (context === undefined) {
            return;
        }
        const holders = entries.map(({ holder }) => holder);
        const remotes = holders.flatMap(holder => (holder.kind === 'peer' ? [holder.name] : []));
        const others = snapshot.access.length - entries.length;
        const question = { repository: snapshot.name, holders, sessions: await sessionsNow(daemon, context.uuid), others };
        const revoke = { title: vscode.l10n.t('Revoke'), removes: false };
        const revokeAndRemove = { title: vscode.l10n.t('Revoke and Remove the Remote'), removes: true };
        const choice = await vscode.window.showWarningMessage(revokeTitle(question), { modal: true, detail: revokeDetail(question) }, revoke, ...(remotes.length === 0 ? [] : [revokeAndRemove]));
        if (choice === undefined) {
            return;
        }
        const who = entries.length === 1 && holders[0] !== undefined ? inertForNotification(holderName(holders[0])) : vscode.l10n.t('{0} tokens', entries.length);
        const undoable = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Revoking access') }, async (): Promise<Undoable> => {
            const revocation = await revokeAccess(context.gitDir, entries.map(({ id }) => id), { cutSessions: () => cutSessions(daemon, context.uuid) });
            const restores: (() => Promise<void>)[] = [];
            for (const name of choice.removes ? remotes : []) {
                restores.push(await takeRemote(context, name));
            }
            daemon?.reload();
            await repository.refresh();
            return { repository, who, revocation, restores };
        });
        this.#remember(undoable);
        await this.#report(undoable);
    }

    async #report({ who, revocation }: Undoable): Promise<void> {
        const undo = vscode.l10n.t('Undo');
        const words = revokedWords(who, revocation.sessions);
        const choice = revocation.sessions === 'may-live-on' ? await vscode.window.showWarningMessage(words, undo) : await vscode.window.showInformationMessage(words, undo);
        if (choice !== undefined && this.#last?.revocation === revocation) {
            await this.undo();
        } else if (choice !== undefined) {
            await vscode.window.showWarningMessage(vscode.l10n.t("This can't be undone any more: the token was forgotten after a minute. Pair again, or make a new address."));
        }
    }

    #remember(undoable: Undoable): void {
        this.#last?.revocation.forget();
        this.#last = undoable;
        showUndoRevoke(true);
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#forget(), Math.max(0, undoable.revocation.undoableUntil - Date.now()));
    }

    #forget(): void {
        clearTimeout(this.#timer);
        this.#last = undefined;
        showUndoRevoke(false);
    }
}

/** The tokens that are known to be this peer's. */
export function entriesOf(repository: Pick<Repository, 'snapshot'>, peer: Pick<PeerSnapshot, 'name'>): readonly AccessEntry[] {
    return repository.snapshot.access.filter(({ holder }) => holder.kind === 'peer' && holder.name === peer.name);
}

/** Several may be chosen; none if the user leaves. */
async function pickEntries(repository: Repository, placeHolder = vscode.l10n.t('Whose access is to be revoked?')): Promise<readonly AccessEntry[]> {
    const { access } = repository.snapshot;
    if (access.length === 0) {
        await vscode.window.showInformationMessage(vscode.l10n.t('Nobody has access to this repository: it accepts no token.'));
        return [];
    }
    const picked = await vscode.window.showQuickPick(
        access.map(entry => ({
            label: holderName(entry.holder),
            description: `${wayWords(entry.holder)}, ${sinceWords(entry)}`,
            detail: isDoubtful(entry.holder) ? entryDetails(entry)[2] ?? '' : '',
            entry,
        })),
        { placeHolder, canPickMany: true, title: vscode.l10n.t('Revoke Access'), matchOnDescription: true },
    );
    return picked?.map(({ entry }) => entry) ?? [];
}
