import assert from 'node:assert/strict';
import { mkdir, rename } from 'node:fs/promises';
import { silentLog } from '../../../src/core/log';
import { runOrThrow } from '../../../src/core/process/run';
import { discoverRepositories, enclosingRepository } from '../../../src/core/repository/discovery';
import { Repository } from '../../../src/core/repository/repository';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/until';

const history = { get: () => undefined, set: () => undefined };

describe('discoverRepositories', () => {
    it('finds the folder itself, those above and below, a linked work tree, and each once', () =>
        withTemporaryFolder(async folder => {
            const one = await createAnnexRepository(folder, silentLog, 'one');
            await mkdir(`${folder}/sub/deep`, { recursive: true });
            const two = await createAnnexRepository(`${folder}/sub`, silentLog, 'two');
            await runOrThrow({ file: one.programs.git, args: ['commit', '-q', '--allow-empty', '-m', 'x'], cwd: one.root }, { log: silentLog });
            await runOrThrow({ file: one.programs.git, args: ['worktree', 'add', '-q', `${folder}/linked`], cwd: one.root }, { log: silentLog });
            const found = await discoverRepositories([folder, one.root], 2);
            assert.deepEqual(
                found.map(({ root, gitDir }) => [root, gitDir]),
                [
                    [`${folder}/linked`, one.gitDir],
                    [one.root, one.gitDir],
                    [two.root, two.gitDir],
                ],
            );
            await mkdir(`${one.root}/a/b`, { recursive: true });
            assert.equal((await enclosingRepository(`${one.root}/a/b`))?.root, one.root);
            assert.deepEqual((await discoverRepositories([folder], 0)).map(({ root }) => root), []);
        })).timeout(60_000);
});

describe('Repository', () => {
    it('tells of a peer that another program added', () =>
        withTemporaryFolder(async folder => {
            const context = await createAnnexRepository(folder, silentLog);
            const repository = new Repository({ root: context.root, gitDir: context.gitDir }, { programs: context.programs, log: silentLog, history });
            try {
                await repository.refresh();
                assert.deepEqual([repository.snapshot.uuid, repository.snapshot.service.kind, repository.snapshot.peers.length], [context.uuid, 'not-enabled', 0]);
                await runOrThrow({ file: context.programs.git, args: ['remote', 'add', 'bob', `tor-annex::${'b'.repeat(56)}.onion:7`], cwd: context.root }, { log: silentLog });
                await until('the peer is there', () => repository.snapshot.peers[0]?.name === 'bob');
            } finally {
                await repository.dispose();
            }
        })).timeout(60_000);

    it('keeps what is known while git does not take it for a repository, says so of one that is new, and reads it when git does again', () =>
        withTemporaryFolder(async folder => {
            const context = await createAnnexRepository(folder, silentLog);
            const open = (): Repository => new Repository({ root: context.root, gitDir: context.gitDir }, { programs: context.programs, log: silentLog, history });
            const [known, fresh] = [open(), open()];
            try {
                await known.refresh();
                // Without it git lists the user's own configuration, and ends with 0.
                await rename(`${context.gitDir}/HEAD`, `${context.gitDir}/away`);
                for (const repository of [known, fresh]) {
                    await assert.rejects(repository.refresh(), { reason: 'not-a-repository' });
                    assert.equal(repository.snapshot.unreadable, true);
                }
                assert.deepEqual([known.snapshot.uuid, fresh.snapshot.uuid], [context.uuid, undefined]);
                await rename(`${context.gitDir}/away`, `${context.gitDir}/HEAD`);
                for (const repository of [known, fresh]) {
                    repository.refreshLater();
                    await until('it is read', () => !repository.snapshot.unreadable && repository.snapshot.uuid === context.uuid);
                }
            } finally {
                await Promise.all([known.dispose(), fresh.dispose()]);
            }
        })).timeout(60_000);
});
