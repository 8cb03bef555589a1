/**
 * Pausing peers and resuming them: one, or all of a repository.
 */
import * as vscode from 'vscode';
import { pauseEnd, type PauseLength } from '../../core/peers/presence';
import type { PeerSnapshot, Repository } from '../../core/repository/repository';
import { inert, inertForNotification } from '../../shared/inert';
import { whenWords } from '../words/when';

async function askLength(title: string): Promise<PauseLength | undefined> {
    const item = (length: PauseLength, label: string): vscode.QuickPickItem & { readonly length: PauseLength } => {
        const end = pauseEnd(length, Date.now());
        return { label, length, ...(end === undefined ? {} : { description: vscode.l10n.t('until {0}', whenWords(end)) }) };
    };
    const picked = await vscode.window.showQuickPick(
        [item('30-minutes', vscode.l10n.t('For 30 minutes')), item('until-tomorrow', vscode.l10n.t('Until tomorrow')), item('until-resumed', vscode.l10n.t('Until I resume'))],
        { title, placeHolder: vscode.l10n.t('Neither checked nor synced, and not connected to from here, for how long?') },
    );
    return picked?.length;
}

/** Asks for how long; `peer` undefined: all of the repository. */
export async function pausePeers(repository: Repository, peer: PeerSnapshot | undefined): Promise<void> {
    const title = peer === undefined ? vscode.l10n.t('Pause all peers of {0}', inert(repository.snapshot.name)) : vscode.l10n.t('Pause {0}', inert(peer.name));
    const length = await askLength(title);
    if (length !== undefined) {
        await repository.presence?.pause(peer, length);
    }
}

export async function resumePeers(repository: Repository, peer: PeerSnapshot | undefined): Promise<void> {
    await repository.presence?.resume(peer);
}

/** Whether to sync with a peer though it is paused, which ends its pause. */
export async function resumeToSync(repository: Repository, peer: PeerSnapshot): Promise<boolean> {
    if (repository.presence?.isPaused(peer) !== true) {
        return true;
    }
    const resume = vscode.l10n.t('Resume and Sync');
    const choice = await vscode.window.showInformationMessage(vscode.l10n.t('{0} is paused.', inertForNotification(peer.name)), resume);
    if (choice !== resume) {
        return false;
    }
    await repository.presence.resume(peer);
    return true;
}

/** Says why there is nobody to sync with. */
export async function sayAllPaused(repository: Repository): Promise<boolean> {
    const resume = vscode.l10n.t('Resume All');
    const choice = await vscode.window.showInformationMessage(vscode.l10n.t('All peers of {0} are paused.', inertForNotification(repository.snapshot.name)), resume);
    if (choice === resume) {
        await repository.presence?.resume(undefined);
    }
    return choice === resume;
}
