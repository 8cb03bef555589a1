/**
 * What a repository is in the middle of: which branch, adjusted or not, and whether git is busy with something that only
 * its user can end.
 */
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { GitQueries, Settings } from '../git/queries';
import { SyncError, type SyncErrorReason } from './types';

export interface BranchState {
    readonly bare: boolean;
    /** What HEAD names, without `refs/heads/`. */
    readonly checkedOut: string;
    /** The branch that is shared: the original of an adjusted branch. */
    readonly branch: string;
    readonly adjusted: { readonly hidesFiles: boolean } | undefined;
}

const inProgress: readonly { readonly file: string; readonly reason: SyncErrorReason }[] = [
    { file: 'MERGE_HEAD', reason: 'merge-in-progress' },
    { file: 'rebase-merge', reason: 'rebase-in-progress' },
    { file: 'rebase-apply', reason: 'rebase-in-progress' },
    { file: 'CHERRY_PICK_HEAD', reason: 'cherry-pick-in-progress' },
    { file: 'REVERT_HEAD', reason: 'revert-in-progress' },
    { file: 'BISECT_LOG', reason: 'bisect-in-progress' },
];

/** `adjusted/master(unlocked)` is master, adjusted (git-annex, Annex/AdjustedBranch/Name.hs). */
export function parseAdjusted(branch: string): { readonly original: string; readonly adjustment: string } | undefined {
    const match = /^adjusted\/(.+)\(([^()]+)\)$/su.exec(branch);
    return match === null ? undefined : { original: match[1] ?? '', adjustment: match[2] ?? '' };
}

async function exists(file: string): Promise<boolean> {
    return access(file).then(() => true, () => false);
}

/** @throws {SyncError} where a sync must not touch the repository. */
export async function readState(queries: GitQueries, root: string): Promise<{ readonly settings: Settings; readonly state: BranchState }> {
    const [settings, { folder, branch }] = await Promise.all([queries.settings(), readHead(queries, root)]);
    return { settings, state: await branchState(settings, branch, folder) };
}

/** The work tree's own git folder, where HEAD lies, and what HEAD names. */
async function readHead(queries: GitQueries, root: string): Promise<{ readonly folder: string; readonly branch: string | undefined }> {
    const folder = path.join(root, '.git');
    // So it is nearly always; git is asked where it isn't: a linked work tree, a bare repository, references kept in tables.
    const named = /^ref: (refs\/heads\/[^\n]+)\n$/u.exec(await readFile(path.join(folder, 'HEAD'), 'utf8').catch(() => ''))?.[1];
    if (named !== undefined && named !== 'refs/heads/.invalid') {
        return { folder, branch: named };
    }
    const [headFile, branch] = await Promise.all([queries.gitPath('HEAD'), queries.headBranch()]);
    return { folder: path.dirname(headFile), branch };
}

async function branchState(settings: Settings, head: string | undefined, gitFolder: string): Promise<BranchState> {
    for (const { file, reason } of inProgress) {
        if (await exists(path.join(gitFolder, file))) {
            throw new SyncError(reason, `${file} exists`);
        }
    }
    if (head?.startsWith('refs/heads/') !== true) {
        throw new SyncError('detached-head', 'HEAD names no branch');
    }
    const checkedOut = head.slice('refs/heads/'.length);
    const adjusted = parseAdjusted(checkedOut);
    return {
        bare: settings.flag('core.bare') === true,
        checkedOut,
        branch: adjusted?.original ?? checkedOut,
        adjusted: adjusted === undefined ? undefined : { hidesFiles: adjusted.adjustment.includes('hidemissing') },
    };
}

/** The commit that stands for our side: the original branch's, or the adjusted branch's own before the first. */
export async function ownCommit(queries: GitQueries, state: BranchState): Promise<string | undefined> {
    return queries.commit(`refs/heads/${state.branch}`);
}
