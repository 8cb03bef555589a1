/** The pairing with our own wormhole: whatever goes wrong, it is said at once, exactly, and on both sides. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import WebSocket from 'ws';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { findProgram } from '../../../src/core/process/findProgram';
import { PairingSession, type PairingOptions } from '../../../src/core/pairing/session';
import { createLauncher } from '../../../src/core/wormhole/launcher';
import { isOver, type FailureReason, type PairingSnapshot, type PairingState } from '../../../src/shared/pairing/snapshot';
import { ourProgram } from '../../interop/wormhole/support/programs';
import { startSocksServer } from '../../interop/wormhole/support/socksServer';
import { makeAuthority, startTlsProxy } from '../../interop/wormhole/support/tlsProxy';
import { freePort, makeRepository, processesUsing, realPrograms, until, WormholeServers } from './realPrograms';

/** What is expected "at once": nearly all of it is git-annex's own start and end. */
const atOnceMs = 10_000;

describe('PairingSession with our own wormhole', function () {
    this.timeout(90_000);
    let programs: NonNullable<Awaited<ReturnType<typeof realPrograms>>>;
    let servers: WormholeServers;
    let folder = '';
    let runtime: string | undefined;
    let launcher = '';
    let alice: RepositoryContext;
    let bob: RepositoryContext;
    const sessions: PairingSession[] = [];

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
        launcher = path.join(await createLauncher({ folder: path.join(folder, 'bin'), runtime: process.execPath, program: ourProgram }), 'wormhole');
        [alice, bob] = await Promise.all([makeRepository(folder, 'alice', programs), makeRepository(folder, 'bob', programs)]);
        runtime = process.env['XDG_RUNTIME_DIR'];
        process.env['XDG_RUNTIME_DIR'] = await mkdtemp(path.join(folder, 'run-'));
    });

    afterEach(async () => {
        await Promise.all(sessions.splice(0).map(session => session.cancel()));
        try {
            assert.deepEqual(await readdir(process.env['XDG_RUNTIME_DIR'] ?? ''), [], 'no temporary folder is left');
            assert.deepEqual(await processesUsing(folder), [], 'no process is left');
            for (const repository of [alice, bob]) {
                assert.equal(await readFile(path.join(repository.gitDir, 'annex', 'creds', 'p2pauth'), 'latin1').catch(() => ''), '', 'no token is left');
            }
        } finally {
            if (runtime === undefined) {
                delete process.env['XDG_RUNTIME_DIR'];
            } else {
                process.env['XDG_RUNTIME_DIR'] = runtime;
            }
            await rm(folder, { recursive: true, force: true });
        }
    });

    async function begin(repository: RepositoryContext, options: Partial<PairingOptions> = {}): Promise<PairingSession> {
        const privacy = options.privacy ?? 'clear-net';
        const session = await PairingSession.create({ repository, repositoryName: path.basename(repository.root), env: servers.env, wormhole: launcher, ownWormhole: true, ...options, privacy });
        sessions.push(session);
        assert.equal((await session.begin('peer', privacy)).kind, 'ok');
        return session;
    }

    function reached<S extends PairingState>(session: PairingSession, state: S, limitMs = 30_000): Promise<Extract<PairingSnapshot, { state: S }>> {
        return until(
            `state ${state} (${JSON.stringify(session.snapshot)})`,
            () => {
                const { snapshot } = session;
                if (snapshot.state !== state && isOver(snapshot)) {
                    throw new Error(`ended as ${JSON.stringify(snapshot)} instead of ${state}`);
                }
                return snapshot.state === state ? (snapshot as Extract<PairingSnapshot, { state: S }>) : undefined;
            },
            limitMs,
        );
    }

    const reasons = async (...failing: readonly PairingSession[]): Promise<FailureReason[]> =>
        (await Promise.all(failing.map(session => reached(session, 'failed', atOnceMs)))).map(({ reason }) => reason);

    async function two(): Promise<{ readonly a: PairingSession; readonly b: PairingSession; readonly codeA: string; readonly codeB: string }> {
        const [a, b] = await Promise.all([begin(alice), begin(bob)]);
        const [{ ownCode: codeA }, { ownCode: codeB }] = await Promise.all([reached(a, 'code-ready'), reached(b, 'code-ready')]);
        return { a, b, codeA, codeB };
    }

    /** Another code with the same number. */
    const wrong = (code: string): string => `${code.split('-')[0] ?? ''}-${code.includes('aardvark') ? 'zulu-yucatan' : 'adroitness-aardvark'}`;

    it('exchanges everything where both codes are right', async () => {
        const { a, b, codeA, codeB } = await two();
        a.submitCode(codeB);
        await until('bob sees that his code was used', () => b.snapshot.state === 'code-ready' && b.snapshot.peerEntered, atOnceMs);
        b.submitCode(codeA);
        await Promise.all([reached(a, 'connecting'), reached(b, 'connecting')]);
    });

    it('lets no code and no token into an argument list, an environment or the log', async function () {
        const strace = await findProgram('strace');
        if (strace === undefined) {
            return this.skip();
        }
        const executed = path.join(folder, 'executed');
        const traced = path.join(folder, 'git-annex-traced');
        await writeFile(traced, `#!/bin/sh\nexec '${strace}' --follow-forks -qq --string-limit=65536 --no-abbrev --trace=execve --signal=none --output='${executed}' '${programs.gitAnnex}' "$@"\n`, { mode: 0o700 });
        const lines: string[] = [];
        const note = (line: string): void => void lines.push(line);
        const [real, log] = [alice, { debug: note, info: note, warn: note, error: note }];
        alice = { ...real, programs: { ...real.programs, gitAnnex: traced }, log };
        try {
            const { a, b, codeA, codeB } = await two();
            a.submitCode(codeB);
            b.submitCode(codeA);
            await Promise.all([reached(a, 'connecting'), reached(b, 'connecting')]);
            const token = (await readFile(path.join(real.gitDir, 'annex', 'creds', 'p2pauth'), 'latin1')).trim();
            assert.match(token, /^[0-9a-f]{128}$/u);
            await Promise.all([a.cancel(), b.cancel()]);
            const seen = `${await readFile(executed, 'utf8')}\n${lines.join('\n')}`;
            // Its own wormholes were seen, and what they were told.
            assert.match(seen, /"--appid", "git-annex\.branchable\.com\/p2p-setup", "receive"/u);
            assert.match(seen, /WORMHOLE_RELAY_URL=/u);
            assert.match(seen, /pairing: /u);
            const words = (code: string): string => code.slice(code.indexOf('-') + 1);
            for (const secret of [words(codeA), words(codeB), token.slice(0, 64), token.slice(64)]) {
                assert.ok(!seen.includes(secret), `${secret} in ${seen}`);
            }
        } finally {
            alice = real;
        }
    });

    it('ends both sides after a wrong code here, although the other person has entered nothing yet', async () => {
        const { a, b, codeB } = await two();
        a.submitCode(wrong(codeB));
        assert.deepEqual(await reasons(a, b), ['wrong-code-here', 'wrong-code-there']);
    });

    it('ends both sides after a wrong code there, although the own code was entered rightly', async () => {
        const { a, b, codeA, codeB } = await two();
        b.submitCode(codeA);
        await until('alice sees that her code was used', () => a.snapshot.state === 'code-ready' && a.snapshot.peerEntered, atOnceMs);
        a.submitCode(wrong(codeB));
        assert.deepEqual(await reasons(a, b), ['wrong-code-here', 'wrong-code-there']);
    });

    it('waits on when the other cancels, says that it is slow, and has an end', async () => {
        const [a, b] = [await begin(alice, { limits: { slow: 1000, unanswered: 6000 } }), await begin(bob)];
        const { ownCode } = await reached(b, 'code-ready');
        await reached(a, 'code-ready');
        await b.cancel();
        a.submitCode(ownCode);
        await until('slow', () => a.snapshot.state === 'waiting' && a.snapshot.slow);
        assert.deepEqual(await reasons(a), ['peer-absent']);
    });

    it('says that a third party has used a code', async () => {
        const { a, b, codeB } = await two();
        const number = codeB.split('-')[0] ?? '';
        const websocket = new WebSocket(servers.env['WORMHOLE_RELAY_URL'] ?? '');
        try {
            await new Promise(resolve => websocket.once('open', resolve));
            const claimed = new Promise<void>(resolve => websocket.on('message', data => (Buffer.isBuffer(data) && data.includes('"claimed"') ? resolve() : undefined)));
            websocket.send(JSON.stringify({ type: 'bind', appid: 'git-annex.branchable.com/p2p-setup', side: 'aaaaaaaaaa' }));
            websocket.send(JSON.stringify({ type: 'claim', nameplate: number }));
            await claimed;
            a.submitCode(codeB);
            assert.deepEqual(await reasons(a), ['crowded']);
        } finally {
            websocket.close();
        }
        await b.cancel();
    });

    it('stops at once where Tor does not answer, and reaches for nothing else', async () => {
        const dialled: number[] = [];
        const server = net.createServer(socket => {
            dialled.push(1);
            socket.destroy();
        });
        const port = await new Promise<number>(resolve => server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
        }));
        try {
            const env = { WORMHOLE_RELAY_URL: `ws://127.0.0.1:${port}/v1`, WORMHOLE_TRANSIT_HELPER: `tcp:127.0.0.1:${port}`, ANNEX_PEERS_WORMHOLE_SOCKS: `127.0.0.1:${await freePort()}` };
            assert.deepEqual(await reasons(await begin(alice, { privacy: 'tor', env })), ['tor-down']);
            assert.deepEqual(dialled, []);
        } finally {
            await new Promise(resolve => server.close(resolve));
        }
    });

    it('tells an unreachable mailbox server from Tor', async () => {
        const socks = await startSocksServer({ route: () => undefined });
        try {
            const env = { WORMHOLE_RELAY_URL: 'wss://mailbox.invalid/v1', ANNEX_PEERS_WORMHOLE_SOCKS: `127.0.0.1:${socks.port}` };
            assert.deepEqual(await reasons(await begin(alice, { privacy: 'tor', env })), ['mailbox-unreachable']);
            assert.ok(socks.requests.length > 0 && socks.requests.every(({ host, addressType }) => host === 'mailbox.invalid' && addressType === 'name'));
        } finally {
            await socks.end();
        }
    });

    it('refuses a mailbox server with a certificate that is not trusted', async () => {
        const authority = await makeAuthority(await mkdtemp(path.join(folder, 'ca-')));
        const proxy = await startTlsProxy(await authority.issue('mailbox.example'), Number(new URL(servers.env['WORMHOLE_RELAY_URL'] ?? '').port));
        const socks = await startSocksServer({ route: () => proxy.port });
        try {
            const env = { WORMHOLE_RELAY_URL: 'wss://mailbox.example/v1', ANNEX_PEERS_WORMHOLE_SOCKS: `127.0.0.1:${socks.port}` };
            assert.deepEqual(await reasons(await begin(alice, { privacy: 'tor', env })), ['mailbox-certificate']);
            assert.equal(proxy.received(), 0);
        } finally {
            await Promise.all([socks.end(), proxy.end()]);
        }
    });

    it('says that a setting can’t be used', async () => {
        assert.deepEqual(await reasons(await begin(alice, { env: { WORMHOLE_RELAY_URL: 'https://mailbox.example' } })), ['bad-setting']);
    });
});
