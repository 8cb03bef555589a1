/** Reading and editing git-annex's credential files. */
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { acceptedForSent, formatPeerAddress, parseAcceptedLine, parsePeerAddress, peerTokenFile, readAcceptedTokens, readOwnAddresses, readSentToken, readSentTokens, removeAcceptedTokens } from '../../../src/core/annex/creds';
import { keepLines, linesOf } from '../../../src/core/annex/creds/editLines';

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';
const onion = fc.string({ unit: fc.constantFrom(...base32.split('')), minLength: 56, maxLength: 56 }).map(name => `${name}.onion`);
const half = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: 64, maxLength: 64 });

describe('creds', () => {
    let gitDir = '';
    const file = (name: string): string => path.join(gitDir, 'annex', 'creds', name);

    beforeEach(async () => {
        gitDir = await mkdtemp(path.join(os.tmpdir(), 'annex-peers-test-'));
        await mkdir(path.dirname(file('x')), { recursive: true });
    });
    afterEach(() => rm(gitDir, { recursive: true, force: true }));

    it('reads addresses and writes them back', () => {
        fc.assert(
            fc.property(onion, fc.integer({ min: 1, max: 65535 }), (host, port) => {
                const text = `tor-annex::${host}:${port}`;
                const address = parsePeerAddress(text);
                assert.deepEqual(address, { kind: 'tor', onion: host, port });
                assert.equal(formatPeerAddress(address), text);
                assert.equal(peerTokenFile(address), host);
            }),
        );
        assert.deepEqual(parsePeerAddress('p2p-annex::iroh:abc/def'), { kind: 'other', network: 'iroh', address: 'abc/def' });
        assert.equal(peerTokenFile({ kind: 'other', network: 'net', address: 'addr' }), 'net%3Aaddr');
        for (const text of ['', 'tor-annex::x:1', 'tor-annex::../../x.onion:1', `tor-annex::${'a'.repeat(56)}.onion:99999`, `tor-annex::${'a'.repeat(56)}.onion:80:token`, 'https://x']) {
            assert.equal(parsePeerAddress(text), undefined, text);
        }
    });

    it('knows which token is accepted from the peer to whom one is sent', () => {
        // Both ends of one real pairing of git-annex 10.20230126.
        const a = '832fa4b7b5fc90f32597c62402d42dd6898b9a9e114e44580a1b968b69cce743';
        const b = 'c8f1d8e7d74ce99cda3bd17e50405850026c9f6278a623805a687549fec98b87';
        assert.equal(acceptedForSent(a + b), b + a);
        fc.assert(fc.property(half, half, (ours, theirs) => acceptedForSent(theirs + ours) === ours + theirs));
        assert.equal(acceptedForSent(a), undefined);
    });

    it('reads the lines of old and new git-annex', () => {
        assert.deepEqual(parseAcceptedLine('ABC12'), { token: 'abc12' });
        assert.deepEqual(parseAcceptedLine('abc12 p2p-annex::iroh:x y'), { token: 'abc12', address: 'p2p-annex::iroh:x y' });
        assert.equal(parseAcceptedLine(''), undefined);
        assert.equal(parseAcceptedLine('# not a token'), undefined);
    });

    it('takes missing files for empty ones', async () => {
        assert.deepEqual(await readAcceptedTokens(gitDir), []);
        assert.deepEqual(await readOwnAddresses(gitDir), []);
        assert.equal(await removeAcceptedTokens(gitDir, () => true), 0);
        await rm(path.join(gitDir, 'annex'), { recursive: true });
        assert.equal((await readSentTokens(gitDir)).size, 0);
    });

    it('reads own addresses and the tokens that are sent', async () => {
        const host = `${'b'.repeat(56)}.onion`;
        await writeFile(file('p2paddrs'), `tor-annex::${host}:42\nrubbish\n`);
        await writeFile(file(host), 'abc');
        const [address] = await readOwnAddresses(gitDir);
        assert.ok(address !== undefined);
        assert.equal(formatPeerAddress(address), `tor-annex::${host}:42`);
        assert.equal(await readSentToken(gitDir, address), 'abc');
        assert.deepEqual([...(await readSentTokens(gitDir))], [[host, 'abc']]);
    });

    it('removes lines and leaves every other byte, mode 0600 and no temporary file', async () => {
        await writeFile(file('p2pauth'), Buffer.from('aaa\r\nbbb\n\n\xff rubbish\nccc p2p-annex::n:x\nddd', 'latin1'));
        await chmod(file('p2pauth'), 0o644);
        assert.equal(await removeAcceptedTokens(gitDir, ({ token }) => token === 'bbb' || token === 'ddd'), 2);
        assert.deepEqual(await readFile(file('p2pauth')), Buffer.from('aaa\r\n\n\xff rubbish\nccc p2p-annex::n:x\n', 'latin1'));
        assert.equal((await stat(file('p2pauth'))).mode & 0o777, 0o600);
        assert.deepEqual(await readdir(path.dirname(file('x'))), ['p2pauth']);
    });

    it('does not touch the file where nothing is to be removed', async () => {
        await writeFile(file('p2pauth'), 'aaa\nbbb');
        const before = await stat(file('p2pauth'), { bigint: true });
        assert.equal(await removeAcceptedTokens(gitDir, ({ token }) => token === 'x'), 0);
        const after = await stat(file('p2pauth'), { bigint: true });
        assert.deepEqual([after.ino, after.mtimeNs], [before.ino, before.mtimeNs]);
    });

    it('keeps any text byte for byte but for the lines that go', () => {
        fc.assert(
            fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary' }).map(text => text.replaceAll('\n', '')), fc.boolean())), fc.boolean(), (lines, newline) => {
                const text = lines.map(([line]) => line).join('\n') + (newline && lines.length > 0 ? '\n' : '');
                assert.equal(linesOf(text).join(''), text);
                assert.equal(keepLines(text, () => true).text, text);
                const gone = new Set(lines.filter(([, goes]) => goes).map(([line]) => line));
                const kept = keepLines(text, line => !gone.has(line));
                assert.deepEqual(linesOf(kept.text), linesOf(text).filter(line => !gone.has(line.replace(/\n$/u, ''))));
            }),
        );
    });

    it('loses no line that another program adds at the same time', async () => {
        await writeFile(file('p2pauth'), Array.from({ length: 50 }, (_, index) => `old${index}\n`).join(''));
        const adding = (async () => {
            for (let index = 0; index < 50; index++) {
                // As git-annex does it: read, and write the whole file anew.
                const text = await readFile(file('p2pauth'), 'utf8');
                await writeFile(file('p2pauth'), `new${index}\n${text}`);
                await new Promise(resolve => setImmediate(resolve));
            }
        })();
        const removing = (async () => {
            for (let index = 0; index < 50; index++) {
                await removeAcceptedTokens(gitDir, ({ token }) => token === `old${index}`);
            }
        })();
        await Promise.all([adding, removing]);
        const left = (await readAcceptedTokens(gitDir)).map(({ token }) => token);
        // A rewriting program may bring a removed line back; what must never happen is that an added one is lost.
        assert.equal(left.filter(token => token.startsWith('new')).length, 50, left.join(' '));
    });
});
