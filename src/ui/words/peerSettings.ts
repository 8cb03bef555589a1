/**
 * Plain words for what can be set for a peer.
 */
import * as vscode from 'vscode';
import { torCost, type Direction, type PeerSettings, type StandardExpression, type StandardGroup, type TrustLevel } from '../../core/peers/settings';
import { inert } from '../../shared/inert';

export interface ChoiceWords {
    readonly label: string;
    readonly detail: string;
}

export function trustWords(level: TrustLevel): ChoiceWords {
    switch (level) {
        case 'semitrusted':
            return { label: vscode.l10n.t('Semitrusted'), detail: vscode.l10n.t('As usual: git-annex asks it whether a file is really there before it relies on that.') };
        case 'untrusted':
            return { label: vscode.l10n.t('Untrusted'), detail: vscode.l10n.t('Its copies don’t count: nothing is dropped elsewhere because it has a copy.') };
        case 'trusted':
            return { label: vscode.l10n.t('Trusted'), detail: vscode.l10n.t('Its copies count without asking. If it loses a file that was dropped elsewhere, the file is lost for good.') };
        case 'dead':
            return { label: vscode.l10n.t('Dead'), detail: vscode.l10n.t('It is lost, with all of its content: nobody expects anything of it any more. It is hidden, not removed.') };
    }
}

export function groupWords(group: StandardGroup): ChoiceWords {
    switch (group) {
        case 'client':
            return { label: group, detail: vscode.l10n.t('A computer in use: wants all files, but those in “archive” folders that an archive has.') };
        case 'transfer':
            return { label: group, detail: vscode.l10n.t('Passes files on between clients: wants each until two clients have it.') };
        case 'backup':
            return { label: group, detail: vscode.l10n.t('Wants every version of every file, and keeps it.') };
        case 'incrementalbackup':
            return { label: group, detail: vscode.l10n.t('Wants what no other backup has.') };
        case 'smallarchive':
            return { label: group, detail: vscode.l10n.t('Wants files in “archive” folders that no other archive has.') };
        case 'archive':
            return { label: group, detail: vscode.l10n.t('Wants all files that no other archive has.') };
        case 'source':
            return { label: group, detail: vscode.l10n.t('Where files come from, a camera for instance: wants to get rid of each once another has it.') };
        case 'manual':
            return { label: group, detail: vscode.l10n.t('A computer in use on which a person chooses: keeps what it has, wants nothing by itself.') };
        case 'public':
            return { label: group, detail: vscode.l10n.t('Wants the files in the folder that is made for the public.') };
        case 'unwanted':
            return { label: group, detail: vscode.l10n.t('Is to be emptied: wants to get rid of everything.') };
    }
}

export function expressionWords(expression: StandardExpression): ChoiceWords {
    switch (expression) {
        case '':
            return { label: vscode.l10n.t('Nothing set'), detail: vscode.l10n.t('Wanted: everything, and nothing is dropped by itself. Required: nothing.') };
        case 'standard':
            return { label: 'standard', detail: vscode.l10n.t('What its group says (see Groups).') };
        case 'anything':
            return { label: 'anything', detail: vscode.l10n.t('Every version of every file, also of files that were deleted.') };
        case 'nothing':
            return { label: 'nothing', detail: vscode.l10n.t('No content at all, only the history.') };
        case 'present':
            return { label: 'present', detail: vscode.l10n.t('Just what it has already: nothing more is sent, nothing is dropped.') };
        case 'groupwanted':
            return { label: 'groupwanted', detail: vscode.l10n.t('What was set for its group with “git annex groupwanted”.') };
        case 'include=*.jpg or include=*.jpeg':
            return { label: 'include=*.jpg or include=*.jpeg', detail: vscode.l10n.t('Only photos. An example: change it to fit.') };
        case 'largerthan=100mb':
            return { label: 'largerthan=100mb', detail: vscode.l10n.t('Only files above a size. An example: change it to fit.') };
        case 'not copies=2':
            return { label: 'not copies=2', detail: vscode.l10n.t('Files of which there are fewer than two copies.') };
    }
}

export function directionWords(direction: Direction): ChoiceWords {
    switch (direction) {
        case 'both':
            return { label: vscode.l10n.t('Both ways'), detail: vscode.l10n.t('Commits and content are fetched from it and sent to it.') };
        case 'pull-only':
            return { label: vscode.l10n.t('Read-only: receive alone'), detail: vscode.l10n.t('From here nothing is changed there: no commits and no content are sent to it, none is dropped.') };
        case 'no-push':
            return { label: vscode.l10n.t('Commits are received alone'), detail: vscode.l10n.t('Its commits are fetched, yours stay here. Content goes both ways.') };
        case 'push-only':
            return { label: vscode.l10n.t('Commits are sent alone'), detail: vscode.l10n.t('Your commits are sent, its are not fetched.') };
    }
}

export function costWords({ cost, effectiveCost }: PeerSettings): string {
    return cost === undefined ? vscode.l10n.t('{0}, git-annex’s own', effectiveCost ?? torCost) : String(cost);
}

/** A value as it is shown beside its name. */
export function valueWords(value: string): string {
    return value === '' ? vscode.l10n.t('nothing set') : inert(value, 80);
}
