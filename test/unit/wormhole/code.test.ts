/** Codes: making, reading what people type, refusing the rest. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isNameplate, makeCode, parseCode, wordsFor } from '../../../src/core/wormhole/code';
import { WormholeError } from '../../../src/core/wormhole/errors';

const isInvalid = (error: unknown): boolean => error instanceof WormholeError && error.reason === 'invalid-code';

describe('wormhole: codes', () => {
    it('names the bytes as the others do, odd column first', () => {
        assert.equal(wordsFor(Uint8Array.of(0x04, 0x10)), 'alkali-assume');
        assert.equal(wordsFor(Uint8Array.of(0, 0, 255, 255)), 'adroitness-aardvark-yucatan-zulu');
    });

    it('makes codes that it reads, with as many words as wanted', () => {
        fc.assert(fc.property(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: 1, max: 16 }), (nameplate, words) => {
            const code = makeCode(String(nameplate), words);
            assert.equal(code.split('-').length, words + 1);
            assert.deepEqual(parseCode(code), { code, nameplate: String(nameplate) });
            assert.equal(parseCode(`  ${code.replaceAll('-', ' ').toUpperCase()}\n`).code, code);
        }));
    });

    it('is 16 bits for two words', () => {
        const seen = new Set<string>();
        for (let high = 0; high < 256; high++) {
            for (let low = 0; low < 256; low++) {
                seen.add(wordsFor(Uint8Array.of(high, low)));
            }
        }
        assert.equal(seen.size, 65_536);
    });

    it('keeps the case of codes of people\'s own making', () => assert.equal(parseCode('12-Kräuter-Tee').code, '12-Kräuter-Tee'.normalize('NFC')));

    it('puts letters and their marks together (NFC)', () => assert.equal(parseCode('1-u\u0308ber').code, '1-\u00fcber'));

    for (const typed of ['', '7', '7-', '-7-a-b', 'a-b-c', '7a-b-c', '7--', ' ', '1234567890-a-b', `7-${'a'.repeat(300)}`, '٣-a-b']) {
        it(`refuses ${JSON.stringify(typed.slice(0, 20))}`, () => assert.throws(() => parseCode(typed), isInvalid));
    }

    it('never throws anything else, and never lets a nameplate through that is not a number', () => {
        fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), typed => {
            try {
                assert.ok(isNameplate(parseCode(typed).nameplate));
            } catch (error) {
                assert.ok(isInvalid(error));
            }
        }), { numRuns: 1000 });
    });

    it('makes no code for a nameplate that is not a number', () => assert.throws(() => makeCode('7;rm', 2), WormholeError));
});
