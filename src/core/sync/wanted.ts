/**
 * Which repositories have preferred or required content. Those without want everything and drop nothing, which is not
 * how git-annex's own `--want-get` and `--auto` take it.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../annex/context';
import { findBlobs } from '../git/blobs';
import type { GitQueries } from '../git/queries';
import { valueFor } from './look/annexLogs';

const logs = ['preferred-content.log', 'required-content.log'] as const;

type LogTexts = readonly (readonly [log: string, text: string])[];

export class WantedLogs {
    readonly #read = new Map<string, Promise<LogTexts>>();

    constructor(private readonly context: RepositoryContext, private readonly queries: GitQueries, private readonly signal?: AbortSignal) {}

    /** Begins to read what these commits of git-annex branches say, so that {@link hasWanted} has it at hand. */
    prepare(commits: readonly (string | undefined)[]): void {
        const unread = [...new Set(commits)].filter(commit => commit !== undefined).filter(commit => !this.#read.has(commit));
        const found = findBlobs(this.context, unread.flatMap(commit => logs.map(log => `${commit}:${log}`)), this.signal);
        for (const commit of unread) {
            const texts = found.then(async blobs => this.#textsOf(commit, blobs));
            // Whoever needs it is told of a failure; nobody may.
            texts.catch(() => undefined);
            this.#read.set(commit, texts);
        }
    }

    /** Reads both logs from commits of git-annex branches (ours, and those that are about to be merged) and git-annex's journal. */
    async hasWanted(commits: readonly (string | undefined)[]): Promise<(uuid: string) => boolean> {
        this.prepare(commits);
        const contents = new Map<string, string[]>(logs.map(log => [log, []]));
        for (const [log, text] of (await Promise.all(commits.map(async commit => commit === undefined ? [] : this.#read.get(commit) ?? []))).flat()) {
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

    async #textsOf(commit: string, blobs: ReadonlyMap<string, string>): Promise<LogTexts> {
        const texts = await Promise.all(logs.map(async log => {
            const oid = blobs.get(`${commit}:${log}`);
            return oid === undefined ? [] : [[log, await this.queries.blob(oid)] as const];
        }));
        return texts.flat();
    }
}
