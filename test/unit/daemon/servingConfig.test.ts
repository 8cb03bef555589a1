import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { servingConfig } from '../../../src/core/daemon/servingConfig';
import { silentLog } from '../../../src/core/log';
import { run } from '../../../src/core/process/run';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';

describe('what a peer may push while it is served', function () {
    this.timeout(60_000);

    it('is branches under synced/ alone', () =>
        withTemporaryFolder(async folder => {
            const served = await createAnnexRepository(folder, silentLog, 'served');
            const peer = await createAnnexRepository(folder, silentLog, 'peer');
            const git = async (...args: readonly string[]): Promise<number | null> => (await run({ file: peer.programs.git, args, cwd: peer.root }, { log: silentLog })).code;
            await writeFile(path.join(peer.root, 'file'), 'x');
            await git('add', 'file');
            await git('commit', '--quiet', '-m', 'file');
            // receive-pack gets the daemon's environment; here it is given to it alone.
            const receivePack = `env ${Object.entries(servingConfig({})).map(([name, value]) => `'${name}=${value}'`).join(' ')} git receive-pack`;
            const push = async (reference: string): Promise<number | null> => git('push', '--quiet', `--receive-pack=${receivePack}`, served.root, `HEAD:${reference}`);
            assert.equal(await push('refs/heads/synced/master'), 0);
            for (const reference of ['refs/heads/git-annex', 'refs/heads/other', 'refs/tags/evil', 'refs/remotes/peer/git-annex', 'refs/annex-peers/incoming/x']) {
                assert.notEqual(await push(reference), 0, reference);
            }
        }));

    it('adds to what the environment says already', () => {
        assert.equal(servingConfig({ GIT_CONFIG_COUNT: '2' })['GIT_CONFIG_KEY_2'], 'receive.hideRefs');
        assert.equal(servingConfig({ GIT_CONFIG_COUNT: '2' })['GIT_CONFIG_COUNT'], '5');
    });
});
