/** The codec of the peer-to-peer protocol: every message there and back, and nothing that smuggles in another. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { escapeFile, unescapeFile } from '../../../src/core/p2p/associatedFile';
import { formatMessage, parseMessage } from '../../../src/core/p2p/codec';
import { maxLineLength, type Message } from '../../../src/core/p2p/messages';

const word = fc.string({ unit: fc.integer({ min: 33, max: 126 }).map(code => String.fromCharCode(code)), minLength: 1, maxLength: 130 });
const words = fc.array(word, { maxLength: 5 });
const natural = fc.maxSafeNat();
const key = fc.string({ unit: 'binary', minLength: 1 }).filter(text => !/[\0\r\n]/u.test(text));
// What git-annex would read back from such a name: without "%", which eats its neighbour.
const file = fc.string({ unit: 'grapheme' }).filter(text => !/[\p{White_Space}\p{Cc}%]/u.test(text));

function record<K extends Message['kind'], T extends Record<string, unknown>>(kind: K, model: { [P in keyof T]: fc.Arbitrary<T[P]> }): fc.Arbitrary<{ kind: K } & T> {
    return fc.record(model).map(fields => ({ kind, ...fields }));
}

const message: fc.Arbitrary<Message> = fc.oneof(
    record('auth', { uuid: word, token: word }),
    record('auth-success', { uuid: word }),
    fc.constant<Message>({ kind: 'auth-failure' }),
    record('version', { version: natural }),
    record('bypass', { uuids: words }),
    record('connect', { service: fc.constantFrom('git-upload-pack' as const, 'git-receive-pack' as const) }),
    record('connect-done', { exitCode: fc.nat(255) }),
    fc.constant<Message>({ kind: 'notify-change' }),
    record('changed', { commits: words }),
    record('check-present', { key }),
    record('lock-content', { key }),
    fc.constant<Message>({ kind: 'unlock-content' }),
    record('remove', { key }),
    record('remove-before', { before: natural, key }),
    fc.constant<Message>({ kind: 'get-timestamp' }),
    record('timestamp', { seconds: natural }),
    record('get', { offset: natural, file, key }),
    record('put', { file, key }),
    record('put-from', { offset: natural }),
    record('already-have', { alsoAt: words }),
    record('success', { alsoAt: words }),
    record('failure', { alsoAt: words }),
    record('data', { length: natural }),
    fc.constant<Message>({ kind: 'data-present' }),
    record('validity', { valid: fc.boolean() }),
    record('error', { text: fc.string().map(text => text.replace(/[\r\n]/gu, '')) }),
);

describe('p2p codec', () => {
    it('reads back every message that it writes, also with "\\r" at the end', () => {
        fc.assert(
            fc.property(message, original => {
                const line = formatMessage(original);
                assert.ok(!line.includes('\n') && !line.includes('\r'), line);
                assert.deepEqual(parseMessage(line), original);
                if (original.kind !== 'error') {
                    assert.deepEqual(parseMessage(`${line}\r`), original);
                }
            }),
            { numRuns: 1000 },
        );
    });

    it('writes the lines of git-annex', () => {
        const cases: readonly (readonly [Message, string])[] = [
            [{ kind: 'auth', uuid: 'U', token: 'T' }, 'AUTH U T'],
            [{ kind: 'get', offset: 0, file: '', key: 'SHA256E-s1--a' }, 'GET 0  SHA256E-s1--a'],
            [{ kind: 'get', offset: 7, file: 'a b%c', key: 'K' }, 'GET 7 a%b%%c K'],
            [{ kind: 'put', file: 'f', key: 'K' }, 'PUT f K'],
            [{ kind: 'put-from', offset: 3 }, 'PUT-FROM 3'],
            [{ kind: 'already-have', alsoAt: [] }, 'ALREADY-HAVE'],
            [{ kind: 'already-have', alsoAt: ['a', 'b'] }, 'ALREADY-HAVE-PLUS a b'],
            [{ kind: 'success', alsoAt: ['a'] }, 'SUCCESS-PLUS a'],
            [{ kind: 'failure', alsoAt: [] }, 'FAILURE'],
            [{ kind: 'remove-before', before: 9, key: 'K' }, 'REMOVE-BEFORE 9 K'],
            [{ kind: 'validity', valid: false }, 'INVALID'],
            [{ kind: 'unlock-content' }, 'UNLOCKCONTENT'],
            [{ kind: 'connect-done', exitCode: 128 }, 'CONNECTDONE 128'],
            [{ kind: 'data-present' }, 'DATA-PRESENT'],
            [{ kind: 'bypass', uuids: ['x', 'y'] }, 'BYPASS x y'],
        ];
        for (const [value, line] of cases) {
            assert.equal(formatMessage(value), line);
        }
        assert.deepEqual(parseMessage('GET 0  K'), { kind: 'get', offset: 0, file: '', key: 'K' });
        assert.deepEqual(parseMessage('CHECKPRESENT a key with spaces'), { kind: 'check-present', key: 'a key with spaces' });
    });

    it('never writes two lines and never a word with a space, whatever it is given', () => {
        fc.assert(
            fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
                const attempts: readonly Message[] = [
                    { kind: 'auth', uuid: a, token: b },
                    { kind: 'get', offset: 0, file: a, key: b },
                    { kind: 'put', file: a, key: b },
                    { kind: 'check-present', key: a },
                    { kind: 'error', text: a },
                    { kind: 'bypass', uuids: [a, b] },
                ];
                for (const attempt of attempts) {
                    let line: string;
                    try {
                        line = formatMessage(attempt);
                    } catch (error) {
                        assert.ok(error instanceof RangeError);
                        continue;
                    }
                    assert.doesNotMatch(line, /[\r\n]/u);
                    assert.equal(parseMessage(line)?.kind, attempt.kind);
                }
            }),
        );
        for (const bad of ['K\nREMOVE other', 'K\r', '', '\0']) {
            assert.throws(() => formatMessage({ kind: 'check-present', key: bad }), RangeError);
        }
        for (const value of [-1, 1.5, NaN, 2 ** 53]) {
            assert.throws(() => formatMessage({ kind: 'data', length: value }), RangeError);
        }
    });

    it('takes any text for a message or for none, and never throws', () => {
        fc.assert(
            fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.tuple(fc.constantFrom('AUTH', 'DATA', 'GET', 'PUT', 'VERSION', 'CHANGED', 'REMOVE-BEFORE', 'TIMESTAMP'), fc.string()).map(pair => pair.join(' '))), text => {
                const parsed = parseMessage(text);
                assert.ok(parsed === undefined || typeof parsed.kind === 'string');
            }),
            { numRuns: 1000 },
        );
        for (const text of ['', ' ', 'auth a b', 'AUTH a', 'DATA', 'DATA -1', 'DATA 1e3', 'DATA 0x10', 'DATA 99999999999999999', 'DATA 9007199254740993', 'VERSION one', 'AUTH-FAILURE x', 'CONNECT git-shell', 'GET 0 f', 'GET x f K', 'CHECKPRESENT', 'PUT f', '__proto__', 'constructor x']) {
            assert.equal(parseMessage(text), undefined, text);
        }
    });

    it('keeps lines below the limit of git-annex', () => {
        assert.equal(parseMessage(`ERROR ${'x'.repeat(maxLineLength)}`), undefined);
        assert.throws(() => formatMessage({ kind: 'check-present', key: 'x'.repeat(maxLineLength) }), RangeError);
        const line = formatMessage({ kind: 'get', offset: 0, file: 'ä '.repeat(20_000), key: 'K' });
        assert.equal(line, 'GET 0  K');
    });

    it("loses no more of a file's name than git-annex does", () => {
        assert.equal(escapeFile('a b\tc\n%d'), 'a%b%c%%%d');
        assert.equal(unescapeFile('a%b%%c'), 'a_b%c');
        fc.assert(fc.property(file, name => assert.equal(unescapeFile(escapeFile(name)), name)));
        fc.assert(fc.property(fc.string({ unit: 'binary' }), name => assert.doesNotMatch(escapeFile(name), /\s/u)));
    });
});
