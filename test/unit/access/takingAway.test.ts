/** What goes with revoking: cutting sessions through whoever owns the daemon, the remote that can come back, and a new onion address. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { DaemonState } from '../../../src/core/daemon/snapshot';
import { silentLog } from '../../../src/core/log';
import { noteTokens } from '../../../src/core/pairing/cleanup';
import { cutSessions, makeAddress, noteToken, readAccessList, sessionsNow, tokenId } from '../../../src/core/peers/access';
import { takeRemote } from '../../../src/core/peers/editRemotes';
import { runOrThrow } from '../../../src/core/process/run';
import { forgetOldAddresses, planFreshAddress } from '../../../src/core/tor/freshAddress';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';

const onion = (letter: string): string => `${letter.repeat(56)}.onion`;

describe('cutting sessions', () => {
    const nobody = (): Promise<undefined> => Promise.resolve(undefined);
    const daemon = (state: DaemonState): { readonly snapshot: { state: DaemonState }; readonly restarts: () => number; join(): Promise<void>; restart(): Promise<void> } => {
        let restarts = 0;
        return {
            snapshot: { state },
            restarts: () => restarts,
            join: () => Promise.resolve(),
            restart: () => {
                restarts += 1;
                return Promise.resolve();
            },
        };
    };

    it('restarts a daemon of ours, and nothing else', async () => {
        const cases: readonly (readonly [DaemonState, string, number])[] = [
            [{ kind: 'running', since: 0, pid: 1 }, 'cut', 1],
            [{ kind: 'starting' }, 'cut', 1],
            [{ kind: 'waiting', restartAt: 0, attempt: 1, lastError: '' }, 'cut', 1],
            [{ kind: 'external', since: 0 }, 'may-live-on', 0],
            [{ kind: 'duplicate', of: '/elsewhere' }, 'may-live-on', 0],
            [{ kind: 'stopped' }, 'none', 0],
        ];
        for (const [state, expected, restarts] of cases) {
            const one = daemon(state);
            assert.equal(await sessionsNow(one, 'u', nobody), expected, state.kind);
            assert.equal(one.restarts(), 0);
            assert.equal(await cutSessions(one, 'u', nobody), expected, state.kind);
            assert.equal(one.restarts(), restarts, state.kind);
        }
        assert.equal(await cutSessions(undefined, 'u', nobody), 'none');
    });

    it('finds another program that serves while ours is stopped', async () => {
        const folder = await mkdtemp(path.join(os.tmpdir(), 'annex-peers-s-'));
        const socket = path.join(folder, 's');
        const server = net.createServer(connection => connection.on('error', () => undefined).resume());
        await new Promise<void>(resolve => server.listen(socket, resolve));
        try {
            assert.equal(await cutSessions(daemon({ kind: 'stopped' }), 'u', () => Promise.resolve(socket)), 'may-live-on');
        } finally {
            server.close();
            await rm(folder, { recursive: true });
        }
        assert.equal(await cutSessions(daemon({ kind: 'stopped' }), 'u', () => Promise.resolve(socket)), 'none');
    });
});

describe('a remote that was removed', () => {
    it('comes back with all of its settings, and only if nothing has taken its place', async () => {
        await withTemporaryFolder(async folder => {
            const repository = await createAnnexRepository(folder, silentLog);
            const git = async (...args: string[]): Promise<string> => (await runOrThrow({ file: repository.programs.git, args, cwd: repository.root }, { log: silentLog })).stdout;
            await git('remote', 'add', 'b.ob', `tor-annex::${onion('b')}:1`);
            for (const [key, value] of [['annex-uuid', 'u'], ['annex-cost', '250.5'], ['annex-readonly', 'true']] as const) {
                await git('config', `remote.b.ob.${key}`, value);
            }
            await git('config', '--add', 'remote.b.ob.fetch', '+refs/x/*:refs/y/*');
            await git('remote', 'add', 'b', 'elsewhere');
            const settings = (): Promise<string> => git('config', '--local', '--get-regexp', '^remote\\.');
            const sorted = async (): Promise<string> => (await settings()).split('\n').sort().join('\n');
            const before = await sorted();
            const restore = await takeRemote(repository, 'b.ob');
            assert.doesNotMatch(await settings(), /b\.ob/u);
            assert.match(await settings(), /remote\.b\.url/u);
            await restore();
            assert.equal(await sorted(), before);
            await restore();
            assert.equal(await sorted(), before);
        });
    });
});

describe('tokens of a pairing', () => {
    it('are noted with the name that the peer was to have, others are not', async () => {
        await withTemporaryFolder(async folder => {
            const repository = await createAnnexRepository(folder, silentLog);
            const creds = path.join(repository.gitDir, 'annex', 'creds');
            await mkdir(creds, { recursive: true });
            const half = (letter: string): string => letter.repeat(64);
            const [old, ours, byHand, strange] = [half('0') + half('1'), half('a') + half('b'), half('c') + half('d'), half('e') + half('f')];
            await writeFile(path.join(creds, 'p2pauth'), [old, ours, byHand, strange].join('\n'));
            await noteToken(repository.gitDir, byHand, { way: 'address', at: 1, label: 'Carol' });
            // A look at the list in the meantime has found it first.
            await readAccessList(repository.gitDir, []);
            const named = async (): Promise<Record<string, unknown>> =>
                Object.fromEntries((await readAccessList(repository.gitDir, [])).map(({ id, holder }) => [id, 'label' in holder ? holder.label : undefined]));
            await noteTokens(repository, new Set([old]), half('a'), 'bob');
            assert.deepEqual(await named(), { [tokenId(old)]: undefined, [tokenId(ours)]: 'bob', [tokenId(byHand)]: 'Carol', [tokenId(strange)]: undefined });
            // Where our half was never seen, every new token may be this pairing's.
            await noteTokens(repository, new Set([old]), undefined, 'dave');
            assert.deepEqual(await named(), { [tokenId(old)]: undefined, [tokenId(ours)]: 'dave', [tokenId(byHand)]: 'Carol', [tokenId(strange)]: 'dave' });
            assert.equal((await readAccessList(repository.gitDir, [])).filter(({ holder }) => holder.kind === 'failed-pairing').length, 2);
            // Once the peer is known, and when it has been removed again, the name is still there.
            await writeFile(path.join(creds, onion('b')), half('b') + half('a'));
            assert.deepEqual((await readAccessList(repository.gitDir, [])).find(({ id }) => id === tokenId(ours))?.holder, { kind: 'removed-peer', onion: onion('b'), label: 'dave' });
        });
    });
});

describe('a fresh onion address', () => {
    const environment = { uid: 1000, hasDesktop: false, find: (name: string): Promise<string | undefined> => Promise.resolve(`/bin/${name}`) };
    const reload = { file: '/bin/systemctl', args: ['reload', 'tor'] };

    it("removes just the folder that git-annex made, and never one that the repository's uuid leads elsewhere", async () => {
        await withTemporaryFolder(async folder => {
            const repository = await createAnnexRepository(folder, silentLog);
            const torrc = (directory: string): { path: string; text: string } => ({ path: '/etc/tor/torrc', text: `HiddenServiceDir ${directory}\nHiddenServicePort 5 unix:/s\n` });
            const good = `/var/lib/tor/tor-annex_1000_${repository.uuid}`;
            const plan = await planFreshAddress(repository, { environment, torrc: torrc(good), reload });
            assert.equal(plan?.folder, good);
            assert.deepEqual(plan.commands.map(({ method }) => method), ['sudo', 'su']);
            const [sudo] = plan.commands;
            assert.deepEqual(sudo?.args.slice(-6), [good, repository.programs.gitAnnex, '1000', '/bin/systemctl', 'reload', 'tor']);
            for (const bad of [`/var/lib/tor/x/../../../etc/tor-annex_1000_${repository.uuid}`, `/var/lib/tor/evil_1000_${repository.uuid}`, '/var/lib/tor/tor-annex_1000_other']) {
                assert.equal(await planFreshAddress(repository, { environment, torrc: torrc(bad), reload }), undefined, bad);
            }
        });
    });

    it('runs as it is meant to: the key goes, Tor is reloaded, the new address is waited for', async () => {
        await withTemporaryFolder(async folder => {
            const repository = await createAnnexRepository(folder, silentLog);
            const uid = process.getuid?.() ?? 0;
            const service = path.join(folder, `tor-annex_${uid}_${repository.uuid}`);
            await mkdir(service);
            await writeFile(path.join(service, 'hs_ed25519_secret_key'), 'old');
            const [tor, annex, said] = [path.join(folder, 'tor'), path.join(folder, 'annex'), path.join(folder, 'said')];
            await writeFile(tor, `#!/bin/sh\n( sleep 0.3; mkdir '${service}'; echo new > '${service}/hostname' ) &\n`, { mode: 0o700 });
            await writeFile(annex, `#!/bin/sh\necho "$@" "$(ls '${service}')" > '${said}'\n`, { mode: 0o700 });
            const plan = await planFreshAddress(
                { ...repository, programs: { ...repository.programs, gitAnnex: annex } },
                { environment: { uid, hasDesktop: false, find: () => Promise.resolve('/bin/sh') }, torrc: { path: '', text: `HiddenServiceDir ${service}\nHiddenServicePort 5 unix:/s\n` }, reload: { file: tor, args: [] } },
            );
            const command = plan?.commands.find(({ method }) => method === 'root');
            if (command === undefined) {
                assert.notEqual(uid, 0);
                return;
            }
            await runOrThrow({ file: command.file, args: command.args, cwd: folder }, { log: silentLog, timeLimitMs: 20_000 });
            assert.equal((await readFile(said, 'utf8')).trim(), `enable-tor ${uid} hostname`);
        });
    });

    it('is the only one that is given away from then on', async () => {
        await withTemporaryFolder(async folder => {
            const repository = await createAnnexRepository(folder, silentLog);
            const file = path.join(repository.gitDir, 'annex', 'creds', 'p2paddrs');
            await mkdir(path.dirname(file), { recursive: true });
            await writeFile(file, `tor-annex::${onion('n')}:7\ntor-annex::${onion('o')}:7\np2p-annex::net:x\n`);
            await forgetOldAddresses(repository, { onion: onion('o'), port: 7 });
            assert.equal(await readFile(file, 'utf8'), `tor-annex::${onion('n')}:7\np2p-annex::net:x\n`);
            const { addresses } = await makeAddress(repository, 'Bob');
            assert.ok(addresses.every(address => !address.reveal().includes(onion('o'))));
        });
    });
});
