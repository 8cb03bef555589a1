/** A sync that nobody watches: what it takes in, what it leaves, and what is known to wait. */
import assert from 'node:assert/strict';
import { heldBackBy, heldBackByError, noQuestions, readIncoming, syncContent, SyncError, type Incoming, type SyncSummary } from '../../../src/core/sync';
import { addAndCommit, attempt, cloneRepository, contentOf, contextOf, git, introduce, newRepository, peerOf, put, removeFolder, temporaryFolder } from './support/repositories';

describe('a sync that nobody watches', function () {
    this.timeout(120_000);
    let parent: string;
    let alice: string;
    let bob: string;

    const sync = async (content = true): Promise<SyncSummary> =>
        syncContent(await contextOf(alice), [await peerOf(bob)], { settings: { commit: 'ask', untracked: 'ask' }, questions: noQuestions, unattended: true, content });
    /** As the remote daemon does. */
    const fetched = async (): Promise<unknown> => git(alice, 'fetch', '--quiet', 'bob');
    const incoming = async (): Promise<Incoming | undefined> => (await readIncoming(await contextOf(alice), [await peerOf(bob)])).get('bob');
    const plain = async (folder: string, content: string): Promise<void> => {
        await put(folder, 'notes', content);
        await git(folder, '-c', 'annex.largefiles=nothing', 'add', 'notes');
        await git(folder, '-c', 'annex.largefiles=nothing', 'commit', '--quiet', '-m', content);
    };

    beforeEach(async () => {
        parent = await temporaryFolder();
        alice = await newRepository(parent, 'alice');
        await put(alice, 'first', 'first');
        await addAndCommit(alice, 'first');
        bob = await cloneRepository(parent, alice, 'bob');
        await introduce(alice, bob);
        await sync();
        await fetched();
    });
    afterEach(async () => removeFolder(parent));

    it('is told of what has come, until that is merged', async () => {
        assert.equal(await incoming(), undefined);
        await put(bob, 'second', 'second');
        await addAndCommit(bob, 'second');
        assert.equal(await incoming(), undefined, 'nobody has fetched it');
        await fetched();
        const first = await incoming();
        assert.equal(first?.kind, 'files');
        await put(bob, 'third', 'third');
        await addAndCommit(bob, 'third');
        await fetched();
        assert.notEqual((await incoming())?.tip, first.tip);
        await sync();
        assert.deepEqual([await incoming(), await contentOf(alice, 'third')], [undefined, 'third']);
    });

    it('takes in history alone where no content is wanted', async () => {
        await put(bob, 'second', 'second');
        await addAndCommit(bob, 'second');
        await fetched();
        await sync(false);
        assert.deepEqual([await incoming(), await contentOf(alice, 'second')], [undefined, undefined]);
        assert.match(await git(alice, 'ls-files'), /second/u);
        await sync(true);
        assert.equal(await contentOf(alice, 'second'), 'second');
    });

    it('leaves the work tree as it was where it would conflict, and commits nothing that was not committed', async () => {
        await plain(alice, 'one');
        await sync();
        await git(bob, 'merge', '--quiet', 'synced/master');
        await plain(alice, "alice's");
        await plain(bob, "bob's");
        await put(alice, 'draft', 'draft');
        await fetched();
        const before = await git(alice, 'rev-parse', 'HEAD');
        const [peer] = (await sync()).peers;
        assert.ok(peer !== undefined);
        assert.deepEqual([peer.merge, heldBackBy(peer)], [{ kind: 'conflict', files: ['notes'] }, 'conflict']);
        assert.deepEqual([await git(alice, 'rev-parse', 'HEAD'), await contentOf(alice, 'notes')], [before, "alice's"]);
        assert.equal(await attempt(git(alice, 'rev-parse', '--verify', 'MERGE_HEAD')), false);
        assert.equal(await git(alice, 'status', '--porcelain'), '?? draft\n');
        assert.equal((await incoming())?.kind, 'files', 'it still waits');
    });

    it('leaves what would have to be asked, and knows that it waits', async () => {
        await put(bob, '.vscode/tasks.json', '{}');
        await git(bob, '-c', 'annex.largefiles=nothing', 'add', '-f', '.vscode/tasks.json');
        await git(bob, '-c', 'annex.largefiles=nothing', 'commit', '--quiet', '-m', 'tasks');
        const [peer] = (await sync()).peers;
        assert.ok(peer !== undefined);
        assert.equal(heldBackBy(peer), 'findings');
        assert.equal((await incoming())?.kind, 'files', 'in quarantine, though the daemon has fetched nothing');
        assert.equal(await contentOf(alice, '.vscode/tasks.json'), undefined);
    });

    it('comes to rest where both sides do it', async () => {
        await put(bob, 'second', 'second');
        await addAndCommit(bob, 'second');
        await put(alice, 'third', 'third');
        await addAndCommit(alice, 'third');
        let syncs = 0;
        for (let rested = 0; rested < 2;) {
            rested = 0;
            for (const [here, there] of [[alice, bob], [bob, alice]] as const) {
                await attempt(git(here, 'fetch', '--quiet', there === bob ? 'bob' : 'alice'));
                const peer = await peerOf(there);
                if ((await readIncoming(await contextOf(here), [peer])).size === 0) {
                    rested++;
                } else {
                    syncs++;
                    await syncContent(await contextOf(here), [peer], { settings: { commit: 'ask', untracked: 'ask' }, questions: noQuestions, unattended: true });
                }
            }
            assert.ok(syncs <= 8, 'it goes on and on');
        }
        assert.deepEqual([await contentOf(alice, 'second'), await contentOf(bob, 'third')], ['second', 'third']);
        assert.ok(syncs >= 1);
    });

    it('does not begin while git is in the middle of something', async () => {
        await git(alice, 'update-ref', 'MERGE_HEAD', 'HEAD');
        await assert.rejects(sync(), (error: unknown) => error instanceof SyncError && heldBackByError(error.reason) === 'busy');
    });
});
