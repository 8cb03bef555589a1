/**
 * The context keys that the views' welcome texts and menus in package.json ask for.
 */
import * as vscode from 'vscode';
import type { Subscription } from '../core/event';
import { viewStateOf, type ViewState } from '../core/repository/nextStep';
import type { Workspace, WorkspaceSnapshot } from '../core/repository/workspace';

interface ContextKeys {
    'annexPeers.view': ViewState;
    'annexPeers.distribution': string;
    'annexPeers.sandbox': string;
    'annexPeers.syncing': boolean;
    'annexPeers.asking': boolean;
    'annexPeers.hasAnnex': boolean;
    'annexPeers.canUndoRevoke': boolean;
    'annexPeers.hasPeers': boolean;
    'annexPeers.paused': boolean;
}

const current = new Map<string, unknown>();

function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
    if (current.get(key) !== value) {
        current.set(key, value);
        void vscode.commands.executeCommand('setContext', key, value);
    }
}

function apply(snapshot: WorkspaceSnapshot): void {
    const repositories = snapshot.kind === 'ready' ? snapshot.repositories : [];
    setContext('annexPeers.view', viewStateOf(snapshot));
    setContext('annexPeers.distribution', snapshot.kind === 'ready' ? snapshot.preflight.system.distribution : '');
    setContext('annexPeers.sandbox', snapshot.kind === 'ready' ? (snapshot.preflight.system.sandbox ?? '') : '');
    setContext('annexPeers.syncing', repositories.some(({ activity }) => activity?.kind === 'syncing'));
    setContext('annexPeers.asking', repositories.some(({ activity }) => activity?.kind === 'syncing' && activity.asking === true));
    const peers = repositories.flatMap(repository => repository.peers);
    setContext('annexPeers.hasPeers', peers.length > 0);
    setContext('annexPeers.paused', peers.some(({ presence }) => presence.status.kind === 'paused'));
    setContext('annexPeers.hasAnnex', repositories.some(({ uuid }) => uuid !== undefined));
}

/** Whether what was revoked last can be given back. */
export function showUndoRevoke(can: boolean): void {
    setContext('annexPeers.canUndoRevoke', can);
}

export function keepContextKeys(workspace: Workspace): Subscription {
    apply(workspace.snapshot);
    return workspace.onDidChange.on(apply);
}
