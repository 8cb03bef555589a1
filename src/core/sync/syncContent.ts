/**
 * Sync Content: the end state of `git annex sync <peers> --content`, in steps that can be watched, cancelled and
 * repeated, and with a look at what would be merged before it is.
 *
 * - Fetches go to quarantine; every git-annex command runs with `annex.merge-annex-branches=false` until what it would
 *   merge was looked at.
 * - Commits are merged by the object names that were looked at, never by references, which a peer can move meanwhile.
 * - What is refused is left where git-annex does not see it.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../annex/context';
import { throwIfCancelled } from '../errors';
import { GitQueries, type Refs, type Settings } from '../git/queries';
import { moveContent, propagate } from './adjusted';
import { commitChanges, type CommitResult } from './commit';
import type { ContentPeer, ContentResult } from './content';
import type { Finding } from './look/findings';
import { mergeAnnexBranches, slippedIn } from './merge';
import { mergeRound, type RoundResult } from './mergeRound';
import { ProgressCounter } from './progress';
import { pushTo } from './push';
import { fetchToQuarantine, park, readTips, updateRefs, type PeerTips } from './quarantine';
import { peerRules, type PeerRules } from './rules';
import { Judge } from './sources';
import { readBranchState, type BranchState } from './state';
import type { MergeOutcome, PeerSummary, SyncPeer, SyncProgress, SyncQuestions, SyncSettings, SyncSummary } from './types';
import { readWanted } from './wanted';
import { contentPatience, gitPatience, type Patience } from './watchdog';

export interface SyncOptions {
    readonly settings: SyncSettings;
    readonly questions: SyncQuestions;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
    /** Runs a step while the remote daemon does not fetch by itself. */
    readonly quietDaemon?: (<T>(work: () => Promise<T>) => Promise<T>) | undefined;
    readonly gitPatience?: Patience;
    readonly contentPatience?: Patience;
    /** Files to move at once; git-annex's own setting if undefined. */
    readonly jobs?: number | undefined;
}

/** What is known of one peer while the sync runs. */
interface PeerState {
    readonly peer: SyncPeer;
    readonly rules: PeerRules;
    fetched: boolean;
    tips: PeerTips | undefined;
    merge: MergeOutcome;
    problem: PeerSummary['problem'];
}

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
    readonly #conflicts = new Set<string>();
    #peers: readonly PeerState[] = [];
    /** Commits of git-annex branches that were looked at and let through. */
    #lookedAt: readonly string[] = [];
    #slippedIn: readonly Finding[] = [];
    #resolveConflicts = true;
    #remotes: readonly string[] = [];

    constructor(private readonly context: RepositoryContext, private readonly options: SyncOptions) {
        this.#queries = new GitQueries(context, options.signal);
        this.#progress = new ProgressCounter(snapshot => options.onProgress?.(snapshot));
    }

    async run(peers: readonly SyncPeer[]): Promise<SyncSummary> {
        const started = Date.now();
        this.#progress.phase('checking');
        const settings = await this.#queries.settings();
        const state = await readBranchState(this.#queries, settings);
        this.#peers = peers.map(peer => ({ peer, rules: peerRules(settings, peer), fetched: false, tips: undefined, merge: nothing, problem: undefined }));
        this.#remotes = settings.remotes();
        this.#resolveConflicts = settings.flag('annex.resolvemerge') !== false;
        const withTree = !state.bare && settings.flag('annex.synconlyannex') !== true;
        const committed = withTree ? await this.#commit(settings) : { commit: undefined, added: 0, notAdded: [] };
        const refs = await this.#fetchAll();
        const round = await this.#merge(state, refs, withTree, this.options.questions, true);
        for (const entry of this.#peers) {
            entry.merge = round.peers.get(entry.peer.name) ?? entry.merge;
        }
        const content = await this.#content(state, refs.get('refs/heads/git-annex'), round.annex);
        if (content.moved) {
            await this.#mergeAgain(state, withTree);
        }
        await this.#pushAll(state, await this.#settle(state, withTree), withTree);
        return this.#summary(committed, round.pushedHere, content, Date.now() - started);
    }

    async #commit(settings: Settings): Promise<CommitResult> {
        if (settings.flag('annex.autocommit') === false) {
            return { commit: undefined, added: 0, notAdded: [] };
        }
        this.#progress.phase('committing');
        return commitChanges(this.context, this.#queries, {
            settings: this.options.settings,
            questions: this.options.questions,
            signal: this.options.signal,
            onAdding: ({ path: file, done, total }) => file === undefined ? undefined : this.#progress.moving(file, done, total),
        });
    }

    async #quietly<T>(work: () => Promise<T>): Promise<T> {
        return this.options.quietDaemon === undefined ? work() : this.options.quietDaemon(work);
    }

    get #gitOptions(): { readonly patience: Patience; readonly signal: AbortSignal | undefined } {
        return { patience: this.options.gitPatience ?? gitPatience, signal: this.options.signal };
    }

    /** Peers with which nothing went wrong so far. */
    #reachable(): readonly PeerState[] {
        return this.#peers.filter(({ problem }) => problem === undefined);
    }

    async #fetchAll(): Promise<Refs> {
        for (const entry of this.#reachable().filter(({ rules }) => rules.pull)) {
            this.#progress.phase('fetching', entry.peer.name);
            const step = await this.#quietly(async () => fetchToQuarantine(this.context, entry.peer, this.#gitOptions));
            entry.fetched ||= step.ok;
            if (!step.ok) {
                entry.problem = { step: 'fetch', reason: step.reason, words: step.words };
                entry.merge = entry.fetched ? entry.merge : { kind: 'not-asked' };
            }
        }
        // From here on only what was fetched at this moment counts, whatever happens to the references.
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
        const peers: ContentPeer[] = state.bare ? [] : this.#reachable().filter(({ rules }) => rules.content).map(({ peer, rules }) => ({ ...peer, writable: !rules.readOnly }));
        if (peers.length === 0) {
            await this.#mergeAnnex(ourAnnex, annex);
            return noContent;
        }
        const content = await moveContent(this.context, state, {
            peers,
            hasWanted: await readWanted(this.context, this.#queries, [...(ourAnnex === undefined ? [] : [ourAnnex]), ...annex]),
            mergeAnnexBranches: annex.length > 0,
            patience: this.options.contentPatience ?? contentPatience,
            jobs: this.options.jobs,
            signal: this.options.signal,
            progress: this.#progress,
        });
        await this.#checkMerged(ourAnnex, annex);
        return content;
    }

    async #mergeAnnex(before: string | undefined, annex: readonly string[]): Promise<void> {
        if (annex.length > 0) {
            await mergeAnnexBranches(this.context, { mergeAnnexBranches: true });
            await this.#checkMerged(before, annex);
        }
    }

    async #checkMerged(before: string | undefined, annex: readonly string[]): Promise<void> {
        if (annex.length > 0) {
            this.#slippedIn = [...this.#slippedIn, ...await slippedIn(this.#queries, before, this.#lookedAt)];
        }
    }

    /**
     * After content was moved: what the peers have recorded of it, as sync does before its push. Nothing is asked for a
     * second time; what would have to be is left for the next sync.
     */
    async #mergeAgain(state: BranchState, withTree: boolean): Promise<void> {
        const refs = await this.#fetchAll();
        const skip = async (): Promise<'skip'> => Promise.resolve('skip');
        const round = await this.#merge(state, refs, withTree, { ...this.options.questions, hostileMerge: skip, unrelatedHistories: skip }, false);
        for (const entry of this.#peers) {
            const again = round.peers.get(entry.peer.name);
            entry.merge = entry.merge.kind === 'nothing' && again?.kind === 'merged' ? again : entry.merge;
        }
        await this.#mergeAnnex(refs.get('refs/heads/git-annex'), round.annex);
    }

    /** Brings our own branches into the state in which sync leaves and pushes them. */
    async #settle(state: BranchState, withTree: boolean): Promise<Refs> {
        await propagate(this.context, state);
        const journal = await readdir(path.join(this.context.gitDir, 'annex', 'journal')).catch(() => []);
        if (journal.length > 0) {
            await mergeAnnexBranches(this.context, { mergeAnnexBranches: false });
        }
        const refs = await this.#queries.refs();
        const ours = withTree ? refs.get(`refs/heads/${state.branch}`) : undefined;
        const name = `refs/heads/synced/${state.branch}`;
        const before = refs.get(name);
        if (ours !== undefined && before !== ours) {
            // Sync overwrites what somebody has pushed there and could not be merged; here it is kept aside.
            if (before !== undefined && !await this.#queries.isMergedInto(before, ours)) {
                await park(this.context, [{ name, oid: before }]);
            }
            await updateRefs(this.context, [{ name, oid: ours }]);
        }
        return refs;
    }

    async #pushAll(state: BranchState, refs: Refs, withTree: boolean): Promise<void> {
        for (const entry of this.#reachable().filter(({ rules }) => rules.push)) {
            throwIfCancelled(this.options.signal);
            this.#progress.phase('pushing', entry.peer.name);
            const step = await this.#quietly(async () => pushTo(this.context, this.#queries, entry.peer, { ...this.#gitOptions, branch: state.branch, onlyAnnex: !withTree && !state.bare, refs, tips: entry.tips }));
            // A peer whose changes were refused can't take ours by a plain push; that has been told already.
            const isExpected = (entry.merge.kind === 'stopped' || entry.merge.kind === 'unrelated') && step?.ok === false && /non-fast-forward|fetch first/u.test(step.words);
            if (step?.ok === false && !isExpected) {
                entry.problem = { step: 'push', reason: step.reason, words: step.words };
            }
        }
    }

    #summary(committed: CommitResult, pushedHere: MergeOutcome, content: ContentResult, durationMs: number): SyncSummary {
        const none = { files: 0, bytes: 0 };
        return {
            peers: this.#peers.map(({ peer, merge, problem }) => {
                const moved = content.peers.get(peer.name);
                const contentProblem = moved?.problem === undefined ? undefined : { step: 'content' as const, ...moved.problem };
                return {
                    peer,
                    received: moved?.received ?? none,
                    sent: moved?.sent ?? none,
                    dropped: moved?.dropped ?? 0,
                    failed: moved?.failed ?? [],
                    merge,
                    problem: problem ?? contentProblem,
                };
            }),
            pushedHere,
            commit: committed.commit,
            added: committed.added,
            notAdded: committed.notAdded,
            droppedHere: content.droppedHere,
            conflicts: [...this.#conflicts],
            slippedIn: this.#slippedIn,
            durationMs,
        };
    }
}
