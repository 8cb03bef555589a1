/**
 * Pushes as `git annex sync` does: the branch and the git-annex branch to `synced/…`, and, where the other side lets
 * it, straight to their names (git-annex, Command/Sync.hs, pushBranch). One connection in place of sync's three.
 */
import type { RepositoryContext } from '../annex/context';
import type { GitQueries, Refs } from '../git/queries';
import { runRemoteStep, type RemoteStep } from './gitRemote';
import { noTips, type PeerTips } from './quarantine';
import type { SyncPeer } from './types';
import type { Patience } from './watchdog';

/** One line of `git push --porcelain` (git's documentation, "Output"). */
export interface PushedRef {
    /** ' ' fast-forward, '+' forced, '-' deleted, '*' new, '!' refused, '=' up to date. */
    readonly flag: string;
    readonly to: string;
    readonly words: string;
}

export function parsePush(output: string): readonly PushedRef[] {
    return output.split('\n').flatMap(line => {
        const match = /^([ +\-*!=])\t([^\t]*):([^\t:]*)\t(.*)$/u.exec(line);
        return match === null ? [] : [{ flag: match[1] ?? '', to: match[3] ?? '', words: match[4] ?? '' }];
    });
}

/** Whether everything that must arrive has: the direct pushes may be refused, the `synced/…` ones may not. */
export function isPushed(output: string, needed: readonly string[]): boolean {
    const refs = parsePush(output);
    return needed.every(name => refs.some(({ to, flag }) => to === name && flag !== '!'));
}

interface PushOptions {
    readonly patience: Patience;
    readonly signal?: AbortSignal | undefined;
    /** The branch that is checked out (the original of an adjusted one). */
    readonly branch: string;
    /** Push the git-annex branch alone. */
    readonly onlyAnnex: boolean;
    /** Our references as they are now. */
    readonly refs: Refs;
    /** What the peer had at the last fetch. */
    readonly tips: PeerTips | undefined;
}

async function isNewer(queries: GitQueries, ours: string | undefined, remote: string | undefined): Promise<boolean> {
    return ours !== undefined && (remote === undefined || !await queries.isMergedInto(ours, remote));
}

/** Pushes if there is anything that the peer has not; undefined if there was nothing to push. */
export async function pushTo(context: RepositoryContext, queries: GitQueries, peer: SyncPeer, options: PushOptions): Promise<RemoteStep | undefined> {
    const { branches } = options.tips ?? noTips;
    if (!options.refs.has(`refs/heads/${options.branch}`)) {
        // Before the first commit sync pushes nothing either.
        return undefined;
    }
    const needsAnnex = await isNewer(queries, options.refs.get('refs/heads/git-annex'), branches.get('git-annex'));
    const branch = options.onlyAnnex ? undefined : options.branch;
    const needsBranch = branch !== undefined && await isNewer(queries, options.refs.get(`refs/heads/${branch}`), branches.get(`synced/${branch}`));
    if (!needsAnnex && !needsBranch) {
        return undefined;
    }
    const needed = ['refs/heads/synced/git-annex', ...(branch === undefined ? [] : [`refs/heads/synced/${branch}`])];
    const refspecs = [
        '+refs/heads/git-annex:refs/heads/synced/git-annex',
        ...(branch === undefined ? [] : [`refs/heads/${branch}:refs/heads/synced/${branch}`]),
        'refs/heads/git-annex:refs/heads/git-annex',
        ...(branch === undefined ? [] : [`refs/heads/${branch}:refs/heads/${branch}`]),
    ];
    return runRemoteStep(context, ['push', '--progress', '--porcelain', '--no-recurse-submodules', '--end-of-options', peer.name, ...refspecs], {
        patience: options.patience,
        signal: options.signal,
        isGoodEnough: output => isPushed(output, needed),
    });
}
