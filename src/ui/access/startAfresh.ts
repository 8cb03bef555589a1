/**
 * Revoke all and start afresh: no token is accepted any more, and the repository gets a new onion address.
 */
import * as vscode from 'vscode';
import { cutSessions, revokeAll, sessionsNow } from '../../core/peers/access';
import type { Repository } from '../../core/repository/repository';
import { formatTorAddress } from '../../core/tor/address';
import type { RootCommand } from '../../core/tor/enableCommand';
import { planEnableTor } from '../../core/tor/enableTor';
import { forgetOldAddresses, planFreshAddress } from '../../core/tor/freshAddress';
import { inertForNotification } from '../../shared/inert';
import { enableTorBy, type EnableTorDependencies } from '../commands/enableTor';
import { methodWords } from '../words/enableTor';

interface Button {
    readonly title: string;
    /** The root step that makes a new address. */
    readonly command: RootCommand | undefined;
}

export async function startAfresh(repository: Repository, dependencies: EnableTorDependencies): Promise<void> {
    const { context, daemon, snapshot } = repository;
    const { service } = snapshot;
    if (context === undefined || snapshot.activity !== undefined) {
        return;
    }
    // As Enable Tor: git-annex as root must not run what the repository's configuration says.
    const { runnable } = await planEnableTor(context, '');
    const plan = service.kind === 'enabled' && runnable.length === 0 ? await planFreshAddress(context) : undefined;
    const sessions = await sessionsNow(daemon, context.uuid);
    const buttons: readonly Button[] = [
        ...(plan?.commands ?? []).map(command => ({ title: vscode.l10n.t('Revoke All, {0}', methodWords(command.method)), command })),
        { title: vscode.l10n.t('Revoke All, Keep the Address'), command: undefined },
    ];
    const choice = await vscode.window.showWarningMessage(
        vscode.l10n.t('Revoke all access to "{0}" and start afresh?', inertForNotification(snapshot.name)),
        {
            modal: true,
            detail: [
                vscode.l10n.t('Nobody gets in any more: {0} tokens are revoked. Everybody has to be paired, or be given an address, again.', snapshot.access.length),
                ...(plan === undefined
                    ? [vscode.l10n.t("The onion address stays: a new one can't be made from here. It lets nobody in without a token, but it can still be seen whether it is up.")]
                    : [vscode.l10n.t("The repository gets a new onion address; the old one ends for ever. Removing its key needs root's rights once. This runs as root, in a terminal:"), plan.commands[0]?.shown ?? '']),
                sessions === 'may-live-on'
                    ? vscode.l10n.t("Another program serves this repository, and it can't be restarted from here. A session that is open now may live on until that program ends.")
                    : vscode.l10n.t('Sessions that are open now are cut.'),
                vscode.l10n.t("What can't be taken back: the history and the files that were fetched already. This can't be undone."),
            ].join('\n\n'),
        },
        ...buttons,
    );
    if (choice === undefined) {
        return;
    }
    const revocation = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Revoking access') }, () =>
        revokeAll(context.gitDir, { cutSessions: () => cutSessions(daemon, context.uuid) }),
    );
    // A new address and the old tokens don't go together; and who wants to start afresh means it.
    revocation.forget();
    await repository.refresh();
    if (choice.command === undefined || service.kind !== 'enabled') {
        await vscode.window.showInformationMessage(vscode.l10n.t('Nobody has access to "{0}" any more.', inertForNotification(snapshot.name)));
        return;
    }
    const removed = repository.onDidChange.on(({ service: now }) => {
        if (now.kind === 'enabled' && formatTorAddress(now.address) !== formatTorAddress(service.address)) {
            removed.dispose();
            forgetOldAddresses(context, service.address).catch((error: unknown) => context.log.error(`The old onion address could not be forgotten: ${String(error)}`));
        }
    });
    try {
        await enableTorBy(repository, choice.command, dependencies);
    } finally {
        removed.dispose();
    }
}
