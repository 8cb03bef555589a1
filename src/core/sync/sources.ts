/**
 * Where something to merge may come from, looked at and decided on: the peers' own branches in quarantine, and what
 * lies in the repository already because somebody pushed it or another program fetched it.
 */
import type { RepositoryContext } from '../annex/context';
import { CancelledError } from '../errors';
import type { GitQueries, Ref, Refs } from '../git/queries';
import { isSameFinding, lookAtAnnexBranch, lookAtTree, type Finding } from './look/findings';
import type { MergeSource, SyncQuestions } from './types';

export interface Decision {
    readonly source: MergeSource;
    /** Commits for the branch, in the order in which sync merges them; empty if none is to be merged. */
    readonly tree: readonly string[];
    /** Commits for the git-annex branch that may be merged. */
    readonly annex: readonly string[];
    readonly allowUnrelatedHistories: boolean;
    /** Why the tree is left alone, if it is. */
    readonly stopped: 'findings' | 'unrelated' | undefined;
    /** The git-annex branch is not to be merged. */
    readonly annexStopped: boolean;
    readonly findings: readonly Finding[];
}

/** What is to be decided on, and what we have ourselves. */
interface Candidates {
    readonly ours: string | undefined;
    readonly ourAnnex: string | undefined;
    readonly source: MergeSource;
    readonly tree: readonly string[];
    readonly annex: readonly string[];
}

/** Remembers what was answered, so that the same thing coming by another way isn't asked twice. */
export class Judge {
    readonly #accepted: Finding[] = [];
    readonly #refused: Finding[] = [];
    #unrelated: 'merge' | 'skip' | undefined;

    constructor(
        private readonly context: RepositoryContext,
        private readonly queries: GitQueries,
        private readonly questions: SyncQuestions,
        private readonly signal?: AbortSignal,
    ) {}

    /** Looks at candidates that are not merged yet, and asks where something was found. @throws {CancelledError} */
    async decide({ ours, ourAnnex, source, tree, annex }: Candidates): Promise<Decision> {
        const [newTree, newAnnex] = await Promise.all([this.#unmerged(tree, ours), this.#unmerged(annex, ourAnnex)]);
        const [treeLooks, annexLooks] = await Promise.all([
            Promise.all(newTree.map(async commit => lookAtTree(this.context, this.queries, ours, commit, this.signal))),
            Promise.all(newAnnex.map(async commit => lookAtAnnexBranch(this.queries, ourAnnex, commit, this.context.uuid))),
        ]);
        const inTree = different(treeLooks.flatMap(look => look.findings));
        const inAnnexBranch = different(annexLooks.flat());
        const unrelated = treeLooks.some(look => look.unrelated);
        const findings = [...inTree, ...inAnnexBranch];
        const decision = { source, findings, allowUnrelatedHistories: unrelated };
        if (unrelated && await this.#askUnrelated(source) === 'skip') {
            const annexStopped = inAnnexBranch.length > 0;
            return { ...decision, tree: [], annex: annexStopped ? [] : newAnnex, stopped: 'unrelated', annexStopped };
        }
        if (findings.length > 0 && await this.#askFindings(source, inTree, inAnnexBranch) === 'skip') {
            const annexStopped = inAnnexBranch.length > 0;
            return { ...decision, tree: [], annex: annexStopped ? [] : newAnnex, stopped: 'findings', annexStopped };
        }
        return { ...decision, tree: newTree, annex: newAnnex, stopped: undefined, annexStopped: false };
    }

    async #unmerged(commits: readonly string[], ours: string | undefined): Promise<readonly string[]> {
        const different = [...new Set(commits)];
        const merged = await Promise.all(different.map(async commit => ours !== undefined && this.queries.isMergedInto(commit, ours)));
        return different.filter((_commit, index) => merged[index] !== true);
    }

    async #askFindings(source: MergeSource, inTree: readonly Finding[], inAnnexBranch: readonly Finding[]): Promise<'merge' | 'skip'> {
        const findings = [...inTree, ...inAnnexBranch];
        const isKnown = (known: readonly Finding[]): boolean => findings.every(finding => known.some(other => isSameFinding(finding, other)));
        if (isKnown(this.#accepted)) {
            return 'merge';
        }
        if (findings.some(finding => this.#refused.some(other => isSameFinding(finding, other)))) {
            return 'skip';
        }
        const answer = await this.questions.hostileMerge({ source, inTree, inAnnexBranch });
        if (answer === 'cancel') {
            throw new CancelledError('the merge');
        }
        (answer === 'merge' ? this.#accepted : this.#refused).push(...findings);
        return answer;
    }

    async #askUnrelated(source: MergeSource): Promise<'merge' | 'skip'> {
        if (this.#unrelated === undefined || source.kind === 'peer') {
            const answer = await this.questions.unrelatedHistories(source);
            if (answer === 'cancel') {
                throw new CancelledError('the merge');
            }
            this.#unrelated = answer;
        }
        return this.#unrelated;
    }
}

/** Each finding once. */
function different(findings: readonly Finding[]): readonly Finding[] {
    return findings.filter((finding, index) => findings.findIndex(other => isSameFinding(finding, other)) === index);
}

/** The references that git-annex would merge into its branch by itself (git-annex, Annex/Branch.hs, siblingBranches). */
export function annexSiblings(refs: Refs): readonly Ref[] {
    return [...refs].map(([name, oid]) => ({ name, oid })).filter(({ name }) => name.split('/').at(-1) === 'git-annex' && name !== 'refs/heads/git-annex');
}

/** The remote whose tracking branch a reference is. */
export function remoteOfRef(name: string, remotes: readonly string[]): string | undefined {
    return remotes.find(remote => name.startsWith(`refs/remotes/${remote}/`));
}
