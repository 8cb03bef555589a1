/** The client against the real git-annex at the other end. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { CancelledError } from '../../../src/core/errors';
import { silentLog } from '../../../src/core/log';
import { P2PConnection } from '../../../src/core/p2p/connection';
import { P2PError } from '../../../src/core/p2p/errors';
import { watchChanges } from '../../../src/core/p2p/watch';
import { runOrThrow } from '../../../src/core/process/run';
import { canRunLocalOnion } from '../../support/localOnion/localOnion';
import { RealPeer } from './support/realPeer';

const ownUuid = '11111111-2222-3333-4444-555555555555';
const token = 'ab'.repeat(64);

function reason(expected: string): (error: unknown) => boolean {
    return error => error instanceof P2PError && error.reason === expected;
}

describe('p2p connection, with the real git-annex', function () {
    this.timeout(60_000);
    let folder: string | undefined;
    let peer: RealPeer;

    before(async function () {
        if (!(await canRunLocalOnion())) {
            this.skip();
        }
        folder = await mkdtemp(path.join(os.tmpdir(), 'annex-peers-test-'));
        peer = await RealPeer.start(folder, [token, 'cd'.repeat(64)]);
    });
    after(async () => {
        if (folder !== undefined) {
            await peer.stop();
            await rm(folder, { recursive: true, force: true, maxRetries: 3 });
        }
    });

    async function connect(version?: number): Promise<P2PConnection> {
        const connection = new P2PConnection(await peer.connect());
        await connection.authenticate(ownUuid, token);
        if (version !== undefined) {
            await connection.negotiate(version);
        }
        return connection;
    }

    it('learns who is there, and agrees on a version', async () => {
        const connection = await connect();
        assert.equal(connection.peerUuid, peer.repository.uuid);
        const version = await connection.negotiate();
        assert.ok(version >= 1 && version <= 4, String(version));
        assert.equal(connection.version, version);
        connection.close();
    });

    it('is refused with another token, and can still show the right one', async () => {
        const connection = new P2PConnection(await peer.connect());
        await assert.rejects(connection.authenticate(ownUuid, 'ef'.repeat(64)), reason('refused'));
        assert.equal(connection.isOpen, true);
        assert.equal(await connection.authenticate(ownUuid, token.toUpperCase()), peer.repository.uuid);
        connection.close();
    });

    it('may ask nothing before it said who it is', async () => {
        const connection = new P2PConnection(await peer.connect());
        await assert.rejects(connection.checkPresent('SHA256E-s1--x'), reason('remote-error'));
        assert.equal(await connection.authenticate(ownUuid, token), peer.repository.uuid);
        connection.close();
    });

    it('asks whether content is there', async () => {
        const key = await peer.addFile('present', 'here');
        const connection = await connect(4);
        assert.equal(await connection.checkPresent(key), true);
        assert.equal(await connection.checkPresent(`SHA256E-s5--${'0'.repeat(64)}`), false);
        await assert.rejects(connection.checkPresent('no key at all'), reason('remote-error'));
        assert.equal(await connection.checkPresent(key), true);
        connection.close();
    });

    for (const version of [0, 1]) {
        it(`receives content from any offset, in version ${version}`, async () => {
            const content = randomBytes(300_000);
            const key = await peer.addFile(`content${version}`, content);
            const connection = await connect(version);
            for (const offset of [0, 1, 150_000, 299_999, 300_000]) {
                const pieces: Buffer[] = [];
                const result = await connection.get({ key, offset, file: 'a name %', consume: bytes => void pieces.push(bytes) });
                assert.deepEqual(result, { length: content.length - offset, received: content.length - offset, validity: version === 0 ? 'unknown' : 'unchanged' });
                assert.ok(Buffer.concat(pieces).equals(content.subarray(offset)));
            }
            connection.close();
        });
    }

    it('is told of content that is not there, and goes on', async () => {
        const connection = await connect(1);
        await assert.rejects(connection.get({ key: `SHA256E-s5--${'0'.repeat(64)}`, consume: () => assert.fail() }), reason('unavailable'));
        assert.equal(await connection.checkPresent(`SHA256E-s5--${'0'.repeat(64)}`), false);
        connection.close();
    });

    it('stops after a part, refuses more than it asked for, and closes where the consumer throws', async () => {
        const key = await peer.addFile('part', randomBytes(200_000));
        const part = await connect(1);
        let received = 0;
        const result = await part.get({ key, offset: 1000, stopAfter: 5000, consume: bytes => void (received += bytes.length) });
        assert.deepEqual([received, result.received, result.length, result.validity, part.isOpen], [5000, 5000, 199_000, 'unknown', false]);

        const limited = await connect(1);
        await assert.rejects(limited.get({ key, maxLength: 100, consume: () => assert.fail() }), reason('protocol'));
        assert.equal(limited.isOpen, false);

        const throwing = await connect(1);
        await assert.rejects(
            throwing.get({
                key,
                consume: () => {
                    throw new RangeError('the disk is full');
                },
            }),
            /the disk is full/u,
        );
        assert.equal(throwing.isOpen, false);
    });

    it('stores content that matches its key, and no other', async () => {
        const content = Buffer.from('sent by the client');
        const key = `SHA256E-s${content.length}--${createHash('sha256').update(content).digest('hex')}`;
        const connection = await connect(1);
        const progress: number[] = [];
        const put = { key, size: content.length, file: 'new file', content: (offset: number) => [content.subarray(offset, 4), content.subarray(4)] };
        assert.deepEqual(await connection.put({ ...put, onProgress: sent => progress.push(sent) }), { outcome: 'stored', alsoAt: [] });
        assert.deepEqual(progress, [4, content.length]);
        assert.equal(await connection.checkPresent(key), true);
        assert.deepEqual(await connection.put(put), { outcome: 'already-there', alsoAt: [] });
        const other = `SHA256E-s${content.length}--${'1'.repeat(64)}`;
        assert.equal((await connection.put({ ...put, key: other })).outcome, 'refused');
        assert.equal(await connection.checkPresent(other), false);
        await assert.rejects(connection.put({ ...put, key: `SHA256E-s99--${'2'.repeat(64)}`, size: 99 }), RangeError);
        assert.equal(connection.isOpen, false);
    });

    it('locks content and lets it go', async () => {
        const key = await peer.addFile('locked', 'keep this');
        const connection = await connect(1);
        assert.equal(await connection.lockContent(key), true);
        await connection.unlockContent();
        assert.equal(await connection.lockContent(`SHA256E-s5--${'0'.repeat(64)}`), false);
        connection.close();
    });

    it('hears of changes, each once, and of those between two questions', async () => {
        const connection = await connect(1);
        const { root, programs } = peer.repository;
        const head = async (ref: string): Promise<string> => (await runOrThrow({ file: programs.git, args: ['rev-parse', ref], cwd: root }, { log: silentLog })).stdout.trim();
        const first = connection.waitForChange();
        await runOrThrow({ file: programs.git, args: ['commit', '-q', '--allow-empty', '-m', 'one'], cwd: root }, { log: silentLog });
        const seen = [...(await first)];
        await runOrThrow({ file: programs.git, args: ['update-ref', 'refs/heads/other', 'HEAD~1'], cwd: root }, { log: silentLog });
        const wanted = [await head('HEAD'), await head('refs/heads/other')];
        while (!wanted.every(commit => seen.includes(commit))) {
            seen.push(...(await connection.waitForChange({ timeLimitMs: 10_000 })));
        }
        assert.ok(seen.every(commit => /^[0-9a-f]{40}$/u.test(commit)));
        connection.close();
    });

    it('says what an old git-annex does not know, or uses it', async () => {
        const connection = await connect(4);
        if (connection.version >= 3) {
            assert.ok((await connection.timestamp()) >= 0);
        } else {
            await assert.rejects(connection.timestamp(), reason('unsupported'));
            await assert.rejects(connection.bypass([]), reason('unsupported'));
        }
        connection.close();
    });

    it('takes one request at a time, can be cancelled, and has time limits', async () => {
        const connection = await connect(1);
        const controller = new AbortController();
        const waiting = connection.waitForChange({ signal: controller.signal });
        await assert.rejects(connection.checkPresent('K'), reason('busy'));
        controller.abort();
        await assert.rejects(waiting, CancelledError);
        assert.equal(connection.isOpen, false);
        await assert.rejects(connection.checkPresent('K'), CancelledError);

        const slow = await connect(1);
        const untilQuiet = async (): Promise<never> => {
            // What earlier tests changed may still be told.
            for (;;) {
                await slow.waitForChange({ timeLimitMs: 50 });
            }
        };
        await assert.rejects(untilQuiet(), reason('time-limit'));
        await assert.rejects(slow.checkPresent('K'), reason('time-limit'));
    });

    it('leaves no trace at the other end', async () => {
        const state = async (): Promise<string> => {
            const { root, programs, gitDir } = peer.repository;
            const refs = await runOrThrow({ file: programs.git, args: ['for-each-ref'], cwd: root }, { log: silentLog });
            return refs.stdout + (await readFile(path.join(gitDir, 'annex', 'creds', 'p2pauth'), 'utf8'));
        };
        const before = await state();
        const connection = await connect(1);
        await connection.checkPresent('SHA256E-s1--x');
        connection.close();
        assert.equal(await state(), before);
    });

    it('is refused by a new connection at once when the token goes, while an open one stays', async () => {
        const open = await connect(1);
        const file = path.join(peer.repository.gitDir, 'annex', 'creds', 'p2pauth');
        const before = await readFile(file);
        await writeFile(file, `${'cd'.repeat(64)}\n`);
        await assert.rejects(connect(), reason('refused'));
        assert.equal(await open.checkPresent('SHA256E-s1--x'), false);
        await writeFile(file, before);
        (await connect()).close();
        open.close();
    });

    it('notices the end of the other side', async () => {
        const connection = await connect(1);
        const watching = watchChanges(connection, () => undefined);
        await peer.stopServing();
        assert.equal((await watching).reason, 'closed');
        await peer.serve();
        (await connect()).close();
    });
});
