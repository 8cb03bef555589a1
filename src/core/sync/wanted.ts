/**
 * Which repositories have preferred or required content. Those without want everything and drop nothing, which is not
 * how git-annex's own `--want-get` and `--auto` take it.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../annex/context';
import type { GitQueries } from '../git/queries';
import { valueFor } from './look/annexLogs';

const logs = ['preferred-content.log', 'required-content.log'] as const;

/** Reads both logs from commits of git-annex branches (ours, and those that are about to be merged) and git-annex's journal. */
export async function readWanted(context: RepositoryContext, queries: GitQueries, commits: readonly string[]): Promise<(uuid: string) => boolean> {
    const contents = new Map<string, string[]>(logs.map(log => [log, []]));
    for (const commit of commits) {
        for (const { path: log, oid } of await queries.treeEntries(commit, logs)) {
            contents.get(log)?.push(await queries.blob(oid));
        }
    }
    for (const log of logs) {
        // The journal holds whole files, newer than the branch.
        const journalled = await readFile(path.join(context.gitDir, 'annex', 'journal', log), 'utf8').catch(() => undefined);
        if (journalled !== undefined) {
            contents.get(log)?.push(journalled);
        }
    }
    return uuid => logs.some(log => (valueFor(contents.get(log) ?? [], uuid) ?? '') !== '');
}
