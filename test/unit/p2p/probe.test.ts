/** What a probe tells of a real daemon in every state, and of one who only pretends. */
import assert from 'node:assert/strict';
import net from 'node:net';
import { CancelledError } from '../../../src/core/errors';
import { silentLog } from '../../../src/core/log';
import { readSentToken } from '../../../src/core/annex/creds';
import { probe, socksIdentity, type ProbeOutcome } from '../../../src/core/p2p';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { parseTorAddress } from '../../../src/core/tor/address';
import { canRunLocalOnion, LocalOnion } from '../../support/localOnion/localOnion';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/until';
import { answering, withOtherEnd } from './support/scripted';

const address = { onion: `${'a'.repeat(56)}.onion`, port: 1234 };

describe('probe', () => {
    it('tells every state of a real peer, as it comes and goes', async function () {
        this.timeout(60_000);
        if (!(await canRunLocalOnion())) {
            this.skip();
        }
        await withTemporaryFolder(async folder => {
            const onion = await LocalOnion.start(folder);
            const server = await onion.enable(await createAnnexRepository(folder, silentLog, 'server'));
            const client = await onion.enable(await createAnnexRepository(folder, silentLog, 'client'));
            const at = parseTorAddress(server.address);
            assert.ok(at !== undefined);
            const start = (): Promise<ManagedProcess> =>
                ManagedProcess.start({ file: server.context.programs.gitAnnex, args: ['remotedaemon', '--foreground'], cwd: server.context.root }, { log: silentLog });
            let token: string | undefined;
            const ask = (uuid: string | undefined): Promise<ProbeOutcome> =>
                probe({ address: at, uuid }, { ownUuid: client.context.uuid, token, endpoint: onion.socks, connectLimitMs: 500, answerLimitMs: 5000 });
            let daemon = await start();
            try {
                assert.deepEqual(await ask(server.context.uuid), { kind: 'no-token' });
                token = 'f'.repeat(128);
                await until('the daemon serves', async () => (await ask(server.context.uuid)).kind === 'refused');
                await onion.link(client.context, server.context, 'server');
                token = await readSentToken(client.context.gitDir, { kind: 'tor', ...at });

                const online = await ask(server.context.uuid);
                assert.equal(online.kind, 'online');
                assert.ok(online.roundTripMs > 0 && online.roundTripMs < 1000, JSON.stringify(online));
                assert.equal((await ask(undefined)).kind, 'online');
                assert.deepEqual(await ask('another'), { kind: 'other-repository', uuid: server.context.uuid });

                server.service.reachability = 'unreachable';
                assert.deepEqual(await ask(server.context.uuid), { kind: 'offline', certain: true });
                server.service.reachability = 'up';
                assert.equal((await ask(server.context.uuid)).kind, 'online');

                await daemon.end();
                assert.deepEqual(await ask(server.context.uuid), { kind: 'daemon-down' });
                daemon = await start();
                await until('the daemon serves again', async () => (await ask(server.context.uuid)).kind === 'online');

                await onion.stop();
                assert.deepEqual(await ask(server.context.uuid), { kind: 'tor-down' });
            } finally {
                await daemon.end();
                await onion.stop().catch(() => undefined);
            }
        });
    });

    it('gives up on a Tor that looks for a way for too long', async () => {
        const server = net.createServer(socket => void socket.on('error', () => undefined).on('data', () => undefined));
        const port = await new Promise<number>(resolve => server.listen(0, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port)));
        assert.deepEqual(await probe({ address, uuid: 'u' }, { ownUuid: 'me', token: 't', endpoint: { host: '127.0.0.1', port }, connectLimitMs: 100 }), { kind: 'offline', certain: false });
        await new Promise(resolve => server.close(resolve));
    });

    const answers: readonly (readonly [string, string | undefined, ProbeOutcome])[] = [
        ['hangs up before a word', undefined, { kind: 'daemon-down' }],
        ['is a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n', { kind: 'not-git-annex' }],
        ['answers with an error', 'ERROR no\n', { kind: 'not-git-annex' }],
        ['stays silent', '', { kind: 'offline', certain: false }],
    ];
    for (const [what, answer, outcome] of answers) {
        it(`is not taken in by one who ${what}`, async () => {
            await withOtherEnd(answering([answer]), async stream => {
                assert.deepEqual(await probe({ address, uuid: 'u' }, { ownUuid: 'me', token: 't', answerLimitMs: 100, connect: () => Promise.resolve(stream) }), outcome);
                assert.equal(stream.destroyed, true);
            });
        });
    }

    it('is not held by one who sends a byte now and then', async () => {
        let timer: NodeJS.Timeout | undefined;
        await withOtherEnd(
            socket => (timer = setInterval(() => socket.write('A'), 20)),
            async stream => {
                const start = Date.now();
                assert.deepEqual(await probe({ address, uuid: 'u' }, { ownUuid: 'me', token: 't', answerLimitMs: 150, connect: () => Promise.resolve(stream) }), { kind: 'offline', certain: false });
                assert.ok(Date.now() - start < 2000);
            },
        );
        clearInterval(timer);
    });

    it('can be cancelled, and leaves no connection', async () => {
        await withOtherEnd(answering(['']), async stream => {
            const controller = new AbortController();
            const asking = probe({ address, uuid: 'u' }, { ownUuid: 'me', token: 't', signal: controller.signal, connect: () => Promise.resolve(stream) });
            controller.abort();
            await assert.rejects(asking, CancelledError);
            assert.equal(stream.destroyed, true);
        });
    });

    it('keeps one SOCKS identity for a peer, and another for each other peer and purpose', async () => {
        const users: string[] = [];
        const server = net.createServer(socket => {
            socket.on('error', () => undefined);
            let step = 0;
            socket.on('data', data => {
                step++;
                if (step === 1) {
                    socket.write(Buffer.from([5, 2]));
                } else {
                    users.push(data.toString('latin1', 2, 2 + (data[1] ?? 0)));
                    socket.end(Buffer.from([1, 1]));
                }
            });
        });
        const port = await new Promise<number>(resolve => server.listen(0, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port)));
        const ask = (onion: string) => probe({ address: { onion, port: 1 }, uuid: undefined }, { ownUuid: 'me', token: 't', endpoint: { host: '127.0.0.1', port } });
        await ask(address.onion);
        await ask(address.onion);
        await ask(`${'b'.repeat(56)}.onion`);
        await new Promise(resolve => server.close(resolve));
        assert.equal(users.length, 3);
        assert.deepEqual([users[0] === users[1], users[0] === users[2]], [true, false]);
        assert.notEqual(socksIdentity(address, 'presence'), socksIdentity(address, 'content'));
        assert.doesNotMatch(users.join(), /onion|me/u);
    });
});
