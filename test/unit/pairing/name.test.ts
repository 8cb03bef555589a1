/** Names of peers: what git-annex makes of them, and what git takes. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { silentLog } from '../../../src/core/log';
import { findProgram } from '../../../src/core/process/findProgram';
import { run } from '../../../src/core/process/run';
import { checkName, isRemoteName, legalName, suggestName } from '../../../src/shared/pairing/name';

describe('names of peers', () => {
    it('are cleaned as git-annex cleans them', () => {
        // As the real git-annex 10.20230126 printed them.
        for (const [typed, legal] of [['-foo', 'foo'], ['a..b', 'a..b'], ['Zoë x/y!', 'Zoëx_y'], ['..-/x', '_x'], ['x½', 'x½']] as const) {
            assert.equal(legalName(typed), legal);
        }
    });

    it('are refused where git would refuse them, and where they are taken', () => {
        assert.deepEqual(checkName('a..b', []), { kind: 'invalid' });
        assert.deepEqual(checkName('a.lock', []), { kind: 'invalid' });
        assert.deepEqual(checkName('a.', []), { kind: 'invalid' });
        assert.deepEqual(checkName(' ', []), { kind: 'invalid' });
        assert.deepEqual(checkName('bob', ['alice', 'Bob']), { kind: 'taken', name: 'bob' });
        assert.deepEqual(checkName('bob’s laptop', []), { kind: 'changed', name: 'bobslaptop' });
        assert.deepEqual(checkName(' bob ', []), { kind: 'ok', name: 'bob' });
        assert.equal(suggestName(['peer1', 'PEER2', 'x']), 'peer3');
    });

    it('that pass are names that git takes', async () => {
        const git = await findProgram('git');
        assert.ok(git !== undefined);
        const folder = await mkdtemp(path.join(os.tmpdir(), 'annex-peers-test-'));
        try {
            const options = { log: silentLog };
            await run({ file: git, args: ['init', '-q', folder], cwd: folder }, options);
            await fc.assert(
                fc.asyncProperty(fc.string({ unit: fc.constantFrom('a', 'é', '½', '.', '-', '_', '/', ' ', '@', '{', 'lock', '.lock'), minLength: 1, maxLength: 8 }), async text => {
                    const name = legalName(text);
                    fc.pre(isRemoteName(name));
                    const { code } = await run({ file: git, args: ['-C', folder, 'remote', 'add', name, 'x'], cwd: folder }, options);
                    assert.ok(code === 0 || code === 3, `${name}: ${code ?? '?'}`);
                }),
                { numRuns: 40 },
            );
        } finally {
            await rm(folder, { recursive: true, force: true });
        }
    });
});
