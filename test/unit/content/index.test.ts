/** The index as the rest of the program sees it: a worker, a cache, and what happens when either is in trouble. */
import assert from 'node:assert/strict';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ContentIndex } from '../../../src/core/content';
import { CancelledError } from '../../../src/core/errors';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { addAndCommit, annex, contextOf, git, newRepository, put, removeFolder, temporaryFolder } from '../sync/support/repositories';
import { answersOf, askAnnex } from './support/oracle';

const program = path.join(__dirname, '../../../src/content/main.js');

describe('the index of content', function () {
    this.timeout(60_000);
    let parent: string;
    let folder: string;
    let context: RepositoryContext;
    let cacheFile: string;
    const open = (): ContentIndex => new ContentIndex(context, { program, cacheFile });

    before(async () => {
        parent = await temporaryFolder();
        folder = await newRepository(parent, 'here');
        cacheFile = path.join(parent, 'cache/content');
        await put(folder, 'a', 'one');
        await put(folder, 'd/b', 'two');
        await put(folder, 'd/c', 'three');
        await addAndCommit(folder, 'first');
        context = await contextOf(folder);
    });

    after(() => removeFolder(parent));

    it('is read by a worker, and follows changes', async () => {
        const index = open();
        let events = 0;
        index.onDidChange.on(() => events++);
        try {
            const first = await index.update();
            assert.deepEqual(answersOf(first), await askAnnex(folder));
            assert.deepEqual([first.count, first.path(1), first.size(1), first.isHere(1), first.isLocked(1), first.differs(1)], [3, 'd/b', 3, true, true, false]);
            assert.deepEqual([first.find('d/c'), first.find('d'), first.firstFrom('d/')], [2, -1, 1]);
            await index.update();
            const quiet = events;
            await index.update();
            assert.equal(events, quiet, 'nothing has changed');
            await annex(folder, 'drop', '--quiet', '--force', 'd/b');
            await annex(folder, 'unlock', '--quiet', 'a');
            const second = await index.update();
            assert.deepEqual([second.isHere(1), second.isLocked(0), second.logged(1)], [false, false, []]);
            assert.equal(first.isHere(1), true, 'a snapshot never changes');
            assert.deepEqual(answersOf(second), await askAnnex(folder));
        } finally {
            await index.dispose();
        }
    });

    it('knows at once what it knew, and then what has changed meanwhile', async () => {
        assert.ok((await stat(cacheFile)).size > 0, 'what was read was kept');
        const lost = open();
        try {
            const key = (await annex(folder, 'lookupkey', 'd/c')).trim();
            const place = path.join(folder, '.git/annex/objects', (await annex(folder, 'examinekey', '--format=${hashdirmixed}', key)).trim(), key);
            await git(folder, 'config', 'annex.nothing', 'here');
            await removeFolder(place);
            const seen: boolean[] = [];
            lost.onDidChange.on(snapshot => seen.push(snapshot.isHere(snapshot.find('d/c'))));
            const snapshot = await lost.update();
            assert.deepEqual(seen, [true, false], 'first from the cache, then as it is');
            assert.equal(snapshot.differs(snapshot.find('d/c')), true, 'the log still says that it is here');
        } finally {
            await lost.dispose();
        }
    });

    it('reads anew where the cache is damaged, or its commit is gone', async () => {
        await annex(folder, 'fsck', '--quiet', '--fast', '.').catch(() => undefined);
        const expected = await askAnnex(folder);
        const content = await readFile(cacheFile);
        content[content.length - 5] = (content.at(-5) ?? 0) ^ 1;
        await writeFile(cacheFile, content);
        for (const spoil of [() => Promise.resolve(), () => writeFile(cacheFile, 'nothing'), () => rm(cacheFile)]) {
            await spoil();
            const index = open();
            assert.deepEqual(answersOf(await index.update()), expected);
            await index.dispose();
        }
        await annex(folder, 'forget', '--quiet', '--force');
        await git(folder, 'reflog', 'expire', '--expire=now', '--all');
        await git(folder, 'gc', '--quiet', '--prune=now');
        const index = open();
        assert.deepEqual(answersOf(await index.update()), await askAnnex(folder));
        await index.dispose();
    });

    it('can be cancelled, and disposed of in the middle', async () => {
        const index = open();
        const controller = new AbortController();
        const update = index.update({ signal: controller.signal, allObjects: true });
        controller.abort();
        await assert.rejects(update, CancelledError);
        assert.equal((await index.update()).count, 3, 'the next one reads again');
        const last = index.update({ workTree: true });
        await Promise.all([index.dispose(), last.catch((error: unknown) => assert.ok(error instanceof CancelledError))]);
        await assert.rejects(index.update(), CancelledError);
    });

    it('says why it can\'t be read', async () => {
        const index = new ContentIndex({ ...context, root: parent, gitDir: path.join(parent, 'nowhere') }, { program });
        await assert.rejects(index.update(), { name: 'ContentError', reason: 'unreadable' });
        await index.dispose();
    });
});
