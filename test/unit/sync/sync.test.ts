/** Sync Content on real repositories: what it asks, what it reports, and how it ends. */
import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { noQuestions, syncContent, type CommitPlan, type PlainGitFile, type SyncOptions, type SyncProgress, type SyncQuestions, type SyncSummary } from '../../../src/core/sync';
import { addAndCommit, annex, cloneRepository, contentOf, contextOf, git, introduce, newRepository, peerOf, put, removeFolder, temporaryFolder } from './support/repositories';

const always = { commit: 'always', untracked: 'never' } as const;

describe('Sync Content', function () {
    this.timeout(120_000);
    let parent: string;
    let alice: string;
    let bob: string;

    const sync = async (options: Partial<SyncOptions> = {}, context?: RepositoryContext): Promise<SyncSummary> =>
        syncContent(context ?? await contextOf(alice), [await peerOf(bob)], { settings: always, questions: noQuestions, ...options });
    const locks = async (): Promise<string[]> => (await readdir(path.join(alice, '.git'), { recursive: true })).filter(name => name.endsWith('.lock'));

    beforeEach(async () => {
        parent = await temporaryFolder();
        alice = await newRepository(parent, 'alice');
        await put(alice, 'first', 'first');
        await addAndCommit(alice, 'first');
        bob = await cloneRepository(parent, alice, 'bob');
        await introduce(alice, bob);
    });
    afterEach(async () => removeFolder(parent));

    it('sends and receives, counts files and bytes, and has nothing to do the second time', async () => {
        await put(bob, 'from bob', 'b'.repeat(1000));
        await addAndCommit(bob, 'b');
        const snapshots: SyncProgress[] = [];
        const summary = await sync({ onProgress: snapshot => snapshots.push(snapshot) });
        assert.deepEqual(summary.peers.map(({ received, sent, failed, merge, problem }) => ({ received, sent, failed, merge, problem })), [
            { received: { files: 1, bytes: 1000 }, sent: { files: 1, bytes: 5 }, failed: [], merge: { kind: 'merged' }, problem: undefined },
        ]);
        assert.equal(await contentOf(alice, 'from bob'), 'b'.repeat(1000));
        const last = snapshots.at(-1);
        assert.deepEqual([last?.phase, last?.files, last?.bytes], ['pushing', { done: 2, total: 2 }, { done: 1005, total: 1005 }]);
        assert.ok(snapshots.every(({ bytes, files }) => bytes.done <= bytes.total && files.done <= files.total));
        assert.deepEqual(new Set(snapshots.map(({ phase }) => phase)), new Set(['checking', 'committing', 'fetching', 'looking', 'planning', 'receiving', 'sending', 'pushing']));
        const again = await sync();
        assert.deepEqual([again.peers[0]?.received.files, again.peers[0]?.sent.files, again.peers[0]?.merge.kind, again.commit], [0, 0, 'nothing', undefined]);
        assert.ok(!(await git(alice, 'for-each-ref')).includes('annex-peers'), 'quarantine is left empty');
    });

    describe('before the first commit', () => {
        let plans: CommitPlan[];
        const asking = (answer: Awaited<ReturnType<SyncQuestions['commit']>>, plainGitFiles: SyncQuestions['plainGitFiles'] = async () => Promise.resolve('leave')): SyncQuestions => ({
            ...noQuestions,
            plainGitFiles,
            commit: plan => {
                plans.push(plan);
                return Promise.resolve(answer);
            },
        });
        beforeEach(async () => {
            plans = [];
            await annex(alice, 'unlock', '--quiet', 'first');
            await git(alice, 'commit', '--quiet', '-a', '-m', 'unlocked');
            await put(alice, 'first', 'changed');
            await put(alice, 'new one', 'new');
        });

        it('says which files it would commit and which it does not know', async () => {
            const summary = await sync({ settings: { commit: 'ask', untracked: 'ask' }, questions: asking({ commit: true, add: ['new one'] }) });
            assert.deepEqual(plans.map(({ changed, untracked }) => ({ changed, untracked })), [{ changed: [{ path: 'first', kind: 'modified', staged: false }], untracked: ['new one'] }]);
            assert.equal(summary.added, 1);
            assert.equal(await git(alice, 'rev-parse', 'HEAD'), `${summary.commit ?? ''}\n`);
            assert.equal(await git(alice, 'log', '-1', '--format=%s'), 'git-annex in alice\n');
            assert.equal(await git(alice, 'status', '--porcelain'), '');
            assert.equal(summary.peers[0]?.sent.files, 2);
        });

        it('commits nothing when told so, and goes on', async () => {
            const summary = await sync({ settings: { commit: 'ask', untracked: 'ask' }, questions: asking({ commit: false, add: [] }) });
            assert.equal(summary.commit, undefined);
            assert.equal(await git(alice, 'status', '--porcelain'), ' M first\n?? "new one"\n');
            assert.equal(summary.peers[0]?.problem, undefined);
        });

        it('does not ask where settings answer', async () => {
            await sync({ settings: { commit: 'never', untracked: 'always' }, questions: asking('cancel') });
            assert.equal(await git(alice, 'status', '--porcelain'), ' M first\n?? "new one"\n');
            await sync({ settings: { commit: 'always', untracked: 'always' }, questions: asking('cancel') });
            assert.deepEqual(plans, []);
            assert.equal(await git(alice, 'status', '--porcelain'), '');
        });

        it('stops on cancel with nothing done', async () => {
            const before = await git(alice, 'for-each-ref');
            await assert.rejects(sync({ settings: { commit: 'ask', untracked: 'ask' }, questions: asking('cancel') }), { reason: 'cancelled' });
            assert.equal(await git(alice, 'for-each-ref'), before);
        });

        it('offers to annex what was staged into plain git', async () => {
            await rm(path.join(alice, 'new one'));
            await put(alice, 'film', Buffer.alloc(200_000, 7));
            await put(alice, 'note', 'short');
            await git(alice, 'add', 'film', 'note');
            const offered: (readonly PlainGitFile[])[] = [];
            await sync({
                settings: { commit: 'always', untracked: 'never' },
                questions: asking('cancel', files => {
                    offered.push(files);
                    return Promise.resolve('annex');
                }),
            });
            assert.deepEqual(offered, [[{ path: 'film', size: 200_000 }]]);
            assert.match(await annex(alice, 'find', 'film'), /film/u);
            assert.equal(await git(alice, 'show', 'HEAD:note'), 'short');
        });
    });

    it('goes on without a peer that is not there, and says why', async () => {
        await put(alice, 'more', 'more');
        const gone = path.join(parent, 'gone');
        await git(alice, 'config', 'remote.bob.url', gone);
        const carol = await cloneRepository(parent, alice, 'carol');
        await introduce(alice, carol);
        const summary = await syncContent(await contextOf(alice), [await peerOf(bob), await peerOf(carol)], { settings: { commit: 'always', untracked: 'always' }, questions: noQuestions });
        assert.deepEqual(summary.peers.map(({ merge, problem, sent }) => [merge.kind, problem?.step, problem?.reason, sent.files]), [['not-asked', 'fetch', 'unreachable', 0], ['nothing', undefined, undefined, 2]]);
    });

    it('recognises unrelated histories, asks once, and merges when told', async () => {
        const dave = await newRepository(parent, 'dave');
        await put(dave, 'of dave', 'dave');
        await addAndCommit(dave, 'apart');
        await introduce(alice, dave);
        const context = await contextOf(alice);
        const refused = await syncContent(context, [await peerOf(dave)], { settings: always, questions: noQuestions });
        assert.equal(refused.peers[0]?.merge.kind, 'unrelated');
        assert.equal(refused.peers[0].problem, undefined);
        const asked: unknown[] = [];
        const merged = await syncContent(context, [await peerOf(dave)], {
            settings: always,
            questions: {
                ...noQuestions,
                unrelatedHistories: source => {
                    asked.push(source);
                    return Promise.resolve('merge');
                },
            },
        });
        assert.deepEqual(asked, [{ kind: 'peer', peer: 'dave' }]);
        assert.equal(merged.peers[0]?.merge.kind, 'merged');
        assert.equal(await contentOf(alice, 'of dave'), 'dave');
        const after = await syncContent(context, [await peerOf(dave)], { settings: always, questions: noQuestions });
        assert.equal(after.peers[0]?.merge.kind, 'nothing');
    });

    it('keeps both versions of a file changed on both sides, and names them', async () => {
        await put(alice, 'same', 'of alice');
        await addAndCommit(alice, 'a');
        await put(bob, 'same', 'of bob');
        await addAndCommit(bob, 'b');
        const summary = await sync();
        assert.equal(summary.conflicts.length, 2);
        assert.deepEqual((await Promise.all(summary.conflicts.map(async file => contentOf(alice, file)))).sort(), ['of alice', 'of bob']);
    });

    it('leaves conflicts in files that are not annexed to their user, as sync does', async () => {
        for (const [folder, text] of [[alice, 'of alice\n'], [bob, 'of bob\n']] as const) {
            await put(folder, 'notes', text);
            await git(folder, '-c', 'annex.gitaddtoannex=false', 'add', 'notes');
            await git(folder, 'commit', '--quiet', '-m', 'notes');
        }
        const summary = await sync();
        assert.deepEqual(summary.peers[0]?.merge, { kind: 'conflict', files: ['notes'] });
        await assert.rejects(sync(), { reason: 'merge-in-progress' });
    });

    it('works from an empty repository, and tells of branches of other names', async () => {
        const erin = await newRepository(parent, 'erin');
        await introduce(erin, bob);
        const first = await syncContent(await contextOf(erin), [await peerOf(bob)], { settings: always, questions: noQuestions });
        assert.equal(first.peers[0]?.merge.kind, 'merged');
        assert.equal(await contentOf(erin, 'first'), undefined, 'bob has not got it himself');
        await sync();
        await syncContent(await contextOf(erin), [await peerOf(bob)], { settings: always, questions: noQuestions });
        assert.equal(await contentOf(erin, 'first'), 'first');
        await git(alice, 'checkout', '--quiet', '-b', 'other');
        await git(alice, 'branch', '-D', 'master');
        const other = await syncContent(await contextOf(bob), [await peerOf(alice)], { settings: always, questions: noQuestions });
        // synced/master is still there.
        assert.equal(other.peers[0]?.merge.kind, 'nothing');
        await git(alice, 'branch', '-D', 'synced/master', 'master');
        const gone = await syncContent(await contextOf(bob), [await peerOf(alice)], { settings: always, questions: noQuestions });
        assert.deepEqual(gone.peers[0]?.merge, { kind: 'other-branch', branches: ['other'] });
    });

    it('refuses where git is in the middle of something', async () => {
        await git(alice, 'checkout', '--quiet', '--detach');
        await assert.rejects(sync(), { reason: 'detached-head' });
        await git(alice, 'checkout', '--quiet', 'master');
        await git(alice, 'bisect', 'start');
        await assert.rejects(sync(), { reason: 'bisect-in-progress' });
    });

    it('says that uncommitted changes are in the way, and leaves them', async () => {
        await git(alice, 'config', 'annex.gitaddtoannex', 'false');
        await put(alice, 'plain', 'one\n');
        await git(alice, 'add', 'plain');
        await git(alice, 'commit', '--quiet', '-m', 'plain');
        await sync();
        await git(bob, 'config', 'annex.gitaddtoannex', 'false');
        await annex(bob, 'merge');
        await put(bob, 'plain', 'of bob\n');
        await git(bob, 'commit', '--quiet', '-a', '-m', 'b');
        await put(alice, 'plain', 'not committed\n');
        const summary = await sync({ settings: { commit: 'never', untracked: 'never' } });
        assert.deepEqual([summary.peers[0]?.merge.kind, summary.peers[0]?.problem], ['local-changes', undefined]);
        assert.equal(await contentOf(alice, 'plain'), 'not committed\n');
    });

    it('moves files whatever their names hold', async () => {
        const names = ['-dash', '--help', 'of\ntwo lines', '\u001b[31mred', '\u202etxt.exe', ' ', "it's $(x) \"quoted\"", 'ä写', '-both\nof them'];
        for (const [index, name] of names.entries()) {
            await put(bob, name, `content ${index}`);
        }
        await put(alice, 'from\nhere', 'of alice');
        await addAndCommit(bob, 'names');
        await addAndCommit(alice, 'name');
        const { peers: [first] } = await sync();
        assert.deepEqual([first?.received.files, first?.failed], [names.length, []]);
        for (const [index, name] of names.entries()) {
            assert.equal(await contentOf(alice, name), `content ${index}`);
        }
        await annex(bob, 'merge');
        assert.equal(await contentOf(bob, 'from\nhere'), 'of alice');
    });

    it('tells which files failed and why, and receives the others', async () => {
        await put(bob, 'good', 'good');
        await put(bob, 'bad', 'bad content');
        await addAndCommit(bob, 'b');
        // Gone from the disk, and nobody has told the log.
        const object = (await annex(bob, 'contentlocation', (await annex(bob, 'lookupkey', 'bad')).trim())).trim();
        await chmod(path.dirname(path.join(bob, object)), 0o755);
        await rm(path.join(bob, object), { force: true });
        const summary = await sync();
        assert.equal(summary.peers[0]?.received.files, 1);
        assert.deepEqual(summary.peers[0].failed.map(({ path: file }) => file), ['bad']);
        assert.notEqual(summary.peers[0].failed[0]?.words, '');
    });

    it('cancelled in the middle of a transfer, leaves no lock and no child, and goes on next time', async () => {
        for (let index = 0; index < 40; index++) {
            await put(bob, `f${index}`, Buffer.alloc(50_000, index));
        }
        await addAndCommit(bob, 'many');
        const stop = new AbortController();
        const children = new Set<number>();
        const context: RepositoryContext = { ...await contextOf(alice), registry: { add: pid => children.add(pid), remove: pid => children.delete(pid) } };
        await assert.rejects(sync({
            signal: stop.signal,
            onProgress: ({ phase, files }) => {
                if (phase === 'receiving' && files.done >= 3) {
                    stop.abort();
                }
            },
        }, context), { reason: 'cancelled' });
        assert.deepEqual([...children], []);
        assert.deepEqual(await locks(), []);
        const summary = await sync();
        assert.ok((summary.peers[0]?.received.files ?? 0) > 0);
        assert.equal((await annex(alice, 'find', '--not', '--in=here')).trim(), '');
    });

    it('ends a fetch that hangs, tries again, and gives up after the limit', async () => {
        // As git over tor-annex does in one of ten runs: connected, and then silent for ever.
        const bin = path.join(parent, 'bin');
        await mkdir(bin);
        await writeFile(path.join(bin, 'git-remote-hanging'), `#!/bin/sh\nprintf x >> ${parent}/tries\nif [ "$(wc -c < ${parent}/tries)" -ge "$(cat ${parent}/works-at)" ]; then exec git-remote-ext origin "git-upload-pack ${bob}"; fi\nsleep 1000\n`);
        await chmod(path.join(bin, 'git-remote-hanging'), 0o755);
        await git(alice, 'config', 'remote.bob.pushurl', bob);
        await git(alice, 'config', 'remote.bob.url', 'hanging::bob');
        await git(alice, 'config', 'remote.bob.annex-ignore', 'true');
        const searched = process.env['PATH'];
        process.env['PATH'] = `${bin}:${searched ?? ''}`;
        try {
            const gitPatience = { connectMs: 700, silenceMs: 700, attempts: 3, awayMs: 0 };
            await writeFile(path.join(parent, 'works-at'), '100');
            const failed = await sync({ gitPatience });
            assert.deepEqual([failed.peers[0]?.problem?.step, failed.peers[0]?.problem?.reason], ['fetch', 'stalled']);
            assert.equal(await contentOf(parent, 'tries'), 'xxx');
            await writeFile(path.join(parent, 'works-at'), '5');
            const worked = await sync({ gitPatience });
            assert.equal(worked.peers[0]?.problem, undefined);
            assert.equal(await contentOf(parent, 'tries'), 'xxxxx');
        } finally {
            process.env['PATH'] = searched;
        }
    });

    it('ends a fetch that hangs after it has connected, without waiting as long as for a connection', async () => {
        // The serving side says that it is done before its answer was read to the end.
        const bin = path.join(parent, 'bin');
        await mkdir(bin);
        await writeFile(path.join(bin, 'half'), `#!/bin/sh\ngit-upload-pack ${bob} | head -c 60\nsleep 1000\n`);
        await writeFile(path.join(bin, 'git-remote-half'), '#!/bin/sh\nexec git-remote-ext origin half\n');
        await Promise.all(['half', 'git-remote-half'].map(async file => chmod(path.join(bin, file), 0o755)));
        await git(alice, 'config', 'remote.bob.url', 'half::bob');
        const searched = process.env['PATH'];
        process.env['PATH'] = `${bin}:${searched ?? ''}`;
        try {
            const logged: string[] = [];
            const log = (message: string): unknown => logged.push(message);
            const started = Date.now();
            const summary = await sync({ gitPatience: { connectMs: 60_000, silenceMs: 600, attempts: 2, awayMs: 0 } }, await contextOf(alice, { debug: log, info: log, warn: log, error: log }));
            assert.deepEqual([summary.peers[0]?.problem?.reason, summary.peers[0]?.problem?.words], ['stalled', '']);
            assert.ok(Date.now() - started < 30_000);
            assert.ok(logged.some(line => line.includes('attempt 1 of 2 failed (stalled); trying again')));
            assert.ok(!logged.some(line => line.includes('packet:')));
        } finally {
            process.env['PATH'] = searched;
        }
    });

    it('obeys what the configuration says about a remote', async () => {
        await git(alice, 'config', 'remote.bob.annex-readonly', 'true');
        const before = await git(bob, 'for-each-ref');
        const summary = await sync();
        assert.deepEqual([summary.peers[0]?.sent.files, summary.peers[0]?.problem], [0, undefined]);
        assert.equal(await git(bob, 'for-each-ref'), before);
    });

    it('drops what is not wanted here once the peer has it', async () => {
        await annex(alice, 'wanted', 'here', 'nothing');
        const summary = await sync();
        assert.deepEqual([summary.peers[0]?.sent.files, summary.droppedHere], [1, 1]);
        assert.equal(await contentOf(alice, 'first'), undefined);
        assert.equal(await contentOf(bob, 'first'), 'first');
    });

    it('pushes and fetches while the daemon is quiet', async () => {
        let quiet = 0;
        await sync({
            quietDaemon: async work => {
                quiet++;
                return work();
            },
        });
        assert.ok(quiet >= 2);
    });
});
