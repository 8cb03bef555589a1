/**
 * Sync Content: the end state of `git annex sync <peers> --content`, in steps that can be watched, cancelled and
 * repeated, and with a look at what would be merged before it is.
 *
 * - Fetches go to quarantine; every git-annex command runs with `annex.merge-annex-branches=false` until what it would
 *   merge was looked at.
 * - Commits are merged by the object names that were looked at, never by references, which a peer can move meanwhile.
 * - What is refused is left where git-annex does not see it.
 */
import type { RepositoryContext } from '../annex/context';
import { GitQueries, type Refs, type Settings } from '../git/queries';
import { moveContent } from './adjusted';
import { commitChanges, type CommitResult } from './commit';
import type { ContentPeer, ContentResult } from './content';
import { hasNetwork } from './cutOff';
import type { Finding } from './look/findings';
import { mergeAnnexBranches, slippedIn } from './merge';
import { annexTips, mergeRound, type RoundResult } from './mergeRound';
import { askedVisibly, ProgressCounter } from './progress';
import { planPush, pushTo, type PushPlan } from './push';
import { fetchToQuarantine, readTips } from './quarantine';
import { peerRules } from './rules';
import { Judge } from './sources';
import { keepSynced, settle } from './settle';
import { readState, type BranchState } from './state';
import { summaryOf, type PeerState } from './summary';
import { together } from './together';
import type { MergeOutcome, SyncPeer, SyncPhase, SyncProgress, SyncQuestions, SyncSettings, SyncSummary } from './types';
import { WantedLogs } from './wanted';
import { contentPatience, gitPatience, gitPatienceWithoutNetwork, type Patience } from './watchdog';

export interface SyncOptions {
    readonly settings: SyncSettings;
    readonly questions: SyncQuestions;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
    /** Runs a step while the remote daemon does not fetch by itself. */
    readonly quietDaemon?: (<T>(work: () => Promise<T>) => Promise<T>) | undefined;
    /** False: branches alone, no content (as `git annex sync --no-content`). */
    readonly content?: boolean;
    /** Nobody is there: a merge that stops at conflicts is taken back, in place of being left for its user to resolve. */
    readonly unattended?: boolean;
    readonly gitPatience?: Patience;
    readonly contentPatience?: Patience;
    /** Files to move at once; git-annex's own setting if undefined. */
    readonly jobs?: number | undefined;
}

/** A merge into our git-annex branch: what was there before, and what was looked at and let in. */
interface AnnexMerge {
    readonly before: string | undefined;
    readonly lookedAt: readonly string[];
}

/** So many peers are fetched from, or pushed to, at once: one that is slow to reach keeps no other waiting. */
const peersAtOnce = 4;

const nothing: MergeOutcome = { kind: 'nothing' };
const noContent: ContentResult = { peers: new Map(), droppedHere: 0, moved: false };

/**
 * Syncs with peers, which are taken in the given order.
 * @throws {SyncError} where it must not begin; {CancelledError} when cancelled, by the signal or by an answer. What was
 * done until then stays: files that came are here, half a file is kept for the next time.
 */
export async function syncContent(context: RepositoryContext, peers: readonly SyncPeer[], options: SyncOptions): Promise<SyncSummary> {
    return new Sync(context, options).run(peers);
}

class Sync {
    readonly #queries: GitQueries;
    readonly #progress: ProgressCounter;
    readonly #questions: SyncQuestions;
    readonly #wanted: WantedLogs;
    readonly #conflicts = new Set<string>();
    #peers: readonly PeerState[] = [];
    /** Commits of git-annex branches that were looked at and let through. */
    #lookedAt: readonly string[] = [];
    #slippedIn: readonly Finding[] = [];
    #resolveConflicts = true;
    #remotes: readonly string[] = [];
    /** Peers that a step is waiting for at this moment. */
    #waiting: { readonly phase: SyncPhase; readonly peers: ReadonlySet<string> } | undefined;

    constructor(private readonly context: RepositoryContext, private readonly options: SyncOptions) {
        this.#queries = new GitQueries(context, options.signal);
        this.#wanted = new WantedLogs(context, this.#queries, options.signal);
        this.#progress = new ProgressCounter(snapshot => options.onProgress?.(snapshot));
        this.#questions = askedVisibly(options.questions, this.#progress);
    }

    async run(peers: readonly SyncPeer[]): Promise<SyncSummary> {
        const started = Date.now();
        this.#progress.phase('checking');
        const { settings, state } = await readState(this.#queries, this.context.root);
        this.#peers = peers.map(peer => ({ peer, rules: peerRules(settings, peer), fetched: false, tips: undefined, merge: nothing, problem: undefined }));
        this.#remotes = settings.remotes();
        this.#resolveConflicts = settings.flag('annex.resolvemerge') !== false;
        const withTree = !state.bare && settings.flag('annex.synconlyannex') !== true;
        let committed: CommitResult = { commit: undefined, added: 0, notAdded: [] };
        await together(this.options.signal, [
            signal => this.#fetchAll(signal),
            async signal => {
                committed = withTree ? await this.#commit(settings, signal) : committed;
                this.#showWaiting();
            },
        ]);
        const refs = await this.#readTips();
        this.#wanted.prepare([refs.get('refs/heads/git-annex'), ...this.#peers.flatMap(({ tips }) => tips === undefined ? [] : annexTips(tips))]);
        const round = await this.#merge(state, refs, withTree, this.#questions, true);
        for (const entry of this.#peers) {
            entry.merge = round.peers.get(entry.peer.name) ?? entry.merge;
        }
        const content = await this.#content(state, refs.get('refs/heads/git-annex'), round.annex);
        const merged = this.#mergeOf(round, refs);
        const last = content.moved ? await this.#mergeAgain(state, withTree, merged) : { refs, merged };
        const settled = await settle(this.context, this.#queries, state, this.options.signal);
        await together(this.options.signal, [
            signal => this.#pushAll(state, { fetched: last.refs, settled }, withTree, signal),
            async () => withTree ? keepSynced(this.context, this.#queries, state, settled) : undefined,
            () => this.#findSlippedIn(last.merged, settled.get('refs/heads/git-annex')),
        ]);
        return {
            ...summaryOf(this.#peers, committed, content),
            pushedHere: round.pushedHere,
            conflicts: [...this.#conflicts],
            slippedIn: this.#slippedIn,
            durationMs: Date.now() - started,
        };
    }

    async #commit(settings: Settings, signal: AbortSignal): Promise<CommitResult> {
        if (settings.flag('annex.autocommit') === false) {
            return { commit: undefined, added: 0, notAdded: [] };
        }
        this.#progress.phase('committing');
        return commitChanges(this.context, this.#queries, {
            settings: this.options.settings,
            questions: this.#questions,
            signal,
            onAdding: ({ path: file, done, total }) => file === undefined ? undefined : this.#progress.moving(file, done, total),
        });
    }

    async #quietly<T>(work: () => Promise<T>): Promise<T> {
        return this.options.quietDaemon === undefined ? work() : this.options.quietDaemon(work);
    }

    get #gitPatience(): Patience {
        return this.options.gitPatience ?? (hasNetwork() ? gitPatience : gitPatienceWithoutNetwork);
    }

    /** Peers with which nothing went wrong so far. */
    #reachable(): readonly PeerState[] {
        return this.#peers.filter(({ problem }) => problem === undefined);
    }

    /** Does a step with several peers side by side, and shows one that it still waits for. */
    async #withEach<Plan>(phase: SyncPhase, plans: ReadonlyMap<PeerState, Plan>, signal: AbortSignal | undefined, step: (entry: PeerState, plan: Plan, signal: AbortSignal) => Promise<void>): Promise<void> {
        if (plans.size === 0) {
            return;
        }
        const peers = new Set([...plans.keys()].map(({ peer }) => peer.name));
        this.#waiting = { phase, peers };
        this.#showWaiting();
        await this.#quietly(async () => together(signal, [...plans].map(([entry, plan]) => async (both: AbortSignal) => {
            await step(entry, plan, both);
            peers.delete(entry.peer.name);
            this.#showWaiting();
        }), peersAtOnce));
    }

    #showWaiting(): void {
        const [name] = this.#waiting?.peers ?? [];
        if (this.#waiting !== undefined && name !== undefined) {
            this.#progress.phase(this.#waiting.phase, name);
        }
    }

    async #fetchAll(signal: AbortSignal | undefined): Promise<void> {
        const pulled = new Map(this.#reachable().filter(({ rules }) => rules.pull).map(entry => [entry, undefined] as const));
        await this.#withEach('fetching', pulled, signal, async (entry, _plan, both) => {
            const step = await fetchToQuarantine(this.context, entry.peer, { patience: this.#gitPatience, signal: both });
            entry.fetched ||= step.ok;
            if (!step.ok) {
                entry.problem = { step: 'fetch', reason: step.reason, words: step.words };
                entry.merge = entry.fetched ? entry.merge : { kind: 'not-asked' };
            }
        });
    }

    /** From here on only what was fetched at this moment counts, whatever happens to the references. */
    async #readTips(): Promise<Refs> {
        const refs = await this.#queries.refs();
        for (const entry of this.#reachable().filter(({ fetched }) => fetched)) {
            entry.tips = readTips(refs, entry.peer);
        }
        return refs;
    }

    async #merge(state: BranchState, refs: Refs, withTree: boolean, questions: SyncQuestions, parkRefused: boolean): Promise<RoundResult> {
        this.#progress.phase('looking');
        const round = await mergeRound({
            context: this.context,
            queries: this.#queries,
            state,
            judge: new Judge(this.context, this.#queries, questions, this.options.signal),
            refs,
            remotes: this.#remotes,
            withTree,
            fetched: this.#reachable().flatMap(({ peer, tips }) => tips === undefined ? [] : [{ peer, tips }]),
            parkRefused,
            resolveConflicts: this.#resolveConflicts,
            takeBackConflicts: this.options.unattended === true,
            signal: this.options.signal,
        });
        for (const file of round.conflicts) {
            this.#conflicts.add(file);
        }
        this.#lookedAt = [...this.#lookedAt, ...round.annex];
        return round;
    }

    /** Moves content; its first command merges the git-annex branches, which else is done by itself. */
    async #content(state: BranchState, ourAnnex: string | undefined, annex: readonly string[]): Promise<ContentResult> {
        const peers: ContentPeer[] = state.bare || this.options.content === false ? [] : this.#reachable().filter(({ rules }) => rules.content).map(({ peer, rules }) => ({ ...peer, writable: !rules.readOnly }));
        if (peers.length === 0) {
            await this.#mergeAnnex(annex);
            return noContent;
        }
        return moveContent(this.context, state, {
            peers,
            hasWanted: await this.#wanted.hasWanted([ourAnnex, ...annex]),
            mergeAnnexBranches: annex.length > 0,
            patience: this.options.contentPatience ?? contentPatience,
            jobs: this.options.jobs,
            signal: this.options.signal,
            progress: this.#progress,
        });
    }

    async #mergeAnnex(annex: readonly string[]): Promise<void> {
        if (annex.length > 0) {
            await mergeAnnexBranches(this.context, { mergeAnnexBranches: true }, this.options.signal);
        }
    }

    /**
     * After content was moved: what the peers have recorded of it, as sync does before its push. Nothing is asked for a
     * second time; what would have to be is left for the next sync.
     */
    async #mergeAgain(state: BranchState, withTree: boolean, before: AnnexMerge | undefined): Promise<{ readonly refs: Refs; readonly merged: AnnexMerge | undefined }> {
        await this.#fetchAll(this.options.signal);
        const refs = await this.#readTips();
        const skip = async (): Promise<'skip'> => Promise.resolve('skip');
        const [round] = await Promise.all([
            this.#merge(state, refs, withTree, { ...this.#questions, hostileMerge: skip, unrelatedHistories: skip }, false),
            // Before anything more is merged, and counts as looked at.
            this.#findSlippedIn(before, refs.get('refs/heads/git-annex')),
        ]);
        for (const entry of this.#peers) {
            const again = round.peers.get(entry.peer.name);
            entry.merge = entry.merge.kind === 'nothing' && again?.kind === 'merged' ? again : entry.merge;
        }
        await this.#mergeAnnex(round.annex);
        return { refs, merged: this.#mergeOf(round, refs) };
    }

    #mergeOf(round: RoundResult, refs: Refs): AnnexMerge | undefined {
        return round.annex.length === 0 ? undefined : { before: refs.get('refs/heads/git-annex'), lookedAt: this.#lookedAt };
    }

    /** What git-annex merged although it was not looked at: somebody pushed it meanwhile. */
    async #findSlippedIn(merge: AnnexMerge | undefined, after: string | undefined): Promise<void> {
        if (merge !== undefined) {
            this.#slippedIn = [...this.#slippedIn, ...await slippedIn(this.#queries, merge.before, after, merge.lookedAt)];
        }
    }

    async #pushAll(state: BranchState, refs: { readonly fetched: Refs; readonly settled: Refs }, withTree: boolean, signal: AbortSignal): Promise<void> {
        const branch = withTree || state.bare ? state.branch : undefined;
        const plans = new Map<PeerState, PushPlan>();
        await Promise.all(this.#reachable().filter(({ rules }) => rules.push).map(async entry => {
            const plan = await planPush(this.#queries, state.branch, branch, refs.settled, refs.fetched, entry.tips);
            if (plan !== undefined) {
                plans.set(entry, plan);
            }
        }));
        await this.#withEach('pushing', plans, signal, async (entry, plan, both) => {
            const step = await pushTo(this.context, entry.peer, plan, { patience: this.#gitPatience, signal: both });
            // A peer whose changes were refused can't take ours by a plain push; that has been told already.
            const isExpected = (entry.merge.kind === 'stopped' || entry.merge.kind === 'unrelated') && !step.ok && /non-fast-forward|fetch first/u.test(step.words);
            if (!step.ok && !isExpected) {
                entry.problem = { step: 'push', reason: step.reason, words: step.words };
            }
        });
    }
}
