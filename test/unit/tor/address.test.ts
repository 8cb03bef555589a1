import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatTorAddress, parseTorAddress } from '../../../src/core/tor/address';
import { peersOf, remoteNames } from '../../../src/core/peers/peer';
import { parseConfigList } from '../../../src/core/security/runnableConfig';

const onion = fc.stringMatching(/^[a-z2-7]{56}$/u).map(name => `${name}.onion`);

describe('Tor addresses', () => {
    it('are read back as they are written, and a token is dropped', () => {
        fc.assert(
            fc.property(onion, fc.integer({ min: 1, max: 65_535 }), fc.stringMatching(/^[a-z0-9]{128}$/u), (name, port, token) => {
                const address = { onion: name, port };
                assert.deepEqual(parseTorAddress(formatTorAddress(address)), address);
                assert.deepEqual(parseTorAddress(`${formatTorAddress(address)}:${token}\n`), address);
            }),
        );
    });

    it('are refused where they are not of a version 3 onion service', () => {
        for (const text of ['', 'tor-annex::abc.onion:1', `tor-annex::${'a'.repeat(56)}.onion`, `tor-annex::${'a'.repeat(56)}.onion:0`, `tor-annex::${'a'.repeat(56)}.onion:70000`, `http://${'a'.repeat(56)}.onion:1`]) {
            assert.equal(parseTorAddress(text), undefined, text);
        }
    });

    it('never throw on anything', () => {
        fc.assert(fc.property(fc.string(), text => parseTorAddress(text) === undefined));
    });
});

describe('peersOf', () => {
    const address = `tor-annex::${'b'.repeat(56)}.onion:4711`;
    const list = (entries: readonly (readonly [string, string])[]): ReturnType<typeof parseConfigList> => parseConfigList(entries.map(([key, value]) => `file:.git/config\0${key}\n${value}\0`).join(''));

    it('finds the remotes over Tor, by name, with uuid and whether they sync', () => {
        const config = list([
            ['remote.origin.url', '/srv/x'],
            ['remote.zoe.url', address],
            ['remote.my.friend.url', address],
            ['remote.my.friend.annex-uuid', 'u-1'],
            ['remote.my.friend.annex-sync', 'false'],
        ]);
        assert.deepEqual(
            peersOf(config).map(({ name, uuid, syncs }) => ({ name, uuid, syncs })),
            [
                { name: 'my.friend', uuid: 'u-1', syncs: false },
                { name: 'zoe', uuid: undefined, syncs: true },
            ],
        );
        assert.deepEqual([...remoteNames(config)].sort(), ['my.friend', 'origin', 'zoe']);
    });
});
