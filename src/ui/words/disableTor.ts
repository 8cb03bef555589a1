/**
 * Words for Disable Tor: everything that goes, before it does, and what came of it.
 */
import * as vscode from 'vscode';
import type { Sessions } from '../../core/peers/access';
import type { DisableObstacle, DisablePlan } from '../../core/tor/disableTor';
import type { ServiceAnswer } from '../../core/tor/serviceCheck';
import { inert, inertForNotification } from '../../shared/inert';

/** The text under the question whether to go on. */
export function disableDetail(plan: Omit<DisablePlan, 'commands' | 'dispose'>, sessions: Sessions): string {
    const { torrc, lines, folders, foreign, creds } = plan;
    return [
        [vscode.l10n.t('From {0} these lines go; every other line stays as it is:', inert(torrc)), ...lines.map(line => inert(line))].join('\n'),
        ...(folders.length === 0 ? [] : [[vscode.l10n.t('These folders go, and with them the key of the onion address:'), ...folders.map(folder => inert(folder))].join('\n')]),
        ...(foreign.length === 0 ? [] : [[vscode.l10n.t("These folders stay, as git-annex didn't make them:"), ...foreign.map(folder => inert(folder))].join('\n')]),
        forgetWords(creds),
        ...(sessions === 'may-live-on' ? [vscode.l10n.t("Another program serves this repository, and it can't be restarted from here. A session that is open now may live on until that program ends.")] : []),
        vscode.l10n.t('You can still connect to your peers. To undo it, enable Tor again: the address will be another one, and everybody has to be paired again.'),
        vscode.l10n.t("The first two need root's rights once. That runs in a terminal, which shows the whole command before you type the password."),
    ].join('\n\n');
}

function forgetWords({ addresses, tokens, count }: DisablePlan['creds']): string {
    return vscode.l10n.t('In the repository, its onion address goes from {0}, and {1} tokens go from {2}: nobody gets in any more.', inert(addresses), count, inert(tokens));
}

export function disableObstacleWords(obstacle: DisableObstacle): string {
    switch (obstacle) {
        case 'no-service':
            return vscode.l10n.t("Tor is not enabled for this repository: Tor's configuration has no service of it.");
        case 'by-hand':
            return vscode.l10n.t("This repository's lines in Tor's configuration are not as git-annex makes them. Remove them by hand, and have Tor read its configuration.");
        case 'no-control':
            return vscode.l10n.t("No way was found to have Tor read its configuration. Remove this repository's lines from it by hand, and restart Tor as your system does.");
    }
}

/** What came of it; `answer`: what Tor says of the address now, undefined where it wasn't asked. */
export function disabledWords(repository: string, answer: ServiceAnswer | undefined): { readonly isGone: boolean; readonly text: string } {
    const name = inertForNotification(repository);
    switch (answer) {
        case 'serving':
        case 'published':
            return { isGone: false, text: vscode.l10n.t('Tor was disabled for "{0}", but its onion address still answers: Tor has not read its configuration yet. Nobody gets in any more.', name) };
        case 'tor-down':
            return { isGone: true, text: vscode.l10n.t('Tor was disabled for "{0}". Whether the address still answers could not be checked, as Tor does not run here.', name) };
        case 'unreachable':
        case 'time-limit':
            return { isGone: true, text: vscode.l10n.t('Tor was disabled for "{0}": its onion address does not answer any more.', name) };
        case undefined:
            return { isGone: true, text: vscode.l10n.t('Tor was disabled for "{0}".', name) };
    }
}
