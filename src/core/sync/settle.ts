/**
 * The end of a sync, on our own side: the state in which `git annex sync` leaves the branches and pushes them.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../annex/context';
import type { GitQueries, Refs } from '../git/queries';
import { propagate } from './adjusted';
import { mergeAnnexBranches } from './merge';
import { park, updateRefs } from './quarantine';
import type { BranchState } from './state';

/** Brings our branches into the state in which they are pushed, and reads them. */
export async function settle(context: RepositoryContext, queries: GitQueries, state: BranchState, signal?: AbortSignal): Promise<Refs> {
    await propagate(context, state, signal);
    const journal = await readdir(path.join(context.gitDir, 'annex', 'journal')).catch(() => []);
    if (journal.length > 0) {
        await mergeAnnexBranches(context, { mergeAnnexBranches: false }, signal);
    }
    return queries.refs();
}

/** Leaves our own `synced/…` as sync does; `refs` as they were settled. */
export async function keepSynced(context: RepositoryContext, queries: GitQueries, state: BranchState, refs: Refs): Promise<void> {
    const ours = refs.get(`refs/heads/${state.branch}`);
    const name = `refs/heads/synced/${state.branch}`;
    const before = refs.get(name);
    if (ours === undefined || before === ours) {
        return;
    }
    // Sync overwrites what somebody has pushed there and could not be merged; here it is kept aside.
    if (before !== undefined && !await queries.isMergedInto(before, ours)) {
        await park(context, [{ name, oid: before }]);
    }
    await updateRefs(context, [{ name, oid: ours }]);
}
