/**
 * How long the extension's activation takes in a real VS Code: in an empty window and in one with a git-annex repository.
 * Each figure comes from a window of its own, freshly started.
 *
 *     node out/test/bench/activation/bench.js [windows]
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { silentLog } from '../../../src/core/log';
import { run } from '../../../src/core/process/run';
import { median, tell } from '../support/row';

const windows = Number(process.argv[2] ?? 5);
const goalMs = 500;
const lineSchema = v.object({ wasActive: v.boolean(), ms: v.number() });

async function main(folder: string): Promise<void> {
    const file = path.join(folder, 'activation.json');
    for (let window = 0; window < windows; window++) {
        const { code, stdout, stderr } = await run({ file: process.execPath, args: [path.join(__dirname, '../../integration/runTests.js'), '--suite', 'bench'], cwd: folder, env: { ANNEX_PEERS_ACTIVATION: file } }, { log: silentLog, timeLimitMs: 300_000 });
        if (code !== 0) {
            throw new Error(`${stdout}${stderr}`);
        }
    }
    const lines = (await readFile(file, 'utf8')).trim().split('\n').map(line => v.parse(lineSchema, JSON.parse(line)));
    const fresh = lines.filter(({ wasActive }) => !wasActive).map(({ ms }) => ms);
    tell({
        what: 'activation, in a window with a git-annex repository',
        ours: fresh.length === 0 ? 'not seen' : `${Math.round(median(fresh))} ms (${Math.round(Math.min(...fresh))} to ${Math.round(Math.max(...fresh))})`,
        instead: '',
        ratio: '',
        goal: `under ${goalMs} ms`,
        reached: fresh.length > 0 && median(fresh) < goalMs,
        note: `${fresh.length} of ${windows} windows; in the others it was over before it could be timed`,
    });
    process.exitCode = fresh.length > 0 && median(fresh) < goalMs ? 0 : 1;
}

void (async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'annex-peers-bench-'));
    try {
        await main(folder);
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
})();
