/** Codes as people type and paste them. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { checkCode, completeCode, editDistance, normalizeCode, usableCode } from '../../../src/shared/pairing/code';
import { evenWords, oddWords } from '../../../src/shared/pairing/wordlist';

const goodCode = fc
    .tuple(fc.integer({ min: 1, max: 999_999 }), fc.constantFrom(...oddWords), fc.constantFrom(...evenWords))
    .map(([number, odd, even]) => `${number}-${odd}-${even}`);

describe('word list', () => {
    it('has two columns of 256 words, all different, lower case and in the order of the bytes', () => {
        assert.equal(evenWords.length, 256);
        assert.equal(oddWords.length, 256);
        assert.equal(new Set([...evenWords, ...oddWords]).size, 512);
        assert.ok([...evenWords, ...oddWords].every(word => /^[a-z]+$/u.test(word)));
        // Bytes 04 and 10 are the code's words `alkali` and `assume` (magic-wormhole, _wordlist.py).
        assert.deepEqual([oddWords[0x04], evenWords[0x10]], ['alkali', 'assume']);
    });
});

describe('checkCode', () => {
    it('takes every code of the list, however it is written', () => {
        fc.assert(
            fc.property(goodCode, fc.constantFrom('-', ' ', '–', '—', ' - ', '_', '\u2011'), fc.boolean(), fc.constantFrom('', '"', '“', '.', '\n'), (code, joint, upper, quote) => {
                const written = quote + (upper ? code.toUpperCase() : code).replaceAll('-', joint) + quote;
                assert.deepEqual(checkCode(written), { kind: 'ok', code });
            }),
        );
    });

    it('says nothing is wrong while a code is typed', () => {
        fc.assert(
            fc.property(goodCode, fc.nat(), (code, cut) => {
                const check = checkCode(code.slice(0, cut % code.length));
                assert.ok(['empty', 'incomplete', 'ok'].includes(check.kind) || (check.kind === 'unknown-words' && check.typing), JSON.stringify(check));
            }),
        );
    });

    it('notices the own code, and one with the own number', () => {
        assert.deepEqual(checkCode('9 Pocketful ribcage', '9-pocketful-ribcage'), { kind: 'own', exact: true });
        assert.deepEqual(checkCode('9-pocketful-rebirth', '9-pocketful-ribcage'), { kind: 'own', exact: false });
        assert.deepEqual(checkCode('09-pocketful-rebirth', '9-pocketful-ribcage'), { kind: 'own', exact: false });
        assert.deepEqual(checkCode('4-miracle-facial', '9-pocketful-ribcage'), { kind: 'ok', code: '4-miracle-facial' });
    });

    it('suggests what was meant', () => {
        const correctionOf = (text: string): string | undefined => {
            const check = checkCode(text);
            return check.kind === 'unknown-words' ? check.correction : check.kind === 'malformed' ? check.suggestion : undefined;
        };
        assert.equal(correctionOf('4-mircale-facial'), '4-miracle-facial');
        assert.equal(correctionOf('4-miracle-fascial'), '4-miracle-facial');
        assert.equal(correctionOf('4-facial-miracle'), '4-miracle-facial');
        assert.equal(correctionOf('4-miracle-facial-see-you'), '4-miracle-facial');
        assert.equal(correctionOf('My code is 4-miracle-facial, ok?'), '4-miracle-facial');
        assert.equal(correctionOf('4-qqqqqq-facial'), undefined);
    });

    it('lets a made-up code through with a warning, as it is written', () => {
        const check = checkCode('12-Correct-Horse');
        assert.equal(check.kind, 'unknown-words');
        assert.equal(usableCode(check), '12-Correct-Horse');
    });

    it('never lets through what would not be one line of digits and words', () => {
        for (const text of ['hello', '12', '12-', '12-one', '-a-b', 'x-a-b', '1-a-b\u0000', '1-a-\u001b[2J', '1'.repeat(20) + '-a-b', '1-a-' + 'b'.repeat(500)]) {
            assert.equal(usableCode(checkCode(text)), undefined, text);
        }
        fc.assert(
            fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.boolean(), (text, number) => {
                const code = usableCode(checkCode(number ? `7-${text}` : text));
                assert.ok(code === undefined || /^\d{1,9}(?:-[^-\s\p{C}]+){2,}$/u.test(code));
            }),
            { numRuns: 2000 },
        );
    });

    it('normalises once and for all', () => {
        fc.assert(fc.property(fc.string({ unit: 'grapheme' }), text => assert.equal(normalizeCode(normalizeCode(text)), normalizeCode(text))), { numRuns: 1000 });
    });
});

describe('completeCode', () => {
    it('completes each word from its column', () => {
        assert.deepEqual(completeCode('4-mir'), ['4-miracle-']);
        assert.deepEqual(completeCode('4-miracle-fac'), ['4-miracle-facial']);
        assert.deepEqual(completeCode('4-miracle-facial'), []);
        assert.deepEqual(completeCode('4'), []);
        assert.deepEqual(completeCode('x-mir'), []);
        assert.equal(completeCode('4-').length, 6);
    });

    it('only offers what leads to a code of the list', () => {
        fc.assert(
            fc.property(goodCode, fc.nat(), (code, cut) => {
                const typed = code.slice(0, cut % code.length);
                for (const text of completeCode(typed)) {
                    assert.ok(text.startsWith(typed));
                    const complete = text.endsWith('-') ? completeCode(text)[0] : text;
                    assert.equal(checkCode(complete ?? '').kind, 'ok');
                }
            }),
        );
    });
});

describe('editDistance', () => {
    it('is a distance up to its limit', () => {
        const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
        fc.assert(fc.property(word, word, (a, b) => editDistance(a, b, 3) === editDistance(b, a, 3) && (editDistance(a, b, 3) === 0) === (a === b)));
        assert.equal(editDistance('mircale', 'miracle', 2), 1);
        assert.equal(editDistance('abc', 'xyz', 2), 3);
    });
});
