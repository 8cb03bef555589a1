/** Pauses, as the remote daemon and other windows take them, and what is remembered; with the real git-annex. */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as fc from 'fast-check';
import { pausedConfig, pausedConfigFile, writePausedConfig } from '../../../src/core/daemon/pausedPeers';
import { SharedDaemon } from '../../../src/core/daemon/sharedDaemon';
import { silentLog } from '../../../src/core/log';
import { probingOf, RepositoryPresence } from '../../../src/core/peers/presence';
import { readRemembered, rememberPauses, rememberSeen } from '../../../src/core/peers/presence/memory';
import { withPause } from '../../../src/core/peers/presence/pauses';
import type { Peer } from '../../../src/core/peers/peer';
import { findProgram } from '../../../src/core/process/findProgram';
import { run } from '../../../src/core/process/run';
import { parseTorAddress } from '../../../src/core/tor/address';
import { canRunLocalOnion, LocalOnion } from '../../support/localOnion/localOnion';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/until';

describe('what the remote daemon is told of pauses', () => {
    it('says the same to git, whatever the peers are called', () =>
        withTemporaryFolder(async folder => {
            const git = await findProgram('git') ?? '';
            const name = fc.stringMatching(/^[^\n\0]{1,20}$/u);
            await fc.assert(fc.asyncProperty(fc.uniqueArray(name, { minLength: 1, maxLength: 4 }), async names => {
                await writePausedConfig(folder, names);
                const { stdout, code } = await run({ file: git, args: ['config', '--null', '--list', '--file', pausedConfigFile(folder)], cwd: folder }, { log: silentLog });
                assert.equal(code, 0);
                assert.deepEqual(stdout.split('\0').filter(line => line !== '').sort(), names.map(each => `remote.${each}.annex-sync\nfalse`).sort());
            }), { numRuns: 25 });
            assert.equal(await writePausedConfig(folder, []), true);
            assert.equal(await writePausedConfig(folder, []), false, 'no news');
            assert.equal(pausedConfig([]), '');
        })).timeout(30_000);
});

describe('what is remembered of peers', () => {
    it('is the latest, and pauses that have not ended', () =>
        withTemporaryFolder(async folder => {
            const now = Date.now();
            await rememberSeen(folder, new Map([['a', 5], ['b', 6]]), now);
            await rememberSeen(folder, new Map([['a', 3]]), now);
            await rememberPauses(folder, pauses => withPause(withPause(pauses, 'a', now + 1000), 'b', now - 1), now);
            const { lastSeen, pauses } = await readRemembered(folder);
            assert.deepEqual([[...lastSeen], [...pauses.peers]], [[['a', 5], ['b', 6]], [['a', { until: now + 1000 }]]]);
        }));
});

describe('RepositoryPresence, with the real git-annex', function () {
    this.timeout(120_000);

    it('keeps probes and the remote daemon away from a paused peer, in every window, until it is resumed', async function () {
        if (!(await canRunLocalOnion())) {
            this.skip();
        }
        await withTemporaryFolder(async folder => {
            const onion = await LocalOnion.start(folder);
            const server = await onion.enable(await createAnnexRepository(folder, silentLog, 'server'));
            const client = await onion.enable(await createAnnexRepository(folder, silentLog, 'client'));
            const runtime = path.join(folder, 'run');
            await mkdir(runtime, { mode: 0o700 });
            const options = { runtimeFolder: () => Promise.resolve(runtime), shim: () => Promise.resolve({ kind: 'off' as const, reason: 'not-installed' as const, detail: '' }), limits: { look: 100 } };
            const serving = new SharedDaemon(server.context, { ...options, serviceSocket: () => Promise.resolve(server.service.socket) });
            const daemon = new SharedDaemon(client.context, { ...options, serviceSocket: () => Promise.resolve(undefined) });
            const address = parseTorAddress(server.address);
            assert.ok(address !== undefined);
            const peer: Peer = { name: 'server', address, uuid: server.context.uuid, syncs: true };
            let probes = 0;
            const window = (): RepositoryPresence => {
                const probing = probingOf(client.context, onion.socks);
                return new RepositoryPresence(client.context, daemon, {
                    ...probing,
                    probe: async (...args) => {
                        probes++;
                        return probing.probe(...args);
                    },
                });
            };
            const presence = window();
            let other = window();
            daemon.onDidChange.on(({ links }) => presence.setLinks(links));
            const kind = (of: RepositoryPresence = presence): string => of.of(peer).status.kind;
            const isConnected = (): boolean => ['connected', 'fetching'].includes(daemon.snapshot.links.get(server.address)?.link ?? '');
            try {
                await serving.start();
                await until('it serves', async () => (await probingOf(client.context, onion.socks).torAnswers()) && serving.snapshot.state.kind === 'running');
                await onion.link(client.context, server.context, 'server');
                await Promise.all([presence.setPeers([peer]), other.setPeers([peer])]);
                await daemon.start();
                await until('connected', isConnected, 30_000);
                presence.setAttention('watched');
                await until('shown as online', () => kind() === 'online');

                await presence.pause(peer, '30-minutes');
                assert.deepEqual([kind(), presence.isPaused(peer)], ['paused', true]);
                await until('the other window pauses', () => kind(other) === 'paused');
                await until('the daemon lets go of the peer', () => onion.connections(server.service) === 0, 15_000);
                await until('the daemon shows that it did', () => !isConnected(), 15_000);
                const before = probes;
                await presence.checkNow();
                assert.equal(probes, before);

                // Another session.
                await other.dispose();
                other = window();
                await other.setPeers([peer]);
                assert.deepEqual([kind(other), other.isPaused(peer)], ['paused', true]);
                assert.ok((other.of(peer).lastSeen ?? 0) > Date.now() - 60_000);

                await other.resume(peer);
                await until('the first window resumes', () => kind() === 'online', 30_000);
                await until('connected again', isConnected, 30_000);
            } finally {
                await Promise.all([presence.dispose(), other.dispose()]);
                await daemon.dispose();
                await serving.dispose();
                await onion.stop();
            }
        });
    });
});
