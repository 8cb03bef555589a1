/**
 * The one item in the status bar: idle, working with per cent, or wanting attention.
 */
import * as vscode from 'vscode';
import { noticesOf, type Notice } from '../core/repository/nextStep';
import type { RepositorySnapshot } from '../core/repository/repository';
import type { Workspace, WorkspaceSnapshot } from '../core/repository/workspace';
import { inert } from '../shared/inert';
import type { CommandId } from './commands/ids';
import { noticeWords } from './words/notices';

export type StatusState =
    | { readonly kind: 'hidden' }
    | { readonly kind: 'idle'; readonly peers: number; readonly connected: number }
    | { readonly kind: 'working'; readonly repository: string; readonly fraction: number | undefined }
    | { readonly kind: 'attention'; readonly repository: string; readonly notice: Notice };

/** What hinders sharing that worked before; a repository that was never set up is no reason to call for attention. */
const callsForAttention: ReadonlySet<Notice> = new Set(['tor-not-running', 'tor-not-installed', 'tor-browser-only', 'daemon-waiting', 'service-unfinished', 'service-not-served']);

export function statusOf(workspace: WorkspaceSnapshot): StatusState {
    if (workspace.kind !== 'ready') {
        return { kind: 'hidden' };
    }
    const annexed = workspace.repositories.filter(({ uuid }) => uuid !== undefined);
    for (const repository of annexed) {
        const { activity } = repository;
        if (activity !== undefined) {
            return { kind: 'working', repository: repository.name, fraction: 'fraction' in activity ? activity.fraction : undefined };
        }
    }
    for (const repository of annexed.filter(takesPart)) {
        const notice = noticesOf(repository, workspace.preflight).find(candidate => callsForAttention.has(candidate));
        if (notice !== undefined) {
            return { kind: 'attention', repository: repository.name, notice };
        }
    }
    const peers = annexed.flatMap(repository => repository.peers);
    return annexed.length === 0 ? { kind: 'hidden' } : { kind: 'idle', peers: peers.length, connected: peers.filter(({ link }) => link === 'connected' || link === 'fetching').length };
}

function takesPart(repository: RepositorySnapshot): boolean {
    return repository.peers.length > 0 || repository.service.kind !== 'not-enabled';
}

export class StatusBar implements vscode.Disposable {
    readonly #item = vscode.window.createStatusBarItem('annexPeers.status', vscode.StatusBarAlignment.Left, 1);
    readonly #subscription: { dispose(): void };

    constructor(workspace: Workspace) {
        this.#item.name = vscode.l10n.t('git-annex Peers');
        this.#item.command = 'annexPeers.showStatus' satisfies CommandId;
        this.#subscription = workspace.onDidChange.on(snapshot => this.#show(statusOf(snapshot)));
        this.#show(statusOf(workspace.snapshot));
    }

    dispose(): void {
        this.#subscription.dispose();
        this.#item.dispose();
    }

    #show(state: StatusState): void {
        switch (state.kind) {
            case 'hidden':
                this.#item.hide();
                return;
            case 'idle':
                this.#set('$(broadcast)', vscode.l10n.t('Annex'), state.peers === 0 ? vscode.l10n.t('git-annex Peers: no peers yet') : vscode.l10n.t('git-annex Peers: {0} of {1} peers connected', state.connected, state.peers));
                break;
            case 'working': {
                const percent = state.fraction === undefined ? vscode.l10n.t('Annex') : vscode.l10n.t('Annex {0} %', Math.floor(state.fraction * 100));
                this.#set('$(sync~spin)', percent, vscode.l10n.t('git-annex Peers: working on {0}', inert(state.repository)));
                break;
            }
            case 'attention':
                this.#set('$(warning)', vscode.l10n.t('Annex'), `${inert(state.repository)}: ${noticeWords(state.notice).label}`);
                break;
        }
        this.#item.show();
    }

    #set(icon: string, text: string, tooltip: string): void {
        this.#item.text = `${icon} ${text}`;
        this.#item.tooltip = tooltip;
        this.#item.accessibilityInformation = { label: tooltip };
    }
}
