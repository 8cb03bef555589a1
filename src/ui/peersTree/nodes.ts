/**
 * The nodes of the peers' tree, made from the workspace's snapshot: repositories, what they lack, their peers and the
 * peers' details.
 */
import { noticesOf, type Notice } from '../../core/repository/nextStep';
import type { PeerSnapshot, RepositorySnapshot } from '../../core/repository/repository';
import type { AccessEntryNode, AccessNode } from './accessItems';
import type { WorkspaceSnapshot } from '../../core/repository/workspace';

export interface RepositoryNode {
    readonly kind: 'repository';
    readonly repository: RepositorySnapshot;
    readonly notices: readonly Notice[];
}
export interface NoticeNode {
    readonly kind: 'notice';
    readonly root: string;
    readonly notice: Notice;
}
export interface PeerNode {
    readonly kind: 'peer';
    readonly root: string;
    readonly peer: PeerSnapshot;
}
const peerDetails = ['presence', 'last-seen', 'last-sync', 'address', 'uuid'] as const;
export type PeerDetail = (typeof peerDetails)[number];
export interface DetailNode {
    readonly kind: 'detail';
    readonly root: string;
    readonly peer: PeerSnapshot;
    readonly detail: PeerDetail;
}
export type TreeNode = RepositoryNode | NoticeNode | PeerNode | DetailNode | AccessNode | AccessEntryNode;

export function rootNodes(workspace: WorkspaceSnapshot): readonly RepositoryNode[] {
    if (workspace.kind !== 'ready') {
        return [];
    }
    return workspace.repositories.map(repository => ({ kind: 'repository', repository, notices: noticesOf(repository, workspace.preflight) }));
}

export function childNodes(node: TreeNode): readonly TreeNode[] {
    switch (node.kind) {
        case 'repository': {
            const { root } = node.repository;
            return [
                ...node.notices.map((notice): NoticeNode => ({ kind: 'notice', root, notice })),
                ...node.repository.peers.map((peer): PeerNode => ({ kind: 'peer', root, peer })),
                ...accessNodes(node.repository),
            ];
        }
        case 'peer':
            return peerDetails.map((detail): DetailNode => ({ kind: 'detail', root: node.root, peer: node.peer, detail }));
        case 'access':
            return node.entries.map((entry): AccessEntryNode => ({ kind: 'access-entry', root: node.root, entry }));
        case 'notice':
        case 'detail':
        case 'access-entry':
            return [];
    }
}

/** Where nobody can come in, there is nothing to say. */
function accessNodes({ root, uuid, access, service }: RepositorySnapshot): readonly AccessNode[] {
    return uuid === undefined || (service.kind === 'not-enabled' && access.length === 0) ? [] : [{ kind: 'access', root, entries: access }];
}

/** Stable across snapshots, so that what is expanded and selected stays so. */
export function nodeId(node: TreeNode): string {
    switch (node.kind) {
        case 'repository':
            return `repository:${node.repository.root}`;
        case 'notice':
            return `notice:${node.root}:${node.notice}`;
        case 'peer':
            return `peer:${node.root}:${node.peer.name}`;
        case 'detail':
            return `detail:${node.root}:${node.peer.name}:${node.detail}`;
        case 'access':
            return `access:${node.root}`;
        case 'access-entry':
            return `access-entry:${node.root}:${node.entry.id}`;
    }
}

/** The repository that a node belongs to. */
export function rootOf(node: TreeNode): string {
    return node.kind === 'repository' ? node.repository.root : node.root;
}
