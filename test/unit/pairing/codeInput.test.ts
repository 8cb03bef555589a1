/** What the input box says of a typed code, and when Enter uses it. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import '../hostileText/screen';
import { codeHint } from '../../../src/ui/pairing/codeInput';
import { pairingTexts } from '../../../src/ui/pairing/texts';

const texts = pairingTexts();
const own = '4-amulet-tiger';
const hint = (text: string, asked = false) => codeHint(text, own, texts, asked);

describe('a code in the input box', () => {
    it('is used when it is whole', () => {
        assert.deepEqual([hint('7-adroitness-absurd').enter, hint('7-adroitness-absurd').code], ['submit', '7-adroitness-absurd']);
        assert.equal(hint(' 7 Adroitness  absurd ').enter, 'submit');
    });

    it('is asked about again where a word is not in the list, with what was probably meant', () => {
        const found = hint('7-adroitness-absurdd', true);
        assert.deepEqual([found.enter, found.suggestion], ['confirm', '7-adroitness-absurd']);
        assert.match(found.text, /Did you mean 7-adroitness-absurd\?.*Press Enter again/u);
    });

    it('is never used where it is none, or the own one', () => {
        for (const text of ['', '7', '7-adroitness', 'hello there', own, '4-adroitness-absurd']) {
            const found = hint(text, true);
            assert.deepEqual([found.enter, found.code], ['none', undefined], text);
            assert.equal(found.severity, 'error', text);
        }
    });

    it('is completed while it is typed', () => {
        const found = hint('7-adroit');
        assert.equal(found.suggestion, '7-adroitness-');
        assert.match(found.text, /adroitness/u);
    });

    it('says something short of any text, and uses nothing but codes', () => {
        fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, asked) => {
            const found = hint(text, asked);
            assert.ok(found.text.length < 1000);
            assert.ok(found.enter === 'none' || /^\d{1,9}(?:-[^-\s]+){2,}$/u.test(found.code ?? ''));
        }));
    });
});
