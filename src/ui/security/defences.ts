/**
 * Switches on Tor's defences for the onion service: the lines are shown, then written as root, as Enable Tor does it.
 */
import * as vscode from 'vscode';
import type { Repository } from '../../core/repository/repository';
import { planDefences, type DefencePlan } from '../../core/security/findings';
import { inert, inertForNotification } from '../../shared/inert';
import { methodWords } from '../words/enableTor';
import { changeTorrc } from './rootStep';

export async function addDefences(repository: Repository): Promise<void> {
    const { context, snapshot } = repository;
    if (context === undefined || snapshot.activity !== undefined) {
        return;
    }
    const title = vscode.l10n.t('Protect the Onion Service');
    const plan = await planDefences(context);
    if (plan === undefined) {
        await vscode.window.showInformationMessage(title, { modal: true, detail: vscode.l10n.t("There is nothing to add from here: the onion service has these lines already, this Tor doesn't know them, or its stanza in Tor's configuration is not as git-annex makes it.") });
        return;
    }
    try {
        const choice = await vscode.window.showInformationMessage(
            vscode.l10n.t('Protect the onion service of "{0}" against floods?', inertForNotification(snapshot.name)),
            { modal: true, detail: defenceDetail(plan) },
            ...plan.commands.map(command => ({ title: methodWords(command.method), command })),
        );
        if (choice !== undefined && (await changeTorrc(context, choice.command, title))?.reloaded === true) {
            vscode.window.setStatusBarMessage(vscode.l10n.t('Tor defends the onion service of "{0}" now.', inert(snapshot.name)), 8000);
        }
    } finally {
        await plan.dispose();
        await repository.checkSecurity();
    }
}

export function defenceDetail({ torrc, lines }: Pick<DefencePlan, 'torrc' | 'lines'>): string {
    return [
        vscode.l10n.t('These lines are added to this service in {0}, right after its port; everything else stays as it is. Then Tor reads its configuration:', inert(torrc)),
        lines.map(line => inert(line)).join('\n'),
        ...(lines.some(line => line.startsWith('HiddenServicePoW')) ? [vscode.l10n.t('HiddenServicePoWDefensesEnabled: while many connect at once, those who connect have to prove some work first, so that a flood costs its sender more than you. Peers with a Tor older than 0.4.8 wait longer then.')] : []),
        ...(lines.some(line => line.startsWith('HiddenServiceMaxStreams')) ? [vscode.l10n.t('HiddenServiceMaxStreams: nobody may open more connections than this at a time over one circuit; whoever tries loses the circuit.')] : []),
        vscode.l10n.t("Tor's configuration belongs to root, so this one step needs root's rights. It runs in a terminal, which shows the whole command before you type the password."),
    ].join('\n\n');
}
