/** The codecs of everything that a server or the other side sends: good messages are read, nothing makes them throw. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { displayable, fromHex, jsonFromBytes } from '../../../src/core/wormhole/bytes';
import { decodeServerMessage, encodeClientMessage } from '../../../src/core/wormhole/mailboxMessages';
import { decodeAcknowledgement, decodeTransferMessage, encodeAcknowledgement, encodeAnswer, encodeError, encodeFileOffer, encodeTextOffer, encodeTransit, maxDirectHints, maxRelayHints } from '../../../src/core/wormhole/transferMessages';

const good: readonly object[] = [
    { type: 'welcome', welcome: { motd: 'hello', current_cli_version: '0.1' }, server_tx: 1.5 },
    { type: 'welcome', welcome: { 'permission-required': { none: {}, hashcash: { bits: 6, resource: 'r' } } } },
    { type: 'allocated', nameplate: '12' },
    { type: 'claimed', mailbox: 'abcdefgh' },
    { type: 'released' },
    { type: 'message', side: 'aa', phase: 'pake', body: '00ff', server_rx: 2, id: null },
    { type: 'closed' },
    { type: 'error', error: 'crowded', orig: { type: 'claim' } },
];

/** Messages with one field of a wrong kind, and whole nonsense of the right shape. */
const mangled = fc.tuple(fc.constantFrom(...good), fc.string(), fc.jsonValue()).map(([message, key, value]) => {
    const keys = Object.keys(message);
    return { ...message, [keys[key.length % keys.length] ?? key]: value };
});

describe('wormhole: mailbox messages', () => {
    for (const message of good) {
        it(`reads ${JSON.stringify(message).slice(0, 60)}`, () => assert.equal(decodeServerMessage(JSON.stringify(message)).kind, 'message'));
    }

    it('passes over what it does not know', () => {
        for (const type of ['ack', 'pong', 'nameplates', 'later-invention', '__proto__', 'constructor']) {
            assert.equal(decodeServerMessage(JSON.stringify({ type })).kind, 'unknown');
        }
    });

    const bad: readonly unknown[] = [
        null, 1, 'x', [], {}, { type: 7 },
        { type: 'welcome' }, { type: 'welcome', welcome: 'x' }, { type: 'welcome', welcome: { 'permission-required': { hashcash: { bits: -1, resource: '' } } } },
        { type: 'welcome', welcome: { 'permission-required': { hashcash: { bits: 5, resource: 'a:b' } } } },
        { type: 'allocated', nameplate: 5 }, { type: 'allocated', nameplate: '5; rm -rf' }, { type: 'allocated', nameplate: '' },
        { type: 'claimed', mailbox: '' }, { type: 'claimed', mailbox: 'x'.repeat(300) },
        { type: 'message', side: 'aa', phase: 'pake', body: 'xyz' }, { type: 'message', side: 'aa', phase: 'pake', body: 'abc' },
        { type: 'message', side: 'ä', phase: 'pake', body: '' }, { type: 'message', side: 'aa', phase: 7, body: '' }, { type: 'message', side: null, phase: '0', body: '' },
        { type: 'error', error: {} },
    ];
    it('refuses malformed ones', () => {
        for (const message of bad) {
            assert.equal(decodeServerMessage(JSON.stringify(message)).kind, 'malformed', JSON.stringify(message));
        }
        assert.equal(decodeServerMessage('{').kind, 'malformed');
        assert.equal(decodeServerMessage('['.repeat(1_000_000)).kind, 'malformed');
    });

    it('never throws', () => {
        fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json(), mangled.map(value => JSON.stringify(value))), text => {
            assert.ok(['message', 'unknown', 'malformed'].includes(decodeServerMessage(text).kind));
        }), { numRuns: 2000 });
    });

    it('writes what the server expects', () => {
        const add: unknown = JSON.parse(encodeClientMessage({ type: 'add', phase: '0', body: Uint8Array.of(1, 255) }));
        assert.ok(typeof add === 'object' && add !== null && 'id' in add);
        assert.deepEqual({ ...add, id: '' }, { id: '', type: 'add', phase: '0', body: '01ff' });
    });
});

describe('wormhole: transfer messages', () => {
    const through = (message: object): ReturnType<typeof decodeTransferMessage> => decodeTransferMessage(JSON.parse(JSON.stringify(message)));

    it('reads what it writes', () => {
        fc.assert(fc.property(fc.string(), fc.nat(), fc.string({ maxLength: 500 }), (text, size, name) => {
            assert.deepEqual(through(encodeTextOffer(text)), { offer: { kind: 'text', text } });
            assert.deepEqual(through(encodeFileOffer(name, size)), { offer: { kind: 'file', name, size } });
            assert.deepEqual(through(encodeError(text)), { error: text });
        }));
        assert.deepEqual(through(encodeAnswer('file')), { answer: 'file' });
        assert.deepEqual(through(encodeAnswer('text')), { answer: 'text' });
        const hints = { direct: [{ host: '192.0.2.1', port: 1 }], relays: [{ host: 'relay.example', port: 4001 }] };
        assert.deepEqual(through(encodeTransit(hints, ['direct-tcp-v1', 'relay-v1'])), { transit: hints });
        const hash = 'ab'.repeat(32);
        assert.equal(decodeAcknowledgement(JSON.parse(JSON.stringify(encodeAcknowledgement(hash)))), hash);
    });

    it('reads what python sends', () => {
        assert.deepEqual(through({ transit: { 'abilities-v1': [{ type: 'direct-tcp-v1' }, { type: 'relay-v1' }], 'hints-v1': [
            { type: 'direct-tcp-v1', priority: 0.0, hostname: '192.0.2.2', port: 40_001 },
            { type: 'relay-v1', hints: [{ type: 'direct-tcp-v1', priority: 2.0, hostname: 'relay.example', port: 4001 }] },
        ] } }), { transit: { direct: [{ host: '192.0.2.2', port: 40_001 }], relays: [{ host: 'relay.example', port: 4001 }] } });
        assert.deepEqual(through({ offer: { directory: { mode: 'zipfile/deflated', dirname: 'd', zipsize: 1, numbytes: 1, numfiles: 1 } } }), { offer: { kind: 'other', what: 'directory' } });
    });

    it('passes over hints that are malformed or of a kind it does not know, and bounds their number', () => {
        const hint = { type: 'direct-tcp-v1', priority: 0, hostname: '192.0.2.1', port: 5 };
        const read = (hints: unknown): unknown => decodeTransferMessage({ transit: { 'hints-v1': hints } });
        assert.deepEqual(read([{ ...hint, port: 70_000 }, { ...hint, port: '5' }, { ...hint, hostname: 7 }, { type: 'carrier-pigeon' }, null, hint]), { transit: { direct: [{ host: '192.0.2.1', port: 5 }], relays: [] } });
        const many = decodeTransferMessage({ transit: { 'hints-v1': [...Array<object>(1000).fill(hint)] } });
        assert.equal(many?.transit?.direct.length, maxDirectHints);
        const relays = decodeTransferMessage({ transit: { 'hints-v1': Array<object>(50).fill({ type: 'relay-v1', hints: Array<object>(50).fill(hint) }) } });
        assert.equal(relays?.transit?.relays.length, maxRelayHints);
        assert.equal(read('none'), undefined);
    });

    it('refuses wrong types', () => {
        for (const message of [
            null, 5, 'x', { error: 7 }, { transit: 'x' }, { transit: { 'hints-v1': {} } }, { offer: 'x' }, { offer: null }, { answer: 'ok' },
        ]) {
            assert.equal(decodeTransferMessage(message), undefined, JSON.stringify(message));
        }
        for (const file of [{ filename: 'a', filesize: -1 }, { filename: 'a', filesize: 1.5 }, { filename: 'a', filesize: '5' }, { filename: 7, filesize: 5 }, { filename: 'a', filesize: 2 ** 60 }, { filesize: 5 }]) {
            assert.deepEqual(decodeTransferMessage({ offer: { file } }), { offer: { kind: 'other', what: 'file' } });
        }
        for (const value of [{}, { ack: 'no', sha256: 'ab'.repeat(32) }, { ack: 'ok' }, { ack: 'ok', sha256: 7 }, { ack: 'ok', sha256: 'short' }]) {
            assert.equal(decodeAcknowledgement(value), undefined);
        }
    });

    it('never throws', () => {
        fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), fc.constantFrom('transit', 'offer', 'answer', 'error', 'hints-v1'), (outer, inner, key) => {
            decodeTransferMessage(outer);
            decodeTransferMessage({ [key]: inner });
            decodeTransferMessage({ transit: { 'hints-v1': inner } });
            decodeTransferMessage({ offer: { file: inner } });
            decodeAcknowledgement(inner);
        }), { numRuns: 1000 });
    });
});

describe('wormhole: text of strangers', () => {
    it('is shown on one line, without control characters, and cut', () => {
        assert.equal(displayable('a\u001b[2Jb\r\nc\u202edef\u200bg'), 'a[2Jb cdefg');
        assert.equal(displayable('x'.repeat(500)).length, 201);
        fc.assert(fc.property(fc.string({ unit: 'binary' }), text => !/[\p{C}\n]/u.test(displayable(text))));
    });

    it('is hex only if all of it is', () => {
        assert.equal(fromHex('0g'), undefined);
        assert.equal(fromHex('0'), undefined);
        assert.deepEqual(fromHex('0Aff'), Uint8Array.of(10, 255));
    });

    it('is JSON only if it is well-formed UTF-8', () => {
        assert.equal(jsonFromBytes(Uint8Array.of(0x22, 0xff, 0x22)), undefined);
        assert.equal(jsonFromBytes(Uint8Array.of(0x22, 0x61, 0x22)), 'a');
    });
});
