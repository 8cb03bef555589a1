import assert from 'node:assert/strict';
import { chmod, rm, stat, writeFile } from 'node:fs/promises';
import { findBlobs, readBlobs } from '../../../src/core/git/blobs';
import { GitQueries } from '../../../src/core/git/queries';
import { readGit } from '../../../src/core/content/gitBytes';
import { silentLog } from '../../../src/core/log';
import { runOrThrow } from '../../../src/core/process/run';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';

describe('reading a repository whose objects are missing and whose remote promises them', () => {
    for (const { what, config } of [
        { what: 'over ssh', config: (program: string) => [['remote.evil.url', 'ssh://example.invalid/x'], ['core.sshCommand', program]] },
        { what: 'by a program of its own', config: (program: string) => [['remote.evil.url', `ext::${program}`], ['protocol.ext.allow', 'always']] },
        { what: 'from a folder', config: (program: string) => [['remote.evil.url', '.'], ['remote.evil.uploadpack', program]] },
    ] as const) {
        it(`fetches nothing and runs nothing, ${what}`, () =>
            withTemporaryFolder(async folder => {
                const context = await createAnnexRepository(folder, silentLog);
                const git = async (...args: string[]): Promise<string> => (await runOrThrow({ file: context.programs.git, args, cwd: context.root }, { log: silentLog })).stdout.trim();
                const [note, program] = [`${folder}/note`, `${folder}/program`];
                const ran = async (): Promise<boolean> => stat(note).then(() => true, () => false);
                await writeFile(program, `#!/bin/sh\necho > ${note}\nexit 1\n`);
                await chmod(program, 0o755);
                const expression = 'refs/heads/git-annex:uuid.log';
                const oid = await git('rev-parse', expression);
                await rm(`${context.gitDir}/objects/${oid.slice(0, 2)}/${oid.slice(2)}`);
                for (const [key, value] of [...config(program), ['remote.evil.promisor', 'true']] as const) {
                    await git('config', key, value);
                }
                const queries = new GitQueries(context);
                await assert.rejects(queries.blob(oid));
                await assert.rejects(queries.ask(['log', '-p', 'refs/heads/git-annex']));
                await readBlobs(context, queries, [oid, '0'.repeat(40), '1'.repeat(40), '2'.repeat(40)]).catch(() => undefined);
                await findBlobs(context, [expression]).catch(() => undefined);
                await readGit(context, ['cat-file', 'blob', oid]).catch(() => undefined);
                assert.equal(await ran(), false);
                // It would run it without.
                await git('cat-file', 'blob', oid).catch(() => undefined);
                assert.equal(await ran(), true);
            }));
    }
});
