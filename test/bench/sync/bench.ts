/**
 * Sync Content beside the plain `git annex sync <peer> --content`, on the same pair of repositories, alternating in one
 * run: each round makes new files and syncs them, once by either way. The peer serves as the extension serves, where it
 * is not just a folder: the plain command would hang else now and then.
 *
 *     node out/test/bench/sync/bench.js [--peer folder|local|tor]... [--case 100x100kB|1x50MB|1000x10kB]... [--rounds n]
 */
import { parseArgs } from 'node:util';
import { median, tell } from '../support/row';
import { makeFiles, pairKinds, pairWords, withPair, type Pair, type PairKind } from './pairs';

interface Case {
    readonly id: string;
    readonly name: string;
    readonly files: number;
    readonly bytes: number;
    /** Goal: our time is at most this many times the plain command's. */
    readonly goal: number;
    readonly rounds: number;
}

const cases: readonly Case[] = [
    { id: '100x100kB', name: '100 files of 100 kB', files: 100, bytes: 100_000, goal: 1.1, rounds: 5 },
    { id: '1x50MB', name: 'one file of 50 MB', files: 1, bytes: 50_000_000, goal: 1.1, rounds: 5 },
    { id: '1000x10kB', name: '1,000 files of 10 kB', files: 1000, bytes: 10_000, goal: 1.05, rounds: 3 },
];

type How = 'ours' | 'plain';

class Figures {
    readonly ms: Record<How, number[]> = { ours: [], plain: [] };
    readonly cpuMs: Record<How, number[]> = { ours: [], plain: [] };
    hung = 0;
    readonly problems: string[] = [];
}

/** A plain command that takes longer than any of ours by so much has hung. */
const limitMs = 240_000;
async function once(pair: Pair, how: How, { files, bytes }: Pick<Case, 'files' | 'bytes'>, figures: Figures | undefined): Promise<void> {
    const folder = await makeFiles(pair, files, bytes);
    const answer = await pair.runner.ask({ do: 'sync', how, peer: pair.peer, uuid: pair.uuid, limitMs });
    if (answer.hung === true && figures !== undefined) {
        figures.hung++;
        return;
    }
    const { count } = await pair.runner.askOrThrow({ do: 'count', folder, uuid: pair.uuid });
    if (answer.problem !== undefined || count !== files) {
        figures?.problems.push(`${how}: ${count} of ${files} files arrived; ${answer.problem ?? ''}`);
        return;
    }
    figures?.ms[how].push(answer.ms);
    figures?.cpuMs[how].push(answer.cpuMs);
}

async function compare(pair: Pair, kind: PairKind, one: Case, rounds: number): Promise<boolean> {
    // Both have loaded what they need, and the disk has them at hand.
    for (const how of ['ours', 'plain'] as const) {
        await once(pair, how, { files: 2, bytes: 1000 }, undefined);
    }
    const figures = new Figures();
    for (let round = 0; round < rounds; round++) {
        for (const how of round % 2 === 0 ? ['ours', 'plain'] as const : ['plain', 'ours'] as const) {
            await once(pair, how, one, figures);
        }
    }
    const ratio = median(figures.ms.ours) / median(figures.ms.plain);
    const cpuRatio = median(figures.cpuMs.ours) / median(figures.cpuMs.plain);
    const spread = (values: readonly number[]): string => `${Math.round(median(values))} ms (${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))})`;
    const notes = [
        `${rounds} rounds`,
        ...(kind === 'tor' ? [] : [`of the processor ${cpuRatio.toFixed(2)} times as much`]),
        ...(figures.hung > 0 ? [`the plain command hung ${figures.hung} times, not counted`] : []),
        ...figures.problems,
    ];
    const reached = ratio <= one.goal && figures.problems.length === 0;
    tell({
        what: `Sync Content, ${one.name}, ${pairWords[kind]}`,
        ours: spread(figures.ms.ours),
        instead: `${spread(figures.ms.plain)} (\`git annex sync --content\`)`,
        ratio: `${ratio.toFixed(2)} times as long`,
        goal: `at most ${one.goal}`,
        reached,
        note: notes.join('; '),
    });
    return reached;
}

async function main(): Promise<void> {
    const { values } = parseArgs({ options: { peer: { type: 'string', multiple: true }, case: { type: 'string', multiple: true }, rounds: { type: 'string' } } });
    const reached: boolean[] = [];
    for (const kind of pairKinds.filter(name => values.peer?.includes(name) ?? true)) {
        for (const one of cases.filter(({ id }) => values.case?.includes(id) ?? true)) {
            reached.push(await withPair(kind, pair => compare(pair, kind, one, Number(values.rounds ?? one.rounds))));
        }
    }
    process.exitCode = reached.includes(false) ? 1 : 0;
}

void main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
    process.exitCode = 2;
});
