/**
 * Commits the work tree's changes as `git annex sync` does (`git commit -a`), after saying which and being allowed to.
 */
import type { RepositoryContext } from '../annex/context';
import { CancelledError } from '../errors';
import type { GitQueries } from '../git/queries';
import { RunError } from '../process/run';
import { addFiles, annexStagedFiles, type AddProgress } from './add';
import { runLocalStep } from './localStep';
import { valueFor } from './look/annexLogs';
import { findPlainGitFiles } from './plainGit';
import { SyncError, type CommitPlan, type FileFailure, type SyncQuestions, type SyncSettings } from './types';

export interface CommitResult {
    readonly commit: string | undefined;
    readonly added: number;
    readonly notAdded: readonly FileFailure[];
}

interface CommitOptions {
    readonly settings: SyncSettings;
    readonly questions: SyncQuestions;
    readonly signal?: AbortSignal | undefined;
    readonly onAdding?: (progress: AddProgress) => void;
}

/** What would be committed and added; undefined if nothing would, by the state of the work tree or by the settings. */
export async function planCommit(queries: GitQueries, settings: SyncSettings): Promise<CommitPlan | undefined> {
    if (settings.commit === 'never') {
        return undefined;
    }
    const status = await queries.status(settings.untracked === 'never' ? 'no' : 'all');
    if (status.changed.some(({ kind }) => kind === 'unmerged')) {
        throw new SyncError('unmerged-files', 'there are unmerged files');
    }
    if (status.changed.length === 0 && status.untracked.length === 0) {
        return undefined;
    }
    return { changed: status.changed, untracked: status.untracked, settled: { commit: settings.commit === 'always', add: settings.untracked === 'always' } };
}

async function decide(plan: CommitPlan, questions: SyncQuestions): Promise<{ readonly commit: boolean; readonly add: readonly string[] }> {
    const needsAsking = (!plan.settled.commit && (plan.changed.length > 0 || plan.untracked.length > 0)) || (!plan.settled.add && plan.untracked.length > 0);
    const answer = needsAsking ? await questions.commit(plan) : { commit: true, add: plan.untracked };
    if (answer === 'cancel') {
        throw new CancelledError('the commit');
    }
    // What the settings promise is not undone by an answer to something else.
    return { commit: answer.commit || plan.settled.commit, add: plan.settled.add ? plan.untracked : answer.add };
}

/** The message that `git annex sync` gives its commits (git-annex, Command/Sync.hs, commitMsg). */
async function message(context: RepositoryContext, queries: GitQueries): Promise<string> {
    const names = await queries.fileAt('refs/heads/git-annex', 'uuid.log') ?? '';
    return `git-annex in ${valueFor([names], context.uuid) ?? 'unknown'}`;
}

async function commitAll(context: RepositoryContext, queries: GitQueries, signal: AbortSignal | undefined): Promise<string | undefined> {
    const before = await queries.commit('HEAD');
    const args = ['commit', '--quiet', '-a', '-m', await message(context, queries)];
    const result = await runLocalStep(context, { file: context.programs.git, args, cwd: context.root }, signal).catch((error: unknown) => {
        throw error instanceof RunError ? new SyncError('commit-failed', 'git did not come to the end of the commit', `${error.message}
${error.detail}`) : error;
    });
    const after = await queries.commit('HEAD');
    if (result.code !== 0 && after === before) {
        const words = `${result.stderr}\n${result.stdout}`.trim();
        if (/please tell me who you are|empty ident name|unable to auto-detect email/iu.test(words)) {
            throw new SyncError('no-identity', 'git does not know who commits', words);
        }
        // Exit code 1 and no change: there was nothing to commit after all.
        if (!/nothing (?:added )?to commit|no changes added/iu.test(words)) {
            throw new SyncError('commit-failed', 'git refused the commit', words);
        }
    }
    return after === before ? undefined : after;
}

/**
 * Asks, adds and commits.
 * @throws {CancelledError} if the answer is to cancel; {SyncError} if git refuses.
 */
export async function commitChanges(context: RepositoryContext, queries: GitQueries, options: CommitOptions): Promise<CommitResult> {
    const nothing: CommitResult = { commit: undefined, added: 0, notAdded: [] };
    const plan = await planCommit(queries, options.settings);
    if (plan === undefined) {
        return nothing;
    }
    const decision = await decide(plan, options.questions);
    if (!decision.commit) {
        return nothing;
    }
    const addOptions = { signal: options.signal, onProgress: options.onAdding };
    const added = decision.add.length === 0 ? undefined : await addFiles(context, decision.add, addOptions);
    const plain = plan.changed.some(({ staged }) => staged) ? await findPlainGitFiles(context, options.signal) : [];
    let converted = 0;
    if (plain.length > 0) {
        const answer = await options.questions.plainGitFiles(plain);
        if (answer === 'cancel') {
            throw new CancelledError('the commit');
        }
        converted = answer === 'annex' ? (await annexStagedFiles(context, plain.map(({ path }) => path), addOptions)).added.length : 0;
    }
    const commit = plan.changed.length === 0 && (added === undefined || added.added.length + added.addedToGit.length === 0) ? undefined : await commitAll(context, queries, options.signal);
    return { commit, added: (added?.added.length ?? 0) + (added?.addedToGit.length ?? 0) + converted, notAdded: added?.failed ?? [] };
}
