/**
 * Words for the state of a peer, a repository and the remote daemon.
 */
import * as vscode from 'vscode';
import type { DaemonState } from '../../core/daemon/remoteDaemon';
import type { LastSync, PeerSnapshot, RepositorySnapshot } from '../../core/repository/repository';
import { inert } from '../../shared/inert';
import { lastSeenWords, presenceSinceWords } from './presence';
import { whenWords } from './when';

/** Whether it is known to be the repository of the person who is meant. */
export function verifiedWords({ verified }: Pick<PeerSnapshot, 'verified'>): string {
    return verified === undefined ? vscode.l10n.t('not verified') : vscode.l10n.t('verified {0}', whenWords(verified));
}

export function lastSyncWords(lastSync: LastSync | undefined): string {
    if (lastSync === undefined) {
        return vscode.l10n.t('never synced');
    }
    const when = whenWords(lastSync.at);
    switch (lastSync.result) {
        case 'done':
            return vscode.l10n.t('synced {0}: {1} received, {2} sent', when, lastSync.received, lastSync.sent);
        case 'partly':
            return vscode.l10n.t('synced in part {0}: {1} received, {2} sent, {3} failed', when, lastSync.received, lastSync.sent, lastSync.failed);
        case 'failed':
            return vscode.l10n.t('last sync failed {0}', when);
    }
}

export function daemonWords(daemon: DaemonState): string {
    switch (daemon.kind) {
        case 'stopped':
            return vscode.l10n.t('not served');
        case 'starting':
            return vscode.l10n.t('starting');
        case 'running':
            return vscode.l10n.t('served since {0}', whenWords(daemon.since));
        case 'waiting':
            return vscode.l10n.t('starts again {0}', whenWords(daemon.restartAt));
        case 'external':
            return vscode.l10n.t('served by another program since {0}', whenWords(daemon.since));
        case 'boot':
            return daemon.serving ? vscode.l10n.t('served also when VS Code is closed, up since {0}', whenWords(daemon.since)) : vscode.l10n.t('not served now: its service is stopped');
        case 'duplicate':
            return vscode.l10n.t('not served: a copy of {0}', inert(daemon.of));
    }
}

/** The peer's state with since when; while its changes are being fetched, that. A fetch from one who has gone may hang on for minutes. */
export function stateWords(peer: PeerSnapshot): string {
    return peer.link === 'fetching' && peer.presence.status.kind === 'online' ? vscode.l10n.t('online, fetching its changes') : presenceSinceWords(peer.presence);
}

/** What has come from the peer and waits; undefined if nothing is to be told. Where content is changes all the time. */
export function incomingWords({ incoming, heldBack }: PeerSnapshot): string | undefined {
    if (incoming === undefined || (heldBack === undefined && incoming.kind === 'records')) {
        return undefined;
    }
    return heldBack === undefined ? vscode.l10n.t('has new changes') : vscode.l10n.t('changes held back');
}

/** Why they wait, and what to do. */
export function incomingExplanation({ incoming, heldBack }: PeerSnapshot): string {
    if (incoming === undefined) {
        return vscode.l10n.t('none that are not merged');
    }
    switch (heldBack) {
        case undefined:
            return incoming.kind === 'files' ? vscode.l10n.t('new changes, not merged yet: sync to take them in') : vscode.l10n.t('news of where content is: the next sync takes it in');
        case 'findings':
            return vscode.l10n.t('held back: they could run code here or reach out of this folder. Sync to look at them.');
        case 'unrelated':
            return vscode.l10n.t('held back: its history and this one were created apart. Sync to decide.');
        case 'conflict':
            return vscode.l10n.t('held back: files outside of git-annex were changed on both sides. Sync to resolve them.');
        case 'local-changes':
            return vscode.l10n.t('held back: uncommitted changes are in the way. Commit them, or sync.');
        case 'unsaved':
            return vscode.l10n.t('held back until you save: an editor has changes that are not saved.');
        case 'busy':
            return vscode.l10n.t('held back: git is in the middle of something (a merge, a rebase) that you have to finish.');
        case 'failed':
            return vscode.l10n.t('held back: the last try failed. It is tried again; the log has the reason.');
    }
}

/** The short text beside a peer's name: its state, when it was seen and synced last. */
export function peerDescription(peer: PeerSnapshot): string {
    const { presence, lastSync } = peer;
    const parts = [stateWords(peer)];
    if (presence.status.kind !== 'online' && presence.lastSeen !== undefined) {
        parts.push(vscode.l10n.t('last seen {0}', lastSeenWords(presence)));
    }
    const changes = incomingWords(peer);
    if (changes !== undefined) {
        parts.push(changes);
    }
    if (lastSync !== undefined) {
        const when = whenWords(lastSync.at);
        parts.push(lastSync.result === 'done' ? vscode.l10n.t('synced {0}', when) : vscode.l10n.t('last sync incomplete {0}', when));
    }
    return parts.join(', ');
}

/** The short text beside a repository's name. */
export function repositoryWords(repository: RepositorySnapshot): string {
    const { activity } = repository;
    switch (activity?.kind) {
        case 'syncing':
            if (activity.asking === true) {
                return vscode.l10n.t('waits for your answer');
            }
            return activity.fraction === undefined ? vscode.l10n.t('syncing') : vscode.l10n.t('syncing, {0} %', Math.floor(activity.fraction * 100));
        case 'adding':
            return activity.fraction === undefined ? vscode.l10n.t('adding') : vscode.l10n.t('adding, {0} %', Math.floor(activity.fraction * 100));
        case 'enabling-tor':
            return vscode.l10n.t('enabling Tor');
        case 'disabling-tor':
            return vscode.l10n.t('disabling Tor');
        case undefined:
            break;
    }
    if (repository.uuid === undefined) {
        return '';
    }
    return repository.service.kind === 'enabled' ? daemonWords(repository.daemon) : vscode.l10n.t('connect only');
}
