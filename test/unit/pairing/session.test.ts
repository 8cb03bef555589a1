/** The state machine against the real git-annex, wormhole, mailbox server and relay. Whatever happens, nothing may be left behind. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { removeAcceptedTokens } from '../../../src/core/annex/creds';
import type { RepositoryContext } from '../../../src/core/annex/context';
import type { Log } from '../../../src/core/log';
import { PairingSession, type PairingOptions } from '../../../src/core/pairing/session';
import { runOrThrow } from '../../../src/core/process/run';
import { isOver, type PairingSnapshot, type PairingState } from '../../../src/shared/pairing/snapshot';
import { freePort, makeRepository, processesUsing, realPrograms, until, WormholeServers } from './realPrograms';

describe('PairingSession with the real programs', function () {
    this.timeout(90_000);
    let programs: NonNullable<Awaited<ReturnType<typeof realPrograms>>>;
    let servers: WormholeServers;
    let folder = '';
    let runtime: string | undefined;
    let alice: RepositoryContext;
    let bob: RepositoryContext;
    let logged: string[] = [];
    const sessions: PairingSession[] = [];
    const codes: string[] = [];
    // In the order and form that git-annex itself would write them: this version drops lines that it doesn't know.
    const others = `${'1'.repeat(128)}\n${'2'.repeat(128)}\n`;

    before(async function () {
        const found = await realPrograms();
        if (found === undefined) {
            return this.skip();
        }
        programs = found;
        servers = await WormholeServers.start(programs.twist);
    });
    after(() => (servers as WormholeServers | undefined)?.stop());

    beforeEach(async () => {
        folder = await mkdtemp(path.join(os.tmpdir(), 'annex-peers-test-'));
        logged = [];
        const keep = (message: string): number => logged.push(message);
        const log: Log = { debug: keep, info: keep, warn: keep, error: keep };
        [alice, bob] = [await makeRepository(folder, 'alice', programs, log), await makeRepository(folder, 'bob', programs, log)];
        runtime = process.env['XDG_RUNTIME_DIR'];
        process.env['XDG_RUNTIME_DIR'] = await mkdtemp(path.join(folder, 'run-'));
        await writeFile(auth(alice), others, { mode: 0o600 });
    });

    afterEach(async () => {
        await Promise.all(sessions.splice(0).map(session => session.cancel()));
        const temporary = process.env['XDG_RUNTIME_DIR'] ?? '';
        try {
            assert.deepEqual(await readdir(temporary), [], 'no temporary folder is left');
            assert.deepEqual(await processesUsing(folder), [], 'no process is left');
            assert.equal(await readFile(auth(alice), 'latin1'), others, 'the tokens are as they were');
            assert.equal(await readFile(auth(bob), 'latin1').catch(() => ''), '');
            for (const code of codes.splice(0)) {
                assert.ok(!logged.some(message => message.includes(code)), 'no code in the log');
            }
            assert.ok(!logged.some(message => /[0-9a-f]{64}/u.test(message)), 'no token in the log');
        } finally {
            process.env['XDG_RUNTIME_DIR'] = runtime;
            if (runtime === undefined) {
                delete process.env['XDG_RUNTIME_DIR'];
            }
            await rm(folder, { recursive: true, force: true });
        }
    });

    const auth = (repository: RepositoryContext): string => path.join(repository.gitDir, 'annex', 'creds', 'p2pauth');

    async function begin(repository: RepositoryContext, options: Partial<PairingOptions> = {}): Promise<PairingSession> {
        const session = await PairingSession.create({ repository, repositoryName: path.basename(repository.root), privacy: 'clear-net', env: servers.env, wormhole: programs.wormhole, ...options });
        sessions.push(session);
        assert.equal((await session.begin('peer', 'clear-net')).kind, 'ok');
        return session;
    }

    function reached<S extends PairingState>(session: PairingSession, state: S, limitMs?: number): Promise<Extract<PairingSnapshot, { state: S }>> {
        return until(
            `state ${state}`,
            () => {
                const snapshot = session.snapshot;
                if (snapshot.state !== state && isOver(snapshot)) {
                    throw new Error(`ended as ${JSON.stringify(snapshot)} instead of ${state}`);
                }
                return snapshot.state === state ? (snapshot as Extract<PairingSnapshot, { state: S }>) : undefined;
            },
            limitMs,
        );
    }

    async function codeOf(session: PairingSession): Promise<string> {
        const { ownCode } = await reached(session, 'code-ready');
        codes.push(ownCode);
        return ownCode;
    }

    /** Another code with the same number. */
    const wrong = (code: string): string => `${code.split('-')[0] ?? ''}-${code.includes('aardvark') ? 'zulu-yucatan' : 'adroitness-aardvark'}`;

    async function connecting(limits: PairingOptions['limits'] = {}): Promise<[PairingSession, PairingSession]> {
        const [a, b] = [await begin(alice, { limits }), await begin(bob)];
        const [codeA, codeB] = [await codeOf(a), await codeOf(b)];
        const seen: PairingState[] = [];
        a.onSnapshot.on(snapshot => seen.push(snapshot.state));
        assert.equal(a.submitCode(codeB).kind, 'ok');
        await until('alice waits', () => a.snapshot.state === 'waiting' || a.snapshot.state === 'exchanging');
        b.submitCode(codeA);
        await Promise.all([reached(a, 'connecting'), reached(b, 'connecting')]);
        assert.equal(seen[0], 'waiting');
        return [a, b];
    }

    it('connects both, retries without calling it a failure, asks after its time limit, and leaves nothing when cancelled', async () => {
        const [a, b] = await connecting({ connect: 2500 });
        await until('the token', async () => /^[0-9a-f]{128}\n$/u.test(await readFile(auth(bob), 'latin1').catch(() => '')));
        await until('a second attempt', () => a.snapshot.state === 'connecting' && a.snapshot.attempts >= 2);
        await until('overdue', () => a.snapshot.state === 'connecting' && a.snapshot.overdue);
        a.keepTrying();
        assert.ok(a.snapshot.state === 'connecting' && !a.snapshot.overdue);
        await until('overdue again', () => a.snapshot.state === 'connecting' && a.snapshot.overdue);
        await Promise.all([a.cancel(), b.cancel()]);
        assert.deepEqual([a.snapshot.state, b.snapshot.state], ['cancelled', 'cancelled']);
    });

    it('removes its own token alone while others come and go', async () => {
        const [a, b] = await connecting();
        const own = await until('the token', async () => (await readFile(auth(bob), 'latin1').catch(() => '')).trim());
        await runOrThrow({ file: programs.gitAnnex, args: ['p2p', '--gen-addresses'], cwd: bob.root }, { log: alice.log });
        const both = (await readFile(auth(bob), 'latin1')).split('\n').filter(line => line !== '');
        assert.equal(both.length, 2);
        await Promise.all([b.cancel(), a.cancel()]);
        assert.deepEqual((await readFile(auth(bob), 'latin1')).split('\n').filter(line => line !== ''), both.filter(line => line !== own));
        await removeAcceptedTokens(bob.gitDir, () => true);
    });

    it('is cancelled at the moment of the exchange without harm to other tokens', async () => {
        const [a, b] = [await begin(alice), await begin(bob)];
        const [codeA, codeB] = [await codeOf(a), await codeOf(b)];
        const atOnce = new Promise<void>(resolve => a.onSnapshot.on(({ state }) => (state === 'connecting' ? void a.cancel().then(resolve) : undefined)));
        a.submitCode(codeB);
        b.submitCode(codeA);
        await atOnce;
        assert.equal(a.snapshot.state, 'cancelled');
        await reached(b, 'connecting');
    });

    it('says at which side a code was wrong', async () => {
        const [a, b] = [await begin(alice), await begin(bob)];
        const [codeA, codeB] = [await codeOf(a), await codeOf(b)];
        a.submitCode(codeB);
        b.submitCode(wrong(codeA));
        const [atA, atB] = await Promise.all([reached(a, 'failed'), reached(b, 'failed')]);
        assert.deepEqual([atA.reason, atB.reason], ['wrong-code-there', 'wrong-code-here']);
        assert.deepEqual([atA.tokenMayRemain, atB.tokenMayRemain], [false, false]);
    });

    it('notices a wrong code at once, although git-annex waits for the other person', async function () {
        if (process.platform !== 'linux') {
            return this.skip();
        }
        const [a, b] = [await begin(alice), await begin(bob)];
        const codeA = await codeOf(a);
        await codeOf(b);
        b.submitCode(wrong(codeA));
        assert.equal((await reached(b, 'failed', 10_000)).reason, 'wrong-code-here');
        await until('alice sees that her code was tried', () => a.snapshot.state === 'code-ready' && a.snapshot.peerEntered);
    });

    it('does not even ask git-annex about its own code or what is none', async () => {
        const a = await begin(alice);
        const code = await codeOf(a);
        assert.equal(a.submitCode(code).kind, 'own');
        assert.equal(a.submitCode(wrong(code)).kind, 'own');
        assert.equal(a.submitCode('hello').kind, 'malformed');
        assert.equal(a.submitCode('').kind, 'empty');
        assert.equal(a.snapshot.state, 'code-ready');
        await a.cancel();
        assert.equal(a.snapshot.state, 'cancelled');
    });

    it('waits slowly for one who never comes, and ends when cancelled', async () => {
        const a = await begin(alice, { limits: { slow: 300 } });
        await codeOf(a);
        a.submitCode('77777-adroitness-aardvark');
        await until('slow', () => a.snapshot.state === 'waiting' && a.snapshot.slow);
        await a.cancel();
        assert.equal(a.snapshot.state, 'cancelled');
    });

    it('is cancelled while it starts, and while it waits for a code', async () => {
        const early = await PairingSession.create({ repository: alice, repositoryName: 'alice', privacy: 'clear-net', env: servers.env, wormhole: programs.wormhole });
        const begun = early.begin('peer', 'clear-net');
        await until('preparing', () => early.snapshot.state === 'preparing');
        await early.cancel();
        await begun;
        assert.equal(early.snapshot.state, 'cancelled');
        const started = await begin(alice);
        await early.cancel();
        await started.cancel();
        assert.equal(started.snapshot.state, 'cancelled');
        const never = await PairingSession.create({ repository: alice, repositoryName: 'alice', privacy: 'clear-net' });
        await never.cancel();
        assert.equal(never.snapshot.state, 'cancelled');
    });

    it('fails with a reason where the mailbox server refuses, and where it never answers', async () => {
        const refused = await begin(alice, { env: { WORMHOLE_RELAY_URL: `ws://127.0.0.1:${await freePort()}/v1` } });
        assert.equal((await reached(refused, 'failed')).reason, 'mailbox-unreachable');
        const deaf = await begin(alice, { env: { WORMHOLE_RELAY_URL: servers.env['WORMHOLE_TRANSIT_HELPER']?.replace('tcp:', 'ws://').concat('/v1') }, limits: { code: 4000 } });
        const { reason } = await reached(deaf, 'failed');
        assert.ok(reason === 'no-code' || reason === 'mailbox-unreachable', reason);
    });

    it('fails with a reason without an address, without wormhole, and where git-annex cannot be run', async () => {
        const nowhere = await mkdtemp(path.join(folder, 'path-'));
        await symlink(programs.git, path.join(nowhere, 'git'));
        const noWormhole = await PairingSession.create({ repository: alice, repositoryName: 'alice', privacy: 'tor', env: { ...servers.env, PATH: nowhere } });
        sessions.push(noWormhole);
        await noWormhole.begin('peer', 'tor');
        assert.equal((await reached(noWormhole, 'failed')).reason, 'no-wormhole');
        const broken = await begin({ ...alice, programs: { ...alice.programs, gitAnnex: '/nonexistent/git-annex' } });
        assert.equal((await reached(broken, 'failed')).reason, 'not-started');
        await rm(path.join(alice.gitDir, 'annex', 'creds', 'p2paddrs'));
        assert.equal((await reached(await begin(alice), 'failed')).reason, 'no-address');
    });

    it('looks at the name before anything runs', async () => {
        const session = await PairingSession.create({ repository: alice, repositoryName: 'alice', privacy: 'clear-net' });
        await runOrThrow({ file: programs.git, args: ['remote', 'add', 'peer1', 'x'], cwd: alice.root }, { log: alice.log });
        assert.deepEqual(await session.begin('Peer1', 'clear-net'), { kind: 'taken', name: 'Peer1' });
        assert.deepEqual(await session.begin('..', 'clear-net'), { kind: 'invalid' });
        assert.equal(session.snapshot.state, 'choosing');
        await assert.rejects(session.begin('bob', 'tor'), { reason: 'no-consent' });
        const next = await PairingSession.create({ repository: alice, repositoryName: 'alice', privacy: 'clear-net' });
        assert.ok(next.snapshot.state === 'choosing' && next.snapshot.suggestedName === 'peer2');
    });

    it('allows one pairing of a repository at a time', async () => {
        const first = await begin(alice);
        const second = await PairingSession.create({ repository: alice, repositoryName: 'alice', privacy: 'clear-net', env: servers.env });
        await assert.rejects(second.begin('peer', 'clear-net'), { reason: 'busy' });
        await first.cancel();
        await begin(alice);
    });

    it('uses the program that it is given, under the name that git-annex calls', async () => {
        const versioned = path.join(folder, 'wormhole-2.7');
        await symlink(programs.wormhole, versioned);
        const nowhere = await mkdtemp(path.join(folder, 'path-'));
        await symlink(programs.git, path.join(nowhere, 'git'));
        const session = await begin(alice, { wormhole: versioned, env: { ...servers.env, PATH: nowhere } });
        await codeOf(session);
        await session.cancel();
    });
});
