/** Before git-annex reads a repository as root: everything in it that could run a command is found, wherever it stands. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { silentLog } from '../../../src/core/log';
import { runOrThrow } from '../../../src/core/process/run';
import { planEnableTor } from '../../../src/core/tor/enableTor';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';

describe('the plan of Enable Tor', () => {
    it('finds no danger in what git-annex has set up', () => withTemporaryFolder(async folder => {
        assert.deepEqual((await planEnableTor(await createAnnexRepository(folder, silentLog), 'N')).runnable, []);
    }));

    it('finds what is included, and what the work tree has for itself, here and in a linked one', () => withTemporaryFolder(async folder => {
        const context = await createAnnexRepository(folder, silentLog);
        const git = async (...args: string[]): Promise<unknown> => runOrThrow({ file: context.programs.git, args, cwd: context.root }, { log: silentLog });
        const found = async (root = context.root): Promise<readonly string[]> => (await planEnableTor({ ...context, root }, 'N')).runnable.map(({ name, value }) => `${name}=${value}`).sort();
        await writeFile(path.join(folder, 'included'), '[core]\n\tsshCommand = included\n');
        await git('config', 'include.path', path.join(folder, 'included'));
        assert.deepEqual(await found(), ['core.sshcommand=included']);

        await git('commit', '--quiet', '--allow-empty', '-m', 'x');
        const linked = path.join(folder, 'linked');
        await git('worktree', 'add', '--quiet', linked);
        // Several work trees without the extension: git has an error for the question, and nothing is missed.
        assert.deepEqual(await found(), ['core.sshcommand=included']);

        await git('config', 'extensions.worktreeConfig', 'true');
        await writeFile(path.join(context.gitDir, 'config.worktree'), '[core]\n\tfsmonitor = main\n');
        const own = path.join(context.gitDir, 'worktrees', 'linked');
        await mkdir(own, { recursive: true });
        await writeFile(path.join(own, 'config.worktree'), '[core]\n\tfsmonitor = linked\n');
        assert.deepEqual(await found(), ['core.fsmonitor=main', 'core.sshcommand=included']);
        assert.deepEqual(await found(linked), ['core.fsmonitor=linked', 'core.sshcommand=included']);
    }));
});
