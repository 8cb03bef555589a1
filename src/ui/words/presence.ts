/**
 * Words, icons and explanations for whether a peer is there: what is the matter, since when, and what can be done.
 */
import * as vscode from 'vscode';
import { aggregate, type Aggregate, type PeerPresence, type PresenceStatus } from '../../core/peers/presence';
import type { PeerSnapshot } from '../../core/repository/repository';
import { inert } from '../../shared/inert';
import { whenWords } from './when';

/** In a few words, without times. */
export function presenceWords({ status }: PeerPresence): string {
    switch (status.kind) {
        case 'online':
            return status.roundTripMs === undefined ? vscode.l10n.t('online') : vscode.l10n.t('online, {0} ms', roundTrip(status.roundTripMs));
        case 'offline':
            return status.certain ? vscode.l10n.t('off line') : vscode.l10n.t('no answer');
        case 'daemon-down':
            return vscode.l10n.t('its remote daemon is not running');
        case 'tor-down':
            return vscode.l10n.t('Tor is down here');
        case 'refused':
            return vscode.l10n.t('refuses our token');
        case 'other-repository':
            return vscode.l10n.t('another repository answers');
        case 'no-token':
            return vscode.l10n.t('no token for it');
        case 'not-git-annex':
            return vscode.l10n.t('something else answers');
        case 'checking':
            return vscode.l10n.t('checking');
        case 'paused':
            return status.until === undefined ? vscode.l10n.t('paused') : vscode.l10n.t('paused until {0}', whenWords(status.until));
        case 'unknown':
            return vscode.l10n.t('not checked');
    }
}

/** Two digits are worth showing. */
function roundTrip(ms: number): number {
    return ms < 10 ? Math.max(1, Math.round(ms)) : Math.round(Number(ms.toPrecision(2)));
}

/** The state and since when it is so; for what is passing, the state alone. */
export function presenceSinceWords(presence: PeerPresence): string {
    const state = presenceWords(presence);
    const { kind } = presence.status;
    return kind === 'checking' || kind === 'unknown' || presence.since === 0 ? state : vscode.l10n.t('{0}, since {1}', state, whenWords(presence.since));
}

export function lastSeenWords(presence: PeerPresence): string {
    if (presence.status.kind === 'online') {
        return vscode.l10n.t('now');
    }
    return presence.lastSeen === undefined ? vscode.l10n.t('not seen yet') : whenWords(presence.lastSeen);
}

/** What the state means, and what can be done. */
export function presenceExplanation({ status }: PeerPresence): string {
    switch (status.kind) {
        case 'online':
            return status.via === 'daemon'
                ? vscode.l10n.t('The remote daemons of both sides are connected: its changes are noticed at once.')
                : vscode.l10n.t('It answered a check over Tor.');
        case 'offline':
            return status.certain
                ? vscode.l10n.t('Tor finds no way to it: its computer or its Tor is off, or it has no network. It is looked for again while this view is shown.')
                : vscode.l10n.t('Tor got no answer in time: its network or this one may be slow or gone.');
        case 'daemon-down':
            return vscode.l10n.t('Its computer and its Tor are there, but nothing serves the repository: VS Code may be closed there.');
        case 'tor-down':
            return vscode.l10n.t('Nothing answers on 127.0.0.1:9050, where git-annex expects Tor. Until it does, no peer can be reached.');
        case 'refused':
            return vscode.l10n.t('It is there, but no longer accepts the token that it gave to this repository: it may have revoked your access. Ask the person, and pair again.');
        case 'other-repository':
            return vscode.l10n.t("At its address another repository answers ({0}) than the one that you paired with. Nothing is synced with it. Ask the person by another way; if it was made anew, remove this peer and pair again.", inert(status.uuid, 60));
        case 'no-token':
            return vscode.l10n.t('This repository has no token for it, so it would not be let in. Pair again, or link to its address.');
        case 'not-git-annex':
            return vscode.l10n.t("Something answers at its address that does not speak git-annex's protocol.");
        case 'checking':
            return vscode.l10n.t('The first answer is awaited. Over Tor it can take half a minute.');
        case 'paused':
            return vscode.l10n.t('It is neither checked nor synced, and the remote daemon does not connect to it. It can still connect to this repository.');
        case 'unknown':
            return vscode.l10n.t('Peers are checked while this view is shown, unless your settings say otherwise. Check Again asks now.');
    }
}

/** Told apart by shape; colour comes on top. */
export function presenceIcon(status: PresenceStatus): vscode.ThemeIcon {
    const warning = new vscode.ThemeColor('list.warningForeground');
    switch (status.kind) {
        case 'online':
            return new vscode.ThemeIcon('pass-filled', new vscode.ThemeColor('testing.iconPassed'));
        case 'offline':
            return new vscode.ThemeIcon(status.certain ? 'circle-large-outline' : 'watch');
        case 'daemon-down':
            return new vscode.ThemeIcon('circle-slash');
        case 'tor-down':
            return new vscode.ThemeIcon('debug-disconnect', warning);
        case 'refused':
            return new vscode.ThemeIcon('lock', warning);
        case 'other-repository':
            return new vscode.ThemeIcon('warning', warning);
        case 'no-token':
            return new vscode.ThemeIcon('key', warning);
        case 'not-git-annex':
            return new vscode.ThemeIcon('error', warning);
        case 'checking':
            return new vscode.ThemeIcon('loading~spin');
        case 'paused':
            return new vscode.ThemeIcon('debug-pause');
        case 'unknown':
            return new vscode.ThemeIcon('question');
    }
}

export function aggregateOf(peers: readonly PeerSnapshot[]): Aggregate {
    return aggregate(peers.map(({ presence }) => presence));
}

/** All peers in a sentence's worth. */
export function aggregateWords(all: Aggregate): string {
    switch (all.kind) {
        case 'no-peers':
            return vscode.l10n.t('no peers yet');
        case 'tor-down':
            return vscode.l10n.t('Tor is down');
        case 'all-paused':
            return vscode.l10n.t('all peers are paused');
        case 'unknown':
            return vscode.l10n.t('peers are not checked');
        case 'all-offline':
            return vscode.l10n.t('all peers are off line');
        case 'some':
            return all.unknown === 0
                ? vscode.l10n.t('{0} of {1} peers online', all.online, all.total)
                : vscode.l10n.t('{0} of {1} peers online, {2} not checked', all.online, all.total, all.unknown);
    }
}
