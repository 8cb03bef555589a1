/**
 * The commands by which git-annex itself merges: with its way of resolving conflicts (both versions are kept, as
 * `.variant-` files) and its care for adjusted branches.
 */
import { withMerging, withoutMerging, type AnnexCommand } from './command';

const saysNothing = (): undefined => undefined;

/**
 * Merges one commit into the branch that is checked out, and nothing else (git-annex-merge, "git annex merge [branch]").
 * Conflicts are resolved on an adjusted branch only; elsewhere {@link resolveMergeCommand} does it.
 */
export function mergeCommitCommand(commit: string, options: { readonly allowUnrelatedHistories: boolean }): AnnexCommand<never> {
    return {
        args: ['merge', ...withoutMerging, ...(options.allowUnrelatedHistories ? ['--allow-unrelated-histories'] : []), commit],
        parse: saysNothing,
    };
}

/** Resolves and commits the merge that is under way, as sync does after a conflict (git-annex-resolvemerge). */
export function resolveMergeCommand(): AnnexCommand<never> {
    return { args: ['resolvemerge', ...withoutMerging], parse: saysNothing };
}

/**
 * Merges all references that end in `/git-annex` into the git-annex branch and commits git-annex's journal; with
 * `mergeAnnexBranches` false only the latter. It also merges `synced/<branch>`, which must have been dealt with before.
 */
export function mergeAnnexCommand(options: { readonly mergeAnnexBranches: boolean }): AnnexCommand<never> {
    return { args: ['merge', ...(options.mergeAnnexBranches ? withMerging : withoutMerging)], parse: saysNothing };
}

/** Carries commits on an adjusted branch over to its original; touches no network and merges no peer. */
export function propagateAdjustedCommand(): AnnexCommand<never> {
    return { args: ['sync', ...withoutMerging, '--no-commit', '--no-pull', '--no-push', '--no-content'], parse: saysNothing };
}
