/** The words that our own wormhole leaves for the pairing: whole, private, and never anybody else's text. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { readResults, wormholeResults, writeResult } from '../../../src/core/pairing/wormholeResults';

describe('results of the wormholes', () => {
    let folder = '';
    beforeEach(async () => {
        folder = await mkdtemp(path.join(os.tmpdir(), 'annex-peers-results-'));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    it('are read as they were written, each role for itself', async () => {
        assert.deepEqual(await readResults(folder), { send: undefined, receive: undefined });
        for (const result of wormholeResults) {
            await writeResult(folder, 'send', result);
            assert.deepEqual(await readResults(folder), { send: result, receive: undefined });
        }
        await writeResult(folder, 'receive', 'ok');
        assert.equal((await readResults(folder)).receive, 'ok');
        assert.deepEqual((await readdir(folder)).sort(), ['receive', 'send']);
        assert.equal((await stat(path.join(folder, 'send'))).mode & 0o777, 0o600);
    });

    it('are known words, whatever somebody else has put there', async () => {
        await fc.assert(
            fc.asyncProperty(fc.oneof(fc.string(), fc.constantFrom('constructor', '__proto__', 'ok\n', '')), async text => {
                await writeFile(path.join(folder, 'send'), text);
                const { send } = await readResults(folder);
                assert.ok(send !== undefined && wormholeResults.includes(send));
            }),
            { numRuns: 50 },
        );
    });

    it('stop nothing where there is no folder for them', async () => {
        await writeResult(undefined, 'send', 'ok');
        await writeResult('relative', 'send', 'ok');
        await writeResult(path.join(folder, 'gone'), 'send', 'ok');
        assert.deepEqual(await readdir(folder), []);
    });
});
