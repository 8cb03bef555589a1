/** Addresses, options and stamps: what may be dialled, what is understood, what is refused. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { CancelledError } from '../../../src/core/errors';
import { addressKind, mayDialDirectly, mayDialThroughTor } from '../../../src/core/wormhole/addresses';
import { WormholeError } from '../../../src/core/wormhole/errors';
import { leadingZeroBits, maxHashcashBits, mintStamp } from '../../../src/core/wormhole/hashcash';
import { defaultAppId, gitAnnexAppId, parseMailboxUrl, parseRelay, parseSocks, sizeLimitsOf } from '../../../src/core/wormhole/options';

const isInvalid = (error: unknown): boolean => error instanceof WormholeError && error.reason === 'invalid-option';

describe('wormhole: addresses of hints', () => {
    const inside = ['10.1.2.3', '192.168.0.1', '172.31.9.9', '100.64.0.1', '192.0.2.2', 'fd00::2', '::ffff:10.0.0.1', '::ffff:a00:1'];
    const never = ['0.0.0.0', '169.254.1.1', '224.0.0.1', '255.255.255.255', 'fe80::1', 'ff02::1', '::', 'fe80::1%eth0'];
    const loopback = ['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '0:0:0:0:0:0:0:1'];
    const everywhere = ['8.8.8.8', '2a00:1450::1', '::ffff:8.8.8.8'];

    it('are told apart', () => {
        for (const [list, kind] of [[inside, 'inside'], [never, 'nowhere'], [loopback, 'loopback'], [everywhere, 'public']] as const) {
            for (const address of list) {
                assert.equal(addressKind(address), kind, address);
            }
        }
    });

    it('are dialled through Tor only if public', () => {
        const onion = `${'a'.repeat(56)}.onion`;
        for (const host of [...everywhere, 'relay.magic-wormhole.io', onion]) {
            assert.equal(mayDialThroughTor(host), true, host);
        }
        for (const host of [...inside, ...never, ...loopback, 'localhost', 'foo.localhost', 'printer', 'nas.local', 'router.lan', 'db.internal', 'a.b..c', '-x.example.org', '127.1', '0x7f.1', '2130706433', 'short.onion', '', 'a b.org', 'a.org:80', 'é.org']) {
            assert.equal(mayDialThroughTor(host), false, host);
        }
    });

    it('are dialled directly in the local network too, but not on this computer', () => {
        for (const host of [...inside, ...everywhere, 'relay.magic-wormhole.io']) {
            assert.equal(mayDialDirectly(host, ['192.168.0.9']), true, host);
        }
        for (const host of [...never, ...loopback, 'localhost', `${'a'.repeat(56)}.onion`]) {
            assert.equal(mayDialDirectly(host, ['192.168.0.9']), false, host);
        }
        assert.equal(mayDialDirectly('127.0.0.1', ['127.0.0.1']), true, 'where there is no other network');
    });

    it('never throw', () => {
        fc.assert(fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.ipV4Extended(), fc.domain()), host => {
            mayDialThroughTor(host);
            mayDialDirectly(host, []);
        }), { numRuns: 1000 });
    });
});

describe('wormhole: options', () => {
    it('understands relays and proxies', () => {
        assert.deepEqual(parseRelay('tcp:relay.example:4001'), { host: 'relay.example', port: 4001 });
        assert.deepEqual(parseRelay('tcp:relay.example:4001:priority=2.0'), { host: 'relay.example', port: 4001 });
        assert.deepEqual(parseRelay('tcp:[::1]:4001'), { host: '::1', port: 4001 });
        assert.deepEqual(parseSocks('127.0.0.1:9050'), { kind: 'tor', socksHost: '127.0.0.1', socksPort: 9050 });
        assert.deepEqual(parseMailboxUrl('wss://relay.example/v1').port, 443);
        assert.deepEqual(parseMailboxUrl('ws://[::1]:4000/v1').host, '::1');
    });

    it('refuses what it does not understand, an empty proxy too', () => {
        for (const text of ['', 'relay.example:4001', 'tcp:relay:0', 'tcp:relay:70000', 'tcp:a b:1', 'udp:a:1', 'tcp:a:1:junk']) {
            assert.throws(() => parseRelay(text), isInvalid, text);
        }
        for (const text of ['', ' ', '9050', 'host:', ':9050', 'http://h:1', 'user@h:1']) {
            assert.throws(() => parseSocks(text), isInvalid, text);
        }
        for (const text of ['', 'http://x', 'relay', 'ws://u:p@h/', 'file:///etc/passwd', 'ws://h/#x']) {
            assert.throws(() => parseMailboxUrl(text), isInvalid, text);
        }
    });

    it('keeps pairing small', () => {
        assert.ok(sizeLimitsOf({ appId: gitAnnexAppId }).file <= 64 << 10);
        assert.ok(sizeLimitsOf({ appId: defaultAppId }).file > 1e12);
    });
});

describe('wormhole: hashcash', () => {
    it('counts zero bits', () => {
        assert.equal(leadingZeroBits(Uint8Array.of(0, 0x1f)), 11);
        assert.equal(leadingZeroBits(Uint8Array.of(0x80)), 0);
        assert.equal(leadingZeroBits(Uint8Array.of(0, 0)), 16);
    });

    it('makes stamps of the form that servers check', async () => {
        const stamp = await mintStamp(12, 'resource', undefined, new Date('2026-11-22T10:00:00Z'));
        assert.match(stamp, /^1:12:261122:resource::[^:]+:[^:]+$/u);
        assert.ok(leadingZeroBits(createHash('sha1').update(stamp).digest()) >= 12);
    });

    it('is not made to work for ever, and can be cancelled', async () => {
        await assert.rejects(mintStamp(maxHashcashBits + 1, 'r'), RangeError);
        const controller = new AbortController();
        const minting = mintStamp(maxHashcashBits, 'r', controller.signal);
        setImmediate(() => controller.abort());
        await minting.then(() => undefined, (error: unknown) => assert.ok(error instanceof CancelledError));
    });
});
