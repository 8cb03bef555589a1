import assert from 'node:assert/strict';
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { FetchProgress } from '../../../src/core/daemon/fetchProgress';
import { withTemporaryFolder } from '../support/temporaryFolder';

describe('the progress of a fetch of the daemon', () => {
    it('is told by packs that grow, whatever time they carry', () =>
        withTemporaryFolder(async folder => {
            const packs = `${folder}/objects/pack`;
            await mkdir(packs, { recursive: true });
            await writeFile(`${packs}/pack-whole.pack`, 'x');
            const progress = new FetchProgress(folder);
            assert.equal(await progress.silentFor(1000), Infinity);
            await writeFile(`${packs}/tmp_pack_a`, 'x');
            assert.equal(await progress.silentFor(2000), 0);
            assert.equal(await progress.silentFor(2500), 500);
            await appendFile(`${packs}/tmp_pack_a`, 'y');
            assert.equal(await progress.silentFor(3000), 0);
            await rm(`${packs}/tmp_pack_a`);
            assert.equal(await progress.silentFor(3500), Infinity);
        }));
});
