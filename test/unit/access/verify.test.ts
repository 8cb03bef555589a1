/** The words of both ends, and of a command line. */
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { silentLog } from '../../../src/core/log';
import { setVerified, verifiedAt, verifyCommand, verifyWords, wordCount, type End } from '../../../src/core/peers/access';
import { findProgram } from '../../../src/core/process/findProgram';
import { run, runOrThrow } from '../../../src/core/process/run';
import { withTemporaryFolder } from '../support/temporaryFolder';

const a: End = { onion: `${'a'.repeat(55)}2.onion`, uuid: '0192f0f4-1111-2222-3333-444455556666' };
const b: End = { onion: `${'b'.repeat(55)}7.onion`, uuid: 'ffffffff-1111-2222-3333-444455556666' };

describe('verifying', () => {
    it('gives both ends the same few short words', async () => {
        const words = await verifyWords(a, b);
        assert.deepEqual(words, await verifyWords(b, a));
        assert.deepEqual(words, await verifyWords({ onion: a.onion.toUpperCase(), uuid: a.uuid.toUpperCase() }, b));
        assert.equal(words.length, wordCount);
        // Fixed for ever: the other end may be of another version.
        assert.deepEqual(words, ['sohot', 'rahil', 'rijol', 'boval', 'tomom']);
        for (const word of words) {
            assert.match(word, /^[bdfghjklmnprstvz][aiou][bdfghjklmnprstvz][aiou][bdfghjklmnprstvz]$/u);
        }
    });

    it('gives others where anything differs', async () => {
        const words = (await verifyWords(a, b)).join(' ');
        for (const [one, other] of [
            [{ ...a, uuid: b.uuid }, b],
            [{ ...a, onion: b.onion }, b],
            [a, { ...b, uuid: a.uuid }],
            [{ onion: a.onion, uuid: b.uuid }, { onion: b.onion, uuid: a.uuid }],
        ] as const) {
            assert.notEqual((await verifyWords(one, other)).join(' '), words);
        }
    });

    it('is made by one line at a command line, from what is there', async function () {
        const [git, sh, python] = await Promise.all(['git', 'sh', 'python3'].map(name => findProgram(name)));
        if (git === undefined || sh === undefined || python === undefined) {
            this.skip();
        }
        await withTemporaryFolder(async folder => {
            await runOrThrow({ file: git, args: ['init', '-q'], cwd: folder }, { log: silentLog });
            for (const [key, value] of [['annex.uuid', b.uuid], ['remote.peer1.url', `tor-annex::${a.onion}:4711`], ['remote.peer1.annex-uuid', a.uuid], ['remote.Other.one.url', `tor-annex::${a.onion.toUpperCase().replace('ONION', 'onion')}:4711`], ['remote.Other.one.annex-uuid', b.uuid], ['remote.folder.url', '/x y'], ['remote.folder.annex-uuid', 'z'], ['remote.new.url', `tor-annex::${a.onion}:1`]] as const) {
                await runOrThrow({ file: git, args: ['config', key, value], cwd: folder }, { log: silentLog });
            }
            await mkdir(path.join(folder, '.git', 'annex', 'creds'), { recursive: true });
            await writeFile(path.join(folder, '.git', 'annex', 'creds', 'p2paddrs'), `p2p-annex::net:x\ntor-annex::${b.onion}:1234\ntor-annex::${'c'.repeat(56)}.onion:5\n`);
            await mkdir(path.join(folder, 'below'));
            const { stdout } = await run({ file: sh, args: ['-c', verifyCommand], cwd: path.join(folder, 'below') }, { log: silentLog, timeLimitMs: 10_000 });
            const lines = stdout.trim().split('\n').sort();
            assert.deepEqual(lines, [`Other.one: ${(await verifyWords({ ...a, uuid: b.uuid }, b)).join(' ')}`, `peer1: ${(await verifyWords(a, b)).join(' ')}`]);
        });
    });

    it('is documented with exactly that line', async () => {
        assert.ok(!verifyCommand.includes('\n'));
        assert.ok((await readFile(path.resolve(__dirname, '../../../../docs/verify.md'), 'utf8')).includes(`\n    ${verifyCommand}\n`));
    });

    it('takes no more than a moment', async () => {
        const start = performance.now();
        await verifyWords(a, b);
        assert.ok(performance.now() - start < 3000);
    });

    it('remembers who was verified, for exactly these addresses and uuids', async () => {
        await withTemporaryFolder(async gitDir => {
            assert.equal(await verifiedAt(gitDir, a, b), undefined);
            await setVerified(gitDir, a, b, 1234);
            assert.deepEqual([await verifiedAt(gitDir, a, b), await verifiedAt(gitDir, b, a), await verifiedAt(gitDir, a, { ...b, uuid: 'x' })], [1234, 1234, undefined]);
            await setVerified(gitDir, a, b, undefined);
            assert.equal(await verifiedAt(gitDir, a, b), undefined);
        });
    });
});
