/** A mailbox server that does not keep the protocol: every trick ends in a typed failure, soon, and gives nothing away. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CancelledError } from '../../../src/core/errors';
import { WormholeError, type WormholeErrorReason } from '../../../src/core/wormhole/errors';
import type { WormholeOptions } from '../../../src/core/wormhole/options';
import { receiveText } from '../../../src/core/wormhole/receive';
import { sendText } from '../../../src/core/wormhole/send';
import { startFakeServer, type FakeClient, type FakeServer, type FakeServerHooks } from './fakeServer';
import { sharedCode } from './sharedCode';

const code = '4-alkali-assume';

/** Sends, and says that this was the answer. */
const tell = (client: FakeClient, message: object | string): true => {
    client.send(message);
    return true;
};

describe('wormhole: a hostile mailbox server', () => {
    const servers: FakeServer[] = [];
    afterEach(async () => {
        await Promise.all(servers.splice(0).map(server => server.end()));
    });

    const start = async (hooks: FakeServerHooks): Promise<FakeServer> => {
        const server = await startFakeServer(hooks);
        servers.push(server);
        return server;
    };
    const optionsFor = (server: FakeServer, more: Partial<WormholeOptions> = {}): WormholeOptions => ({
        appId: 'test', mailboxUrl: server.url, route: { kind: 'direct', listen: false }, timeLimits: { close: 200, mailboxReply: 300, mailboxAway: 500, peer: 2000, peerStep: 2000 }, sizeLimits: { message: 10_000 }, ...more,
    });
    /** The reason that both a sender and a receiver fail with. */
    const reasonsOf = async (hooks: FakeServerHooks, more: Partial<WormholeOptions> = {}): Promise<readonly WormholeErrorReason[]> => {
        const reasons: WormholeErrorReason[] = [];
        for (const run of [(options: WormholeOptions) => sendText({ ...options, text: 'x' }), (options: WormholeOptions) => receiveText({ ...options, code })]) {
            const server = await start(hooks);
            await run(optionsFor(server, more)).then(
                () => assert.fail('it must fail'),
                (error: unknown) => {
                    assert.ok(error instanceof WormholeError, String(error));
                    reasons.push(error.reason);
                },
            );
        }
        return reasons;
    };
    const both = (reason: WormholeErrorReason): readonly WormholeErrorReason[] => [reason, reason];

    it('that turns clients away', async () => {
        assert.deepEqual(await reasonsOf({ welcome: () => ({ type: 'welcome', welcome: { error: 'closed\u001b[2J for repair' } }) }), both('mailbox-refused'));
    });

    it('that greets with nonsense', async () => {
        for (const greeting of ['{', 'null', JSON.stringify({ type: 'welcome', welcome: 7 }), JSON.stringify({ welcome: {} })]) {
            const welcome = (client: FakeClient): undefined => {
                client.send(greeting);
            };
            assert.deepEqual(await reasonsOf({ welcome }), both('mailbox-protocol'));
        }
    });

    it('that says nothing', async () => {
        assert.deepEqual(await reasonsOf({ welcome: () => undefined }), both('mailbox-unreachable'));
    });

    it('that hangs up at once', async () => {
        const welcome = (client: FakeClient): undefined => {
            client.socket.close();
        };
        assert.deepEqual(await reasonsOf({ welcome }), both('mailbox-unreachable'));
    });

    it('that asks for a stamp beyond price, or for something unknown', async () => {
        assert.deepEqual(await reasonsOf({ welcome: () => ({ type: 'welcome', welcome: { 'permission-required': { hashcash: { bits: 60, resource: 'r' } } } }) }), both('mailbox-permission'));
        assert.deepEqual(await reasonsOf({ welcome: () => ({ type: 'welcome', welcome: { 'permission-required': { money: {} } } }) }), both('mailbox-permission'));
    });

    it('that sends a huge frame', async () => {
        assert.deepEqual(await reasonsOf({ onMessage: (client, said) => said.type === 'bind' && tell(client, 'x'.repeat(1 << 20)) }), both('mailbox-protocol'));
    });

    it('that never answers', async () => {
        const patience = { timeLimits: { close: 100, mailboxReply: 100, mailboxAway: 150 } };
        assert.deepEqual(await reasonsOf({ onMessage: (_client, said) => said.type === 'allocate' || said.type === 'claim' }, patience), both('mailbox-unreachable'));
    });

    it('that gives out nameplates and mailboxes that are none', async () => {
        assert.deepEqual(await reasonsOf({ onMessage: (client, said) => {
            if (said.type === 'allocate') {
                client.send({ type: 'allocated', nameplate: '4-evil' });
            }
            if (said.type === 'claim') {
                client.send({ type: 'claimed', mailbox: { id: 1 } });
            }
            return said.type === 'allocate' || said.type === 'claim';
        } }), both('mailbox-protocol'));
    });

    it('that answers what nobody asked', async () => {
        const server = await start({ welcome: client => {
            for (const type of ['released', 'closed', 'claimed', 'allocated']) {
                client.send({ type, nameplate: '9', mailbox: 'other' });
            }
            client.send({ type: 'message', side: 'zz', phase: 'pake', body: '00' });
            return { type: 'welcome', welcome: {} };
        } });
        // All passed over: the exchange goes on to its proper end.
        const shared = sharedCode();
        const sending = sendText({ ...optionsFor(server), text: 'hello', onStatus: shared.onStatus });
        assert.equal(await receiveText({ ...optionsFor(server), code: () => shared.code }), 'hello');
        await sending;
    });

    it('that reports a third party', async () => {
        assert.deepEqual(await reasonsOf({ onMessage: (client, said) => said.type === 'claim' && tell(client, { type: 'error', error: 'crowded', orig: said }) }), both('crowded'));
        assert.deepEqual(await reasonsOf({ onMessage: (client, said) => said.type === 'claim' && tell(client, { type: 'error', error: 'reclaimed', orig: said }) }), both('mailbox-error'));
    });

    it('that reflects our own messages as another side\'s', async () => {
        assert.deepEqual(await reasonsOf({ onMessage: (client, said) => {
            if (said.type === 'add') {
                client.send({ type: 'message', side: 'feedfeed', phase: said['phase'], body: said['body'] });
            }
            return false;
        } }), both('hostile-key-exchange'));
    });

    it('that sends phases without end, before and without a key', async () => {
        assert.deepEqual(await reasonsOf({ onMessage: (client, said) => {
            for (let phase = 0; said.type === 'open' && phase < 500; phase++) {
                client.send({ type: 'message', side: 'feedfeed', phase: String(phase), body: '00' });
            }
            return false;
        } }), both('peer-protocol'));
        assert.deepEqual(await reasonsOf({ onMessage: (client, said) => {
            for (let phase = 0; said.type === 'open' && phase < 500; phase++) {
                client.send({ type: 'message', side: 'feedfeed', phase: `unknown-${phase}`, body: '00' });
            }
            return false;
        } }), both('peer-protocol'));
    });

    it('that sends too much before the key exchange', async () => {
        assert.deepEqual(await reasonsOf({ onMessage: (client, said) => {
            for (let phase = 0; said.type === 'open' && phase < 3; phase++) {
                client.send({ type: 'message', side: 'feedfeed', phase: String(phase), body: '00'.repeat(9000) });
            }
            return false;
        } }), both('peer-protocol'));
    });

    it('that makes up key exchange messages', async () => {
        for (const body of ['00', '7b7d', Buffer.from('{"pake_v1":7}').toString('hex'), Buffer.from('{"pake_v1":"zz"}').toString('hex'), Buffer.from(`{"pake_v1":"53${'00'.repeat(32)}"}`).toString('hex'), Buffer.from('[]').toString('hex')]) {
            const server = await start({ onMessage: (client, said) => said.type === 'open' && tell(client, { type: 'message', side: 'feedfeed', phase: 'pake', body }) });
            await assert.rejects(receiveText({ ...optionsFor(server), code }), { reason: 'hostile-key-exchange' });
            const farewell = server.said.find(said => said.type === 'close');
            assert.equal(farewell?.['mood'], 'scary');
        }
    });

    it('that floods while the user cancels', async () => {
        const server = await start({ onMessage: (client, said) => {
            const timer = setInterval(() => client.send({ type: 'pong' }), 1);
            client.socket.on('close', () => clearInterval(timer));
            return said.type === 'claim';
        } });
        const controller = new AbortController();
        setTimeout(() => controller.abort(), 100);
        await assert.rejects(receiveText({ ...optionsFor(server), code, signal: controller.signal }), CancelledError);
    });

    it('that sends anything at all at any time: typed failures only', async () => {
        await fc.assert(fc.asyncProperty(
            fc.array(fc.tuple(fc.constantFrom('bind', 'claim', 'open', 'add', 'release'), fc.oneof(
                fc.json(),
                fc.string(),
                fc.record({ type: fc.constantFrom('welcome', 'claimed', 'message', 'error', 'closed', 'released'), side: fc.constantFrom('feed', '', 'x'), phase: fc.constantFrom('pake', 'version', '0', '-1', '99999999'), body: fc.constantFrom('', '00', 'zz', '7b7d'), welcome: fc.jsonValue(), mailbox: fc.jsonValue(), error: fc.jsonValue() }).map(value => JSON.stringify(value)),
            )), { maxLength: 6 }),
            async script => {
                const server = await start({ onMessage: (client, said) => {
                    script.filter(([type]) => type === said.type).forEach(([, text]) => client.send(text));
                    return false;
                } });
                await receiveText({ ...optionsFor(server, { timeLimits: { close: 100, peer: 100, peerStep: 100, mailboxReply: 200, mailboxAway: 200 } }), code }).then(
                    () => assert.fail('nobody is there'),
                    (error: unknown) => assert.ok(error instanceof WormholeError, String(error)),
                );
                await server.end();
            },
        ), { numRuns: 40 });
    }).timeout(60_000);

    it('that loses the connection: the exchange goes on', async () => {
        let drops = 0;
        const server = await start({ onMessage: (_client, said, self) => {
            // After each kind of message once, on both sides.
            if (['claim', 'open', 'add', 'release'].includes(said.type) && drops < 6 && ++drops % 2 === 1) {
                setImmediate(() => self.dropAll());
            }
            return false;
        } });
        const shared = sharedCode();
        const limits = { timeLimits: { close: 2000, mailboxAway: 10_000, peer: 10_000, peerStep: 10_000 } };
        const sending = sendText({ ...optionsFor(server, limits), text: 'through thick and thin', onStatus: shared.onStatus });
        const [text] = await Promise.all([receiveText({ ...optionsFor(server, limits), code: () => shared.code }), sending]);
        assert.equal(text, 'through thick and thin');
        assert.ok(server.connections() > 2);
        const binds = server.said.filter(said => said.type === 'bind').map(said => said['side']);
        assert.equal(new Set(binds).size, 2, 'the same two sides throughout');
        const pakes = server.said.filter(said => said.type === 'add' && said['phase'] === 'pake').map(said => said['body']);
        assert.equal(new Set(pakes).size, 2, 'one key exchange message a side');
    });

    it('that asks for a stamp within reason gets one', async () => {
        const server = await start({ welcome: () => ({ type: 'welcome', welcome: { 'permission-required': { hashcash: { bits: 8, resource: 'here' } } } }) });
        const shared = sharedCode();
        const sending = sendText({ ...optionsFor(server), text: 'paid', onStatus: shared.onStatus });
        assert.equal(await receiveText({ ...optionsFor(server), code: () => shared.code }), 'paid');
        await sending;
        const types = server.said.map(said => said.type);
        assert.ok(types.indexOf('submit-permissions') < types.indexOf('bind'));
        assert.match(String(server.said.find(said => said.type === 'submit-permissions')?.['stamp']), /^1:8:\d{6}:here::/u);
    });
});
