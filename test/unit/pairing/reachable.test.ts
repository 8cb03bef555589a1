/** Before a pairing: what is asked where this repository can't be reached, and what each answer does. */
import assert from 'node:assert/strict';
import { inFront, taken } from '../hostileText/screen';
/* The stand-in for the editor has to be there first. */
import { whyUnreachable } from '../../../src/core/repository/reachable';
import type { Repository, RepositorySnapshot } from '../../../src/core/repository/repository';
import { makeReachable } from '../../../src/ui/commands/makeReachable';
import type { DaemonPolicy } from '../../../src/ui/daemonPolicy';

const address = { onion: `${'a'.repeat(56)}.onion`, port: 1 };

type Part = Pick<RepositorySnapshot, 'service' | 'daemon'>;

interface Outcome {
    readonly pairs: boolean;
    readonly served: boolean;
    /** The question, if one came, and its buttons. */
    readonly message: string | undefined;
    readonly buttons: readonly string[];
}

function titleOf(button: unknown): string {
    return typeof button === 'object' && button !== null ? String(Reflect.get(button, 'title')) : String(button);
}

/** `answer`: the title of the button that is pressed; `then`: what looking again finds; `agreed`: what serving as it was agreed to comes to. */
async function before(part: Part, answer?: string, then?: Part, agreed?: Part): Promise<Outcome> {
    let snapshot = { root: '/r', name: 'r', ...part };
    const repository = {
        get snapshot() {
            return snapshot;
        },
        refresh: () => {
            snapshot = { ...snapshot, ...then };
            return Promise.resolve();
        },
    } as unknown as Repository;
    let served = false;
    const serveAsAgreed = (): Promise<void> => Promise.resolve(void (snapshot = { ...snapshot, ...agreed }));
    const daemons = { serveAsAgreed, serve: (_repository: Repository, agreed: boolean) => Promise.resolve(void (served = agreed)) } as unknown as DaemonPolicy;
    let message: string | undefined;
    let buttons: readonly string[] = [];
    inFront({
        message: (text, offered, modal) => {
            assert.equal(modal, true, 'a notification would go away');
            message = text;
            buttons = offered.map(titleOf);
            return offered.find(button => titleOf(button) === answer);
        },
    });
    try {
        return { pairs: await makeReachable(repository, daemons), served, message, buttons };
    } finally {
        inFront();
        taken();
    }
}

const enabled = { kind: 'enabled' as const, address };
const stopped = { kind: 'stopped' as const };
const running = { kind: 'running' as const, since: 1, pid: 1 };

describe('a pairing of a repository that can\'t be reached', () => {
    it('begins at once where it is served', async () => {
        for (const daemon of [running, { kind: 'starting' }, { kind: 'external', since: 1 }, { kind: 'boot', since: 1, serving: true }] as const) {
            assert.equal(whyUnreachable({ service: enabled, daemon }), undefined);
            assert.deepEqual(await before({ service: enabled, daemon }), { pairs: true, served: false, message: undefined, buttons: [] });
        }
    });

    it('does not begin without an onion service: Enable Tor is offered, and linking, which needs none', async () => {
        const outcome = await before({ service: { kind: 'not-enabled' }, daemon: stopped }, 'Enable Tor');
        assert.deepEqual([outcome.pairs, outcome.served, outcome.buttons], [false, false, ['Enable Tor', 'Link to an Address Instead']]);
        assert.equal((await before({ service: { kind: 'unfinished' }, daemon: stopped })).pairs, false);
    });

    it('warns where Tor\'s configuration has lost it, and leaves that to the user', async () => {
        const part = { service: { kind: 'not-served' as const, address }, daemon: stopped };
        assert.deepEqual((await before(part)).buttons, ['Enable Tor again', 'Pair All the Same']);
        assert.equal((await before(part, 'Enable Tor again')).pairs, false);
        assert.equal((await before(part, 'Pair All the Same')).pairs, true);
    });

    it('serves first where the daemon is stopped, if the user agrees', async () => {
        const part = { service: enabled, daemon: stopped };
        const agreed = await before(part, 'Serve and Pair');
        assert.deepEqual([agreed.pairs, agreed.served], [true, true]);
        const boot = await before({ service: enabled, daemon: { kind: 'boot', since: 1, serving: false } }, 'Serve and Pair');
        assert.deepEqual([boot.pairs, boot.served], [true, true]);
        const left = await before(part);
        assert.deepEqual([left.pairs, left.served], [false, false]);
    });

    it('does not begin where peers would come to a copy', async () => {
        const outcome = await before({ service: enabled, daemon: { kind: 'duplicate', of: '/copy' } }, 'Check Again');
        assert.deepEqual([outcome.pairs, outcome.buttons], [false, ['Check Again']]);
    });

    it('asks nothing where that was mended meanwhile', async () => {
        assert.deepEqual(await before({ service: { kind: 'not-enabled' }, daemon: stopped }, undefined, { service: enabled, daemon: running }), { pairs: true, served: false, message: undefined, buttons: [] });
    });

    it('nothing is asked of a window that has just opened, where serving was agreed to before', async () => {
        assert.deepEqual(await before({ service: enabled, daemon: stopped }, undefined, undefined, { service: enabled, daemon: running }), { pairs: true, served: false, message: undefined, buttons: [] });
    });
});
