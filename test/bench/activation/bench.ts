/**
 * How long the extension's activation takes in a real VS Code: in an empty window and in one with a git-annex repository.
 * Each figure comes from a window of its own, freshly started.
 *
 *     node out/test/bench/activation/bench.js [windows]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { median, tell } from '../support/row';

const windows = Number(process.argv[2] ?? 5);
const goalMs = 500;
const lineSchema = v.object({ wasActive: v.boolean(), ms: v.number() });

const folder = mkdtempSync(path.join(os.tmpdir(), 'annex-peers-bench-'));
try {
    const file = path.join(folder, 'activation.json');
    for (let window = 0; window < windows; window++) {
        const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(__dirname, '../../integration/runTests.js'), '--suite', 'bench'], { encoding: 'utf8', env: { ...process.env, ANNEX_PEERS_ACTIVATION: file } });
        if (status !== 0) {
            throw new Error(`${stdout}${stderr}`);
        }
    }
    const lines = readFileSync(file, 'utf8').trim().split('\n').map(line => v.parse(lineSchema, JSON.parse(line)));
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
} finally {
    rmSync(folder, { recursive: true, force: true });
}
