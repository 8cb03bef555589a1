/** The program's command line: what git-annex passes, what people pass, what is refused. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { helpText, programVersion, readArguments } from '../../../src/wormhole/arguments';
import { routeFor } from '../../../src/wormhole/network';

const read = (line: string, environment: NodeJS.ProcessEnv = {}): ReturnType<typeof readArguments> => readArguments(line.split(' ').filter(word => word !== ''), environment);

describe('wormhole program: arguments', () => {
    it('has the version of the package', () => {
        const text = readFileSync(path.join(__dirname, '../../../../package.json'), 'utf8');
        assert.ok(text.includes(`"version": "${programVersion}"`));
        assert.equal(read('--version').kind, 'version');
    });

    it('understands what git-annex passes', () => {
        const send = read('--appid git-annex.branchable.com/p2p-setup send /tmp/pair1/send', { WORMHOLE_RELAY_URL: 'ws://h/v1', WORMHOLE_TRANSIT_HELPER: 'tcp:h:1', ANNEX_PEERS_WORMHOLE_SOCKS: '127.0.0.1:9050' });
        assert.ok(send.kind === 'send');
        assert.equal(send.file, '/tmp/pair1/send');
        assert.deepEqual(send.network, { socks: ['127.0.0.1:9050'], listen: true, relayUrl: 'ws://h/v1', transitHelper: 'tcp:h:1', appId: 'git-annex.branchable.com/p2p-setup', certificateAuthorities: undefined });
        const receive = read('--appid git-annex.branchable.com/p2p-setup receive --accept-file --output-file /tmp/pair1/recv');
        assert.ok(receive.kind === 'receive');
        assert.deepEqual([receive.acceptFile, receive.outputFile, receive.code], [true, '/tmp/pair1/recv', undefined]);
    });

    it('understands what people pass', () => {
        const send = read('--relay-url ws://a/v1 --transit-helper tcp:b:1 tx --text=hello -c 3 --tor --hide-progress', { WORMHOLE_RELAY_URL: 'ws://h/v1' });
        assert.ok(send.kind === 'send');
        assert.deepEqual([send.text, send.words, send.hideProgress, send.network.relayUrl, send.network.socks], ['hello', 3, true, 'ws://a/v1', ['127.0.0.1:9050', '127.0.0.1:9150']]);
        const receive = read('rx -o out 7-a-b');
        assert.ok(receive.kind === 'receive');
        assert.deepEqual([receive.code, receive.outputFile], ['7-a-b', 'out']);
        assert.equal(read('').kind, 'help');
        assert.equal(read('send --help').kind, 'help');
    });

    it('refuses the rest, without repeating what may be a code', () => {
        for (const line of ['dance', 'send', 'send a b', 'send a --text b', 'receive 7-a-b c', 'send a -c 0', 'send a -c x', 'send --accept-file a', 'receive --code 7-a-b', 'receive --launch-tor', 'send a --verify', 'send --tor-control-port 9051 a']) {
            const command = read(line);
            assert.ok(command.kind === 'usage', line);
            assert.ok(!command.why.includes('7-a-b'));
        }
    });

    it('takes Tor from the environment whatever the arguments say, and an empty wish for Tor is one', async () => {
        for (const line of ['send f', 'send f --tor', 'send f --tor-socks 127.0.0.1:1']) {
            const command = read(line, { ANNEX_PEERS_WORMHOLE_SOCKS: '127.0.0.1:7' });
            assert.ok(command.kind === 'send');
            assert.deepEqual(await routeFor(command.network), { kind: 'tor', socksHost: '127.0.0.1', socksPort: 7 });
        }
        for (const value of ['', 'nonsense']) {
            const command = read('send f', { ANNEX_PEERS_WORMHOLE_SOCKS: value });
            assert.ok(command.kind === 'send');
            await assert.rejects(routeFor(command.network), { reason: 'invalid-option' });
        }
    });

    it('stays with Tor where no SOCKS port answers', async () => {
        const route = await routeFor({ socks: ['127.0.0.1:1', '127.0.0.1:2'], listen: true, relayUrl: undefined, transitHelper: undefined, appId: undefined, certificateAuthorities: undefined });
        assert.equal(route.kind, 'tor');
    });

    it('never throws', () => {
        fc.assert(fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('send', 'receive', '--text', '--code', '--', '-c', '-o', '--tor-socks', '--appid', 'f'))), args => {
            readArguments(args, {});
        }), { numRuns: 1000 });
    });

    it('says every option in its help', () => {
        for (const option of ['--tor', '--tor-socks', '--no-listen', '--relay-url', '--transit-helper', '--appid', '--hide-progress', '--code', '-c', '--text', '--accept-file', '--output-file', '--only-text', '--version', 'ANNEX_PEERS_WORMHOLE_SOCKS', 'ANNEX_PEERS_WORMHOLE_CA', 'WORMHOLE_RELAY_URL', 'WORMHOLE_TRANSIT_HELPER']) {
            assert.ok(helpText.includes(option), option);
        }
    });
});
