/**
 * Finds files that are staged with their content in git though they ought to be annexed: `git add`, and so the editor's
 * own "Stage Changes", puts them there where `annex.largefiles` is not set.
 */
import { annexInvocation, withoutMerging } from '../annex/commands/command';
import type { RepositoryContext } from '../annex/context';
import { GitQueries } from '../git/queries';
import { linkMode } from '../git/rawDiff';
import { readOnlyGit } from '../git/readOnly';
import { run, runOrThrow } from '../process/run';
import type { PlainGitFile } from './types';

/** What counts as large where no `annex.largefiles` says: what people would not want in git's history for ever. */
const defaultLargeBytes = 100_000;
/** Each file that an expression is asked about costs a process. */
const maxAsked = 40;
/** git-annex reads no larger file as a pointer (git-annex, Annex/Link.hs, maxPointerSz). */
const maxPointerBytes = 32_768;

async function blobSizes(context: RepositoryContext, oids: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, number>> {
    if (oids.length === 0) {
        return new Map();
    }
    const { stdout } = await runOrThrow(
        { file: context.programs.git, args: ['cat-file', '--batch-check=%(objectname) %(objectsize)'], cwd: context.root, env: readOnlyGit },
        { log: context.log, ...(context.registry === undefined ? {} : { registry: context.registry }), signal, input: `${oids.join('\n')}\n` },
    );
    return new Map(stdout.split('\n').flatMap(line => {
        const [oid, size] = line.split(' ');
        return oid !== undefined && size !== undefined && /^\d+$/u.test(size) ? [[oid, Number(size)] as const] : [];
    }));
}

/** The `annex.largefiles` that holds for a file; git's configuration, then attributes, then the git-annex branch. */
async function expressionFor(queries: GitQueries, path: string, configured: string | undefined, shared: string | undefined): Promise<string | undefined> {
    if (configured !== undefined) {
        return configured;
    }
    const attribute = (await queries.ask(['check-attr', '-z', 'annex.largefiles', '--', path])).split('\0')[2];
    return attribute === undefined || attribute === 'unspecified' ? shared : attribute;
}

/** The newest value of `annex.largefiles` in `config.log` (lines: time, name, value). */
export function sharedLargefiles(configLog: string): string | undefined {
    const newest = configLog.split('\n')
        .flatMap(line => {
            const match = /^(\d+(?:\.\d+)?)s? annex\.largefiles(?: (.*))?$/u.exec(line);
            return match === null ? [] : [{ time: Number(match[1]), value: match[2] ?? '' }];
        })
        .sort((a, b) => b.time - a.time)[0];
    return newest === undefined || newest.value === '' ? undefined : newest.value;
}

async function matches(context: RepositoryContext, expression: string, file: PlainGitFile, signal?: AbortSignal): Promise<boolean> {
    const args = ['matchexpression', ...withoutMerging, '--largefiles', `--file=${file.path}`, `--size=${file.size}`, '--', expression];
    const { code } = await run(annexInvocation(context, { args }), { log: context.log, ...(context.registry === undefined ? {} : { registry: context.registry }), signal, timeLimitMs: 10_000 });
    // 0 matches, 1 does not, 42 can't be told without the file's type.
    return code === 0 || (code === 42 && file.size >= defaultLargeBytes);
}

/** Newly staged files that ought to be annexed, largest first. */
export async function findPlainGitFiles(context: RepositoryContext, signal?: AbortSignal): Promise<readonly PlainGitFile[]> {
    const queries = new GitQueries(context, signal);
    // Newly added, or turned from an annexed link into a plain file.
    const staged = (await queries.staged()).filter(change => change.newMode.startsWith('100') && (change.status === 'A' || change.oldMode === linkMode));
    const sizes = await blobSizes(context, staged.map(({ newOid }) => newOid), signal);
    const candidates = staged
        .map(({ path, newOid }) => ({ path, oid: newOid, size: sizes.get(newOid) ?? 0 }))
        .sort((a, b) => b.size - a.size)
        .slice(0, maxAsked);
    const found: PlainGitFile[] = [];
    const configured = candidates.length === 0 ? undefined : await queries.config('annex.largefiles');
    const shared = candidates.length === 0 ? undefined : sharedLargefiles(await queries.fileAt('refs/heads/git-annex', 'config.log') ?? '');
    for (const { path, oid, size } of candidates) {
        if (size <= maxPointerBytes && (await queries.blob(oid)).startsWith('/annex/objects/')) {
            continue;
        }
        const expression = await expressionFor(queries, path, configured, shared);
        if (expression === undefined ? size >= defaultLargeBytes : await matches(context, expression, { path, size }, signal)) {
            found.push({ path, size });
        }
    }
    return found;
}
