/**
 * Merges, by git-annex's own commands, exactly the commits that were looked at, and judges the outcome by references.
 */
import { annexInvocation } from '../annex/commands/command';
import { mergeAnnexCommand, mergeCommitCommand, resolveMergeCommand } from '../annex/commands/merge';
import type { RepositoryContext } from '../annex/context';
import { emptyTreeLike, GitQueries } from '../git/queries';
import { absentMode } from '../git/rawDiff';
import { RunError, type RunResult } from '../process/run';
import { guardedLogs } from './look/annexLogs';
import type { Finding } from './look/findings';
import { runLocalStep } from './localStep';
import { ownCommit, type BranchState } from './state';
import type { MergeOutcome } from './types';

export async function runAnnexLocally(context: RepositoryContext, command: { readonly args: readonly string[] }, signal?: AbortSignal): Promise<RunResult> {
    return runLocalStep(context, annexInvocation(context, command), signal);
}

export interface TreeMerge {
    readonly outcome: MergeOutcome;
    /** Files of which both versions were kept. */
    readonly conflicts: readonly string[];
}

export interface MergeOptions {
    readonly allowUnrelatedHistories: boolean;
    /** Let git-annex keep both versions of what was changed on both sides. */
    readonly resolveConflicts: boolean;
    /** Where conflicts are left nobody is there to resolve them: the work tree becomes what it was. */
    readonly takeBackConflicts: boolean;
    readonly signal?: AbortSignal | undefined;
}

/** Merges commits, one after the other, into the branch that is checked out. */
export async function mergeCommits(context: RepositoryContext, queries: GitQueries, state: BranchState, commits: readonly string[], options: MergeOptions): Promise<TreeMerge> {
    const before = await ownCommit(queries, state);
    let ours = before;
    let merged = false;
    let couldConflict = false;
    for (const commit of commits) {
        const base = ours === undefined ? undefined : await queries.mergeBase(ours, commit);
        if (base === commit) {
            continue;
        }
        // Where nothing can conflict git does it alone, as it does for git-annex, and a process is spared.
        const isForward = ours !== undefined && base === ours && state.adjusted === undefined;
        const result = await orTakeBack(context, ours, commit, async () => isForward ? mergeForward(context, commit, options.signal) : runAnnexLocally(context, mergeCommitCommand(commit, options), options.signal));
        if (result instanceof RunError) {
            return { outcome: { kind: 'failed', words: result.detail === '' ? result.message : result.detail }, conflicts: [] };
        }
        ours = await ownCommit(queries, state);
        if (!await isMerged(queries, ours, commit)) {
            const conflict = await resolveConflict(context, queries, options);
            ours = await ownCommit(queries, state);
            if (conflict === undefined || !await isMerged(queries, ours, commit)) {
                if (conflict !== undefined && options.takeBackConflicts) {
                    await abortMerge(context);
                }
                return { outcome: conflict === undefined ? refusal(result) : { kind: 'conflict', files: conflict }, conflicts: [] };
            }
        }
        merged = true;
        couldConflict ||= !isForward;
    }
    const conflicts = couldConflict && ours !== undefined && before !== undefined ? await variants(queries, before, ours) : [];
    return { outcome: { kind: merged ? 'merged' : 'nothing' }, conflicts };
}

/** A merge that was ended before its end (in a hook, for one) has begun to change the work tree: that becomes what it was. @throws {CancelledError} */
async function orTakeBack(context: RepositoryContext, ours: string | undefined, commit: string, merge: () => Promise<RunResult>): Promise<RunResult | RunError> {
    try {
        return await merge();
    } catch (error) {
        // Without the signal: it has been cancelled.
        const queries = new GitQueries(context);
        if (await queries.commit('MERGE_HEAD') !== undefined) {
            await abortMerge(context);
        } else if (ours !== undefined && await isStaged(queries, ours, commit)) {
            await runLocalStep(context, { file: context.programs.git, args: ['reset', '--quiet', '--merge', ours], cwd: context.root }, undefined);
        }
        if (error instanceof RunError) {
            return error;
        }
        throw error;
    }
}

/** In the hook before the commit git has the merge in its index, and says nowhere else that it merges. What the user has staged is no merge's result. */
async function isStaged(queries: GitQueries, ours: string, commit: string): Promise<boolean> {
    const merged = await queries.mergedTree(ours, commit);
    return merged !== undefined && await queries.commit('HEAD') === ours && (await queries.ask(['write-tree'])).trim() === merged;
}

async function abortMerge(context: RepositoryContext): Promise<void> {
    await runLocalStep(context, { file: context.programs.git, args: ['merge', '--abort'], cwd: context.root }, undefined);
}

async function mergeForward(context: RepositoryContext, commit: string, signal?: AbortSignal): Promise<RunResult> {
    return runLocalStep(context, { file: context.programs.git, args: ['merge', '--quiet', '--ff-only', commit], cwd: context.root }, signal);
}

async function isMerged(queries: GitQueries, ours: string | undefined, commit: string): Promise<boolean> {
    return ours !== undefined && queries.isMergedInto(commit, ours);
}

/** Why git did not even begin to merge. */
function refusal(result: RunResult): MergeOutcome {
    const words = `${result.stderr}\n${result.stdout}`.trim();
    const isInTheWay = /would be overwritten|local changes|not uptodate|untracked working tree file|your index (?:file )?(?:is|contains)/iu.test(words);
    return isInTheWay ? { kind: 'local-changes' } : { kind: 'failed', words };
}

/**
 * Has git-annex resolve the merge that stopped at conflicts.
 * @returns the files that are still in conflict (files in plain git are); undefined if no merge is under way
 */
async function resolveConflict(context: RepositoryContext, queries: GitQueries, { resolveConflicts, signal }: MergeOptions): Promise<readonly string[] | undefined> {
    if (await queries.commit('MERGE_HEAD') === undefined) {
        return undefined;
    }
    if (resolveConflicts) {
        await runAnnexLocally(context, resolveMergeCommand(), signal);
    }
    const { changed } = await queries.status('no');
    return changed.filter(({ kind }) => kind === 'unmerged').map(({ path }) => path);
}

/** The files that git-annex's conflict resolution left: `name.variant-1a2b.ext` (git-annex, Annex/VariantFile.hs). */
async function variants(queries: GitQueries, before: string, after: string): Promise<readonly string[]> {
    const changes = await queries.diffTrees(before, after);
    return changes.filter(({ path, oldMode, newMode }) => oldMode === absentMode && newMode !== absentMode && /\.variant-[0-9a-f]{4}(?:\.[^/]*)?$/u.test(path)).map(({ path }) => path);
}

/** Merges what git-annex finds into its own branch, and commits its journal. */
export async function mergeAnnexBranches(context: RepositoryContext, options: { readonly mergeAnnexBranches: boolean }, signal?: AbortSignal): Promise<void> {
    await runAnnexLocally(context, mergeAnnexCommand(options), signal);
}

/**
 * What came into the guarded logs of the git-annex branch from elsewhere than from the commits that were looked at: a
 * peer can push between the look and the merge, which takes every reference of the name.
 */
export async function slippedIn(queries: GitQueries, before: string | undefined, after: string | undefined, lookedAt: readonly string[]): Promise<readonly Finding[]> {
    if (after === undefined || after === before) {
        return [];
    }
    const changes = await queries.diffTrees(before ?? emptyTreeLike(after), after, ...guardedLogs.map(({ path }) => path));
    const findings: Finding[] = [];
    for (const change of changes.filter(({ newMode }) => newMode !== absentMode)) {
        const sources = [...(before === undefined ? [] : [before]), ...lookedAt];
        const known = new Set((await Promise.all(sources.map(async commit => await queries.fileAt(commit, change.path) ?? ''))).flatMap(content => content.split('\n')));
        const unknown = (await queries.blob(change.newOid)).split('\n').filter(line => line !== '' && !known.has(line));
        const danger = guardedLogs.find(({ path }) => path === change.path)?.danger;
        if (unknown.length > 0 && danger !== undefined) {
            findings.push({
                danger,
                path: change.path,
                before: change.oldMode === absentMode ? undefined : { mode: change.oldMode, oid: change.oldOid },
                after: { mode: change.newMode, oid: change.newOid },
                detail: unknown.join('\n'),
            });
        }
    }
    return findings;
}
