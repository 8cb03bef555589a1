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

type LogTexts = readonly (readonly [log: string, text: string])[];

export class WantedLogs {
    readonly #read = new Map<string, Promise<LogTexts>>();

    constructor(private readonly context: RepositoryContext, private readonly queries: GitQueries) {}

    /** Begins to read what these commits of git-annex branches say, so that {@link hasWanted} has it at hand. */
    prepare(commits: readonly string[]): void {
        for (const commit of commits) {
            // Whoever needs it is told of a failure; nobody may.
            void this.#logsOf(commit).catch(() => undefined);
        }
    }

    /** Reads both logs from commits of git-annex branches (ours, and those that are about to be merged) and git-annex's journal. */
    async hasWanted(commits: readonly string[]): Promise<(uuid: string) => boolean> {
        const contents = new Map<string, string[]>(logs.map(log => [log, []]));
        for (const [log, text] of (await Promise.all(commits.map(async commit => this.#logsOf(commit)))).flat()) {
            contents.get(log)?.push(text);
        }
        for (const log of logs) {
            // The journal holds whole files, newer than the branch.
            const journalled = await readFile(path.join(this.context.gitDir, 'annex', 'journal', log), 'utf8').catch(() => undefined);
            if (journalled !== undefined) {
                contents.get(log)?.push(journalled);
            }
        }
        return uuid => logs.some(log => (valueFor(contents.get(log) ?? [], uuid) ?? '') !== '');
    }

    #logsOf(commit: string): Promise<LogTexts> {
        const known = this.#read.get(commit) ?? this.#readLogs(commit);
        this.#read.set(commit, known);
        return known;
    }

    async #readLogs(commit: string): Promise<LogTexts> {
        const entries = await this.queries.treeEntries(commit, logs);
        return Promise.all(entries.map(async ({ path: log, oid }) => [log, await this.queries.blob(oid)] as const));
    }
}
