/**
 * Words for the state of a peer, a repository and the remote daemon.
 */
import * as vscode from 'vscode';
import type { DaemonState } from '../../core/daemon/remoteDaemon';
import type { LastSync, PeerSnapshot, RepositorySnapshot } from '../../core/repository/repository';
import { inert } from '../../shared/inert';

/** "14:05" today, else the date and the time, as the system writes them. */
export function whenWords(at: number, now = Date.now()): string {
    const date = new Date(at);
    const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    return date.toDateString() === new Date(now).toDateString() ? time : `${date.toLocaleDateString()} ${time}`;
}

export function linkWords(peer: PeerSnapshot): string {
    const since = peer.linkSince === undefined ? '' : whenWords(peer.linkSince);
    switch (peer.link) {
        case 'connected':
            return since === '' ? vscode.l10n.t('connected') : vscode.l10n.t('connected since {0}', since);
        case 'disconnected':
            return since === '' ? vscode.l10n.t('not connected') : vscode.l10n.t('not connected since {0}', since);
        case 'fetching':
            return vscode.l10n.t('fetching its changes');
        case 'unknown':
            return vscode.l10n.t('state not known');
    }
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
        case 'duplicate':
            return vscode.l10n.t('not served: a copy of {0}', inert(daemon.of));
    }
}

/** The short text beside a peer's name: its state and the last sync. */
export function peerDescription(peer: PeerSnapshot): string {
    const state = linkWords({ ...peer, linkSince: undefined });
    if (peer.lastSync === undefined) {
        return state;
    }
    const when = whenWords(peer.lastSync.at);
    return peer.lastSync.result === 'done' ? vscode.l10n.t('{0}, synced {1}', state, when) : vscode.l10n.t('{0}, last sync incomplete {1}', state, when);
}

/** The short text beside a repository's name. */
export function repositoryWords(repository: RepositorySnapshot): string {
    const { activity } = repository;
    switch (activity?.kind) {
        case 'syncing':
            return activity.fraction === undefined ? vscode.l10n.t('syncing') : vscode.l10n.t('syncing, {0} %', Math.floor(activity.fraction * 100));
        case 'adding':
            return activity.fraction === undefined ? vscode.l10n.t('adding') : vscode.l10n.t('adding, {0} %', Math.floor(activity.fraction * 100));
        case 'enabling-tor':
            return vscode.l10n.t('enabling Tor');
        case undefined:
            break;
    }
    if (repository.uuid === undefined) {
        return '';
    }
    return repository.service.kind === 'enabled' ? daemonWords(repository.daemon) : vscode.l10n.t('connect only');
}
