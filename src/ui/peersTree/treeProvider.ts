/**
 * The peers' tree in the sidebar: renders the workspace's snapshots, runs nothing.
 */
import * as vscode from 'vscode';
import { viewStateOf } from '../../core/repository/nextStep';
import type { RepositorySnapshot } from '../../core/repository/snapshot';
import type { Workspace } from '../../core/repository/workspace';
import { formatTorAddress } from '../../core/tor/address';
import { inert } from '../../shared/inert';
import { noticeWords } from '../words/notices';
import type { Trouble } from '../../core/log';
import { networkDetailItem, networkItem } from './networkItems';
import { accessEntryItem, accessItem } from './accessItems';
import { findingItem, securityItem } from './securityItems';
import { repositoryWords } from '../words/peers';
import { childNodes, nodeId, rootNodes, type NoticeNode, type RepositoryNode, type TreeNode } from './nodes';
import { detailItem, peerItem } from './peerItems';

const refreshDelayMs = 50;

/**
 * An element as the editor knows it: the same object for the same thing for as long as it is shown, whatever its state.
 * The editor hands it to a command; one that changed its identity with every snapshot would get lost on the way.
 */
export interface TreeElement {
    readonly id: string;
    node: TreeNode;
}

export class PeersTreeProvider implements vscode.TreeDataProvider<TreeElement>, vscode.Disposable {
    readonly #changed = new vscode.EventEmitter<TreeElement | TreeElement[] | undefined>();
    readonly onDidChangeTreeData = this.#changed.event;
    readonly #subscription: { dispose(): void };
    readonly #elements = new Map<string, TreeElement>();
    /** What is shown: the identifiers at the root, and how each element looks. */
    #shownRoot = '';
    #shown: ReadonlyMap<string, string> = new Map();
    #timer: NodeJS.Timeout | undefined;

    /** @param troubles what the log warned of */
    constructor(
        private readonly workspace: Workspace,
        private readonly troubles: () => readonly Trouble[],
    ) {
        this.#subscription = workspace.onDidChange.on(() => {
            // Progress comes in bursts.
            this.#timer ??= setTimeout(() => {
                this.#timer = undefined;
                this.#update();
            }, refreshDelayMs);
        });
    }

    /** For {@link vscode.TreeView.reveal}. */
    getParent(element: TreeElement): TreeElement | undefined {
        const parent = (node: TreeNode): TreeNode | undefined => {
            const children = childNodes(node);
            return children.some(child => nodeId(child) === element.id) ? node : children.map(parent).find(found => found !== undefined);
        };
        const found = this.#rootNodes().map(parent).find(node => node !== undefined);
        return found === undefined ? undefined : this.#elementFor(found);
    }

    /** The row of "Who has access" of a repository, if it is shown. */
    accessOf(root: string): TreeElement | undefined {
        const node = this.#rootNodes().flatMap(childNodes).find(child => child.kind === 'access' && child.root === root);
        return node === undefined ? undefined : this.#elementFor(node);
    }

    getChildren(element?: TreeElement): TreeElement[] {
        return (element === undefined ? this.#rootNodes() : childNodes(element.node)).map(node => this.#elementFor(node));
    }

    getTreeItem(element: TreeElement): vscode.TreeItem {
        const item = itemOf(element.node);
        item.id = element.id;
        return item;
    }

    dispose(): void {
        clearTimeout(this.#timer);
        this.#subscription.dispose();
        this.#changed.dispose();
    }

    /** Anything but a full tree is said by the view's welcome text, which shows only while there are no nodes. */
    #rootNodes(): readonly TreeNode[] {
        return viewStateOf(this.workspace.snapshot) === 'tree' ? rootNodes(this.workspace.snapshot, this.troubles().at(-1)) : [];
    }

    #elementFor(node: TreeNode): TreeElement {
        const id = nodeId(node);
        const element = this.#elements.get(id) ?? { id, node };
        element.node = node;
        this.#elements.set(id, element);
        return element;
    }

    /** Tells the editor of just what looks different now. */
    #update(): void {
        const root = this.#rootNodes();
        const looks = new Map<string, string>();
        const look = (node: TreeNode): void => {
            const children = childNodes(node);
            looks.set(nodeId(node), JSON.stringify([itemOf(node), children.map(nodeId)]));
            children.forEach(look);
        };
        root.forEach(look);
        const rootIds = root.map(nodeId).join('\n');
        const before = this.#shown;
        const changed = [...looks].filter(([id, text]) => before.has(id) && before.get(id) !== text).map(([id]) => id);
        this.#shown = looks;
        for (const id of [...this.#elements.keys()].filter(known => !looks.has(known))) {
            this.#elements.delete(id);
        }
        const visit = (node: TreeNode): void => {
            this.#elementFor(node);
            childNodes(node).forEach(visit);
        };
        root.forEach(visit);
        if (rootIds !== this.#shownRoot) {
            this.#shownRoot = rootIds;
            this.#changed.fire(undefined);
        } else if (changed.length > 0) {
            this.#changed.fire(changed.flatMap(id => this.#elements.get(id) ?? []));
        }
    }
}

function itemOf(node: TreeNode): vscode.TreeItem {
    switch (node.kind) {
        case 'repository':
            return repositoryItem(node);
        case 'notice':
            return noticeItem(node);
        case 'peer':
            return peerItem(node);
        case 'detail':
            return detailItem(node);
        case 'access':
            return accessItem(node);
        case 'access-entry':
            return accessEntryItem(node);
        case 'security':
            return securityItem(node);
        case 'finding':
            return findingItem(node);
        case 'network':
            return networkItem(node);
        case 'network-detail':
            return networkDetailItem(node);
    }
}

function repositoryIcon({ activity }: RepositorySnapshot): string {
    if (activity?.kind !== 'syncing') {
        return 'repo';
    }
    return activity.asking === true ? 'question' : 'sync~spin';
}

function repositoryItem({ repository, notices }: RepositoryNode): vscode.TreeItem {
    const item = new vscode.TreeItem(inert(repository.name), vscode.TreeItemCollapsibleState.Expanded);
    const description = repositoryWords(repository);
    item.description = description;
    item.iconPath = new vscode.ThemeIcon(repositoryIcon(repository));
    item.tooltip = [inert(repository.root), repository.uuid === undefined ? undefined : inert(repository.uuid), repository.service.kind === 'enabled' ? formatTorAddress(repository.service.address) : undefined].filter(line => line !== undefined).join('\n');
    item.contextValue = [
        'repository',
        repository.uuid === undefined ? 'plain' : 'annex',
        repository.service.kind === 'enabled' ? 'enabled' : 'connectOnly',
        repository.daemon.kind === 'stopped' || (repository.daemon.kind === 'boot' && !repository.daemon.serving) ? 'stopped' : 'served',
        repository.peers.length > 0 ? 'peers' : 'alone',
        repository.activity?.kind === 'syncing' ? (repository.activity.asking === true ? 'asking.syncing' : 'syncing') : 'idle',
        repository.peers.some(({ presence }) => presence.status.kind === 'paused') ? 'paused' : 'active',
    ].join('.');
    item.accessibilityInformation = { label: [inert(repository.name), description, ...notices.map(notice => noticeWords(notice).label)].filter(part => part !== '').join(', ') };
    return item;
}

function noticeItem({ root, notice }: NoticeNode): vscode.TreeItem {
    const words = noticeWords(notice);
    const item = new vscode.TreeItem(words.label, vscode.TreeItemCollapsibleState.None);
    item.description = words.action;
    item.tooltip = words.tooltip;
    item.iconPath = new vscode.ThemeIcon(words.severity, words.severity === 'warning' ? new vscode.ThemeColor('list.warningForeground') : undefined);
    item.contextValue = `notice.${notice}`;
    item.command = { command: words.command, title: words.action, arguments: [{ kind: 'notice', root, notice } satisfies NoticeNode] };
    item.accessibilityInformation = { label: `${words.label}. ${words.action}` };
    return item;
}
