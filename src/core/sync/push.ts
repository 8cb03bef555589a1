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

export interface PushPlan {
    readonly refspecs: readonly string[];
    /** The other side's references that must arrive. */
    readonly needed: readonly string[];
}

/** @param before what ours was when `remote` was read: what we have made since then, the other side can't have */
async function isNewer(queries: GitQueries, ours: string | undefined, before: string | undefined, remote: string | undefined): Promise<boolean> {
    return ours !== undefined && ours !== remote && (remote === undefined || ours !== before || !await queries.isMergedInto(ours, remote));
}

/**
 * What to push to a peer that had `tips` at the last fetch; undefined if there is nothing that it has not.
 *
 * @param checkedOut the branch that is checked out (the original of an adjusted one)
 * @param branch the branch to push along with the git-annex branch, if one is
 * @param refs our references as they are now
 * @param before our references as they were at the last fetch
 */
export async function planPush(queries: GitQueries, checkedOut: string, branch: string | undefined, refs: Refs, before: Refs, tips: PeerTips | undefined): Promise<PushPlan | undefined> {
    const { branches } = tips ?? noTips;
    if (!refs.has(`refs/heads/${checkedOut}`)) {
        // Before the first commit sync pushes nothing either.
        return undefined;
    }
    const [needsAnnex, needsBranch] = await Promise.all([
        isNewer(queries, refs.get('refs/heads/git-annex'), before.get('refs/heads/git-annex'), branches.get('git-annex')),
        branch !== undefined && isNewer(queries, refs.get(`refs/heads/${branch}`), before.get(`refs/heads/${branch}`), branches.get(`synced/${branch}`)),
    ]);
    if (!needsAnnex && !needsBranch) {
        return undefined;
    }
    return {
        needed: ['refs/heads/synced/git-annex', ...(branch === undefined ? [] : [`refs/heads/synced/${branch}`])],
        refspecs: [
            '+refs/heads/git-annex:refs/heads/synced/git-annex',
            ...(branch === undefined ? [] : [`refs/heads/${branch}:refs/heads/synced/${branch}`]),
            'refs/heads/git-annex:refs/heads/git-annex',
            ...(branch === undefined ? [] : [`refs/heads/${branch}:refs/heads/${branch}`]),
        ],
    };
}

export async function pushTo(context: RepositoryContext, peer: SyncPeer, plan: PushPlan, options: { readonly patience: Patience; readonly signal?: AbortSignal | undefined }): Promise<RemoteStep> {
    return runRemoteStep(context, ['push', '--progress', '--porcelain', '--no-recurse-submodules', '--end-of-options', peer.name, ...plan.refspecs], {
        ...options,
        isGoodEnough: output => isPushed(output, plan.needed),
    });
}
