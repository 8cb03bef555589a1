/** A real git-annex repository for a test. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../../../src/core/annex/context';
import type { Log } from '../../../src/core/log';
import { findProgram } from '../../../src/core/process/findProgram';
import { runOrThrow } from '../../../src/core/process/run';
import { configValue, readConfig } from '../../../src/core/repository/config';
import { initialize } from '../../../src/core/repository/initialize';

export async function createAnnexRepository(folder: string, log: Log, name = 'repository'): Promise<RepositoryContext> {
    const git = await findProgram('git');
    const gitAnnex = await findProgram('git-annex');
    if (git === undefined || gitAnnex === undefined) {
        throw new Error('git and git-annex are needed for this test');
    }
    const programs = { git, gitAnnex };
    const root = path.join(folder, name);
    await mkdir(root);
    for (const args of [['init', '-q', '-b', 'master'], ['config', 'user.name', 'Test'], ['config', 'user.email', 'test@example.invalid']]) {
        await runOrThrow({ file: git, args, cwd: root }, { log });
    }
    await initialize(root, { programs, log, description: name });
    const uuid = configValue(await readConfig(programs, root, log), 'annex.uuid') ?? '';
    return { root, gitDir: path.join(root, '.git'), uuid, programs, log };
}
