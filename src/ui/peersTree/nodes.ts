/**
 * The nodes of the peers' tree, made from the workspace's snapshot: repositories, what they lack, their peers and the
 * peers' details.
 */
import { noticesOf, type Notice } from '../../core/repository/nextStep';
import type { PeerSnapshot, RepositorySnapshot } from '../../core/repository/repository';
import type { Trouble } from '../../core/log';
import { networkDetails } from '../words/network';
import type { AccessEntryNode, AccessNode } from './accessItems';
import type { NetworkDetailNode, NetworkNode } from './networkItems';
import type { FindingNode, SecurityNode } from './securityItems';
import type { WorkspaceSnapshot } from '../../core/repository/workspace';

export interface RepositoryNode {
    readonly kind: 'repository';
    readonly repository: RepositorySnapshot;
    readonly notices: readonly Notice[];
    /** What the log warned of last. */
    readonly trouble: Trouble | undefined;
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
const peerDetails = ['presence', 'last-seen', 'incoming', 'last-sync', 'identity', 'address', 'uuid'] as const;
export type PeerDetail = (typeof peerDetails)[number];
export interface DetailNode {
    readonly kind: 'detail';
    readonly root: string;
    readonly peer: PeerSnapshot;
    readonly detail: PeerDetail;
}
export type TreeNode = RepositoryNode | NoticeNode | PeerNode | DetailNode | AccessNode | AccessEntryNode | SecurityNode | FindingNode | NetworkNode | NetworkDetailNode;

export function rootNodes(workspace: WorkspaceSnapshot, trouble?: Trouble): readonly RepositoryNode[] {
    if (workspace.kind !== 'ready') {
        return [];
    }
    return workspace.repositories.map(repository => ({ kind: 'repository', repository, notices: noticesOf(repository, workspace.preflight), trouble }));
}

export function childNodes(node: TreeNode): readonly TreeNode[] {
    switch (node.kind) {
        case 'repository': {
            const { root } = node.repository;
            return [
                ...node.notices.map((notice): NoticeNode => ({ kind: 'notice', root, notice })),
                ...node.repository.peers.map((peer): PeerNode => ({ kind: 'peer', root, peer })),
                ...accessNodes(node.repository),
                ...securityNodes(node.repository),
                ...networkNodes(node),
            ];
        }
        case 'peer':
            return peerDetails.map((detail): DetailNode => ({ kind: 'detail', root: node.root, peer: node.peer, detail }));
        case 'access':
            return node.entries.map((entry): AccessEntryNode => ({ kind: 'access-entry', root: node.root, entry }));
        case 'security':
            return node.findings.map((finding): FindingNode => ({ kind: 'finding', root: node.root, finding }));
        case 'network':
            return networkDetails.map((detail): NetworkDetailNode => ({ ...node, kind: 'network-detail', detail }));
        case 'notice':
        case 'detail':
        case 'access-entry':
        case 'finding':
        case 'network-detail':
            return [];
    }
}

/** Where nobody can come in, there is nothing to say. */
function accessNodes({ root, uuid, access, service }: RepositorySnapshot): readonly AccessNode[] {
    return uuid === undefined || (service.kind === 'not-enabled' && access.length === 0) ? [] : [{ kind: 'access', root, entries: access }];
}

/** Nothing is said before it was looked at. */
function securityNodes({ root, uuid, findings }: RepositorySnapshot): readonly SecurityNode[] {
    return uuid === undefined || findings === undefined ? [] : [{ kind: 'security', root, findings }];
}

function networkNodes({ repository, trouble }: RepositoryNode): readonly NetworkNode[] {
    const { root, uuid, service, peers } = repository;
    return uuid === undefined || (service.kind === 'not-enabled' && peers.length === 0) ? [] : [{ kind: 'network', root, repository, trouble }];
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
        case 'security':
            return `security:${node.root}`;
        case 'finding':
            return `security:${node.root}:${node.finding.id}`;
        case 'network':
            return `network:${node.root}`;
        case 'network-detail':
            return `network:${node.root}:${node.detail}`;
    }
}

/** The repository that a node belongs to. */
export function rootOf(node: TreeNode): string {
    return node.kind === 'repository' ? node.repository.root : node.root;
}
