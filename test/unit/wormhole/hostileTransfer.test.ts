/** A transfer with an other side that does not keep the protocol: nothing left on disk, no path of its choice, no address given away or dialled. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CancelledError } from '../../../src/core/errors';
import { ascii, jsonToBytes } from '../../../src/core/wormhole/bytes';
import { WormholeError } from '../../../src/core/wormhole/errors';
import { gitAnnexAppId, type WormholeOptions } from '../../../src/core/wormhole/options';
import { receiveFile, type Received } from '../../../src/core/wormhole/receive';
import { sendFile } from '../../../src/core/wormhole/send';
import { encodeAcknowledgement, encodeAnswer, encodeFileOffer, encodeTextOffer, encodeTransit } from '../../../src/core/wormhole/transferMessages';
import { startSocksServer, type SocksServer } from '../../interop/wormhole/support/socksServer';
import { until } from '../../interop/wormhole/support/until';
import { startFakeServer, type FakeServer } from './fakeServer';
import { Puppet } from './puppet';

const code = '4-alkali-assume';
const noHints = encodeTransit({ direct: [], relays: [] }, ['direct-tcp-v1']);

describe('wormhole: a hostile transfer', () => {
    let server: FakeServer;
    let folder: string;
    let options: WormholeOptions;
    const puppets: Puppet[] = [];
    const proxies: SocksServer[] = [];

    beforeEach(async () => {
        server = await startFakeServer();
        folder = await mkdtemp(path.join(tmpdir(), 'wormhole-test-'));
        options = { appId: 'test', mailboxUrl: server.url, route: { kind: 'direct', listen: true }, timeLimits: { close: 500, peer: 5000, peerStep: 3000, answer: 3000, transit: 3000, transferSilence: 1500 }, sizeLimits: { message: 100_000 } };
    });
    afterEach(async () => {
        await Promise.all(proxies.splice(0).map(proxy => proxy.end()));
        puppets.splice(0).forEach(puppet => puppet.leave());
        await server.end();
        await rm(folder, { recursive: true });
    });

    const join = async (withCode = code, appId = 'test'): Promise<Puppet> => {
        const puppet = await Puppet.join(server.url, withCode, appId);
        puppets.push(puppet);
        return puppet;
    };
    const reason = (expected: string) => (error: unknown): boolean => {
        assert.ok(error instanceof WormholeError, String(error));
        assert.equal(error.reason, expected, `${error.message} ${error.detail}`);
        return true;
    };
    /** A receiver for a file, and what it fails with. */
    const receiving = (more: Partial<WormholeOptions> = {}): Promise<Received> => {
        const result = receiveFile({ ...options, ...more, code, path: path.join(folder, 'received') });
        result.catch(() => undefined);
        return result;
    };
    const leftBehind = async (): Promise<readonly string[]> => readdir(folder);
    const moods = (): unknown[] => server.said.filter(said => said.type === 'close').map(said => said['mood']);
    /** Offers a file and connects, as an honest sender would. */
    const offer = async (size: number, name = 'name'): Promise<{ readonly puppet: Puppet; readonly connection: Awaited<ReturnType<Puppet['transit']>> }> => {
        const puppet = await join();
        await puppet.exchangeKeys();
        puppet.addJson('0', noHints);
        puppet.addJson('1', encodeFileOffer(name, size));
        await puppet.transferMessage('answer');
        return { puppet, connection: await puppet.transit('sender') };
    };

    it('offers what is not wanted: a text, a folder, too large a file', async () => {
        for (const [offered, appId] of [[encodeTextOffer('x'), 'test'], [{ offer: { directory: { dirname: 'd' } } }, 'test'], [encodeFileOffer('f', 70_000), gitAnnexAppId]] as const) {
            const result = receiving({ appId, sizeLimits: undefined });
            const puppet = await join(code, appId);
            await puppet.exchangeKeys();
            puppet.addJson('0', offered);
            await assert.rejects(result, reason('offer-refused'));
            assert.equal(await puppet.transferMessage('error'), 'transfer rejected');
            puppet.leave();
            server.messages.length = 0;
        }
        assert.deepEqual(await leftBehind(), []);
    });

    it('names a file outside the folder: the name is no path', async () => {
        const result = receiving();
        const { connection } = await offer(5, '../../../../tmp/wormhole-evil');
        await connection.pipe.send(ascii('hello'));
        const received = await result;
        assert.ok(received.kind === 'file' && received.path === path.join(folder, 'received'));
        assert.deepEqual(await leftBehind(), ['received']);
        assert.equal((await stat(path.join(folder, 'received'))).mode & 0o777, 0o600);
        await assert.rejects(stat('/tmp/wormhole-evil'));
    });

    it('sends more than it said', async () => {
        const result = receiving();
        const { connection } = await offer(5);
        await connection.pipe.send(ascii('hello!'));
        await assert.rejects(result, reason('peer-protocol'));
        assert.deepEqual(await leftBehind(), []);
    });

    it('sends less than it said and hangs up', async () => {
        const result = receiving();
        const { connection } = await offer(500);
        await connection.pipe.send(ascii('hello'));
        connection.pipe.destroy();
        await assert.rejects(result, reason('peer-lost'));
        assert.deepEqual(await leftBehind(), []);
    });

    it('sends empty records for ever', async () => {
        const result = receiving();
        const { connection } = await offer(500);
        const timer = setInterval(() => void connection.pipe.send(new Uint8Array(0)).catch(() => undefined), 20);
        await assert.rejects(result, reason('peer-lost')).finally(() => clearInterval(timer));
        assert.deepEqual(await leftBehind(), []);
    });

    it('sends records that are none', async () => {
        for (const junk of [Buffer.from('ffffffff', 'hex'), Buffer.from('00000001', 'hex'), Buffer.concat([Buffer.from('00000030', 'hex'), Buffer.alloc(48)]), Buffer.concat([Buffer.from('00000030', 'hex'), Buffer.alloc(48, 1)])]) {
            const result = receiving();
            const { puppet, connection } = await offer(500);
            connection.socket.write(junk);
            await assert.rejects(result, reason('peer-protocol'));
            assert.equal(await puppet.transferMessage('error'), 'transfer failed');
            puppet.leave();
            server.messages.length = 0;
        }
        assert.deepEqual(await leftBehind(), []);
    });

    it('gives up in the middle', async () => {
        const result = receiving();
        const { puppet } = await offer(500);
        puppet.addJson('2', { error: 'sorry' });
        await assert.rejects(result, reason('peer-error'));
        assert.deepEqual(await leftBehind(), []);
    });

    it('confirms another hash, or nothing', async () => {
        for (const answer of [encodeAcknowledgement('00'.repeat(32)), { ack: 'no' }, 'x']) {
            const file = path.join(folder, 'sent');
            await writeFile(file, 'content');
            const sending = sendFile({ ...options, path: file, code });
            sending.catch(() => undefined);
            const puppet = await join();
            await puppet.exchangeKeys();
            await puppet.transferMessage('offer');
            puppet.addJson('0', noHints);
            puppet.addJson('1', encodeAnswer('file'));
            const { pipe } = await puppet.transit('receiver');
            assert.equal(Buffer.from(await pipe.receive()).toString(), 'content');
            await pipe.send(jsonToBytes(answer));
            await assert.rejects(sending, reason('corrupted'));
            puppet.leave();
            server.messages.length = 0;
        }
    });

    it('hints at this computer: not dialled, neither directly nor through Tor', async () => {
        let knocks = 0;
        const own = createServer(socket => {
            knocks++;
            socket.destroy();
        });
        await new Promise<void>(resolve => own.listen(0, () => resolve()));
        const address = own.address();
        const port = typeof address === 'object' && address !== null ? address.port : 0;
        const places = ['127.0.0.1', 'localhost', '::1', '0.0.0.0', '::ffff:127.0.0.1', '169.254.1.1'].map(host => ({ host, port }));
        const hints = encodeTransit({ direct: places, relays: places.slice(0, 3) }, ['direct-tcp-v1']);
        const socks = await startSocksServer({ route: request => (request.host === 'mailbox.test' ? Number(new URL(server.url).port) : undefined) });
        proxies.push(socks);
        const throughTor: Partial<WormholeOptions> = { route: { kind: 'tor', socksHost: '127.0.0.1', socksPort: socks.port }, mailboxUrl: 'ws://mailbox.test/v1' };
        for (const more of [{}, throughTor]) {
            const result = receiving({ ...more, timeLimits: { ...options.timeLimits, transit: 400 } });
            const puppet = await join();
            await puppet.exchangeKeys();
            puppet.addJson('0', hints);
            puppet.addJson('1', encodeFileOffer('f', 5));
            await assert.rejects(result, reason('transit-failed'));
            puppet.leave();
            server.messages.length = 0;
        }
        assert.equal(knocks, 0);
        assert.deepEqual([...new Set(socks.requests.map(request => request.host))], ['mailbox.test']);
        await new Promise(resolve => own.close(resolve));
    });

    it('learns no address through Tor, neither from a sender nor from a receiver, and nothing listens', async () => {
        const socks = await startSocksServer({ route: request => (request.host === 'mailbox.test' ? Number(new URL(server.url).port) : undefined) });
        proxies.push(socks);
        const tor: WormholeOptions = { ...options, route: { kind: 'tor', socksHost: '127.0.0.1', socksPort: socks.port }, mailboxUrl: 'ws://mailbox.test/v1', relay: 'tcp:relay.example.org:4001' };
        const listening = (): number => process.getActiveResourcesInfo().filter(kind => kind === 'TCPServerWrap').length;
        const listeners = listening();
        const expected = { transit: { 'abilities-v1': [{ type: 'relay-v1' }], 'hints-v1': [{ type: 'relay-v1', hints: [{ type: 'direct-tcp-v1', priority: 0, hostname: 'relay.example.org', port: 4001 }] }] } };
        await writeFile(path.join(folder, 'sent'), 'x');

        const sending = sendFile({ ...tor, path: path.join(folder, 'sent'), code });
        sending.catch(() => undefined);
        const receiver = await join();
        await receiver.exchangeKeys();
        assert.deepEqual(await receiver.read('0'), expected);
        assert.equal(listening(), listeners);
        receiver.addJson('0', { error: 'enough' });
        await assert.rejects(sending, reason('peer-error'));
        receiver.leave();
        server.messages.length = 0;

        const result = receiving(tor);
        const sender = await join();
        await sender.exchangeKeys();
        sender.addJson('0', noHints);
        sender.addJson('1', encodeFileOffer('f', 5));
        assert.deepEqual(await sender.read('0'), expected);
        assert.equal(listening(), listeners);
        // The relay is nowhere.
        await assert.rejects(result, reason('transit-failed'));
    });

    it('is told when the user cancels, and what has come is wiped', async () => {
        const controller = new AbortController();
        const result = receiving({ signal: controller.signal });
        const { puppet, connection } = await offer(1000);
        await connection.pipe.send(ascii('half of a secret'));
        await until('some of it to be written', async () => {
            const [name] = await leftBehind();
            return name !== undefined && (await readFile(path.join(folder, name), 'utf8')).includes('half');
        });
        assert.equal((await stat(path.join(folder, (await leftBehind())[0] ?? ''))).mode & 0o777, 0o600);
        controller.abort();
        await assert.rejects(result, CancelledError);
        assert.equal(await puppet.transferMessage('error'), 'transfer cancelled');
        assert.deepEqual(await leftBehind(), []);
        assert.deepEqual(moods(), ['errory']);
    });

    it('cannot make a file appear where none can be written', async () => {
        const result = receiveFile({ ...options, code, path: path.join(folder, 'no', 'such', 'folder') });
        const puppet = await join();
        await puppet.exchangeKeys();
        puppet.addJson('0', encodeFileOffer('f', 5));
        await assert.rejects(result, reason('file-unwritable'));
    });

    it('a file that cannot be read is not offered, and nothing is sent', async () => {
        await assert.rejects(sendFile({ ...options, path: path.join(folder, 'none') }), reason('file-unreadable'));
        await assert.rejects(sendFile({ ...options, path: folder }), reason('file-unreadable'));
        assert.equal(server.connections(), 0);
    });
});
