/** What runs as root ends with the command that started it, by the pipe between them. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectRoot } from '../../rig/paths';

const lifeline = path.join(projectRoot(), 'scripts/lib/lifeline.cjs');

async function start(stdin: 'pipe' | 'ignore', program: string): Promise<ChildProcess> {
    const child = spawn(process.execPath, ['--require', lifeline, '-e', program], { stdio: [stdin, 'pipe', 'inherit'] });
    assert.ok(child.stdout !== null);
    await once(child.stdout, 'data');
    return child;
}

describe('the lifeline of what runs as root', () => {
    it('asks it to end when the other end of its input is closed, and lets it take down what it built', async () => {
        const child = await start('pipe', "process.on('SIGTERM', () => setTimeout(() => process.exit(7), 50)); setInterval(() => undefined, 1000); console.log('runs')");
        child.stdin?.end();
        assert.deepEqual(await once(child, 'exit'), [7, null]);
    });

    it('ends what does not listen', async () => {
        const child = await start('pipe', "setInterval(() => undefined, 1000); console.log('runs')");
        child.stdin?.destroy();
        assert.deepEqual(await once(child, 'exit'), [null, 'SIGTERM']);
    });

    it('does not keep it alive, and is none where there is no pipe', async () => {
        for (const stdin of ['pipe', 'ignore'] as const) {
            const child = await start(stdin, "console.log('runs'); setTimeout(() => undefined, 200)");
            assert.deepEqual(await once(child, 'exit'), [0, null], stdin);
        }
    });
});
