/**
 * Counts how many plain `git fetch`es over a private, real Tor network hang: from a repository that the extension serves in a
 * real VS Code, or beside it from the plain remote daemon. One after another, on a rig of its own.
 *
 *     node out/test/support/torFetch/fetchRuns.js <runs> <bytes> <extension|plain> [<limit in s>]
 *
 * Ends with 1 if a fetch from what the extension serves hung. Figures go to the file ANNEX_PEERS_FIGURES, too.
 */
import { writeFile } from 'node:fs/promises';
import { CommandLine } from '../../e2e/steps/commandLine';
import { enableTor } from '../../e2e/steps/enableTor';
import { countFetches, linkByHand, type FetchFigures } from '../../e2e/steps/fetches';
import { Stage } from '../../e2e/steps/stage';
import { waitFor } from '../../rig/wait';
import type { FetchOptions } from '../../e2e/steps/fetches';

type Server = 'extension' | 'plain';

async function fetchRuns(by: Server, options: FetchOptions): Promise<FetchFigures> {
    const stage = await Stage.set({ people: ['alice', 'bob'], atEditors: by === 'extension' ? ['alice'] : [], label: `fetches from ${by}` });
    const server = stage.rig.computer('alice');
    const client = stage.rig.computer('bob');
    const plain = new CommandLine(server);
    try {
        if (by === 'extension') {
            await stage.open();
            await enableTor(stage.person('alice'));
        } else {
            await plain.serve();
        }
        // The address is new in the network.
        await waitFor(async () => linkByHand(server, client, 'alice').then(() => true, () => false), { what: 'bob to reach alice', limitMs: 120_000, everyMs: 2000 });
        return await countFetches(server, client, 'alice', options);
    } finally {
        await plain.end();
        await stage.strike();
    }
}

async function main(): Promise<number> {
    const [runs = '10', bytes = '1000', by = 'extension', limit = '15'] = process.argv.slice(2);
    if (by !== 'extension' && by !== 'plain') {
        throw new Error(`served by extension or plain, not by ${by}`);
    }
    const figures = await fetchRuns(by, {
        runs: Number(runs),
        bytes: Number(bytes),
        timeLimitMs: Number(limit) * 1000,
        onRun: (run, result, ms) => {
            if (result !== 'ok') {
                process.stdout.write(`fetch ${run}: ${result} after ${Math.round(ms)} ms\n`);
            }
        },
    });
    const text = JSON.stringify({ by, bytes: Number(bytes), ...figures, words: [...new Set(figures.words)] });
    process.stdout.write(`${text}\n`);
    const file = process.env['ANNEX_PEERS_FIGURES'];
    if (file !== undefined) {
        await writeFile(file, text);
    }
    return by === 'extension' && figures.hung > 0 ? 1 : 0;
}

main().then(
    code => process.exit(code),
    (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
        process.exit(2);
    },
);
