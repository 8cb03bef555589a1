/** The presence of peers, over time, with a clock and a network in the test's hands. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { CancelledError } from '../../../src/core/errors';
import { silentLog } from '../../../src/core/log';
import type { ProbeOutcome } from '../../../src/core/p2p';
import { noPauses, PresenceMonitor, withoutPause, withPause, type MonitoredPeer, type PresenceSnapshot, type PresenceStatus } from '../../../src/core/peers/presence';
import { FakeClock } from './support/fakeClock';

const online: ProbeOutcome = { kind: 'online', roundTripMs: 120, connectMs: 800 };
const offline: ProbeOutcome = { kind: 'offline', certain: true };

function peerNamed(letter: string): MonitoredPeer {
    const onion = `${letter.repeat(56)}.onion`;
    return { id: `tor-annex::${onion}:1`, address: { onion, port: 1 }, uuid: `uuid-${letter}` };
}

class World {
    readonly clock = new FakeClock();
    readonly probes: { readonly id: string; readonly at: number }[] = [];
    readonly shown: PresenceSnapshot[] = [];
    readonly monitor: PresenceMonitor;
    atOnce = 0;
    mostAtOnce = 0;
    tor = true;
    answer: (peer: MonitoredPeer, at: number) => ProbeOutcome = () => online;

    constructor(
        readonly peers: readonly MonitoredPeer[] = [peerNamed('a')],
        public probeMs = 500,
        random: () => number = () => 0.5,
        lastSeen?: (id: string) => number | undefined,
    ) {
        this.monitor = new PresenceMonitor({
            log: silentLog,
            clock: this.clock,
            random,
            torAnswers: () => Promise.resolve(this.tor),
            ...(lastSeen === undefined ? {} : { lastSeen }),
            probe: async (peer, signal) => {
                this.probes.push({ id: peer.id, at: this.clock.now() });
                this.atOnce++;
                this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
                try {
                    await new Promise<void>((resolve, reject) => {
                        const timer = this.clock.after(this.tor ? this.probeMs : 1, resolve);
                        signal.addEventListener('abort', () => {
                            timer.dispose();
                            reject(new CancelledError());
                        });
                    });
                } finally {
                    this.atOnce--;
                }
                return this.tor ? this.answer(peer, this.clock.now()) : { kind: 'tor-down' };
            },
        });
        this.monitor.onDidChange.on(snapshot => this.shown.push(snapshot));
        this.monitor.setPeers(peers);
    }

    status(index = 0): PresenceStatus | undefined {
        return this.monitor.snapshot.get(this.peers[index]?.id ?? '')?.status;
    }

    kinds(index = 0): readonly string[] {
        const all = this.shown.map(snapshot => snapshot.get(this.peers[index]?.id ?? '')?.status.kind ?? '-');
        return all.filter((kind, at) => kind !== all[at - 1]);
    }
}

describe('PresenceMonitor', () => {
    it('probes nobody while nobody looks and no sync is wanted', async () => {
        const world = new World();
        await world.clock.advance(3_600_000);
        assert.deepEqual([world.probes.length, world.status()], [0, { kind: 'unknown' }]);
        assert.equal(world.clock.timers, 0);
    });

    it('asks when somebody looks, shows that it does, and then what it found', async () => {
        const world = new World();
        world.monitor.setAttention('watched');
        await world.clock.advance(400);
        assert.equal(world.status()?.kind, 'checking');
        await world.clock.advance(600);
        assert.deepEqual(world.status(), { kind: 'online', via: 'probe', roundTripMs: 120 });
        assert.deepEqual(world.kinds(), ['unknown', 'checking', 'online']);
        await world.clock.advance(60_000);
        assert.deepEqual(world.kinds(), ['unknown', 'checking', 'online'], 'a later probe is not shown as checking');
        assert.ok(world.probes.length >= 6 && world.probes.length <= 9, String(world.probes.length));
        world.monitor.setAttention('hidden');
        const { length } = world.probes;
        await world.clock.advance(3_600_000);
        assert.equal(world.probes.length, length);
        assert.equal(world.status()?.kind, 'unknown', 'what was found an hour ago says nothing of now');
    });

    it('makes one probe of several reasons', async () => {
        const world = new World();
        world.monitor.setAttention('visible');
        world.monitor.setAttention('watched');
        world.monitor.setPeers(world.peers);
        const wish = world.monitor.want(world.peers[0]?.id ?? '');
        await world.clock.advance(5000);
        wish.dispose();
        wish.dispose();
        assert.equal(world.probes.length, 1);
    });

    it('takes the word of the daemon, without a probe', async () => {
        const world = new World();
        const [id] = world.peers.map(peer => peer.id);
        world.monitor.setLinks(new Map([[id ?? '', 'connected']]));
        world.monitor.setAttention('visible');
        await world.clock.advance(600_000);
        assert.deepEqual([world.probes.length, world.status()], [0, { kind: 'online', via: 'daemon', roundTripMs: undefined }]);

        world.answer = () => offline;
        const lost = world.clock.now();
        world.monitor.setLinks(new Map([[id ?? '', 'disconnected']]));
        assert.equal(world.status()?.kind, 'online', 'until it was asked');
        await world.clock.advance(4000);
        assert.deepEqual(world.status(), offline);
        assert.equal(world.monitor.snapshot.get(id ?? '')?.lastSeen, lost);
        world.monitor.setLinks(new Map([[id ?? '', 'fetching']]));
        assert.equal(world.status()?.kind, 'online');
    });

    it('verifies the word of the daemon while somebody looks, as a dead connection stays open for long', async () => {
        const world = new World();
        const id = world.peers[0]?.id ?? '';
        world.monitor.setLinks(new Map([[id, 'connected']]));
        world.monitor.setAttention('watched');
        await world.clock.advance(10_000);
        assert.deepEqual(world.status(), { kind: 'online', via: 'daemon', roundTripMs: 120 });
        world.answer = () => offline;
        await world.clock.advance(15_000);
        assert.deepEqual(world.status(), offline);
        world.answer = () => online;
        await world.clock.advance(15_000);
        assert.deepEqual(world.status(), { kind: 'online', via: 'daemon', roundTripMs: 120 });
        world.answer = () => ({ kind: 'refused' });
        await world.clock.advance(15_000);
        assert.equal(world.status()?.kind, 'refused', 'an open session outlives its token');
        world.monitor.setAttention('hidden');
        await world.clock.advance(3_600_000);
        assert.equal(world.status()?.kind, 'online', 'without anybody who looks the daemon is believed');
        assert.deepEqual([world.clock.timers, world.kinds()], [0, ['unknown', 'online', 'offline', 'online', 'refused', 'online']]);
    });

    it('does not wait half a minute for an answer from a peer that the daemon has just lost', async () => {
        const world = new World(undefined, 500);
        const id = world.peers[0]?.id ?? '';
        world.monitor.setLinks(new Map([[id, 'connected']]));
        world.monitor.setAttention('watched');
        await world.clock.advance(5000);
        world.probeMs = 30_000;
        world.answer = () => ({ kind: 'offline', certain: false });
        world.monitor.setLinks(new Map([[id, 'disconnected']]));
        await world.clock.advance(5000);
        assert.equal(world.status()?.kind, 'online', 'it may be there still');
        await world.clock.advance(2000);
        assert.deepEqual(world.status(), { kind: 'offline', certain: false });
        await world.clock.advance(25_000);
        assert.deepEqual(world.kinds().slice(-2), ['online', 'offline']);
        world.probeMs = 500;
        world.answer = () => online;
        await world.clock.advance(40_000);
        assert.equal(world.status()?.kind, 'online');
    });

    it('does not wait half a minute for the confirmation of a failure', async () => {
        const world = new World();
        world.monitor.setAttention('watched');
        await world.clock.advance(5000);
        world.answer = () => {
            world.probeMs = 30_000;
            return offline;
        };
        await world.clock.advance(15_000);
        assert.deepEqual([world.status()?.kind, world.probes.length], ['offline', 3]);
    });

    it('goes by the answer of one who was slow once', async () => {
        const world = new World();
        world.monitor.setAttention('watched');
        await world.clock.advance(5000);
        world.probeMs = 20_000;
        await world.clock.advance(120_000);
        assert.deepEqual(world.kinds(), ['unknown', 'checking', 'online']);
    });

    it('knows nothing of a peer that the daemon lost while nobody looks', async () => {
        const world = new World();
        const id = world.peers[0]?.id ?? '';
        world.monitor.setLinks(new Map([[id, 'connected']]));
        world.monitor.setLinks(new Map([[id, 'disconnected']]));
        await world.clock.advance(10_000);
        assert.deepEqual([world.probes.length, world.status()?.kind], [0, 'unknown']);
        assert.equal(typeof world.monitor.snapshot.get(id)?.lastSeen, 'number');
    });

    it('does not believe a single failure, and believes the second', async () => {
        const world = new World();
        world.monitor.setAttention('watched');
        await world.clock.advance(2000);
        let failures = 1;
        world.answer = () => (failures-- > 0 ? offline : online);
        await world.clock.advance(60_000);
        assert.deepEqual(world.kinds(), ['unknown', 'checking', 'online']);
        failures = 2;
        await world.clock.advance(30_000);
        assert.deepEqual(world.kinds(), ['unknown', 'checking', 'online', 'offline', 'online']);
    });

    it('believes at once that nothing answered in half a minute', async () => {
        const world = new World();
        world.monitor.setAttention('watched');
        await world.clock.advance(2000);
        const { length } = world.probes;
        world.answer = () => ({ kind: 'offline', certain: false });
        await world.clock.advance(8000);
        assert.deepEqual([world.status(), world.probes.length], [{ kind: 'offline', certain: false }, length + 1]);
    });

    for (const outcome of [{ kind: 'refused' }, { kind: 'other-repository', uuid: 'x' }, { kind: 'daemon-down' }, { kind: 'no-token' }, { kind: 'not-git-annex' }, offline] as const) {
        it(`shows ${outcome.kind}, and its end`, async () => {
            const world = new World();
            world.monitor.setAttention('watched');
            await world.clock.advance(2000);
            world.answer = () => outcome;
            await world.clock.advance(15_000);
            assert.deepEqual(world.status(), outcome);
            world.answer = () => online;
            await world.clock.advance(15_000);
            assert.equal(world.status()?.kind, 'online');
        });
    }

    it('sees at once for all peers that Tor is down, asks nobody, and sees it come back', async () => {
        const world = new World([peerNamed('a'), peerNamed('b'), peerNamed('c')]);
        world.monitor.setAttention('watched');
        await world.clock.advance(3000);
        world.tor = false;
        await world.clock.advance(15_000);
        assert.deepEqual([0, 1, 2].map(index => world.status(index)?.kind), ['tor-down', 'tor-down', 'tor-down']);
        const { length } = world.probes;
        await world.clock.advance(120_000);
        assert.equal(world.probes.length, length);
        world.tor = true;
        await world.clock.advance(10_000);
        assert.deepEqual([0, 1, 2].map(index => world.status(index)?.kind), ['online', 'online', 'online']);
        world.monitor.dispose();
        await world.clock.advance(60_000);
        assert.equal(world.clock.timers, 0);
    });

    it('leaves paused peers alone, for their time', async () => {
        const world = new World([peerNamed('a'), peerNamed('b')]);
        const id = world.peers[0]?.id ?? '';
        world.monitor.setAttention('watched');
        await world.clock.advance(3000);
        const until = world.clock.now() + 30 * 60_000;
        world.monitor.setPauses(withPause(noPauses, id, until));
        assert.deepEqual(world.status(), { kind: 'paused', until });
        assert.equal(world.monitor.isPaused(id), true);
        const before = world.probes.filter(probe => probe.id === id).length;
        world.monitor.setLinks(new Map([[id, 'connected']]));
        world.monitor.setLinks(new Map());
        const wish = world.monitor.want(id);
        await world.monitor.checkNow(id);
        await world.clock.advance(29 * 60_000);
        assert.equal(world.probes.filter(probe => probe.id === id).length, before);
        assert.ok(world.probes.some(probe => probe.id !== id));
        wish.dispose();
        await world.clock.advance(60_000 + 15_000);
        assert.equal(world.status()?.kind, 'online', 'resumed by itself');

        world.monitor.setPauses(withPause(noPauses, undefined, undefined));
        await world.clock.advance(24 * 3_600_000);
        assert.deepEqual([world.status(0), world.status(1)], [{ kind: 'paused', until: undefined }, { kind: 'paused', until: undefined }]);
        world.monitor.setPauses(withoutPause(noPauses, undefined));
        await world.clock.advance(15_000);
        assert.equal(world.status(1)?.kind, 'online');
    });

    it('waits longer and longer where nobody uses the window, and starts afresh with what is new', async () => {
        const world = new World();
        world.answer = () => offline;
        world.monitor.setAttention('visible');
        await world.clock.advance(3_600_000);
        const gaps = world.probes.map((probe, at) => probe.at - (world.probes[at - 1]?.at ?? probe.at)).slice(1);
        assert.ok(world.probes.length < 25, String(world.probes.length));
        assert.ok(Math.max(...gaps) <= 6.1 * 60_000 && Math.max(...gaps) >= 4 * 60_000, gaps.join());
        const { length } = world.probes;
        world.monitor.setAttention('watched');
        await world.clock.advance(400);
        assert.equal(world.probes.length, length + 1, 'a look asks at once');
        world.monitor.setAttention('visible');
        world.answer = () => online;
        await world.clock.advance(40_000);
        assert.equal(world.status()?.kind, 'online');
        assert.ok(world.probes.length >= length + 3, 'a change starts the waits afresh');
    });

    for (const hours of [-1, 1]) {
        it(`goes on asking at its pace when the time of day is set ${hours < 0 ? 'back' : 'forward'} by an hour`, async () => {
            const world = new World();
            world.monitor.setAttention('watched');
            await world.clock.advance(600_000);
            const before = world.probes.length;
            world.clock.leap(hours * 3_600_000);
            await world.clock.advance(600_000);
            const after = world.probes.length - before;
            assert.ok(before > 10 && Math.abs(after - before) < before / 2, `${before} before, ${after} after`);
        });
    }

    it('obeys "never", but for a wanted sync and a check that is asked for', async () => {
        const world = new World();
        world.monitor.setPolicy({ everyMs: undefined });
        world.monitor.setAttention('watched');
        await world.clock.advance(600_000);
        assert.equal(world.probes.length, 0);
        const check = world.monitor.checkNow();
        await world.clock.advance(1000);
        assert.equal((await check).get(world.peers[0]?.id ?? '')?.status.kind, 'online');
        assert.equal(world.probes.length, 1);
        const wish = world.monitor.want(world.peers[0]?.id ?? '');
        await world.clock.advance(20_000);
        wish.dispose();
        const { length } = world.probes;
        assert.ok(length >= 2);
        await world.clock.advance(600_000);
        assert.equal(world.probes.length, length);
    });

    it('confirms what is doubted before it answers a check', async () => {
        const world = new World();
        world.monitor.setPolicy({ everyMs: undefined });
        const first = world.monitor.checkNow();
        await world.clock.advance(1000);
        await first;
        world.answer = () => offline;
        const check = world.monitor.checkNow();
        await world.clock.advance(5000);
        assert.equal((await check).get(world.peers[0]?.id ?? '')?.status.kind, 'offline');
        assert.equal(world.probes.length, 3);
    });

    it('remembers from earlier when a peer was seen', () => {
        const world = new World([peerNamed('a')], 500, () => 0.5, () => 1234);
        assert.equal(world.monitor.snapshot.get(world.peers[0]?.id ?? '')?.lastSeen, 1234);
    });

    it('forgets a removed peer, and what was known of one whose uuid changed', async () => {
        const world = new World([peerNamed('a'), peerNamed('b')]);
        world.monitor.setAttention('watched');
        await world.clock.advance(3000);
        world.monitor.setPeers([peerNamed('a')]);
        assert.equal(world.monitor.snapshot.size, 1);
        world.monitor.setPeers([{ ...peerNamed('a'), uuid: 'other' }]);
        assert.equal(world.status()?.kind, 'unknown');
        await world.clock.advance(2000);
        assert.equal(world.status()?.kind, 'online');
    });

    it('probes no more for being told of the same peers again and again', async () => {
        const world = new World();
        world.monitor.setAttention('watched');
        for (let second = 0; second < 60; second++) {
            world.monitor.setPeers([...world.peers]);
            world.monitor.setLinks(new Map());
            await world.clock.advance(1000);
        }
        assert.ok(world.probes.length <= 9, String(world.probes.length));
    });

    it('survives a probe that throws what it must not', async () => {
        const world = new World();
        world.answer = () => {
            throw new TypeError('a fault');
        };
        world.monitor.setAttention('watched');
        await world.clock.advance(2000);
        assert.equal(world.status()?.kind, 'unknown');
        world.answer = () => online;
        await world.clock.advance(15_000);
        assert.equal(world.status()?.kind, 'online');
    });

    it('asks fifty peers calmly: four at a time, about one a second, each in its turn', async () => {
        const letters = 'abcdefghijklmnopqrstuvwxyz234567';
        const peers = Array.from({ length: 50 }, (_, index) => {
            const onion = `${(letters[index % 32] ?? '').repeat(55)}${letters[Math.floor(index / 32)] ?? ''}.onion`;
            return { id: `tor-annex::${onion}:1`, address: { onion, port: 1 }, uuid: `u${index}` };
        });
        const world = new World(peers, 1500, Math.random);
        world.monitor.setAttention('watched');
        await world.clock.advance(600_000);
        assert.ok(world.mostAtOnce <= 4, String(world.mostAtOnce));
        assert.ok(world.probes.length < 50 + 600 * 1.3, String(world.probes.length));
        for (const peer of peers) {
            assert.ok(world.probes.filter(probe => probe.id === peer.id).length >= 8);
        }
        assert.equal(aggregateOnline(world.monitor.snapshot), 50);
    }).timeout(30_000);

    it('follows every change within 15 seconds while somebody looks, and shows nothing that was not so', async () => {
        const outcomes: readonly ProbeOutcome[] = [online, offline, { kind: 'daemon-down' }, { kind: 'refused' }, { kind: 'other-repository', uuid: 'x' }];
        await fc.assert(
            fc.asyncProperty(
                fc.array(fc.record({ outcome: fc.constantFrom(...outcomes), seconds: fc.integer({ min: 15, max: 90 }) }), { minLength: 1, maxLength: 8 }),
                fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
                fc.integer({ min: 50, max: 1500 }),
                async (phases, randoms, probeMs) => {
                    let draw = 0;
                    const world = new World([peerNamed('a'), peerNamed('b')], probeMs, () => randoms[draw++ % randoms.length] ?? 0);
                    world.monitor.setAttention('watched');
                    const truth = ['unknown', 'checking'];
                    for (const { outcome, seconds } of phases) {
                        world.answer = () => outcome;
                        truth.push(outcome.kind);
                        await world.clock.advance(15_000);
                        assert.equal(world.status()?.kind, outcome.kind);
                        await world.clock.advance((seconds - 15) * 1000);
                        assert.equal(world.status()?.kind, outcome.kind);
                    }
                    assert.deepEqual(world.kinds(), truth.filter((kind, at) => kind !== truth[at - 1]));
                },
            ),
            { numRuns: 60 },
        );
    }).timeout(60_000);
});

function aggregateOnline(snapshot: PresenceSnapshot): number {
    return [...snapshot.values()].filter(({ status }) => status.kind === 'online').length;
}
