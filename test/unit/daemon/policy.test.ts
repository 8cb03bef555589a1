/** When a remote daemon is started, and for what; the daemon's own part is tested with the real one. */
import assert from 'node:assert/strict';
/* The stand-in for the editor has to be there first. */
import '../hostileText/screen';
import { silentLog } from '../../../src/core/log';
import type { Repository, RepositorySnapshot } from '../../../src/core/repository/repository';
import type { Workspace } from '../../../src/core/repository/workspace';
import { DaemonPolicy } from '../../../src/ui/daemonPolicy';
import { ServingConsent } from '../../../src/ui/servingConsent';

const address = { onion: `${'a'.repeat(56)}.onion`, port: 1 };

class World {
    readonly asked: string[] = [];
    readonly stored = new Map<string, unknown>();
    readonly policy: DaemonPolicy;
    readonly repository: Repository;
    snapshot: Pick<RepositorySnapshot, 'service' | 'peers' | 'root' | 'uuid' | 'name' | 'daemon'>;

    constructor(service: RepositorySnapshot['service'], peers: number) {
        this.snapshot = { service, peers: Array.from({ length: peers }), root: '/r', uuid: 'u', name: 'r', daemon: { kind: 'stopped' } };
        const note = (what: string) => (how?: string): Promise<void> => {
            this.asked.push(how === undefined ? what : `${what} ${how}`);
            this.snapshot = { ...this.snapshot, daemon: what === 'stop' ? { kind: 'stopped' } : { kind: 'running', since: 1, pid: 1 } };
            return Promise.resolve();
        };
        const daemon = { start: note('start'), stop: note('stop'), restart: note('restart') };
        const world = this as Pick<World, 'snapshot'>;
        this.repository = { daemon, get snapshot() { return world.snapshot; } } as unknown as Repository;
        this.policy = new DaemonPolicy(new ServingConsent({ get: (key: string) => this.stored.get(key), update: (key: string, value: unknown) => Promise.resolve(void this.stored.set(key, value)), keys: () => [] } as never), silentLog);
    }

    startAll(): Promise<void> {
        this.policy.startAll({ repositories: [this.repository] } as unknown as Workspace);
        return new Promise(resolve => setImmediate(resolve));
    }
}

describe('when a remote daemon runs', () => {
    it('is also where a repository only connects to its peers, which takes no consent to serve', async () => {
        const alone = new World({ kind: 'not-enabled' }, 0);
        await alone.startAll();
        assert.deepEqual(alone.asked, []);
        const world = new World({ kind: 'not-enabled' }, 1);
        await world.startAll();
        assert.deepEqual([world.asked, [...world.stored]], [['start automatically'], []]);
        await world.policy.restart(world.repository);
        assert.deepEqual([world.asked, [...world.stored]], [['start automatically', 'stop', 'start by-user'], []]);
    });

    it('serves from when Tor is enabled: what was started for less is started anew, once', async () => {
        const world = new World({ kind: 'not-enabled' }, 1);
        await world.startAll();
        world.snapshot = { ...world.snapshot, service: { kind: 'enabled', address } };
        await world.policy.serve(world.repository, true);
        assert.deepEqual(world.asked, ['start automatically', 'restart']);
        assert.deepEqual([...world.stored.values()], [true]);
        await world.startAll();
        assert.deepEqual(world.asked, ['start automatically', 'restart']);
    });

    it('serves no more once Tor is disabled, goes on for the peers there are, and asks again the next time', async () => {
        const alone = new World({ kind: 'enabled', address }, 0);
        await alone.policy.serve(alone.repository, true);
        alone.snapshot = { ...alone.snapshot, service: { kind: 'not-enabled' } };
        await alone.policy.stopServing(alone.repository);
        assert.deepEqual([alone.asked, [...alone.stored.values()]], [['start by-user', 'stop'], [undefined]]);
        const world = new World({ kind: 'enabled', address }, 1);
        await world.policy.serve(world.repository, true);
        world.snapshot = { ...world.snapshot, service: { kind: 'not-enabled' } };
        await world.policy.stopServing(world.repository);
        assert.deepEqual(world.asked, ['start by-user', 'stop', 'start by-user']);
        // Enabled again, it is started anew to serve.
        world.snapshot = { ...world.snapshot, service: { kind: 'enabled', address } };
        await world.policy.serve(world.repository, true);
        assert.deepEqual(world.asked, ['start by-user', 'stop', 'start by-user', 'restart']);
    });
});
