/** The access list, revoking, hand-made addresses and linking, with the real git-annex. */
import assert from 'node:assert/strict';
import { mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { acceptedForSent, readAcceptedTokens, readSentTokens } from '../../../src/core/annex/creds';
import { silentLog, type Log } from '../../../src/core/log';
import { P2PConnection, watchChanges } from '../../../src/core/p2p';
import { AccessError, linkPeer, makeAddress, noteToken, parseHandMadeAddress, readAccessList, relabel, revokeAccess, revokeAll, SecretText, tokenId, type AccessReason } from '../../../src/core/peers/access';
import { failure } from '../../../src/core/peers/access/link';
import { peersOf } from '../../../src/core/peers/peer';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { readConfig } from '../../../src/core/repository/config';
import { formatTorAddress } from '../../../src/core/tor/address';
import { connectThroughTor } from '../../../src/core/tor/socks';
import { canRunLocalOnion, LocalOnion } from '../../support/localOnion/localOnion';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/until';

const onionOf = (letter: string): string => `${letter.repeat(56)}.onion`;
const hex = fc.string({ unit: fc.integer({ min: 0, max: 15 }).map(digit => digit.toString(16)), minLength: 64, maxLength: 64 });

async function withCreds(files: Readonly<Record<string, string>>, work: (gitDir: string) => Promise<void>): Promise<void> {
    await withTemporaryFolder(async gitDir => {
        const folder = path.join(gitDir, 'annex', 'creds');
        await mkdir(folder, { recursive: true });
        for (const [name, text] of Object.entries(files)) {
            await writeFile(path.join(folder, name), text, { mode: 0o600 });
        }
        await work(gitDir);
    });
}

function reason(expected: AccessReason): (error: unknown) => boolean {
    return error => error instanceof AccessError && error.reason === expected;
}

describe('the access list', () => {
    const half = (letter: string): string => letter.repeat(64);
    const peer = { name: 'bob', address: { onion: onionOf('b'), port: 1 }, uuid: 'uuid-b', syncs: true };

    it('tells whom each token was given to, as far as that can be known', async () => {
        const paired = half('1') + half('2');
        const gone = half('3') + half('4');
        const byHand = half('5') + half('6');
        const failed = half('7') + half('8');
        const strange = 'abc';
        const accepted = [paired, gone, byHand, failed, strange, paired].join('\n');
        await withCreds({ p2pauth: `${accepted}\nnet1 p2p-annex::net:addr\n`, [onionOf('b')]: half('2') + half('1'), [onionOf('c')]: half('4') + half('3') }, async gitDir => {
            const stored = new Date(1_600_000_000_000);
            await utimes(path.join(gitDir, 'annex', 'creds', onionOf('b')), stored, stored);
            await noteToken(gitDir, byHand, { way: 'address', at: 5000, label: 'Carol, on her old laptop' });
            await noteToken(gitDir, failed, { way: 'pairing', at: 6000, label: 'dave' });
            const list = await readAccessList(gitDir, [peer], 9000);
            assert.deepEqual(
                list.map(({ holder, since, sinceIsExact, network }) => [holder, since, sinceIsExact, network]),
                [
                    [{ kind: 'peer', name: 'bob', uuid: 'uuid-b', onion: onionOf('b') }, 1_600_000_000_000, true, undefined],
                    [{ kind: 'removed-peer', onion: onionOf('c'), label: undefined }, list[1]?.since, true, undefined],
                    [{ kind: 'person', label: 'Carol, on her old laptop' }, 5000, true, undefined],
                    [{ kind: 'failed-pairing', label: 'dave' }, 6000, true, undefined],
                    [{ kind: 'unknown', label: undefined }, 9000, false, undefined],
                    [{ kind: 'unknown', label: undefined }, 9000, false, 'p2p-annex::net:addr'],
                ],
            );
            // Later, what was found stays as old as it was, and can be given a name.
            const strangeId = tokenId(strange);
            await relabel(gitDir, strangeId, 'my phone');
            const later = await readAccessList(gitDir, [peer], 99_000);
            assert.deepEqual(later.map(({ since }) => since), list.map(({ since }) => since));
            assert.deepEqual(later.find(({ id }) => id === strangeId)?.holder, { kind: 'unknown', label: 'my phone' });
            await writeFile(path.join(gitDir, 'annex', 'creds', 'p2pauth'), `${accepted}\nbrandnew\n`);
            const newest = await readAccessList(gitDir, [peer], 99_000);
            assert.deepEqual(newest.at(-1)?.since, 99_000);
        });
    });

    it('keeps its record without a secret, for the user alone, and reads any rubbish', async () => {
        await withCreds({ p2pauth: `${half('a')}${half('b')}\n` }, async gitDir => {
            await readAccessList(gitDir, [], 1000);
            const file = path.join(gitDir, 'annex-peers', 'access.json');
            const text = await readFile(file, 'utf8');
            assert.ok(!text.includes(half('a')) && !text.includes(half('b')), text);
            assert.deepEqual([(await stat(file)).mode & 0o777, (await stat(path.dirname(file))).mode & 0o777], [0o600, 0o700]);
            for (const rubbish of ['', '{', '[]', '{"version":1,"tokens":[{"id":1},null]}', '{"version":2,"tokens":[]}']) {
                await writeFile(file, rubbish);
                assert.equal((await readAccessList(gitDir, [], 2000)).length, 1);
            }
        });
    });

    it('finds the peer of every pairing', async () => {
        await fc.assert(
            fc.asyncProperty(hex, hex, async (ours, theirs) => {
                await withCreds({ p2pauth: `${ours}${theirs}\n`, [onionOf('b')]: theirs + ours }, async gitDir => {
                    assert.equal((await readAccessList(gitDir, [peer]))[0]?.holder.kind, 'peer');
                });
            }),
            { numRuns: 10 },
        );
    });
});

describe('revoking', () => {
    const cut = (): Promise<'cut'> => Promise.resolve('cut');

    it('takes away what was chosen, cuts sessions, and can be undone once', async () => {
        await withCreds({ p2pauth: 'aaa\nbbb\r\n\xff\nccc p2p-annex::n:x\nddd' }, async gitDir => {
            const file = path.join(gitDir, 'annex', 'creds', 'p2pauth');
            const revocation = await revokeAccess(gitDir, [tokenId('ccc'), tokenId('ddd')], { cutSessions: cut });
            assert.deepEqual([revocation.revoked, revocation.sessions, revocation.canUndo], [2, 'cut', true]);
            assert.equal(await readFile(file, 'utf8'), 'aaa\nbbb\r\n\xff\n');
            assert.doesNotMatch(inspect(revocation) + JSON.stringify(revocation), /ccc|ddd/u);
            await writeFile(file, 'aaa\neee');
            await revocation.undo();
            assert.equal(await readFile(file, 'utf8'), 'aaa\neee\nccc p2p-annex::n:x\nddd\n');
            await assert.rejects(revocation.undo(), reason('undo-expired'));
        });
    });

    it('forgets after its time, and says where sessions may live on', async () => {
        await withCreds({ p2pauth: 'aaa\n' }, async gitDir => {
            const revocation = await revokeAccess(gitDir, [tokenId('AAA')], { cutSessions: () => Promise.reject(new Error('another window')), undoMs: 30 });
            assert.equal(revocation.sessions, 'may-live-on');
            await until('it is forgotten', () => !revocation.canUndo);
            await assert.rejects(revocation.undo(), reason('undo-expired'));
            assert.equal((await readAcceptedTokens(gitDir)).length, 0);
        });
    });

    it('restarts nothing where there is nothing to revoke', async () => {
        await withCreds({ p2pauth: 'aaa\n' }, async gitDir => {
            const revocation = await revokeAccess(gitDir, [tokenId('zzz')], { cutSessions: () => assert.fail() });
            assert.deepEqual([revocation.revoked, revocation.sessions, revocation.canUndo], [0, 'none', false]);
        });
    });

    it('undoes while git-annex writes its file anew', async () => {
        await withCreds({ p2pauth: 'aaa\nbbb\n' }, async gitDir => {
            const file = path.join(gitDir, 'annex', 'creds', 'p2pauth');
            const revocation = await revokeAll(gitDir, { cutSessions: cut });
            assert.equal(revocation.revoked, 2);
            const writing = (async () => {
                for (let index = 0; index < 20; index++) {
                    const text = await readFile(file, 'utf8');
                    await writeFile(file, `new${index}\n${text}`);
                }
            })();
            await Promise.all([revocation.undo(), writing]);
            await revocation.undo().catch(() => undefined);
            const tokens = (await readAcceptedTokens(gitDir)).map(({ token }) => token);
            assert.ok(tokens.includes('aaa') && tokens.includes('bbb'), tokens.join());
        });
    });
});

describe('hand-made addresses', () => {
    const token = 'ab'.repeat(64);

    it('are read as people paste them', () => {
        const text = `tor-annex::${onionOf('a')}:42:${token}`;
        for (const pasted of [text, ` "${text}"\n`, `> ${text.slice(0, 70)}\r\n${text.slice(70)}`, text.toUpperCase()]) {
            const { address, text: secret } = parseHandMadeAddress(pasted);
            assert.deepEqual(address, { onion: onionOf('a'), port: 42 });
            assert.equal(secret.reveal(), text);
        }
        const refused: readonly (readonly [string, AccessReason])[] = [
            ['', 'not-an-address'],
            ['https://example.org', 'not-an-address'],
            [`tor-annex::${'a'.repeat(16)}.onion:42:${token}`, 'old-onion'],
            [`tor-annex::${onionOf('a')}:42`, 'no-token'],
            [`tor-annex::${onionOf('a')}:42:`, 'no-token'],
            [`tor-annex::${onionOf('a')}:0:${token}`, 'not-an-address'],
            [`${text}; rm -rf ~`, 'not-an-address'],
        ];
        for (const [pasted, why] of refused) {
            assert.throws(() => parseHandMadeAddress(pasted), reason(why), pasted);
        }
        fc.assert(
            fc.property(fc.string({ unit: 'binary' }), pasted => {
                try {
                    parseHandMadeAddress(pasted);
                } catch (error) {
                    assert.ok(error instanceof AccessError);
                }
            }),
        );
    });

    it('do not slip into a log or a state', () => {
        const secret = new SecretText(token);
        assert.doesNotMatch(`${secret.toString()} ${JSON.stringify({ secret })} ${inspect({ secret }, { showHidden: true })} ${String(secret)}`, /abab/u);
    });

    it('says why git-annex could not link', () => {
        // Words of git-annex 10.20230126.
        const words: readonly (readonly [string, AccessReason])[] = [
            ['git-annex: Unable to connect with peer. Please check that the peer is connected to the network, and try again. (SocksErrorConnectionRefused)', 'daemon-down'],
            ['git-annex: Unable to connect with peer. Please check that the peer is connected to the network, and try again. (SocksErrorGeneralServerFailure)', 'unreachable'],
            ['git-annex: Unable to connect with peer. Please check that the peer is connected to the network, and try again. (Network.Socket.connect: <socket: 12>: does not exist (Connection refused))', 'tor-down'],
            ['git-annex: Unable to authenticate with peer. Please check the address and try again.', 'refused'],
            ['something else', 'link-failed'],
        ];
        for (const [text, expected] of words) {
            assert.equal(failure(text), expected);
        }
    });
});

describe('access, with the real git-annex at both ends', () => {
    it('is given by hand, used, listed, taken away and given back', async function () {
        this.timeout(90_000);
        if (!(await canRunLocalOnion())) {
            this.skip();
        }
        const logged: string[] = [];
        const note = (message: string): void => void logged.push(message);
        const log: Log = { debug: note, info: note, warn: note, error: note };
        await withTemporaryFolder(async folder => {
            const onion = await LocalOnion.start(folder);
            const server = await onion.enable(await createAnnexRepository(folder, log, 'server'));
            const bob = await onion.enable(await createAnnexRepository(folder, log, 'bob'));
            const carol = await onion.enable(await createAnnexRepository(folder, log, 'carol'));
            const serve = async (): Promise<ManagedProcess> => {
                const daemon = await ManagedProcess.start({ file: server.context.programs.gitAnnex, args: ['remotedaemon', '--foreground'], cwd: server.context.root }, { log });
                await until('the daemon serves', async () => (await open().catch(() => undefined)) !== undefined);
                return daemon;
            };
            const open = async (): Promise<P2PConnection> => new P2PConnection(await connectThroughTor(server.service.onion, server.service.port, { endpoint: onion.socks, timeLimitMs: 2000 }));
            let daemon: ManagedProcess | undefined;
            try {
                await assert.rejects(makeAddress(await createAnnexRepository(folder, log, 'lonely'), 'x'), reason('no-own-address'));
                const forBob = await makeAddress(server.context, 'Bob');
                const forCarol = await makeAddress(server.context, 'Carol');
                const [bobs, carols] = [forBob.addresses[0]?.reveal() ?? '', forCarol.addresses[0]?.reveal() ?? ''];
                assert.ok(bobs.startsWith(`${server.address}:`) && bobs !== carols);
                assert.deepEqual((await readAccessList(server.context.gitDir, [])).map(({ holder }) => holder).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))), [{ kind: 'person', label: 'Bob' }, { kind: 'person', label: 'Carol' }]);

                await assert.rejects(linkPeer(bob.context, { address: bobs, name: 'server' }), reason('daemon-down'));
                server.service.reachability = 'unreachable';
                await assert.rejects(linkPeer(bob.context, { address: bobs, name: 'server' }), reason('unreachable'));
                server.service.reachability = 'up';
                daemon = await serve();
                await assert.rejects(linkPeer(server.context, { address: bobs, name: 'me' }), reason('own-address'));
                await assert.rejects(linkPeer(bob.context, { address: `${bobs.slice(0, -4)}0000`, name: 'server' }), reason('refused'));
                await assert.rejects(linkPeer(bob.context, { address: bobs, name: '-x/..' }), reason('invalid-name'));
                assert.deepEqual(peersOf(await readConfig(bob.context.programs, bob.context.root, silentLog)), []);
                assert.deepEqual(await linkPeer(bob.context, { address: `\n ${bobs}`, name: 'server' }), { name: 'server', uuid: server.context.uuid, sameAs: undefined });
                await assert.rejects(linkPeer(bob.context, { address: bobs, name: 'again' }), reason('already-linked'));
                assert.equal((await linkPeer(carol.context, { address: carols, name: 'server' })).uuid, server.context.uuid);
                assert.equal(formatTorAddress(peersOf(await readConfig(bob.context.programs, bob.context.root, silentLog))[0]?.address ?? { onion: '', port: 0 }), server.address);
                // A hand-made token is not one of two halves: it names no peer at its giver.
                const sent = [...(await readSentTokens(bob.context.gitDir)).values()][0] ?? '';
                assert.ok(!(await readAcceptedTokens(server.context.gitDir)).some(({ token }) => token === acceptedForSent(sent)));

                const bobsToken = sent;
                const carolsToken = [...(await readSentTokens(carol.context.gitDir)).values()][0] ?? '';
                const session = await open();
                await session.authenticate(bob.context.uuid, bobsToken);
                const watching = watchChanges(session, () => undefined);
                const revocation = await revokeAccess(server.context.gitDir, forBob.ids, {
                    cutSessions: async () => {
                        await daemon?.end();
                        daemon = await serve();
                        return 'cut';
                    },
                });
                assert.equal(revocation.sessions, 'cut');
                assert.equal((await watching).reason, 'closed');
                await assert.rejects((await open()).authenticate(bob.context.uuid, bobsToken), { reason: 'refused' });
                assert.equal(await (await open()).authenticate(carol.context.uuid, carolsToken), server.context.uuid);
                await revocation.undo();
                assert.equal(await (await open()).authenticate(bob.context.uuid, bobsToken), server.context.uuid);
                revocation.forget();

                // Nothing secret was logged or was in an argument list.
                for (const secret of [bobsToken, carolsToken, bobsToken.slice(0, 40)]) {
                    assert.ok(!logged.some(line => line.includes(secret)));
                }
            } finally {
                await daemon?.end();
                await onion.stop();
            }
        });
    });
});
