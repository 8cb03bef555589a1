/**
 * The versions of git-annex's branch that count together: the branch itself, and those that came from elsewhere and are
 * not merged yet (git-annex, Annex/Branch.hs, updateTo). git-annex merges them before it answers; here they are only read.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readGit, type GitContext } from './gitBytes';

export const annexBranch = 'refs/heads/git-annex';

export interface BranchVersions {
    /** The commit that counts as the branch: the branch's own, or the newest that it could be fast-forwarded to; undefined without any. */
    readonly base: string | undefined;
    /** Commits to be merged into it, in git-annex's order. */
    readonly unmerged: readonly string[];
}

interface BranchOptions {
    /** git-annex's `annex.merge-annex-branches`. */
    readonly merges: boolean;
    /** Something is in the journal: git-annex then commits it first, and never fast-forwards. */
    readonly journalled: boolean;
    readonly signal?: AbortSignal | undefined;
}

/** Commits and the names of their references. */
export type Branches = readonly (readonly [string, string])[];

/** Every reference that ends in `/git-annex`, with its commit, in the order of their names. */
async function siblings(context: GitContext, extra: readonly string[], signal?: AbortSignal): Promise<Branches> {
    const output = await readGit(context, ['for-each-ref', '--format=%(objectname) %(refname)', ...extra, 'refs/**/git-annex'], { signal });
    return output.toString('utf8').split('\n').flatMap(line => {
        const [oid, name] = line.split(' ');
        return oid === undefined || name === undefined ? [] : [[oid, name] as const];
    });
}

/** Commits that git-annex has noted to leave out: merged in a way that history doesn't show, or not to be merged. */
function noted(gitDir: string, file: string): readonly string[] {
    try {
        return readFileSync(path.join(gitDir, 'annex', file), 'utf8').split('\n').map(line => line.split(/\s/u)[0] ?? '').filter(oid => oid !== '');
    } catch {
        return [];
    }
}

async function isAncestor(context: GitContext, a: string, b: string, signal?: AbortSignal): Promise<boolean> {
    const output = await readGit(context, ['rev-list', '--max-count=1', a, `^${b}`], { signal });
    return output.length === 0;
}

/** Every branch of git-annex's that there is now. */
export async function readBranches(context: GitContext, signal?: AbortSignal): Promise<Branches> {
    return siblings(context, [], signal);
}

/** What of the branches counts. */
export async function versionsOf(context: GitContext, all: Branches, { merges, journalled, signal }: BranchOptions): Promise<BranchVersions> {
    const branch = all.find(([, name]) => name === annexBranch)?.[0] ?? all.find(([, name]) => name === 'refs/remotes/origin/git-annex')?.[0];
    if (branch === undefined) {
        return { base: undefined, unmerged: merges ? [...new Set(all.map(([oid]) => oid))] : [] };
    }
    if (!merges || all.every(([oid]) => oid === branch)) {
        return { base: branch, unmerged: [] };
    }
    const ignored = new Set([...noted(context.gitDir, 'ignoredrefs'), ...noted(context.gitDir, 'mergedrefs')]);
    const newer = await siblings(context, [`--no-merged=${branch}`], signal);
    const unmerged = [...new Set(newer.map(([oid]) => oid))].filter(oid => !ignored.has(oid));
    const forward = journalled ? undefined : await fastForward(context, branch, unmerged, signal);
    return forward === undefined ? { base: branch, unmerged } : { base: forward, unmerged: [] };
}

/** The commit that has all the others, and the branch, in its history; undefined if there is none (git-annex, Git/Branch.hs, fastForward). */
async function fastForward(context: GitContext, branch: string, commits: readonly string[], signal?: AbortSignal): Promise<string | undefined> {
    let best: string | undefined;
    for (const commit of commits) {
        if (best === undefined || await isAncestor(context, best, commit, signal)) {
            best = commit;
        } else if (!await isAncestor(context, commit, best, signal)) {
            return undefined;
        }
    }
    return best !== undefined && await isAncestor(context, branch, best, signal) ? best : undefined;
}

export interface ChangedPath {
    readonly bytes: Buffer;
    readonly start: number;
    readonly end: number;
    /** Names of the blobs before and after, in hexadecimal; undefined where there is none. */
    readonly oldOid: string | undefined;
    readonly newOid: string | undefined;
}

/** The differences between two commits' trees, for {@link forEachChange}. */
export async function diffTrees(context: GitContext, from: string, to: string, signal?: AbortSignal): Promise<Buffer> {
    return readGit(context, ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--full-index', from, to, '--'], { signal });
}

/** Calls `each` for every path at which the trees differ. */
export function forEachChange(output: Buffer, each: (change: ChangedPath) => void): void {
    // `:<mode> <mode> <object> <object> <letter>` and the path are records of their own.
    const named = (text: string | undefined): string | undefined => text === undefined || /^0+$/u.test(text) ? undefined : text;
    for (let at = 0; at < output.length;) {
        const endOfHeader = output.indexOf(0, at);
        const end = output.indexOf(0, endOfHeader + 1);
        if (endOfHeader < 0 || end < 0) {
            throw new Error('unexpected raw diff from git');
        }
        const words = output.toString('latin1', at, endOfHeader).split(' ');
        each({ bytes: output, start: endOfHeader + 1, end, oldOid: named(words[2]), newOid: named(words[3]) });
        at = end + 1;
    }
}
