/** Add on real repositories. */
import assert from 'node:assert/strict';
import { lstat, readdir, stat, symlink, truncate } from 'node:fs/promises';
import path from 'node:path';
import { addFiles, annexStagedFiles, findPlainGitFiles, type AddProgress } from '../../../src/core/sync';
import { until } from '../support/until';
import { annex, contextOf, git, newRepository, put, removeFolder, temporaryFolder } from './support/repositories';

describe('Add', function () {
    this.timeout(60_000);
    let parent: string;
    let folder: string;

    beforeEach(async () => {
        parent = await temporaryFolder();
        folder = await newRepository(parent, 'alice');
    });
    afterEach(async () => removeFolder(parent));

    it('adds files and folders, with a result for each file', async () => {
        await put(folder, 'a', 'a');
        await put(folder, '-odd name', 'b');
        await put(folder, 'd/é/x', 'c');
        await put(folder, 'd/y', 'd');
        const progress: AddProgress[] = [];
        const result = await addFiles(await contextOf(folder), [path.join(folder, 'a'), '-odd name', 'd'], { onProgress: snapshot => progress.push(snapshot) });
        assert.deepEqual([...result.added].sort(), ['-odd name', 'a', 'd/y', 'd/é/x']);
        assert.deepEqual([result.failed, result.addedToGit], [[], []]);
        assert.equal(progress.at(-1)?.files, 4);
        assert.ok((await lstat(path.join(folder, 'd/é/x'))).isSymbolicLink());
    });

    it('refuses what is outside or does not exist, and adds the rest', async () => {
        await put(folder, 'a', 'a');
        await put(parent, 'outside', 'x');
        const result = await addFiles(await contextOf(folder), ['a', 'missing', path.join(parent, 'outside'), '.git/config']);
        assert.deepEqual(result.added, ['a']);
        assert.deepEqual(result.failed.map(({ path: file, reason }) => [path.basename(file), reason]), [['missing', 'not-there'], ['outside', 'other'], ['config', 'other']]);
    });

    it('cancelled while git-annex reads a file, gives it back: it can be written, deleted for good, and added', async () => {
        const file = path.join(folder, 'films/large');
        const temporary = path.join(folder, '.git/annex/othertmp');
        await put(folder, 'films/large', '');
        // Sparse: it takes no place, but git-annex's time.
        await truncate(file, 4 * 2 ** 30);
        const stop = new AbortController();
        const cancelled = assert.rejects(addFiles(await contextOf(folder), ['films'], { signal: stop.signal }), { reason: 'cancelled' });
        await until('git-annex reads it', async () => (await readdir(temporary).catch(() => [])).length > 0 && ((await stat(file)).mode & 0o200) === 0);
        stop.abort();
        await cancelled;
        assert.deepEqual([(await stat(file)).mode & 0o200, (await stat(file)).nlink, await readdir(temporary)], [0o200, 1, []]);
        await truncate(file, 1000);
        assert.deepEqual((await addFiles(await contextOf(folder), ['films'])).added, ['films/large']);
    });

    it('tells what went to git itself', async () => {
        await git(folder, 'config', 'annex.largefiles', 'largerthan=1kb');
        await put(folder, 'small', 'small');
        await put(folder, 'large', 'x'.repeat(2000));
        const result = await addFiles(await contextOf(folder), ['small', 'large']);
        assert.deepEqual([result.added, result.addedToGit], [['large'], ['small']]);
    });

    it('finds what is staged in plain git and ought to be annexed', async () => {
        const context = await contextOf(folder);
        await put(folder, 'big.bin', Buffer.alloc(150_000, 1));
        await put(folder, 'small.txt', 'small');
        await put(folder, 'annexed', 'annexed');
        await git(folder, 'add', 'big.bin', 'small.txt');
        await annex(folder, 'add', '-c', 'annex.addunlocked=true', '--quiet', 'annexed');
        assert.deepEqual(await findPlainGitFiles(context), [{ path: 'big.bin', size: 150_000 }]);
        // An expression that is set decides alone.
        await git(folder, 'config', 'annex.largefiles', 'include=*.txt');
        assert.deepEqual(await findPlainGitFiles(context), [{ path: 'small.txt', size: 5 }]);
        await git(folder, 'config', '--unset', 'annex.largefiles');
        const converted = await annexStagedFiles(context, ['big.bin']);
        assert.deepEqual(converted.added, ['big.bin']);
        assert.deepEqual(await findPlainGitFiles(context), []);
        assert.ok((await annex(folder, 'find')).includes('big.bin'));
    });

    it('stops when cancelled, with nothing left locked', async () => {
        for (let index = 0; index < 30; index++) {
            await put(folder, `f${index}`, Buffer.alloc(100_000, index));
        }
        const stop = new AbortController();
        await assert.rejects(addFiles(await contextOf(folder), ['.'], { signal: stop.signal, onProgress: ({ files }) => {
            if (files === 2) {
                stop.abort();
            }
        } }), { reason: 'cancelled' });
        const result = await addFiles(await contextOf(folder), ['.']);
        assert.deepEqual(result.failed, []);
        assert.equal((await annex(folder, 'find')).trim().split('\n').length, 30);
    });

    it('leaves links that lead nowhere alone', async () => {
        await symlink('nowhere', path.join(folder, 'broken'));
        const result = await addFiles(await contextOf(folder), ['broken']);
        assert.deepEqual(result.failed.map(({ path: file }) => file), ['broken']);
    });
});
