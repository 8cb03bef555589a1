/** The executable that git-annex finds: runs the program with its arguments, whatever the paths look like. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog } from '../../../src/core/log';
import { runOrThrow } from '../../../src/core/process/run';
import { createLauncher } from '../../../src/core/wormhole/launcher';

describe('wormhole: launcher', () => {
    it('runs the program by the given runtime, with the arguments as they are', async () => {
        const folder = await mkdtemp(path.join(tmpdir(), 'wormhole it\'s $HOME "test"-'));
        try {
            const program = path.join(folder, 'program.js');
            await writeFile(program, 'process.stdout.write(JSON.stringify([process.argv.slice(2), process.env.ELECTRON_RUN_AS_NODE]));');
            const bin = await createLauncher({ folder: path.join(folder, 'bin'), runtime: process.execPath, program });
            const file = path.join(bin, 'wormhole');
            assert.equal((await stat(file)).mode & 0o777, 0o700);
            const args = ['--appid', 'a b', '$(touch x)', '\'', '"', ''];
            const { stdout } = await runOrThrow({ file, args, cwd: folder }, { log: silentLog });
            assert.deepEqual(JSON.parse(stdout), [args, '1']);
        } finally {
            await rm(folder, { recursive: true });
        }
    });

    it('takes no program that would have to be looked up', async () => {
        await assert.rejects(createLauncher({ folder: '/nonexistent', runtime: 'node', program: '/x' }), TypeError);
    });
});
