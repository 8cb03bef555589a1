/**
 * The command Disable Tor: shows what goes, takes it away, and asks Tor whether the address has stopped to answer.
 */
import * as vscode from 'vscode';
import type { RepositoryContext } from '../../core/annex/context';
import { sessionsNow } from '../../core/peers/access';
import type { Repository } from '../../core/repository/repository';
import { forgetService, planDisableTor, waitUntilGone, type DisablePlan } from '../../core/tor/disableTor';
import type { RootCommand } from '../../core/tor/enableCommand';
import type { ServiceAnswer } from '../../core/tor/serviceCheck';
import { inertForNotification } from '../../shared/inert';
import { abortSignalOf } from '../cancellation';
import { controlTor } from '../commands/torRemedies';
import type { DaemonPolicy } from '../daemonPolicy';
import { disableDetail, disabledWords, disableObstacleWords } from '../words/disableTor';
import { methodWords } from '../words/enableTor';
import { changeTorrc } from './rootStep';

const goneLimitMs = 90_000;

export async function disableTor(repository: Repository, daemons: DaemonPolicy): Promise<void> {
    const { context, snapshot, daemon } = repository;
    if (context === undefined || snapshot.activity !== undefined) {
        return;
    }
    const title = vscode.l10n.t('Disable Tor');
    const plan = await planDisableTor(context);
    if (typeof plan === 'string') {
        await (plan === 'no-service' && snapshot.service.kind === 'not-served' ? forgetLeftovers(repository, context, daemons) : vscode.window.showInformationMessage(title, { modal: true, detail: disableObstacleWords(plan) }));
        return;
    }
    try {
        const choice = await vscode.window.showWarningMessage(
            vscode.l10n.t('Make "{0}" unreachable over Tor?', inertForNotification(snapshot.name)),
            { modal: true, detail: disableDetail(plan, await sessionsNow(daemon, context.uuid)) },
            ...plan.commands.map(command => ({ title: methodWords(command.method), command })),
        );
        if (choice !== undefined) {
            await takeAway(repository, context, plan, choice.command, daemons);
        }
    } finally {
        await plan.dispose();
    }
}

async function takeAway(repository: Repository, context: RepositoryContext, plan: DisablePlan, command: RootCommand, daemons: DaemonPolicy): Promise<void> {
    const title = vscode.l10n.t('Disable Tor');
    repository.setActivity({ kind: 'disabling-tor' });
    try {
        const changed = await changeTorrc(context, command, title);
        if (changed === undefined) {
            return;
        }
        await forgetService(context);
        await repository.refresh();
        await daemons.stopServing(repository);
        await report(repository, context, command, await isGone(plan, changed.reloaded));
    } finally {
        repository.setActivity(undefined);
        await repository.refresh();
    }
}

/** undefined where the address is not known, or Tor has not read its configuration for certain. */
async function isGone({ address }: DisablePlan, reloaded: boolean): Promise<ServiceAnswer | undefined> {
    if (address === undefined || !reloaded) {
        return undefined;
    }
    return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Asking Tor whether the address still answers'), cancellable: true }, (_progress, token) =>
        waitUntilGone(address, { timeLimitMs: goneLimitMs, signal: abortSignalOf(token) }),
    );
}

async function report({ snapshot }: Repository, { root, registry, log }: RepositoryContext, { method }: RootCommand, answer: ServiceAnswer | undefined): Promise<void> {
    const { isGone: gone, text } = disabledWords(snapshot.name, answer);
    if (gone) {
        void vscode.window.showInformationMessage(text);
        return;
    }
    const reload = vscode.l10n.t('Reload Tor');
    const choice = await vscode.window.showWarningMessage(text, reload);
    if (choice === reload) {
        await controlTor('reload', { cwd: root, registry, log, method });
    }
}

/** The stanza went by other hands; what is left is the repository's own. */
async function forgetLeftovers(repository: Repository, context: RepositoryContext, daemons: DaemonPolicy): Promise<void> {
    const forget = vscode.l10n.t('Forget Them');
    const choice = await vscode.window.showWarningMessage(
        vscode.l10n.t('Forget the onion address of "{0}"?', inertForNotification(repository.snapshot.name)),
        { modal: true, detail: vscode.l10n.t("Tor's configuration has no service of this repository any more. Its address, and the tokens that would let peers in, are still noted here; they go. Root is not needed.") },
        forget,
    );
    if (choice === forget) {
        await forgetService(context);
        await repository.refresh();
        await daemons.stopServing(repository);
    }
}
