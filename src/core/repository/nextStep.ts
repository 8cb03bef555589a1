/**
 * What stands between a person and sharing, in the order in which it has to be mended: the view shows the first one
 * with the step that mends it.
 */
import type { Preflight } from '../preflight/preflight';
import type { RepositorySnapshot } from './repository';
import type { WorkspaceSnapshot } from './workspace';

/** What is missing for one repository. */
export type Notice =
    | 'repository-unreadable'
    | 'not-annex'
    | 'tor-not-installed'
    | 'tor-browser-only'
    | 'tor-not-running'
    | 'tor-not-enabled'
    | 'service-unfinished'
    | 'service-not-served'
    | 'daemon-stopped'
    | 'daemon-waiting'
    | 'boot-service-stopped'
    | 'copied-repository'
    | 'fetches-may-hang'
    | 'wormhole-missing'
    | 'no-peers';

/** What is missing for all of them, or `tree` if the tree has something to show. */
export type ViewState =
    | 'loading'
    | 'no-folder'
    | 'untrusted'
    | 'unsupported-windows'
    | 'sandboxed'
    | 'git-missing'
    | 'git-annex-missing'
    | 'git-annex-too-old'
    | 'git-annex-unreadable'
    | 'no-repository'
    | Notice
    | 'tree';

function torNotice(preflight: Preflight): Notice | undefined {
    switch (preflight.tor.kind) {
        case 'running':
            return undefined;
        case 'not-installed':
            return 'tor-not-installed';
        case 'tor-browser-only':
            return preflight.tor.installed ? 'tor-not-running' : 'tor-browser-only';
        case 'not-running':
            return 'tor-not-running';
    }
}

function serviceNotice(repository: RepositorySnapshot): Notice | undefined {
    switch (repository.service.kind) {
        case 'enabled':
            return undefined;
        case 'not-enabled':
            return 'tor-not-enabled';
        case 'unfinished':
            return 'service-unfinished';
        case 'not-served':
            return 'service-not-served';
    }
}

const keepsEndingAfter = 3;

function daemonNotice(repository: RepositorySnapshot): Notice | undefined {
    if (repository.service.kind !== 'enabled') {
        return undefined;
    }
    switch (repository.daemon.kind) {
        case 'stopped':
            return 'daemon-stopped';
        case 'waiting':
            // One that has ended once is there again after a second.
            return repository.daemon.attempt < keepsEndingAfter ? undefined : 'daemon-waiting';
        case 'duplicate':
            return 'copied-repository';
        case 'boot':
            return repository.daemon.serving ? undefined : 'boot-service-stopped';
        case 'starting':
        case 'running':
        case 'external':
            return undefined;
    }
}

/** Everything that a repository lacks, the next step first. A client without an onion service lacks none but peers. */
export function noticesOf(repository: RepositorySnapshot, preflight: Preflight): readonly Notice[] {
    if (repository.uuid === undefined) {
        return [repository.unreadable ? 'repository-unreadable' : 'not-annex'];
    }
    const notices: (Notice | undefined)[] = [torNotice(preflight), serviceNotice(repository), daemonNotice(repository)];
    if (preflight.wormhole.kind === 'missing') {
        notices.push('wormhole-missing');
    }
    if (repository.peers.length === 0) {
        notices.push('no-peers');
    }
    if (repository.daemon.kind === 'running' && repository.fetchGuard.kind === 'off') {
        notices.push('fetches-may-hang');
    }
    return notices.filter(notice => notice !== undefined);
}

/** What the whole view shows: an empty state that says what is the matter, or the tree. */
export function viewStateOf(workspace: WorkspaceSnapshot): ViewState {
    switch (workspace.kind) {
        case 'loading':
        case 'no-folder':
        case 'untrusted':
            return workspace.kind;
        case 'ready':
            break;
    }
    const { preflight, repositories } = workspace;
    if (preflight.system.distribution === 'windows') {
        return 'unsupported-windows';
    }
    if (preflight.system.sandbox !== undefined && (preflight.git === undefined || preflight.gitAnnex.kind === 'missing')) {
        return 'sandboxed';
    }
    if (preflight.git === undefined) {
        return 'git-missing';
    }
    switch (preflight.gitAnnex.kind) {
        case 'missing':
            return 'git-annex-missing';
        case 'too-old':
            return 'git-annex-too-old';
        case 'unreadable':
            return 'git-annex-unreadable';
        case 'ready':
            break;
    }
    const [first, ...others] = repositories;
    if (first === undefined) {
        return 'no-repository';
    }
    if (others.length > 0 || first.peers.length > 0 || first.access.length > 0) {
        return 'tree';
    }
    const [notice] = noticesOf(first, preflight);
    return notice === 'tor-not-installed' && preflight.system.sandbox !== undefined ? 'sandboxed' : (notice ?? 'tree');
}
