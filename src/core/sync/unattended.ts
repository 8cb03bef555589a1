/**
 * Syncing by itself: what a sync that nobody watches leaves to its user, and when it is worth another try.
 */
import type { PeerSummary, SyncErrorReason } from './types';

/** `metadata`: branches and where content is; `content`: that and the content. */
export type AutoSyncPolicy = 'off' | 'metadata' | 'content';

/**
 * Why changes that have come are not merged:
 * - `findings`: they could run code here or reach out of the folder
 * - `unrelated`: the histories have nothing in common
 * - `conflict`: files outside of git-annex were changed on both sides
 * - `local-changes`: uncommitted changes are in the way
 * - `unsaved`: an editor holds changes that are not saved
 * - `busy`: git is in the middle of something that only its user can end
 * - `failed`: merging or fetching failed
 */
export type HeldBack = 'findings' | 'unrelated' | 'conflict' | 'local-changes' | 'unsaved' | 'busy' | 'failed';

/** What a peer's part of a sync left undone; undefined if nothing of the merge. */
export function heldBackBy({ merge, problem }: PeerSummary): HeldBack | undefined {
    switch (merge.kind) {
        case 'stopped':
            return 'findings';
        case 'unrelated':
        case 'conflict':
        case 'local-changes':
        case 'failed':
            return merge.kind;
        case 'merged':
        case 'nothing':
        case 'other-branch':
        case 'not-asked':
            return problem?.step === 'fetch' ? 'failed' : undefined;
    }
}

export function heldBackByError(reason: SyncErrorReason): HeldBack {
    return reason.endsWith('-in-progress') || reason === 'unmerged-files' || reason === 'detached-head' ? 'busy' : 'failed';
}

/** Whether it may have gone by itself after a while; the rest stays until other changes come, or somebody decides. */
export function isPassing(reason: HeldBack): boolean {
    return reason === 'local-changes' || reason === 'unsaved' || reason === 'busy' || reason === 'failed';
}
