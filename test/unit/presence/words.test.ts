/** What the tree and the status bar say of peers: every state has its own words and its own shape. */
import assert from 'node:assert/strict';
/* The stand-in for the editor has to be there first. */
import '../hostileText/screen';
import type { PresenceStatus } from '../../../src/core/peers/presence';
import type { PeerSnapshot } from '../../../src/core/repository/repository';
import { peerItem } from '../../../src/ui/peersTree/peerItems';

const address = { onion: `${'a'.repeat(56)}.onion`, port: 4711 };

function peer(status: PresenceStatus, change: Partial<PeerSnapshot> = {}): PeerSnapshot {
    return { name: 'bob', address, uuid: 'u', syncs: true, link: 'disconnected', linkSince: 1, presence: { status, since: 60_000, lastSeen: 30_000 }, lastSync: undefined, incoming: undefined, heldBack: undefined, verified: undefined, ...change };
}

const statuses: readonly PresenceStatus[] = [
    { kind: 'online', via: 'probe', roundTripMs: 123.4 }, { kind: 'offline', certain: true }, { kind: 'offline', certain: false }, { kind: 'daemon-down' }, { kind: 'tor-down' }, { kind: 'refused' },
    { kind: 'other-repository', uuid: 'x' }, { kind: 'no-token' }, { kind: 'not-git-annex' }, { kind: 'checking' }, { kind: 'paused', until: undefined }, { kind: 'unknown' },
];

const look = (one: PeerSnapshot): { readonly description: string; readonly icon: string; readonly label: string; readonly tooltip: string } => {
    const { description, iconPath, accessibilityInformation, tooltip } = peerItem({ kind: 'peer', root: '/r', peer: one });
    return { description: String(description), icon: String(Reflect.get(Object(iconPath), 'id')), label: accessibilityInformation?.label ?? '', tooltip: typeof tooltip === 'string' ? tooltip : '' };
};

describe("a peer's row", () => {
    it('tells every state by words and by shape, to eyes and to a screen reader', () => {
        const looks = statuses.map(status => look(peer(status)));
        assert.equal(new Set(looks.map(({ icon }) => icon)).size, statuses.length, looks.map(({ icon }) => icon).join());
        assert.equal(new Set(looks.map(({ description }) => description)).size, statuses.length);
        for (const { description, label } of looks) {
            assert.ok(label.includes(description.split(',')[0] ?? ''), label);
        }
        assert.match(looks[0]?.description ?? '', /^online, 120 ms, since /u);
        assert.match(looks[1]?.description ?? '', /^off line, since .*, last seen /u);
    });

    it('says that changes are fetched only of one who is there', () => {
        assert.match(look(peer({ kind: 'online', via: 'daemon', roundTripMs: undefined }, { link: 'fetching' })).description, /fetching/u);
        const gone = look(peer({ kind: 'daemon-down' }, { link: 'fetching' }));
        assert.match(gone.description, /its remote daemon is not running/u);
        assert.equal(gone.icon, 'circle-slash');
    });

    it('says what has come and why it waits', () => {
        const incoming = { kind: 'files', tip: 'x' } as const;
        const online: PresenceStatus = { kind: 'online', via: 'daemon', roundTripMs: 10 };
        assert.match(look(peer(online, { incoming })).description, /has new changes/u);
        assert.doesNotMatch(look(peer(online, { incoming: { kind: 'records', tip: 'x' } })).description, /changes/u);
        const held = look(peer(online, { incoming, heldBack: 'findings' }));
        assert.match(held.description, /changes held back/u);
        assert.match(held.tooltip, /could run code/u);
        assert.notEqual(held.icon, look(peer(online)).icon);
    });
});
