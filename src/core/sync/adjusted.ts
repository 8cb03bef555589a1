/**
 * What is different on an adjusted branch: commits on it belong to the original branch, and it may hide files.
 */
import { annexInvocation, withMerging, withoutMerging } from '../annex/commands/command';
import { propagateAdjustedCommand } from '../annex/commands/merge';
import type { RepositoryContext } from '../annex/context';
import { syncFiles, type ContentOptions, type ContentResult } from './content';
import { runAnnexLocally } from './merge';
import { reasonOf } from './failures';
import type { BranchState } from './state';
import { runWatched } from './watchdog';

/** Carries what was committed on the adjusted branch over to the original. */
export async function propagate(context: RepositoryContext, state: BranchState, signal?: AbortSignal): Promise<void> {
    if (state.adjusted !== undefined) {
        await runAnnexLocally(context, propagateAdjustedCommand(), signal);
    }
}

/** Moves content; files that an adjusted branch hides are seen by `git annex sync` alone. */
export async function moveContent(context: RepositoryContext, state: BranchState, options: ContentOptions): Promise<ContentResult> {
    return state.adjusted?.hidesFiles === true ? moveHiddenContent(context, options) : syncFiles(context, options);
}

/** What `git annex sync` says of a file: the action with the file, then `ok` or `failed` on the same or a later line. */
export class SyncOutputReader {
    readonly received = new Map<string, number>();
    readonly sent = new Map<string, number>();
    failures = 0;
    #action: { readonly kind: 'get' | 'copy'; readonly peer: string } | undefined;

    read(line: string): void {
        const begun = /^(get|copy) .* \((?:from|to) (.+?)\.\.\.\)/u.exec(line);
        if (begun !== null) {
            this.#action = { kind: begun[1] === 'get' ? 'get' : 'copy', peer: begun[2] ?? '' };
        }
        const end = /(?:^|[ )])(ok|failed)\s*$/u.exec(line)?.[1];
        if (end === undefined || this.#action === undefined) {
            return;
        }
        if (end === 'ok') {
            const counts = this.#action.kind === 'get' ? this.received : this.sent;
            counts.set(this.#action.peer, (counts.get(this.#action.peer) ?? 0) + 1);
        } else {
            this.failures++;
        }
        this.#action = undefined;
    }
}

async function moveHiddenContent(context: RepositoryContext, options: ContentOptions): Promise<ContentResult> {
    options.progress.phase('receiving');
    const reader = new SyncOutputReader();
    const args = ['sync', ...(options.mergeAnnexBranches ? withMerging : withoutMerging), '--no-commit', '--no-pull', '--no-push', '--content', ...options.peers.map(({ name }) => name)];
    const result = await runWatched(annexInvocation(context, { args }), {
        context,
        patience: options.patience,
        signal: options.signal,
        keepStdout: false,
        onStdoutLine: line => {
            reader.read(line);
            return true;
        },
    });
    const failed = result.stalled || reader.failures > 0;
    const peers = options.peers.map(({ name }) => {
        const received = { files: reader.received.get(name) ?? 0, bytes: 0 };
        const sent = { files: reader.sent.get(name) ?? 0, bytes: 0 };
        const problem = failed ? { reason: result.stalled ? 'stalled' as const : reasonOf(result.stderr), words: result.stderr } : undefined;
        return [name, { received, sent, dropped: 0, failed: [], problem }] as const;
    });
    return { peers: new Map(peers), droppedHere: 0, moved: reader.received.size + reader.sent.size > 0 };
}
