/** Getting and dropping what was chosen, with the real git-annex; and the model that follows what others do. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { actOnContent, ContentModel, filesAt, passing, type ContentSnapshot } from '../../../src/core/content';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { CancelledError } from '../../../src/core/errors';
import { until } from '../support/until';
import { addAndCommit, annex, cloneRepository, contextOf, git, introduce, newRepository, put, removeFolder, temporaryFolder } from '../sync/support/repositories';

const program = path.join(__dirname, '../../../src/content/main.js');

describe('content that was chosen', function () {
    this.timeout(60_000);
    let parent: string;
    let alice: string;
    let context: RepositoryContext;
    let model: ContentModel;
    const names = ['d/one', 'd/two words', 'd/new\nline', 'é%&:', '-dash'];
    const here = (name: string): boolean => existsSync(path.join(alice, name));
    const known = (): ContentSnapshot => {
        assert.ok(model.snapshot);
        return model.snapshot;
    };
    const numbers = (...wanted: readonly string[]): number[] => wanted.map(name => known().find(name));

    before(async () => {
        parent = await temporaryFolder();
        const bob = await newRepository(parent, 'bob');
        for (const name of names) {
            await put(bob, name, `content of ${name}`);
        }
        await addAndCommit(bob, 'first');
        alice = await cloneRepository(parent, bob, 'alice');
        await introduce(alice, bob);
        await put(alice, 'mine', 'only here');
        await addAndCommit(alice, 'mine');
        context = await contextOf(alice);
        model = new ContentModel(context, { program });
        await model.update();
    });

    after(async () => {
        await model.dispose();
        await removeFolder(parent);
    });

    it('is got, whatever it is called, and nothing else', async () => {
        const told: number[] = [];
        const summary = await actOnContent(context, known(), numbers('d/one', 'd/new\nline', 'é%&:'), { kind: 'get', from: undefined }, { onProgress: ({ files }) => told.push(files.done) });
        assert.deepEqual([summary.done, summary.failed], [3, []]);
        assert.deepEqual(names.map(here), [true, false, true, true, false]);
        assert.deepEqual([told[0], told.at(-1)], [0, 3]);
        await model.update();
        assert.deepEqual(numbers(...names).map(number => known().isHere(number)), [true, false, true, true, false]);
    });

    it('is got from the remote that was named', async () => {
        const summary = await actOnContent(context, known(), numbers('d/two words', '-dash'), { kind: 'get', from: 'bob' });
        assert.deepEqual([summary.done, summary.failed], [2, []]);
    });

    it('is dropped if others have it, and stays if not', async () => {
        await model.update();
        const all = filesAt(known(), '', passing(known(), { kind: 'all' }));
        const summary = await actOnContent(context, known(), all, { kind: 'drop' });
        assert.deepEqual([summary.done, summary.failed.map(({ path: name, reason }) => [name, reason])], [names.length, [['mine', 'too-few-copies']]]);
        assert.deepEqual([...names, 'mine'].map(here), [...names.map(() => false), true]);
    });

    it('can be cancelled', async () => {
        const controller = new AbortController();
        controller.abort();
        await model.update();
        await assert.rejects(actOnContent(context, known(), numbers('d/one'), { kind: 'get', from: undefined }, { signal: controller.signal }), CancelledError);
    });

    it('says which could not be got', async () => {
        await git(alice, 'config', 'remote.bob.url', path.join(parent, 'gone'));
        const summary = await actOnContent(context, known(), numbers('d/one'), { kind: 'get', from: undefined });
        await git(alice, 'config', 'remote.bob.url', path.join(parent, 'bob'));
        assert.deepEqual([summary.done, summary.failed.map(({ path: name }) => name)], [0, ['d/one']]);
    });

    it('is followed while somebody looks', async () => {
        model.follow();
        await annex(alice, 'get', '--quiet', '--', 'd/one');
        await until('d/one is seen to be here', () => known().isHere(known().find('d/one')), 30_000);
        await git(alice, 'mv', 'd/one', 'd/uno');
        await until('its new name is seen', () => known().find('d/uno') >= 0 && known().find('d/one') < 0, 30_000);
        await put(path.join(parent, 'bob'), 'later', 'later');
        await addAndCommit(path.join(parent, 'bob'), 'later');
        await annex(path.join(parent, 'bob'), 'drop', '--quiet', '--force', 'd/one');
        const bob = known().numberOf((await git(path.join(parent, 'bob'), 'config', 'annex.uuid')).trim());
        assert.ok(known().logged(known().find('d/uno')).includes(bob));
        await git(alice, 'fetch', '--quiet', 'bob');
        await until('what was fetched counts before it is merged', () => !known().logged(known().find('d/uno')).includes(bob), 30_000);
        await rm(path.join(alice, 'mine'));
        model.noteFiles();
        await until('a file that was removed by hand is left out', () => known().find('mine') < 0, 30_000);
        model.rest();
        await annex(alice, 'drop', '--quiet', '--force', '--', 'd/uno');
        assert.equal(known().isHere(known().find('d/uno')), true, 'nobody looks');
        model.follow();
        await until('the drop is seen', () => !known().isHere(known().find('d/uno')), 30_000);
    });
});
