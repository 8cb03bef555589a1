/** The editor's guard: what it runs ends with whoever started it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../../rig/paths';
import { waitFor } from '../../rig/wait';

const guard = path.join(projectRoot(), 'test/rig/editor/serverGuard.cjs');
/** Starts a child of its own that ignores SIGTERM, and prints both ids. */
const stubborn = 'const { spawn } = require("node:child_process"); const child = spawn(process.execPath, ["-e", "process.on(`SIGTERM`, () => {}); setInterval(() => {}, 1000)"], { stdio: "ignore" }); console.log(child.pid); setInterval(() => {}, 1000)';

/** Where nobody reaps orphans, as in a container without an init, what has ended stays as a zombie. */
async function isAlive(pid: number): Promise<boolean> {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    return stat !== undefined && !/^[ZX]/u.test(stat.slice(stat.lastIndexOf(')') + 2));
}

describe('serverGuard', function () {
    this.timeout(30_000);

    it('passes on the exit code', async () => {
        const child = spawn(process.execPath, [guard, process.execPath, '-e', 'process.exit(7)'], { detached: true, stdio: ['pipe', 'ignore', 'inherit'] });
        assert.deepEqual(await once(child, 'exit'), [7, null]);
    });

    it('ends the whole process group when its input closes', async () => {
        const child = spawn(process.execPath, [guard, process.execPath, '-e', stubborn], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
        const [line] = await once(child.stdout, 'data') as [Buffer];
        const grandchild = Number(line.toString());
        assert.ok(await isAlive(grandchild));
        child.stdin.end();
        await once(child, 'exit');
        await waitFor(async () => !await isAlive(grandchild), { what: 'the stubborn child to end', limitMs: 2000 });
    });
});
