import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import path from 'node:path';

const module_ = path.join(__dirname, '../../../src/core/process/orphaned.js');
/** A process that starts another, tells its id, and waits; the other says so when it is left alone. */
const child = `const { onOrphaned } = require(${JSON.stringify(module_)}); onOrphaned(() => { console.log('orphaned'); process.exit(); }); setInterval(() => {}, 1000); console.log('ready')`;
const parent = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: ['ignore', 'inherit', 'inherit'] }); setInterval(() => {}, 1000)`;

describe('a process whose parent is killed', function () {
    this.timeout(20_000);

    it('notices it within half a second', async () => {
        const process_ = spawn(process.execPath, ['-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] });
        const lines = createInterface(process_.stdout);
        assert.deepEqual(await once(lines, 'line'), ['ready']);
        const start = performance.now();
        process_.kill('SIGKILL');
        assert.deepEqual(await once(lines, 'line'), ['orphaned']);
        assert.ok(performance.now() - start < 500, `${performance.now() - start} ms`);
    });
});
