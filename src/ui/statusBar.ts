/**
 * The one item in the status bar: idle, working with per cent, or wanting attention.
 */
import * as vscode from 'vscode';
import type { Aggregate } from '../core/peers/presence';
import { noticesOf, type Notice } from '../core/repository/nextStep';
import type { PeerSnapshot, RepositorySnapshot } from '../core/repository/repository';
import type { Workspace, WorkspaceSnapshot } from '../core/repository/workspace';
import { inert } from '../shared/inert';
import type { CommandId } from './commands/ids';
import { noticeWords } from './words/notices';
import { incomingExplanation } from './words/peers';
import { aggregateOf, aggregateWords } from './words/presence';

export type StatusState =
    | { readonly kind: 'hidden' }
    | { readonly kind: 'idle'; readonly all: Aggregate }
    | { readonly kind: 'working'; readonly repository: string; readonly fraction: number | undefined }
    | { readonly kind: 'asking'; readonly repository: string; readonly root: string }
    | { readonly kind: 'attention'; readonly repository: string; readonly notice: Notice }
    | { readonly kind: 'held-back'; readonly peer: PeerSnapshot };

/** What hinders sharing that worked before; a repository that was never set up is no reason to call for attention. */
const callsForAttention: ReadonlySet<Notice> = new Set(['tor-not-running', 'tor-not-installed', 'tor-browser-only', 'daemon-waiting', 'service-unfinished', 'service-not-served', 'copied-repository']);

export function statusOf(workspace: WorkspaceSnapshot): StatusState {
    if (workspace.kind !== 'ready') {
        return { kind: 'hidden' };
    }
    const annexed = workspace.repositories.filter(({ uuid }) => uuid !== undefined);
    const asking = annexed.find(({ activity }) => activity?.kind === 'syncing' && activity.asking === true);
    if (asking !== undefined) {
        return { kind: 'asking', repository: asking.name, root: asking.root };
    }
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
    // A paused peer's wait until its pause is over, as the user wants it.
    const heldBack = peers.find(peer => peer.heldBack !== undefined && peer.presence.status.kind !== 'paused');
    if (heldBack !== undefined) {
        return { kind: 'held-back', peer: heldBack };
    }
    return annexed.length === 0 ? { kind: 'hidden' } : { kind: 'idle', all: aggregateOf(peers) };
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
                this.#set(idleIcon(state.all), idleWords(state.all), vscode.l10n.t('git-annex Peers: {0}', aggregateWords(state.all)));
                break;
            case 'working': {
                const percent = state.fraction === undefined ? vscode.l10n.t('Annex') : vscode.l10n.t('Annex {0} %', Math.floor(state.fraction * 100));
                this.#set('$(sync~spin)', percent, vscode.l10n.t('git-annex Peers: working on {0}', inert(state.repository)));
                break;
            }
            case 'asking':
                this.#set('$(question)', vscode.l10n.t('your answer, please'), vscode.l10n.t('{0}: the sync waits for your answer', inert(state.repository)));
                break;
            case 'attention':
                this.#set('$(warning)', state.notice === 'tor-not-running' ? vscode.l10n.t('Tor is down') : vscode.l10n.t('Annex'), `${inert(state.repository)}: ${noticeWords(state.notice).label}`);
                break;
            case 'held-back':
                this.#set('$(warning)', vscode.l10n.t('changes held back'), vscode.l10n.t('{0}: changes {1}', inert(state.peer.name), incomingExplanation(state.peer)));
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

function idleIcon(all: Aggregate): string {
    switch (all.kind) {
        case 'tor-down':
            return '$(debug-disconnect)';
        case 'all-paused':
            return '$(debug-pause)';
        case 'all-offline':
            return '$(circle-slash)';
        case 'some':
            return all.attention > 0 ? '$(warning)' : '$(broadcast)';
        case 'no-peers':
        case 'unknown':
            return '$(broadcast)';
    }
}

/** Short, as the bar is everybody's. */
function idleWords(all: Aggregate): string {
    switch (all.kind) {
        case 'tor-down':
            return vscode.l10n.t('Tor is down');
        case 'all-paused':
            return vscode.l10n.t('peers paused');
        case 'all-offline':
            return vscode.l10n.t('all peers off line');
        case 'some':
            return vscode.l10n.t('{0} of {1} peers online', all.online, all.total);
        case 'no-peers':
        case 'unknown':
            return vscode.l10n.t('Annex');
    }
}
