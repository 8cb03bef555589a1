/**
 * Through Tor, as the extension runs it: what the proxy is asked, what the server and the other side get to see, and that
 * nothing is ever tried past the proxy.
 */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { WormholeError } from '../../../src/core/wormhole/errors';
import type { WormholeOptions } from '../../../src/core/wormhole/options';
import { receiveFile, receiveText } from '../../../src/core/wormhole/receive';
import { sendFile, sendText } from '../../../src/core/wormhole/send';
import { sharedCode } from '../../unit/wormhole/sharedCode';
import { ourProgram, start } from './support/programs';
import { startMailboxServer, startRelay, type MailboxServer, type RelayServer } from './support/servers';
import { startSocksServer, type SocksBehaviour, type SocksServer } from './support/socksServer';
import { makeAuthority, startTlsProxy, type Authority, type TlsProxy } from './support/tlsProxy';

const mailboxName = 'relay.magic-wormhole.io';
const relayName = 'transit.magic-wormhole.io';

describe('wormhole through Tor', function () {
    this.timeout(30_000);
    let folder: string;
    let mailbox: MailboxServer;
    let relay: RelayServer;
    let authority: Authority;
    let tls: TlsProxy;
    let socks: SocksServer;
    let options: WormholeOptions;

    before(async () => {
        folder = await mkdtemp(path.join(tmpdir(), 'wormhole-tor-'));
        await mkdir(path.join(folder, 'ca'));
        [mailbox, relay, authority] = await Promise.all([startMailboxServer(folder), startRelay(folder), makeAuthority(path.join(folder, 'ca'))]);
        tls = await startTlsProxy(await authority.issue(mailboxName), mailbox.port);
    });
    after(async () => {
        await Promise.all([mailbox.end(), relay.end(), tls.end()]);
        await rm(folder, { recursive: true });
    });
    beforeEach(async () => {
        socks = await startSocksServer({ route });
        // The default servers under their real names and ports: only the authority is the test's own.
        options = {
            appId: 'test', mailboxUrl: `wss://${mailboxName}/v1`, relay: `tcp:${relayName}:4001`, certificateAuthorities: authority.certificate,
            route: { kind: 'tor', socksHost: '127.0.0.1', socksPort: socks.port }, timeLimits: { peer: 10_000, close: 1000, transit: 5000, connect: 5000 },
        };
    });
    afterEach(() => socks.end());

    const route: SocksBehaviour['route'] = ({ host, port }) => (host === mailboxName && port === 443 ? tls.port : host === relayName && port === 4001 ? relay.port : undefined);
    const rejects = (promise: Promise<unknown>, reason: string): Promise<void> => assert.rejects(promise, (error: unknown) => error instanceof WormholeError && error.reason === reason);

    it('sends a file: names are left to the proxy, each wormhole has a user name of its own, TLS is inside', async () => {
        const content = 'secret\ntor-annex::'.repeat(20);
        await writeFile(path.join(folder, 'in'), content);
        const shared = sharedCode();
        const sending = sendFile({ ...options, path: path.join(folder, 'in'), onStatus: shared.onStatus });
        const [received] = await Promise.all([receiveFile({ ...options, code: () => shared.code, path: path.join(folder, 'out') }), sending]);
        assert.equal(await readFile(received.path, 'utf8'), content);
        assert.ok(socks.requests.every(request => request.addressType === 'name'));
        assert.deepEqual([...new Set(socks.requests.map(request => `${request.host}:${request.port}`))].sort(), [`${mailboxName}:443`, `${relayName}:4001`]);
        const users = new Set(socks.requests.map(request => request.user));
        assert.equal(users.size, 2, 'one user name a wormhole, the same for its mailbox and its relay');
        assert.ok([...users].every(user => user.length >= 16));
    });

    it('refuses a certificate of another authority, another name, or none, before a word is sent', async () => {
        await mkdir(path.join(folder, 'ca2'), { recursive: true });
        const foreign = await makeAuthority(path.join(folder, 'ca2'), 'Foreign authority');
        const before = tls.received();
        await rejects(sendText({ ...options, text: 'x', certificateAuthorities: foreign.certificate }), 'mailbox-certificate');
        await rejects(sendText({ ...options, text: 'x', certificateAuthorities: undefined }), 'mailbox-certificate');
        const otherName = await startTlsProxy(await authority.issue('relay.example.org'), mailbox.port);
        const proxy = await startSocksServer({ route: () => otherName.port });
        await rejects(sendText({ ...options, text: 'x', route: { kind: 'tor', socksHost: '127.0.0.1', socksPort: proxy.port } }), 'mailbox-certificate');
        assert.equal(tls.received(), before);
        assert.equal(otherName.received(), 0);
        await Promise.all([otherName.end(), proxy.end()]);
    });

    it('stops where Tor does not answer, and goes no other way', async () => {
        // The mailbox server would be within reach: a fall-back would get through.
        const direct = { ...options, mailboxUrl: mailbox.url };
        const before = (await mailbox.usage()).length;
        await socks.end();
        await rejects(sendText({ ...direct, text: 'x' }), 'tor-unreachable');
        await rejects(receiveText({ ...direct, code: '7-a-b' }), 'tor-unreachable');
        assert.equal((await mailbox.usage()).length, before);
        socks = await startSocksServer({ route: () => undefined });
    });

    it('stops soon where Tor goes while the other is awaited', async () => {
        const shared = sharedCode();
        const sending = sendText({ ...options, timeLimits: { ...options.timeLimits, torAway: 300 }, text: 'x', onStatus: shared.onStatus });
        const stopped = rejects(sending, 'tor-unreachable');
        await shared.code;
        await socks.end();
        await stopped;
    });

    it('goes on where Tor is back soon', async () => {
        const shared = sharedCode();
        const sending = sendText({ ...options, text: 'still here', onStatus: shared.onStatus });
        const code = await shared.code;
        const { port } = socks;
        await socks.end();
        socks = await startSocksServer({ route, port });
        const [text] = await Promise.all([receiveText({ ...options, code }), sending]);
        assert.equal(text, 'still here');
    });

    it('stops where something else answers in Tor\'s place', async () => {
        const servers: Server[] = [];
        for (const behave of ['HTTP/1.1 400 Bad Request\r\n\r\n', undefined]) {
            const server = createServer(socket => (behave === undefined ? socket.destroy() : socket.resume().end(behave)));
            servers.push(server);
            const port = await new Promise<number>(resolve => server.listen(0, '127.0.0.1', () => {
                const address = server.address();
                resolve(typeof address === 'object' && address !== null ? address.port : 0);
            }));
            await rejects(sendText({ ...options, text: 'x', route: { kind: 'tor', socksHost: '127.0.0.1', socksPort: port } }), 'tor-unreachable');
        }
        await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
    });

    it('tries a failing circuit again, then says that the mailbox server is out of reach', async () => {
        await rejects(sendText({ ...options, mailboxUrl: 'wss://nowhere.example.org/v1', text: 'x' }), 'mailbox-unreachable');
        assert.equal(socks.requests.length, 3);
        assert.ok(socks.requests.every(request => request.addressType === 'name'));
    });

    it('is obeyed by the program where the environment forces it: also with other options, and with a broken value', async () => {
        const env = { WORMHOLE_RELAY_URL: mailbox.url, WORMHOLE_TRANSIT_HELPER: relay.hint };
        for (const value of ['', 'broken', '127.0.0.1:1']) {
            const running = await start(process.execPath, [ourProgram, 'send', '--text', 'x'], folder, { ...env, ANNEX_PEERS_WORMHOLE_SOCKS: value });
            const { exitCode, stdout, stderr } = await running.finished;
            assert.equal(exitCode, 1);
            assert.equal(stdout, '');
            assert.match(stderr, value === '127.0.0.1:1' ? /Tor does not answer/u : /option/u);
        }
    });

    it('is what the program does with its defaults, a host and an authority', async () => {
        const env = { ANNEX_PEERS_WORMHOLE_SOCKS: `127.0.0.1:${socks.port}`, ANNEX_PEERS_WORMHOLE_CA: authority.file };
        await writeFile(path.join(folder, 'in'), 'through defaults');
        const sending = await start(process.execPath, [ourProgram, 'send', 'in'], folder, env);
        const receiving = await start(process.execPath, [ourProgram, 'receive', '--accept-file', '-o', 'out2'], folder, env, `${await sending.code()}\n`);
        const [sent, received] = await Promise.all([sending.finished, receiving.finished]);
        assert.deepEqual([sent.exitCode, received.exitCode], [0, 0], `${sent.stderr}${received.stderr}`);
        assert.equal(await readFile(path.join(folder, 'out2'), 'utf8'), 'through defaults');
        const own = Object.values(networkInterfaces()).flatMap(entries => entries ?? []).map(entry => entry.address);
        assert.ok(socks.requests.every(request => !own.includes(request.host)));
    });
});
