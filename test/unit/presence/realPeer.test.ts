/** Presence with the real git-annex, by a clock that runs ten times as fast: states come and go within their time. */
import assert from 'node:assert/strict';
import { silentLog } from '../../../src/core/log';
import { readAcceptedTokens, removeAcceptedTokens } from '../../../src/core/annex/creds';
import { PresenceMonitor, probingOf, systemClock, type Clock } from '../../../src/core/peers/presence';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { parseTorAddress } from '../../../src/core/tor/address';
import { canRunLocalOnion, LocalOnion } from '../../support/localOnion/localOnion';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/until';

describe('PresenceMonitor, with the real git-annex', () => {
    const start = Date.now();
    const fast: Clock = { now: () => start + (Date.now() - start) * 10, steady: () => systemClock.steady() * 10, after: (ms, callback) => systemClock.after(ms / 10, callback) };

    it('sees a peer come, go and shut us out', async function () {
        this.timeout(90_000);
        if (!(await canRunLocalOnion())) {
            this.skip();
        }
        await withTemporaryFolder(async folder => {
            const onion = await LocalOnion.start(folder);
            const server = await onion.enable(await createAnnexRepository(folder, silentLog, 'server'));
            const client = await onion.enable(await createAnnexRepository(folder, silentLog, 'client'));
            const address = parseTorAddress(server.address);
            assert.ok(address !== undefined);
            const serve = (): Promise<ManagedProcess> =>
                ManagedProcess.start({ file: server.context.programs.gitAnnex, args: ['remotedaemon', '--foreground'], cwd: server.context.root }, { log: silentLog });
            const monitor = new PresenceMonitor({ log: silentLog, clock: fast, ...probingOf(client.context, onion.socks) });
            const shows = (kind: string): Promise<void> => until(`shows ${kind}`, () => monitor.snapshot.get(server.address)?.status.kind === kind, 15_000);
            let daemon = await serve();
            try {
                monitor.setPeers([{ id: server.address, address, uuid: server.context.uuid }]);
                monitor.setAttention('watched');
                await shows('no-token');
                await onion.link(client.context, server.context, 'server');
                await shows('online');
                await daemon.end();
                await shows('daemon-down');
                daemon = await serve();
                await shows('online');
                server.service.reachability = 'unreachable';
                await shows('offline');
                server.service.reachability = 'up';
                await shows('online');
                assert.equal((await readAcceptedTokens(server.context.gitDir)).length, 1);
                await removeAcceptedTokens(server.context.gitDir, () => true);
                await shows('refused');
                assert.ok((monitor.snapshot.get(server.address)?.lastSeen ?? 0) > 0);
                await onion.stop();
                await shows('tor-down');
            } finally {
                monitor.dispose();
                await daemon.end();
                await onion.stop().catch(() => undefined);
            }
        });
    });
});
