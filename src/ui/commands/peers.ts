/**
 * Commands on one peer: copy its address, rename it, remove it.
 */
import * as vscode from 'vscode';
import { removeRemote, renameRemote } from '../../core/peers/editRemotes';
import type { PeerSnapshot, Repository } from '../../core/repository/repository';
import { formatTorAddress } from '../../core/tor/address';
import { inertForNotification } from '../../shared/inert';
import { nameCheckText } from '../../shared/pairing/checkText';
import { checkName, maxNameLength, plainName } from '../../shared/pairing/name';
import { pairingTexts } from '../pairing/texts';

export async function copyAddress(peer: PeerSnapshot): Promise<void> {
    await vscode.env.clipboard.writeText(formatTorAddress(peer.address));
    vscode.window.setStatusBarMessage(vscode.l10n.t("The peer's address was copied. It holds no token: it lets nobody in."), 5000);
}

export async function renamePeer(repository: Repository, peer: PeerSnapshot): Promise<void> {
    const { context } = repository;
    if (context === undefined) {
        return;
    }
    const texts = pairingTexts();
    const others = repository.snapshot.remotes.filter(name => name !== peer.name);
    const name = await vscode.window.showInputBox({
        title: vscode.l10n.t('Rename Peer'),
        prompt: vscode.l10n.t('A new name for "{0}". Only this repository uses it.', inertForNotification(peer.name)),
        value: plainName(peer.name).slice(0, maxNameLength),
        validateInput: value => {
            const { text, severity } = nameCheckText(checkName(value, others, plainName), texts);
            return text === '' ? undefined : { message: text, severity: severity === 'error' ? vscode.InputBoxValidationSeverity.Error : vscode.InputBoxValidationSeverity.Info };
        },
    });
    const checked = checkName(name ?? '', others, plainName);
    if ((checked.kind !== 'ok' && checked.kind !== 'changed') || checked.name === peer.name) {
        return;
    }
    await renameRemote(context, peer.name, checked.name);
    repository.daemon?.reload();
    await repository.refresh();
}

/** @param revoke asks whether to take the peer's access away, and offers to remove it as well */
export async function removePeer(repository: Repository, peer: PeerSnapshot, revoke: () => Promise<void>): Promise<void> {
    const { context } = repository;
    if (context === undefined) {
        return;
    }
    const remove = vscode.l10n.t('Remove');
    const revokeInstead = vscode.l10n.t('Revoke Access…');
    const choice = await vscode.window.showWarningMessage(
        vscode.l10n.t('Remove the peer "{0}"?', inertForNotification(peer.name)),
        {
            modal: true,
            detail: [
                vscode.l10n.t('This repository forgets how to reach it: no more syncing with it from here.'),
                vscode.l10n.t('What this does not undo: the peer keeps what it has fetched, and it can still reach this repository, as the token that it was given stays accepted. Revoke Access takes that away, and can remove the peer as well.'),
            ].join('\n\n'),
        },
        remove,
        revokeInstead,
    );
    if (choice === revokeInstead) {
        await revoke();
    } else if (choice === remove) {
        await removeRemote(context, peer.name);
        repository.daemon?.reload();
        await repository.refresh();
    }
}
