/**
 * How a peer and what is known of it look in the tree.
 */
import * as vscode from 'vscode';
import { formatTorAddress } from '../../core/tor/address';
import { inert } from '../../shared/inert';
import { incomingExplanation, incomingWords, lastSyncWords, peerDescription, stateWords, verifiedWords } from '../words/peers';
import { lastSeenWords, presenceExplanation, presenceIcon } from '../words/presence';
import type { DetailNode, PeerNode } from './nodes';

export function peerItem({ peer }: PeerNode): vscode.TreeItem {
    const { presence } = peer;
    const name = inert(peer.name);
    const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
    const state = stateWords(peer);
    // First, as the end is cut off in a narrow view.
    item.description = `${peer.verified === undefined ? '' : '✓ '}${peerDescription(peer)}`;
    item.iconPath = peer.link === 'fetching' && presence.status.kind === 'online' ? new vscode.ThemeIcon('sync~spin') : presenceIcon(presence.status);
    if (peer.heldBack !== undefined && presence.status.kind === 'online') {
        item.iconPath = new vscode.ThemeIcon('git-pull-request-closed', new vscode.ThemeColor('list.warningForeground'));
    }
    item.tooltip = [
        vscode.l10n.t('{0}: {1}', name, state),
        presenceExplanation(presence),
        vscode.l10n.t('Last seen: {0}', lastSeenWords(presence)),
        peer.incoming === undefined ? '' : vscode.l10n.t('Changes: {0}', incomingExplanation(peer)),
        vscode.l10n.t('Last sync: {0}', lastSyncWords(peer.lastSync)),
        vscode.l10n.t('Identity: {0}', verifiedWords(peer)),
        formatTorAddress(peer.address),
        peer.uuid === undefined ? '' : inert(peer.uuid),
    ].filter(line => line !== '').join('\n');
    item.contextValue = ['peer', presence.status.kind, presence.status.kind === 'paused' ? 'paused' : 'active', peer.syncs ? 'syncs' : 'excluded', peer.verified === undefined ? 'unverified' : 'verified'].join('.');
    item.accessibilityInformation = { label: [name, state, vscode.l10n.t('last seen {0}', lastSeenWords(presence)), incomingWords(peer), lastSyncWords(peer.lastSync), verifiedWords(peer)].filter(part => part !== undefined).join(', ') };
    return item;
}

export function leafItem(label: string, description: string, icon: string, contextValue: string, more = ''): vscode.TreeItem {
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
    item.description = description;
    item.tooltip = [vscode.l10n.t('{0}: {1}', label, description), more].filter(line => line !== '').join('\n');
    item.iconPath = new vscode.ThemeIcon(icon);
    item.contextValue = contextValue;
    item.accessibilityInformation = { label: [vscode.l10n.t('{0}: {1}', label, description), more].filter(line => line !== '').join('. ') };
    return item;
}

export function detailItem({ peer, detail }: DetailNode): vscode.TreeItem {
    const leaf = (label: string, description: string, icon: string, more?: string): vscode.TreeItem => leafItem(label, description, icon, `detail.${detail}`, more);
    switch (detail) {
        case 'presence':
            return leaf(vscode.l10n.t('State'), stateWords(peer), 'plug', presenceExplanation(peer.presence));
        case 'last-seen':
            return leaf(vscode.l10n.t('Last seen'), lastSeenWords(peer.presence), 'eye');
        case 'incoming':
            return leaf(vscode.l10n.t('Changes'), incomingExplanation(peer), peer.heldBack === undefined ? 'git-merge' : 'warning');
        case 'last-sync':
            return leaf(vscode.l10n.t('Sync'), lastSyncWords(peer.lastSync), 'sync');
        case 'identity':
            return leaf(vscode.l10n.t('Identity'), verifiedWords(peer), peer.verified === undefined ? 'unverified' : 'verified-filled');
        case 'address':
            return leaf(vscode.l10n.t('Address'), formatTorAddress(peer.address), 'globe');
        case 'uuid':
            return leaf(vscode.l10n.t('Repository'), peer.uuid === undefined ? vscode.l10n.t('not known yet') : inert(peer.uuid), 'key');
    }
}
