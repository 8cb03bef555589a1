/**
 * One round of looking at what is there to merge, asking about it, and merging it.
 */
import type { RepositoryContext } from '../annex/context';
import { throwIfCancelled } from '../errors';
import type { GitQueries, Ref, Refs } from '../git/queries';
import { mergeCommits } from './merge';
import { park, quarantined, release, type PeerTips } from './quarantine';
import { annexSiblings, remoteOfRef, type Decision, type Judge } from './sources';
import type { BranchState } from './state';
import type { MergeOutcome, SyncPeer } from './types';

export interface RoundInput {
    readonly context: RepositoryContext;
    readonly queries: GitQueries;
    readonly state: BranchState;
    readonly judge: Judge;
    /** All references as they are now, the fetched ones in quarantine included. */
    readonly refs: Refs;
    /** Names of all remotes. */
    readonly remotes: readonly string[];
    /** Whether the branch is merged, or the git-annex branch alone. */
    readonly withTree: boolean;
    /** The peers that were fetched from. */
    readonly fetched: readonly { readonly peer: SyncPeer; readonly tips: PeerTips }[];
    /** Puts what was refused out of git-annex's sight; without, nothing of git-annex's is merged as long as it is there. */
    readonly parkRefused: boolean;
    /** Let git-annex keep both versions of what was changed on both sides (`annex.resolvemerge`). */
    readonly resolveConflicts: boolean;
    /** See {@link MergeOptions}. */
    readonly takeBackConflicts: boolean;
    readonly signal?: AbortSignal | undefined;
}

export interface RoundResult {
    readonly peers: ReadonlyMap<string, MergeOutcome>;
    readonly pushedHere: MergeOutcome;
    /** Commits that the next git-annex command may merge into the git-annex branch, of references that it will find. */
    readonly annex: readonly string[];
    readonly conflicts: readonly string[];
}

interface Candidate {
    readonly peer?: SyncPeer;
    readonly tips?: PeerTips;
    readonly decision: Decision;
    /** References in the repository that hold what was decided on. */
    readonly refs: readonly Ref[];
}

function isAnnexName(branch: string): boolean {
    return branch.split('/').at(-1) === 'git-annex';
}

/** All that git-annex would merge of a peer's branches into its own. */
export function annexTips(tips: PeerTips): readonly string[] {
    return [...tips.branches].filter(([name]) => isAnnexName(name)).map(([, oid]) => oid);
}

const nothing: MergeOutcome = { kind: 'nothing' };

export async function mergeRound(input: RoundInput): Promise<RoundResult> {
    const { ourAnnex } = own(input);
    if (ourAnnex !== undefined) {
        await input.queries.learnMerged([...annexSiblings(input.refs), ...quarantined(input.refs).filter(({ branch }) => isAnnexName(branch))], ourAnnex);
    }
    const candidates = await decideOnPeers(input);
    candidates.push(...await decideOnRest(input, candidates));
    throwIfCancelled(input.signal);
    const refused = candidates.filter(({ decision }) => decision.annexStopped).flatMap(({ refs }) => refs.filter(({ name }) => isAnnexName(name)));
    if (input.parkRefused) {
        const refusedTrees = candidates.filter(({ decision }) => decision.stopped !== undefined).flatMap(({ refs }) => refs.filter(({ name }) => !isAnnexName(name)));
        await park(input.context, [...refused, ...refusedTrees]);
    }
    const peers = new Map<string, MergeOutcome>();
    let pushedHere = nothing;
    const conflicts: string[] = [];
    // As sync does: first what was pushed here, then the peers.
    for (const candidate of candidates.toSorted((a, b) => Number(a.peer !== undefined) - Number(b.peer !== undefined))) {
        const { peer, tips, decision } = candidate;
        const outcome = await apply(input, decision, conflicts);
        if (peer === undefined) {
            pushedHere = pushedHere.kind === 'nothing' ? outcome : pushedHere;
        } else if (tips !== undefined) {
            peers.set(peer.name, outcome.kind === 'nothing' ? otherBranch(input, tips) ?? outcome : outcome);
            await release(input.context, input.queries, input.refs, peer, tips, branch => isAnnexName(branch) ? !decision.annexStopped : decision.stopped === undefined);
        }
    }
    const mayMerge = input.parkRefused || refused.length === 0;
    return { peers, pushedHere, conflicts, annex: mayMerge ? [...new Set(candidates.flatMap(({ decision }) => decision.annex))] : [] };
}

/** A peer whose branches all have other names than ours. */
function otherBranch({ state, withTree }: RoundInput, tips: PeerTips): MergeOutcome | undefined {
    const isShared = tips.branches.has(state.branch) || tips.branches.has(`synced/${state.branch}`);
    const branches = [...tips.branches.keys()].filter(name => !isAnnexName(name) && !/^(?:synced|adjusted)\//u.test(name));
    return withTree && !isShared && branches.length > 0 ? { kind: 'other-branch', branches } : undefined;
}

/** What is ours before anything is merged. */
function own({ refs, state }: RoundInput): { readonly ours: string | undefined; readonly ourAnnex: string | undefined } {
    return { ours: refs.get(`refs/heads/${state.branch}`), ourAnnex: refs.get('refs/heads/git-annex') };
}

async function decideOnPeers(input: RoundInput): Promise<Candidate[]> {
    const { fetched, judge, state, withTree } = input;
    const candidates: Candidate[] = [];
    for (const { peer, tips } of fetched) {
        const tree = withTree ? [state.branch, `synced/${state.branch}`].flatMap(name => tips.branches.get(name) ?? []) : [];
        const annex = annexTips(tips);
        candidates.push({ peer, tips, refs: [], decision: await judge.decide({ ...own(input), source: { kind: 'peer', peer: peer.name }, tree, annex }) });
    }
    return candidates;
}

/** What lies here already: somebody pushed it, or another program (the remote daemon, for one) fetched it. */
async function decideOnRest(input: RoundInput, decided: readonly Candidate[]): Promise<readonly Candidate[]> {
    const { queries, judge, state, withTree, remotes } = input;
    const { ourAnnex } = own(input);
    const covered = decided.flatMap(({ decision }) => decision.annex);
    const isCovered = async (oid: string): Promise<boolean> =>
        (ourAnnex !== undefined && await queries.isMergedInto(oid, ourAnnex)) || covered.includes(oid)
        || (await Promise.all(covered.map(async commit => queries.isMergedInto(oid, commit)))).includes(true);
    const bySource = new Map<string | undefined, Ref[]>();
    for (const ref of annexSiblings(input.refs)) {
        if (!await isCovered(ref.oid)) {
            const remote = remoteOfRef(ref.name, remotes);
            bySource.set(remote, [...bySource.get(remote) ?? [], ref]);
        }
    }
    const pushed = bySource.get(undefined) ?? [];
    bySource.delete(undefined);
    const candidates: Candidate[] = [];
    for (const [remote, refs] of bySource) {
        candidates.push({ refs, decision: await judge.decide({ ...own(input), source: { kind: 'peer', peer: remote ?? '' }, tree: [], annex: refs.map(({ oid }) => oid) }) });
    }
    const branch = `refs/heads/synced/${state.branch}`;
    const oid = withTree ? input.refs.get(branch) : undefined;
    const refs: readonly Ref[] = [...pushed, ...(oid === undefined ? [] : [{ name: branch, oid }])];
    if (refs.length > 0) {
        const source = { kind: 'pushed-here' as const, refs: refs.map(({ name }) => name) };
        candidates.push({ refs, decision: await judge.decide({ ...own(input), source, tree: oid === undefined ? [] : [oid], annex: pushed.map(ref => ref.oid) }) });
    }
    return candidates;
}

async function apply({ context, queries, state, resolveConflicts, takeBackConflicts, signal }: RoundInput, decision: Decision, conflicts: string[]): Promise<MergeOutcome> {
    if (decision.stopped !== undefined) {
        return decision.stopped === 'unrelated' ? { kind: 'unrelated' } : { kind: 'stopped', findings: decision.findings };
    }
    if (decision.tree.length === 0) {
        return nothing;
    }
    const merge = await mergeCommits(context, queries, state, decision.tree, { allowUnrelatedHistories: decision.allowUnrelatedHistories, resolveConflicts, takeBackConflicts, signal });
    conflicts.push(...merge.conflicts);
    return merge.outcome;
}
