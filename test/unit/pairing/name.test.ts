/** Names of peers: what git-annex makes of them, and what git takes. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { silentLog } from '../../../src/core/log';
import { findProgram } from '../../../src/core/process/findProgram';
import { run } from '../../../src/core/process/run';
import { checkName, isRemoteName, legalName, plainName, suggestName } from '../../../src/shared/pairing/name';
import { makeRepository, realPrograms } from './realPrograms';

describe('names of peers', () => {
    it('are cleaned as git-annex cleans them', async function () {
        const programs = await realPrograms();
        if (programs === undefined) {
            return this.skip();
        }
        const folder = await mkdtemp(path.join(os.tmpdir(), 'annex-peers-test-'));
        try {
            const { root } = await makeRepository(folder, 'here', programs);
            // git-annex says the name before it needs a wormhole.
            await writeFile(path.join(folder, 'wormhole'), '#!/bin/sh\nexit 1\n', { mode: 0o700 });
            const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, LC_ALL: 'C.UTF-8' };
            const names = fc.sample(fc.string({ unit: fc.constantFrom('a', 'é', '½', '.', '-', '_', '/', ' ', '@', '😀'), minLength: 1, maxLength: 8 }), 4);
            for (const typed of [...names, 'alice-laptop', '-foo', '..-/x']) {
                const { stdout } = await run({ file: programs.gitAnnex, args: ['p2p', '--pair', `--name=${typed}`], cwd: root, env }, { log: silentLog, input: '', timeLimitMs: 10_000 });
                assert.equal(/^p2p pair (\S+) /u.exec(stdout)?.[1], legalName(typed) || 'unnamed', JSON.stringify(typed));
            }
        } finally {
            await rm(folder, { recursive: true, force: true });
        }
    });

    it('are cleaned in the same way each time', () => {
        // As git-annex 10.20230126 printed them.
        for (const [typed, legal] of [['-foo', 'foo'], ['alice-laptop', 'alicelaptop'], ['é-è', 'éè'], ['a..b', 'a..b'], ['Zoë x/y!', 'Zoëx_y'], ['..-/x', '_x'], ['x½', 'x½'], ['a_b.c', 'a_b.c']] as const) {
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
        assert.deepEqual(checkName('alice-laptop', []), { kind: 'changed', name: 'alicelaptop' });
        assert.deepEqual(checkName('alice-laptop', [], plainName), { kind: 'ok', name: 'alice-laptop' });
        assert.ok(isRemoteName('alice-laptop'), 'as one that was renamed');
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
                    const name = plainName(text);
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
