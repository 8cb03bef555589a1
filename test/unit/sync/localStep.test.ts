/** A hook that never comes to its end: Cancel ends the sync all the same, and leaves no lock and no half merge. */
import assert from 'node:assert/strict';
import { access, chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CancelledError } from '../../../src/core/errors';
import { RunError } from '../../../src/core/process/run';
import { noQuestions, syncContent } from '../../../src/core/sync';
import { runLocalStep } from '../../../src/core/sync/localStep';
import { until } from '../support/until';
import { cloneRepository, contextOf, git, newRepository, removeFolder, temporaryFolder } from './support/repositories';

const exists = (file: string): Promise<boolean> => access(file).then(() => true, () => false);

describe('a step on this disk that hangs', function () {
    this.timeout(60_000);
    let folder: string;
    let alice: string;
    let bob: string;

    /** The hook tells that it runs, and stays. */
    const hang = async (hook: string): Promise<string> => {
        const mark = path.join(folder, `${hook}-runs`);
        const file = path.join(alice, '.git', 'hooks', hook);
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, `#!/bin/sh\necho > '${mark}'\nsleep 600\n`);
        await chmod(file, 0o755);
        return mark;
    };
    const syncUntil = async (mark: string): Promise<void> => {
        const context = await contextOf(alice);
        const stop = new AbortController();
        const bobs = { name: 'bob', uuid: (await contextOf(bob)).uuid };
        const sync = syncContent(context, [bobs], { settings: { commit: 'always', untracked: 'never' }, questions: noQuestions, content: false, signal: stop.signal });
        sync.catch(() => undefined);
        await until('the hook', () => exists(mark), 30_000);
        stop.abort();
        await assert.rejects(sync, CancelledError);
    };
    const assertClean = async (head: string): Promise<void> => {
        for (const name of ['index.lock', 'HEAD.lock', 'MERGE_HEAD']) {
            assert.equal(await exists(path.join(alice, '.git', name)), false, name);
        }
        assert.equal((await git(alice, 'rev-parse', 'HEAD')).trim(), head);
        // git can go on with it.
        await git(alice, 'status', '--porcelain');
    };

    beforeEach(async () => {
        folder = await temporaryFolder();
        bob = await newRepository(folder, 'bob');
        await writeFile(path.join(bob, 'a.txt'), 'a\n');
        await git(bob, '-c', 'annex.largefiles=nothing', 'add', 'a.txt');
        await git(bob, 'commit', '--quiet', '-m', 'a');
        alice = await cloneRepository(folder, bob, 'alice');
    });

    afterEach(() => removeFolder(folder));

    it('in the commit', async () => {
        const head = (await git(alice, 'rev-parse', 'HEAD')).trim();
        await writeFile(path.join(alice, 'a.txt'), 'changed\n');
        await syncUntil(await hang('pre-commit'));
        await assertClean(head);
        assert.equal((await git(alice, 'status', '--porcelain')).trim(), 'M a.txt');
    });

    it('in a merge, which is taken back', async () => {
        await writeFile(path.join(bob, 'b.txt'), 'b\n');
        await git(bob, '-c', 'annex.largefiles=nothing', 'add', 'b.txt');
        await git(bob, 'commit', '--quiet', '-m', 'b');
        await writeFile(path.join(alice, 'c.txt'), 'c\n');
        await git(alice, '-c', 'annex.largefiles=nothing', 'add', 'c.txt');
        await git(alice, 'commit', '--quiet', '-m', 'c');
        const head = (await git(alice, 'rev-parse', 'HEAD')).trim();
        await syncUntil(await hang('pre-merge-commit'));
        await assertClean(head);
        assert.equal((await git(alice, 'status', '--porcelain')).trim(), '');
    });

    it('is ended when it is silent for too long, and lets one finish that needs a moment after Cancel', async () => {
        const context = await contextOf(alice);
        const sleep = (seconds: string): { readonly file: string; readonly args: readonly string[]; readonly cwd: string } => ({ file: '/bin/sleep', args: [seconds], cwd: alice });
        await assert.rejects(runLocalStep(context, sleep('600'), undefined, { graceMs: 100, silenceMs: 100 }), RunError);
        const stop = new AbortController();
        const step = runLocalStep(context, sleep('0.2'), stop.signal, { graceMs: 30_000, silenceMs: 30_000 });
        stop.abort();
        assert.equal((await step).code, 0);
    });
});
