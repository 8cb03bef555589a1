/** Findings follow what is on the disk, by themselves. */
import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { silentLog } from '../../../src/core/log';
import { Repository } from '../../../src/core/repository/repository';
import { FindingsWatch, type Finding, type FindingId } from '../../../src/core/security/findings';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/until';

const computer = { gitAnnex: { text: '10.20230126', major: 10, date: 20_230_126 }, wormholeProgram: undefined, pairingOverTor: false };

describe('findings of a repository', () => {
    it('are looked for when something changes, and go when it was mended', async () => {
        await withTemporaryFolder(async folder => {
            const { root, gitDir, programs } = await createAnnexRepository(folder, silentLog);
            const auth = path.join(gitDir, 'annex', 'creds', 'p2pauth');
            await mkdir(path.dirname(auth), { recursive: true });
            await writeFile(auth, `${'a'.repeat(128)}\n`, { mode: 0o600 });
            const repository = new Repository({ root, gitDir }, { programs, log: silentLog, history: { get: () => undefined, set: () => undefined } });
            const has = (id: FindingId): boolean => repository.snapshot.findings?.some(finding => finding.id === id) === true;
            try {
                repository.setComputer(computer);
                await repository.refresh();
                await until('the first look', () => has('git-annex-drops') && has('pairing-without-tor') && has('unknown-access') && !has('credentials-readable'));
                await chmod(auth, 0o644);
                await until('the readable credentials', () => has('credentials-readable'));
                await chmod(auth, 0o600);
                await until('them to go', () => !has('credentials-readable'));
            } finally {
                await repository.dispose();
            }
        });
    });

    it('are told once for many changes at a time, and not after the end', async () => {
        await withTemporaryFolder(async folder => {
            const context = await createAnnexRepository(folder, silentLog);
            const told: (readonly Finding[])[] = [];
            const watch = new FindingsWatch({ context: () => context, served: () => false, onFindings: findings => told.push(findings), delayMs: 20 });
            watch.setComputer(computer);
            watch.lookSoon();
            watch.lookSoon();
            await until('the look', () => told.length > 0);
            await watch.look();
            assert.equal(told.length, 2);
            assert.deepEqual(told[0], told[1]);
            const late = watch.look();
            await watch.dispose();
            await late;
            watch.lookSoon();
            await watch.look();
            assert.equal(told.length, 2);
        });
    });
});
