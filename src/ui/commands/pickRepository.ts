/**
 * Which repository a command is about: the tree node it was called on, the only one there is, or the user's choice.
 */
import * as vscode from 'vscode';
import type { AccessEntry } from '../../core/peers/access';
import type { PeerSnapshot, RepositorySnapshot } from '../../core/repository/repository';
import type { Repository } from '../../core/repository/repository';
import type { Workspace } from '../../core/repository/workspace';
import { inert } from '../../shared/inert';

/** What a command may be given: a tree's node or a file's address; checked, as other extensions can call commands too. */
export type CommandTarget = unknown;

function field(value: unknown, name: string): unknown {
    return typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
}

/** The tree hands over its elements, which hold the node. */
function nodeOf(target: CommandTarget): unknown {
    return field(target, 'node') ?? target;
}

/** The root of the repository that a command was called on; undefined from the palette. */
export function rootOfTarget(given: CommandTarget): string | undefined {
    const target = nodeOf(given);
    const root = field(target, 'root') ?? field(field(target, 'repository'), 'root');
    return typeof root === 'string' ? root : undefined;
}

export async function pickRepository(workspace: Workspace, target: CommandTarget, suits: (repository: RepositorySnapshot) => boolean = () => true): Promise<Repository | undefined> {
    const root = rootOfTarget(target);
    if (root !== undefined) {
        return workspace.repositories.find(({ snapshot }) => snapshot.root === root);
    }
    const suitable = workspace.repositories.filter(({ snapshot }) => suits(snapshot));
    if (suitable.length <= 1) {
        return suitable[0];
    }
    const picked = await vscode.window.showQuickPick(
        suitable.map(repository => ({ label: inert(repository.snapshot.name), description: inert(repository.snapshot.root), repository })),
        { placeHolder: vscode.l10n.t('Which repository?') },
    );
    return picked?.repository;
}

/** The repository that a file or folder lies in: the deepest one. */
function repositoryOfFile(workspace: Workspace, file: string): Repository | undefined {
    return workspace.repositories
        .filter(({ snapshot }) => file === snapshot.root || file.startsWith(`${snapshot.root}/`))
        .sort((a, b) => b.snapshot.root.length - a.snapshot.root.length)[0];
}

/** The files that a command of the Explorer was called on (or the active editor's), by their repository. */
export function chosenFiles(workspace: Workspace, target: CommandTarget, selection: CommandTarget): ReadonlyMap<Repository, readonly string[]> {
    const chosen: readonly unknown[] = Array.isArray(selection) && selection.length > 0 ? selection : [target ?? vscode.window.activeTextEditor?.document.uri];
    const files = new Map<Repository, string[]>();
    for (const uri of chosen) {
        const repository = uri instanceof vscode.Uri && uri.scheme === 'file' ? repositoryOfFile(workspace, uri.fsPath) : undefined;
        if (repository !== undefined && uri instanceof vscode.Uri) {
            files.set(repository, [...(files.get(repository) ?? []), uri.fsPath]);
        }
    }
    return files;
}

/** Which token of the access list a command is about: the row that it was called on; undefined for none. */
export function entryOfTarget(repository: Repository, target: CommandTarget): AccessEntry | undefined {
    const id = field(field(nodeOf(target), 'entry'), 'id');
    return repository.snapshot.access.find(entry => entry.id === id);
}

/** Which finding a command is about. */
export function findingOfTarget(target: CommandTarget): unknown {
    return field(field(nodeOf(target), 'finding'), 'id');
}

/** Whether a command was called on a peer's row. */
export function isPeerTarget(target: CommandTarget): boolean {
    return field(nodeOf(target), 'peer') !== undefined;
}

export async function pickPeer(repository: Repository, target: CommandTarget): Promise<PeerSnapshot | undefined> {
    const name = field(field(nodeOf(target), 'peer'), 'name');
    const { peers } = repository.snapshot;
    if (typeof name === 'string') {
        return peers.find(peer => peer.name === name);
    }
    if (peers.length <= 1) {
        return peers[0];
    }
    const picked = await vscode.window.showQuickPick(
        peers.map(peer => ({ label: inert(peer.name), description: peer.address.onion, peer })),
        { placeHolder: vscode.l10n.t('Which peer?') },
    );
    return picked?.peer;
}
