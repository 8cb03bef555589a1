/** A hostile peer: what would run code here or reach out of the tree is never merged unasked, by whatever way it comes. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, readFile, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { noQuestions, syncContent, type Danger, type MergeQuestion, type SyncQuestions, type SyncSummary } from '../../../src/core/sync';
import { addAndCommit, annex, attempt, cloneRepository, contentOf, contextOf, git, introduce, newRepository, peerOf, put, removeFolder, temporaryFolder, uuidOf } from './support/repositories';

describe('a hostile peer', function () {
    this.timeout(120_000);
    let parent: string;
    let alice: string;
    let mallory: string;
    let asked: MergeQuestion[];

    const questions = (answer: 'merge' | 'skip' | 'cancel'): SyncQuestions => ({
        ...noQuestions,
        hostileMerge: question => {
            asked.push(question);
            return Promise.resolve(answer);
        },
    });
    const sync = async (answer: 'merge' | 'skip' | 'cancel' = 'skip'): Promise<SyncSummary> =>
        syncContent(await contextOf(alice), [await peerOf(mallory)], { settings: { commit: 'never', untracked: 'never' }, questions: questions(answer) });
    const dangers = (): Danger[] => [...new Set(asked.flatMap(({ inTree, inAnnexBranch }) => [...inTree, ...inAnnexBranch].map(({ danger }) => danger)))].sort();
    const plain = async (file: string, content: string): Promise<void> => {
        await put(mallory, file, content);
        await git(mallory, '-c', 'annex.gitaddtoannex=false', 'add', '-f', '--', file);
    };
    const commit = async (): Promise<unknown> => git(mallory, 'commit', '--quiet', '-m', 'mallory');

    beforeEach(async () => {
        asked = [];
        parent = await temporaryFolder();
        alice = await newRepository(parent, 'alice');
        await put(alice, 'photo', 'photo');
        await addAndCommit(alice, 'first');
        mallory = await cloneRepository(parent, alice, 'mallory');
        await introduce(alice, mallory);
    });
    afterEach(async () => removeFolder(parent));

    const cases: readonly { readonly what: string; readonly danger: Danger; readonly file: string; readonly make: () => Promise<unknown> }[] = [
        { what: 'tasks for the editor', danger: 'editor-settings', file: '.vscode/tasks.json', make: async () => plain('.vscode/tasks.json', '{}') },
        { what: 'the same in other letters, deeper down', danger: 'editor-settings', file: 'a/.VSCode/tasks.json', make: async () => plain('a/.VSCode/tasks.json', '{}') },
        { what: 'a workspace file', danger: 'workspace-file', file: 'x.code-workspace', make: async () => plain('x.code-workspace', '{}') },
        { what: 'a container', danger: 'dev-container', file: '.devcontainer/devcontainer.json', make: async () => plain('.devcontainer/devcontainer.json', '{}') },
        { what: 'submodule settings', danger: 'git-modules', file: '.gitmodules', make: async () => plain('.gitmodules', '[submodule "x"]\n\tpath = x\n\turl = /tmp\n') },
        { what: 'attributes', danger: 'git-attributes', file: 'sub/.gitattributes', make: async () => plain('sub/.gitattributes', '* filter=evil\n') },
        {
            what: 'an executable',
            danger: 'executable',
            file: 'run',
            make: async () => {
                await plain('run', '#!/bin/sh\n');
                await chmod(path.join(mallory, 'run'), 0o755);
                await git(mallory, '-c', 'annex.gitaddtoannex=false', 'add', 'run');
            },
        },
        {
            what: 'a link out of the tree',
            danger: 'link-outside',
            file: 'deep/out',
            make: async () => {
                await plain('deep/x', '');
                await symlink('../../../../etc/passwd', path.join(mallory, 'deep', 'out'));
                await git(mallory, 'add', '-f', 'deep/out');
            },
        },
        {
            what: 'a folder renamed to the editor\'s',
            danger: 'editor-settings',
            file: '.vscode/tasks.json',
            make: async () => {
                await plain('harmless/tasks.json', '{}');
                await commit();
                await git(mallory, 'mv', 'harmless', '.vscode');
            },
        },
    ];
    for (const { what, danger, file, make } of cases) {
        it(`is stopped with ${what}, and asked about again`, async () => {
            await make();
            await commit();
            await put(mallory, 'also new', 'also new');
            await addAndCommit(mallory, 'and something harmless');
            const before = await git(alice, 'rev-parse', 'HEAD');
            const summary = await sync();
            assert.deepEqual(dangers(), [danger]);
            assert.equal(summary.peers[0]?.merge.kind, 'stopped');
            assert.equal(await git(alice, 'rev-parse', 'HEAD'), before);
            assert.equal(await contentOf(alice, file), undefined);
            assert.equal(await git(alice, 'status', '--porcelain'), '');
            // Our side still goes out, and the peer's git-annex branch, which is harmless, comes in.
            assert.equal((await git(mallory, 'rev-parse', 'synced/git-annex')).length, 41);
            assert.match(await git(alice, 'show', 'git-annex:uuid.log'), new RegExp(await uuidOf(mallory), 'u'));
            await sync();
            assert.equal(asked.length, 2);
            const merged = await sync('merge');
            assert.equal(merged.peers[0]?.merge.kind, 'merged');
            assert.equal(await contentOf(alice, 'also new'), 'also new');
        });
    }

    it('is stopped with submodules, odd bytes in the path, and a link through a link', async () => {
        await git(mallory, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},module`);
        await symlink('..', path.join(mallory, 'up'));
        await symlink('up/x', path.join(mallory, 'through'));
        await git(mallory, 'add', 'up', 'through');
        const oid = (await git(mallory, 'rev-parse', 'HEAD:photo')).trim();
        await git(mallory, 'update-index', '--add', '--cacheinfo', `100644,${oid},odd\n"é\u0001/.vscode/x`);
        await git(mallory, 'commit', '--quiet', '-m', 'odd');
        await sync();
        assert.deepEqual(dangers(), ['editor-settings', 'link-outside', 'submodule']);
        assert.ok(asked[0]?.inTree.some(({ path: file }) => file === 'odd\n"é\u0001/.vscode/x'));
        assert.ok(asked[0]?.inTree.some(({ path: file }) => file === 'through'));
    });

    it('is stopped where our own rename would carry a new file into the editor\'s folder', async function () {
        await put(alice, 'conf/a.json', 'a rather long content, so that git takes it for the same file\n');
        await put(alice, 'conf/b.json', 'another rather long content, so that git takes it for the same\n');
        await git(alice, '-c', 'annex.gitaddtoannex=false', 'add', 'conf');
        await git(alice, 'commit', '--quiet', '-m', 'conf');
        await git(mallory, 'pull', '--quiet', 'alice', 'master');
        await git(alice, 'mv', 'conf', '.vscode');
        await git(alice, 'commit', '--quiet', '-m', 'renamed');
        await plain('conf/tasks.json', '{"tasks":[]}\n');
        await commit();
        await sync();
        assert.deepEqual(dangers(), ['editor-settings']);
        assert.equal(await contentOf(alice, '.vscode/tasks.json'), undefined);
    });

    it('does not get settings into the git-annex branch, and not by the next git-annex command either', async () => {
        await annex(mallory, 'config', '--set', 'annex.largefiles', 'nothing');
        await annex(mallory, 'initremote', 'evil', 'type=directory', `directory=${parent}`, 'encryption=none', 'autoenable=true');
        await annex(mallory, 'wanted', await uuidOf(alice), 'nothing');
        await put(mallory, 'new', 'new');
        await addAndCommit(mallory, 'new');
        await sync();
        assert.deepEqual(dangers(), ['annex-config', 'annex-own-rules', 'annex-remotes']);
        assert.equal(await contentOf(alice, 'new'), undefined);
        await annex(alice, 'info', '--fast');
        await annex(alice, 'whereis');
        assert.ok(!await attempt(git(alice, 'show', 'git-annex:config.log')));
        assert.ok(!await attempt(git(alice, 'show', 'git-annex:remote.log')));
        await sync('merge');
        assert.match(await git(alice, 'show', 'git-annex:config.log'), /annex\.largefiles nothing/u);
    });

    it('does not get them in by references that git-annex would find: pushed, fetched by the daemon, a tag', async () => {
        await annex(mallory, 'config', '--set', 'annex.largefiles', 'nothing');
        await git(mallory, 'push', '--quiet', 'alice', '+git-annex:synced/git-annex', 'git-annex:refs/heads/x/git-annex', 'git-annex:refs/tags/git-annex');
        await git(alice, 'fetch', '--quiet', 'mallory');
        const summary = await sync();
        assert.equal(asked.length, 1, 'the same is asked once');
        assert.equal(summary.peers[0]?.merge.kind, 'stopped');
        await annex(alice, 'info', '--fast');
        await annex(alice, 'whereis');
        assert.ok(!await attempt(git(alice, 'show', 'git-annex:config.log')));
        const refs = await git(alice, 'for-each-ref', '--format=%(refname)');
        for (const name of refs.split('\n').filter(ref => ref.endsWith('/git-annex'))) {
            assert.ok(!await attempt(git(alice, 'show', `${name}:config.log`)), name);
        }
        assert.ok(refs.includes('refs/annex-peers/parked/heads/synced/git-annex/tip'), 'nothing is lost');
    });

    it('does not get files in by a push to synced/master, with the peer not even reachable', async () => {
        await plain('.vscode/tasks.json', '{}');
        await commit();
        await git(mallory, 'push', '--quiet', 'alice', 'master:synced/master');
        await git(alice, 'config', 'remote.mallory.url', path.join(parent, 'gone'));
        const summary = await sync();
        assert.deepEqual(asked.map(({ source }) => source.kind), ['pushed-here']);
        assert.equal(summary.pushedHere.kind, 'stopped');
        assert.deepEqual([summary.peers[0]?.problem?.step, summary.peers[0]?.problem?.reason], ['fetch', 'unreachable']);
        assert.equal(await contentOf(alice, '.vscode/tasks.json'), undefined);
    });

    it('that pushes between the look and the merge is noticed', async () => {
        await put(mallory, 'harmless', 'harmless');
        await addAndCommit(mallory, 'harmless');
        let pushed = false;
        const summary = await syncContent(await contextOf(alice), [await peerOf(mallory)], {
            settings: { commit: 'never', untracked: 'never' },
            questions: questions('skip'),
            onProgress: ({ phase }) => {
                if (phase === 'planning' && !pushed) {
                    pushed = true;
                    execFileSync('git', ['annex', 'config', '--quiet', '--set', 'annex.largefiles', 'nothing'], { cwd: mallory });
                    execFileSync('git', ['push', '--quiet', 'alice', '+git-annex:synced/git-annex'], { cwd: mallory });
                }
            },
        });
        assert.deepEqual(summary.slippedIn.map(({ danger }) => danger), ['annex-config']);
        assert.match(summary.slippedIn[0]?.detail ?? '', /annex\.largefiles nothing/u);
    });

    it('that becomes hostile while content is moved is asked about next time', async () => {
        await put(mallory, 'harmless', 'harmless');
        await addAndCommit(mallory, 'harmless');
        let changed = false;
        const summary = await syncContent(await contextOf(alice), [await peerOf(mallory)], {
            settings: { commit: 'never', untracked: 'never' },
            questions: questions('merge'),
            onProgress: ({ phase }) => {
                if (phase === 'receiving' && !changed) {
                    changed = true;
                    execFileSync('git', ['annex', 'config', '--quiet', '--set', 'annex.largefiles', 'nothing'], { cwd: mallory });
                    execFileSync('sh', ['-c', 'mkdir .vscode && echo {} > .vscode/tasks.json && git -c annex.gitaddtoannex=false add .vscode && git commit --quiet -m late'], { cwd: mallory });
                }
            },
        });
        assert.deepEqual([asked.length, summary.slippedIn.length, summary.peers[0]?.received.files], [0, 0, 1]);
        assert.equal(await contentOf(alice, '.vscode/tasks.json'), undefined);
        assert.ok(!await attempt(git(alice, 'show', 'git-annex:config.log')));
        await sync('skip');
        assert.deepEqual(dangers(), ['annex-config', 'editor-settings']);
    });

    it('cancelled, leaves everything as it was', async () => {
        await plain('.vscode/tasks.json', '{}');
        await commit();
        const before = await git(alice, 'for-each-ref', 'refs/heads', 'refs/remotes');
        await assert.rejects(sync('cancel'), { reason: 'cancelled' });
        assert.equal(await git(alice, 'for-each-ref', 'refs/heads', 'refs/remotes'), before);
    });

    it('is not asked about in a harmless sync', async () => {
        await put(mallory, 'song.mp3', 'song');
        await put(mallory, 'deep/er/note', 'note');
        await addAndCommit(mallory, 'harmless');
        await rm(path.join(mallory, 'photo'));
        await git(mallory, 'commit', '--quiet', '-a', '-m', 'gone');
        const summary = await sync();
        assert.deepEqual(asked, []);
        assert.equal(summary.peers[0]?.merge.kind, 'merged');
        assert.equal(await readFile(path.join(alice, 'song.mp3'), 'utf8'), 'song');
    });
});
