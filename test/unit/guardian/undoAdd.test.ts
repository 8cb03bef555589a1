import assert from 'node:assert/strict';
import { link, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { silentLog } from '../../../src/core/log';
import { undo } from '../../../src/guardian/undo';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';

describe('an add that was cut off together with the editor', function () {
    this.timeout(20_000);

    it('gives back the file that git-annex was reading, and touches no other', () =>
        withTemporaryFolder(async folder => {
            const { root, gitDir } = await createAnnexRepository(folder, silentLog);
            const file = path.join(root, 'films', 'one');
            const second = path.join(gitDir, 'annex', 'othertmp', 'ingest-one123-0');
            await mkdir(path.dirname(file), { recursive: true });
            await mkdir(path.dirname(second), { recursive: true });
            await writeFile(file, 'x', { mode: 0o444 });
            await link(file, second);
            // Of somebody else's add.
            await writeFile(`${second}-other`, 'y', { mode: 0o444 });
            await link(`${second}-other`, path.join(folder, 'elsewhere'));
            await undo([{ adding: { root, gitDir, paths: ['films'] } }], () => Promise.resolve());
            assert.equal((await stat(file)).mode & 0o777, 0o644);
            assert.equal((await stat(path.join(folder, 'elsewhere'))).mode & 0o777, 0o444);
            assert.deepEqual(await readdir(path.dirname(second)), ['ingest-one123-0-other']);
        }));
});
