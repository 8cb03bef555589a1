/**
 * Words for who has access to a repository, and for taking it away.
 */
import * as vscode from 'vscode';
import type { AccessEntry, AccessHolder, Sessions } from '../../core/peers/access';
import { inert, inertForNotification } from '../../shared/inert';
import { whenWords } from './when';

/** Who it is. */
export function holderName(holder: AccessHolder): string {
    switch (holder.kind) {
        case 'peer':
            return inert(holder.name);
        case 'removed-peer':
            return holder.label === undefined ? vscode.l10n.t('A peer that was removed') : vscode.l10n.t('{0} (removed)', inert(holder.label));
        case 'person':
            return inert(holder.label);
        case 'failed-pairing':
            return holder.label === undefined ? vscode.l10n.t('A pairing that failed') : vscode.l10n.t('{0} (pairing that failed)', inert(holder.label));
        case 'unknown':
            return holder.label === undefined ? vscode.l10n.t('Unknown') : inert(holder.label);
    }
}

/** By which way it was given. */
export function wayWords(holder: AccessHolder): string {
    switch (holder.kind) {
        case 'peer':
        case 'removed-peer':
            return vscode.l10n.t('paired');
        case 'person':
            return vscode.l10n.t('by address');
        case 'failed-pairing':
            return vscode.l10n.t('left by a pairing that failed');
        case 'unknown':
            return vscode.l10n.t('unknown way');
    }
}

export function sinceWords({ since, sinceIsExact }: AccessEntry): string {
    return sinceIsExact ? vscode.l10n.t('since {0}', whenWords(since)) : vscode.l10n.t('since {0} or earlier', whenWords(since));
}

/** Whether somebody should look at it. */
export function isDoubtful(holder: AccessHolder): boolean {
    return holder.kind === 'failed-pairing' || (holder.kind === 'unknown' && holder.label === undefined);
}

/** Everything that is known of an entry, line by line. */
export function entryDetails(entry: AccessEntry): readonly string[] {
    const { holder } = entry;
    return [
        holderName(holder),
        `${wayWords(holder)}, ${sinceWords(entry)}`,
        ...advice(holder),
        ...('onion' in holder ? [holder.onion] : []),
        ...('uuid' in holder && holder.uuid !== undefined ? [inert(holder.uuid)] : []),
        ...(entry.network === undefined ? [] : [inert(entry.network)]),
        vscode.l10n.t('Whoever has this token can read the whole history and all content, upload, and remove content.'),
        vscode.l10n.t('Mark of the token: {0}', entry.id.slice(0, 8)),
    ];
}

function advice(holder: AccessHolder): readonly string[] {
    switch (holder.kind) {
        case 'peer':
        case 'person':
            return [];
        case 'removed-peer':
            return [vscode.l10n.t('It is no remote of this repository any more, and still gets in.')];
        case 'failed-pairing':
            return [vscode.l10n.t('The pairing did not succeed, and its token could not be taken away. Nobody needs it: revoke it.')];
        case 'unknown':
            return [vscode.l10n.t('git-annex keeps no record of whom a token was given to. If you know, note it; if nobody of yours needs it, revoke it.')];
    }
}

/** The question before access is taken away. */
export interface RevokeQuestion {
    readonly repository: string;
    readonly holders: readonly AccessHolder[];
    readonly sessions: Sessions;
    /** How many others keep their access. */
    readonly others: number;
}

export function revokeTitle({ repository, holders }: RevokeQuestion): string {
    const [first, ...rest] = holders;
    return first === undefined || rest.length > 0
        ? vscode.l10n.t('Revoke the access of {0} to "{1}"?', vscode.l10n.t('{0} tokens', holders.length), inert(repository))
        : vscode.l10n.t('Revoke the access of {0} to "{1}"?', holderName(first), inert(repository));
}

export function revokeDetail({ holders, sessions, others }: RevokeQuestion): string {
    return [
        vscode.l10n.t('From now on its token is refused: no fetching, getting, pushing or syncing from its side.'),
        ...sessionsBefore(sessions),
        ...(sessions === 'cut' && others > 0 ? [vscode.l10n.t('The others keep their access. What they are transferring at this moment breaks off once, and goes on where it was.')] : []),
        ...(holders.some(({ kind }) => kind === 'person' || kind === 'unknown') ? [vscode.l10n.t('Everybody who got hold of that address is shut out.')] : []),
        vscode.l10n.t("What can't be taken back: the history and the files that were fetched already. You can undo this for a minute."),
    ].join('\n\n');
}

function sessionsBefore(sessions: Sessions): readonly string[] {
    switch (sessions) {
        case 'cut':
            return [vscode.l10n.t('Sessions that are open now are cut: the remote daemon is restarted, in whichever window it runs.')];
        case 'none':
            return [];
        case 'may-live-on':
            return [vscode.l10n.t("Another program serves this repository, and it can't be restarted from here. A session that is open now may live on until that program ends. New ones are refused at once.")];
    }
}

/** What came of it, in one sentence or two. */
export function revokedWords(holder: string, sessions: Sessions): string {
    const who = inertForNotification(holder);
    switch (sessions) {
        case 'cut':
            return vscode.l10n.t('{0} has no access any more. Open sessions were cut.', who);
        case 'none':
            return vscode.l10n.t('{0} has no access any more.', who);
        case 'may-live-on':
            return vscode.l10n.t('{0} has no access any more. A session that is open may live on until the program that serves this repository ends: restart that program.', who);
    }
}
