/**
 * What a sync has come to: for each peer what was moved, how its branches were taken, and what went wrong.
 */
import type { CommitResult } from './commit';
import type { ContentResult } from './content';
import type { PeerTips } from './quarantine';
import type { PeerRules } from './rules';
import type { MergeOutcome, PeerSummary, SyncPeer, SyncSummary } from './types';

/** What is known of one peer while the sync runs. */
export interface PeerState {
    readonly peer: SyncPeer;
    readonly rules: PeerRules;
    fetched: boolean;
    tips: PeerTips | undefined;
    merge: MergeOutcome;
    problem: PeerSummary['problem'];
}

/** The parts of the summary that the peers, the commit and the content make up. */
export function summaryOf(peers: readonly PeerState[], committed: CommitResult, content: ContentResult): Pick<SyncSummary, 'peers' | 'commit' | 'added' | 'notAdded' | 'droppedHere'> {
    const none = { files: 0, bytes: 0 };
    return {
        peers: peers.map(({ peer, merge, problem }) => {
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
        commit: committed.commit,
        added: committed.added,
        notAdded: committed.notAdded,
        droppedHere: content.droppedHere,
    };
}
