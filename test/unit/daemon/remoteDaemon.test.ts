import assert from 'node:assert/strict';
import { RemoteDaemon } from '../../../src/core/daemon/remoteDaemon';
import { silentLog } from '../../../src/core/log';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/until';

describe('RemoteDaemon, with the real git-annex', function () {
    this.timeout(60_000);

    it('starts once however often it is asked, reloads, restarts after it was killed, and stops', () =>
        withTemporaryFolder(async folder => {
            const daemon = new RemoteDaemon(await createAnnexRepository(folder, silentLog), { shim: () => Promise.resolve({ kind: 'off', reason: 'no-perl', detail: '' }) });
            const pid = (): number => (daemon.snapshot.state.kind === 'running' ? daemon.snapshot.state.pid : 0);
            try {
                await Promise.all([daemon.start(), daemon.start()]);
                const first = pid();
                assert.notEqual(first, 0);
                await daemon.start();
                daemon.reload();
                daemon.pause();
                daemon.resume();
                assert.equal(pid(), first);
                process.kill(first, 'SIGKILL');
                await until('it waits to be started again', () => daemon.snapshot.state.kind === 'waiting');
                await until('it runs again', () => pid() !== 0 && pid() !== first);
                const second = pid();
                await daemon.stop();
                assert.equal(daemon.snapshot.state.kind, 'stopped');
                assert.throws(() => process.kill(second, 0), { code: 'ESRCH' });
            } finally {
                await daemon.dispose();
            }
        }));
});
