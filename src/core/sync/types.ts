/**
 * What a sync is asked with, what it asks, what it reports while it runs and at its end.
 */
import { AnnexPeersError } from '../errors';
import type { ChangedFile } from '../git/status';
import type { Finding } from './look/findings';

export interface SyncPeer {
    /** The git remote's name. */
    readonly name: string;
    readonly uuid: string;
}

export type Consent = 'ask' | 'always' | 'never';

export interface SyncSettings {
    /** Commit changes of files that git knows already. */
    readonly commit: Consent;
    /** Add files that git does not know yet, before the commit. */
    readonly untracked: Consent;
}

/** What the first commit would take up. */
export interface CommitPlan {
    readonly changed: readonly ChangedFile[];
    /** Empty where untracked files are left alone by the settings. */
    readonly untracked: readonly string[];
    /** What is not asked, because the settings say so already. */
    readonly settled: { readonly commit: boolean; readonly add: boolean };
}

export type CommitAnswer = 'cancel' | { readonly commit: boolean; readonly add: readonly string[] };

/** A file that is staged with its content in git, though it ought to be annexed. */
export interface PlainGitFile {
    readonly path: string;
    /** Bytes. */
    readonly size: number;
}

/** Where something that would be merged comes from: a peer's own branches, or branches that somebody pushed to here. */
export type MergeSource =
    | { readonly kind: 'peer'; readonly peer: string }
    | { readonly kind: 'pushed-here'; readonly refs: readonly string[] };

export interface MergeQuestion {
    readonly source: MergeSource;
    /** In the files that would be merged. */
    readonly inTree: readonly Finding[];
    /** In the git-annex branch. */
    readonly inAnnexBranch: readonly Finding[];
}

/** What only a person can decide. Whoever runs a sync without one uses {@link noQuestions}. */
export interface SyncQuestions {
    commit(plan: CommitPlan): Promise<CommitAnswer>;
    /** Files staged into plain git that ought to be annexed. */
    plainGitFiles(files: readonly PlainGitFile[]): Promise<'annex' | 'leave' | 'cancel'>;
    hostileMerge(question: MergeQuestion): Promise<'merge' | 'skip' | 'cancel'>;
    unrelatedHistories(source: MergeSource): Promise<'merge' | 'skip' | 'cancel'>;
}

/** The answers of a sync that nobody watches: nothing is committed or merged that would have to be asked. */
export const noQuestions: SyncQuestions = {
    commit: plan => Promise.resolve({ commit: plan.settled.commit, add: plan.settled.add ? plan.untracked : [] }),
    plainGitFiles: () => Promise.resolve('leave'),
    hostileMerge: () => Promise.resolve('skip'),
    unrelatedHistories: () => Promise.resolve('skip'),
};

/** `asking`: it waits for the answer to a question. `waiting`: for a peer to come back. */
export type SyncPhase = 'checking' | 'asking' | 'committing' | 'fetching' | 'looking' | 'merging' | 'planning' | 'waiting' | 'receiving' | 'sending' | 'dropping' | 'pushing';

/** Immutable; a new one for every change that is worth showing. */
export interface SyncProgress {
    readonly phase: SyncPhase;
    /** The peer that the phase is about, if it is about one. */
    readonly peer: string | undefined;
    /** The file that is being moved. */
    readonly file: { readonly path: string; readonly done: number; readonly total: number | undefined } | undefined;
    /** Of all content that this sync moves; totals are known after planning. */
    readonly files: { readonly done: number; readonly total: number };
    readonly bytes: { readonly done: number; readonly total: number };
}

/**
 * - `tor-down`: Tor doesn't answer on this computer
 * - `not-served`: the peer's Tor answers, but nothing serves the repository there
 * - `unreachable`: there was no way to the peer
 */
export type FailureReason =
    | 'tor-down'
    | 'not-served'
    | 'unreachable'
    | 'connection-broken'
    | 'stalled'
    | 'not-there'
    | 'disk-full'
    | 'too-few-copies'
    | 'verification'
    | 'locked'
    | 'other';

export interface FileFailure {
    readonly path: string;
    readonly reason: FailureReason;
    /** git-annex's own words. */
    readonly words: string;
}

export interface MovedFiles {
    readonly files: number;
    readonly bytes: number;
}

/** How far a peer got: what it could not do is its `problem`. */
export interface PeerSummary {
    readonly peer: SyncPeer;
    readonly received: MovedFiles;
    readonly sent: MovedFiles;
    /** Dropped at the peer. */
    readonly dropped: number;
    readonly failed: readonly FileFailure[];
    readonly merge: MergeOutcome;
    readonly problem: { readonly step: 'fetch' | 'push' | 'content'; readonly reason: FailureReason; readonly words: string } | undefined;
}

/**
 * - `nothing`: there was nothing new
 * - `stopped`: findings, and nobody said to merge
 * - `unrelated`: the histories are unrelated, and nobody said to merge
 * - `other-branch`: the peer has only branches of other names
 * - `local-changes`: uncommitted changes are in the way
 * - `conflict`: files that are not annexed were changed on both sides; the merge is under way and waits for its user
 * - `not-asked`: pulling from this peer is switched off, or it could not be reached
 */
export type MergeOutcome =
    | { readonly kind: 'merged' | 'nothing' | 'unrelated' | 'local-changes' | 'not-asked' }
    | { readonly kind: 'failed'; readonly words: string }
    | { readonly kind: 'conflict'; readonly files: readonly string[] }
    | { readonly kind: 'stopped'; readonly findings: readonly Finding[] }
    | { readonly kind: 'other-branch'; readonly branches: readonly string[] };

export interface SyncSummary {
    readonly peers: readonly PeerSummary[];
    /** What branches that somebody pushed to here brought. */
    readonly pushedHere: MergeOutcome;
    /** The commit made from the work tree's changes, if one was. */
    readonly commit: string | undefined;
    readonly added: number;
    /** Files that could not be added. */
    readonly notAdded: readonly FileFailure[];
    /** Dropped here. */
    readonly droppedHere: number;
    /** Files of which a merge kept both versions (git-annex's `.variant-` files). */
    readonly conflicts: readonly string[];
    /** Changes that a peer slipped into the git-annex branch between the look and the merge; they are in. */
    readonly slippedIn: readonly Finding[];
    /** No peer was reached, and Tor here reaches nobody at all. */
    readonly cutOff?: boolean;
    readonly durationMs: number;
}

/**
 * Why a sync did not begin:
 * - `detached-head`: no branch is checked out
 * - `…-in-progress`: git is in the middle of something that only its user can end
 * - `no-identity`: git does not know who commits
 * - `commit-failed`: git refused the commit (a hook, for one)
 */
export type SyncErrorReason =
    | 'detached-head'
    | 'merge-in-progress'
    | 'rebase-in-progress'
    | 'cherry-pick-in-progress'
    | 'revert-in-progress'
    | 'bisect-in-progress'
    | 'unmerged-files'
    | 'no-identity'
    | 'commit-failed'
    | 'add-failed';

export class SyncError extends AnnexPeersError<SyncErrorReason> {
    override readonly name = 'SyncError';
}
