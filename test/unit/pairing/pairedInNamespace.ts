/** Run by paired.test.ts in a network namespace of its own: pairings whose repositories reach each other. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { acceptedForSent, readAcceptedTokens, readOwnAddresses, readSentTokens, formatPeerAddress } from '../../../src/core/annex/creds';
import { silentLog } from '../../../src/core/log';
import { PairingSession } from '../../../src/core/pairing/session';
import { run, runOrThrow } from '../../../src/core/process/run';
import { isOver, type PairingSnapshot } from '../../../src/shared/pairing/snapshot';
import { FakeTor } from './fakeTor';
import { makeRepository, processesUsing, realPrograms, until, WormholeServers } from './realPrograms';

describe('pairing of repositories that reach each other', function () {
    this.timeout(60_000);
    let programs: NonNullable<Awaited<ReturnType<typeof realPrograms>>>;
    let servers: WormholeServers;
    let folder = '';
    let alice: RepositoryContext;
    let bob: RepositoryContext;
    let tor: FakeTor;
    let a: PairingSession;
    let b: PairingSession;

    before(async () => {
        const found = await realPrograms();
        assert.ok(found !== undefined);
        programs = found;
        servers = await WormholeServers.start(programs.twist);
    });
    after(() => servers.stop());

    beforeEach(async () => {
        folder = await mkdtemp(path.join(os.tmpdir(), 'annex-peers-test-'));
        process.env['XDG_RUNTIME_DIR'] = await mkdtemp(path.join(folder, 'run-'));
        [alice, bob] = [await makeRepository(folder, 'alice', programs), await makeRepository(folder, 'bob', programs)];
        tor = new FakeTor([alice, bob]);
        await tor.start();
        const options = { privacy: 'clear-net', env: servers.env, wormhole: programs.wormhole } as const;
        a = await PairingSession.create({ repository: alice, repositoryName: 'alice', ...options });
        b = await PairingSession.create({ repository: bob, repositoryName: 'bob', ...options });
    });

    afterEach(async () => {
        await Promise.all([a.cancel(), b.cancel()]);
        await tor.stop();
        assert.deepEqual(await readdir(process.env['XDG_RUNTIME_DIR'] ?? ''), []);
        assert.deepEqual(await processesUsing(folder), []);
        await rm(folder, { recursive: true, force: true });
    });

    async function exchange(): Promise<void> {
        await Promise.all([a.begin('bob', 'clear-net'), b.begin('alice', 'clear-net')]);
        const codeOf = (session: PairingSession): Promise<string> => until('a code', () => (session.snapshot.state === 'code-ready' ? session.snapshot.ownCode : undefined));
        const [codeA, codeB] = [await codeOf(a), await codeOf(b)];
        a.submitCode(codeB);
        b.submitCode(codeA);
    }

    const over = (session: PairingSession): Promise<PairingSnapshot> => until('the end', () => (isOver(session.snapshot) ? session.snapshot : undefined));
    const remotes = async (repository: RepositoryContext): Promise<string> => (await runOrThrow({ file: programs.git, args: ['remote'], cwd: repository.root }, { log: silentLog })).stdout.trim();
    const config = async (repository: RepositoryContext, key: string): Promise<string> => (await run({ file: programs.git, args: ['config', key], cwd: repository.root }, { log: silentLog })).stdout.trim();

    it('ends as paired, with remotes, uuids and tokens that fit each other', async () => {
        await exchange();
        const [atA, atB] = [await over(a), await over(b)];
        assert.ok(atA.state === 'paired' && atB.state === 'paired', JSON.stringify([atA, atB]));
        assert.deepEqual([atA.uuid, atB.uuid], [bob.uuid, alice.uuid]);
        assert.equal(await config(alice, 'remote.bob.annex-uuid'), bob.uuid);
        const [address] = await readOwnAddresses(bob.gitDir);
        assert.ok(address !== undefined);
        assert.equal(await config(alice, 'remote.bob.url'), formatPeerAddress(address));
        for (const [one, other] of [[alice, bob], [bob, alice]] as const) {
            const [sent = ''] = (await readSentTokens(one.gitDir)).values();
            assert.deepEqual((await readAcceptedTokens(other.gitDir)).map(({ token }) => token), [sent]);
            assert.deepEqual((await readAcceptedTokens(one.gitDir)).map(({ token }) => token), [acceptedForSent(sent)]);
        }
        // A cancel that comes too late changes nothing.
        await a.cancel();
        assert.equal(a.snapshot.state, 'paired');
    });

    it('notices that the name has been taken meanwhile, although git-annex says ok', async () => {
        tor.reachable = false;
        await exchange();
        await until('connecting', () => a.snapshot.state === 'connecting' && b.snapshot.state === 'connecting');
        await runOrThrow({ file: programs.git, args: ['remote', 'add', 'bob', 'elsewhere'], cwd: alice.root }, { log: silentLog });
        tor.reachable = true;
        const atA = await over(a);
        assert.ok(atA.state === 'failed' && atA.reason === 'name-taken', JSON.stringify(atA));
        assert.equal(await config(alice, 'remote.bob.url'), 'elsewhere');
        assert.equal(await readFile(path.join(alice.gitDir, 'annex', 'creds', 'p2pauth'), 'latin1'), '');
    });

    it('takes away a remote that was cut off half made', async () => {
        tor.reachable = false;
        await exchange();
        await until('connecting', () => a.snapshot.state === 'connecting' && a.snapshot.attempts > 1);
        const [address] = await readOwnAddresses(bob.gitDir);
        assert.ok(address !== undefined);
        // What git-annex does first of three things.
        await runOrThrow({ file: programs.git, args: ['remote', 'add', 'bob', formatPeerAddress(address)], cwd: alice.root }, { log: silentLog });
        await a.cancel();
        assert.equal(a.snapshot.state, 'cancelled');
        assert.equal(await remotes(alice), '');
        assert.deepEqual(await readAcceptedTokens(alice.gitDir), []);
    });

    it('stays paired when the cancel comes while it succeeds', async () => {
        tor.reachable = false;
        await exchange();
        await until('connecting', () => a.snapshot.state === 'connecting' && b.snapshot.state === 'connecting');
        tor.reachable = true;
        await until('the token is stored', async () => (await readSentTokens(alice.gitDir)).size > 0);
        await a.cancel();
        assert.equal(a.snapshot.state, 'paired');
        assert.equal((await readAcceptedTokens(alice.gitDir)).length, 1);
    });
});
