/**
 * Sync Content beside the plain `git annex sync <peer> --content`, on copies of the same pair of repositories, alternating in
 * one run. A peer here is a folder on the same disk, so that what is measured is the work and not a network.
 *
 *     node out/test/bench/sync/bench.js [rounds]
 */
import { randomBytes } from 'node:crypto';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { silentLog } from '../../../src/core/log';
import { runOrThrow } from '../../../src/core/process/run';
import { noQuestions, syncContent } from '../../../src/core/sync';
import { createAnnexRepository } from '../../unit/support/annexRepository';
import { withTemporaryFolder } from '../../unit/support/temporaryFolder';

interface Case {
    readonly name: string;
    readonly files: number;
    readonly bytes: number;
    /** Goal: our time is at most this many times the plain command's. */
    readonly goal: number;
}

const cases: readonly Case[] = [
    { name: '100 files of 100 kB', files: 100, bytes: 100_000, goal: 1.1 },
    { name: 'one file of 50 MB', files: 1, bytes: 50_000_000, goal: 1.1 },
];
const rounds = Number(process.argv[2] ?? 5);

async function git(context: RepositoryContext, ...args: readonly string[]): Promise<string> {
    return (await runOrThrow({ file: context.programs.git, args, cwd: context.root }, { log: silentLog })).stdout;
}

/** A repository with the files committed, and a peer that has none of them yet. */
async function prepare(folder: string, { files, bytes }: Case): Promise<{ readonly here: RepositoryContext; readonly peer: RepositoryContext }> {
    const here = await createAnnexRepository(folder, silentLog, 'here');
    for (let index = 0; index < files; index++) {
        await writeFile(path.join(here.root, `file-${index}`), randomBytes(bytes));
    }
    await runOrThrow({ file: here.programs.gitAnnex, args: ['add', '--quiet', '.'], cwd: here.root }, { log: silentLog });
    await git(here, 'commit', '--quiet', '-m', 'files');
    await git(here, 'clone', '--quiet', here.root, path.join(folder, 'peer'));
    const peer: RepositoryContext = { ...here, root: path.join(folder, 'peer'), gitDir: path.join(folder, 'peer', '.git') };
    for (const [key, value] of [['user.name', 'Test'], ['user.email', 'test@example.invalid']] as const) {
        await git(peer, 'config', key, value);
    }
    await runOrThrow({ file: here.programs.gitAnnex, args: ['init', '--quiet', 'peer'], cwd: peer.root }, { log: silentLog });
    await git(here, 'remote', 'add', 'peer', '../peer');
    return { here, peer: { ...peer, uuid: (await git(peer, 'config', 'annex.uuid')).trim() } };
}

async function measure(work: () => Promise<unknown>): Promise<number> {
    const start = performance.now();
    await work();
    return performance.now() - start;
}

function median(values: readonly number[]): number {
    return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

async function compare(folder: string, one: Case): Promise<boolean> {
    await mkdir(path.join(folder, 'start'), { recursive: true });
    const { here, peer } = await prepare(path.join(folder, 'start'), one);
    const ours: number[] = [];
    const plain: number[] = [];
    for (let round = 0; round < rounds; round++) {
        for (const [times, sync] of [
            [ours, (context: RepositoryContext) => syncContent(context, [{ name: 'peer', uuid: peer.uuid }], { settings: { commit: 'always', untracked: 'never' }, questions: noQuestions })],
            [plain, (context: RepositoryContext) => runOrThrow({ file: context.programs.gitAnnex, args: ['sync', 'peer', '--content', '--quiet'], cwd: context.root }, { log: silentLog })],
        ] as const) {
            const copy = path.join(folder, `round-${round}-${times === ours ? 'ours' : 'plain'}`);
            await cp(path.join(folder, 'start'), copy, { recursive: true, verbatimSymlinks: true });
            const context = { ...here, root: path.join(copy, 'here'), gitDir: path.join(copy, 'here', '.git') };
            times.push(await measure(() => sync(context)));
        }
    }
    const ratio = median(ours) / median(plain);
    console.log(`${one.name}: ours ${Math.round(median(ours))} ms, git annex sync ${Math.round(median(plain))} ms, ratio ${ratio.toFixed(2)} (goal: at most ${one.goal})`);
    return ratio <= one.goal;
}

async function main(): Promise<void> {
    console.log(`medians of ${rounds} rounds, alternating`);
    const reached: boolean[] = [];
    for (const [index, one] of cases.entries()) {
        reached.push(await withTemporaryFolder(folder => compare(path.join(folder, String(index)), one)));
    }
    process.exitCode = reached.includes(false) ? 1 : 0;
}

void main();
