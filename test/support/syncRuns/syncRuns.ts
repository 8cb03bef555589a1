/**
 * Counts how many incremental syncs with a peer that plain git-annex serves hang or fail; beside each the plain command
 * with the same time limit, on the same pair of repositories.
 *
 *     node out/test/support/syncRuns/syncRuns.js <runs> [--peer tor|local] [--limit <seconds>]
 *
 * Ends with 1 if one of ours hung or failed. Figures go to the file ANNEX_PEERS_FIGURES, too.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { median } from '../../bench/support/row';
import { makeFiles, withPair, type Pair } from '../../bench/sync/pairs';

class Count {
    readonly times: number[] = [];
    readonly words = new Set<string>();
    hung = 0;
    failed = 0;

    get summary(): string {
        return `${this.hung} hung, ${this.failed} failed, median ${Math.round(median(this.times))} ms, longest ${Math.round(Math.max(...this.times))} ms`;
    }
}

async function syncOnce(pair: Pair, how: 'ours' | 'plain', limitMs: number, count: Count): Promise<string> {
    const folder = await makeFiles(pair, 1, 10_000);
    const answer = await pair.runner.ask({ do: 'sync', how, peer: pair.peer, uuid: pair.uuid, limitMs });
    count.times.push(answer.ms);
    if (answer.hung === true) {
        count.hung++;
        return 'hung';
    }
    const arrived = (await pair.runner.askOrThrow({ do: 'count', folder, uuid: pair.uuid })).count === 1;
    if (answer.problem === undefined && arrived) {
        return 'ok';
    }
    count.failed++;
    count.words.add(answer.problem ?? 'the file did not arrive');
    return `failed: ${answer.problem ?? 'the file did not arrive'}`;
}

async function main(): Promise<number> {
    const { positionals, values } = parseArgs({ allowPositionals: true, options: { peer: { type: 'string', default: 'tor' }, limit: { type: 'string', default: '120' } } });
    const runs = Number(positionals[0] ?? 10);
    const limitMs = Number(values.limit) * 1000;
    const counts = { ours: new Count(), plain: new Count() };
    await withPair(values.peer === 'local' ? 'local' : 'tor', async pair => {
        for (let run = 0; run < runs; run++) {
            for (const how of ['ours', 'plain'] as const) {
                const result = await syncOnce(pair, how, limitMs, counts[how]);
                if (result !== 'ok') {
                    process.stdout.write(`sync ${run}, ${how}: ${result}\n`);
                }
            }
        }
    }, false);
    const { ours, plain } = counts;
    const summary = `of ${runs}: ${ours.summary}; \`git annex sync --content\` beside it: ${plain.summary} (limit ${values.limit} s)`;
    process.stdout.write(`${summary}\n`);
    const file = process.env['ANNEX_PEERS_FIGURES'];
    if (file !== undefined) {
        await writeFile(file, JSON.stringify({ runs, hung: ours.hung, failed: ours.failed, plainHung: plain.hung, plainFailed: plain.failed, summary }));
    }
    return ours.hung + ours.failed === 0 ? 0 : 1;
}

main().then(
    code => process.exit(code),
    (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
        process.exit(2);
    },
);
