import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inert, inertForNotification } from '../../../src/shared/inert';

describe('inert', () => {
    it('leaves no control, bidirectional or invisible character, no second line, and no more than the limit', () => {
        fc.assert(
            fc.property(fc.string({ unit: 'binary', maxLength: 500 }), fc.integer({ min: 2, max: 300 }), (text, limit) => {
                const shown = inert(text, limit);
                assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
                assert.ok(Array.from(shown).length <= limit);
            }),
        );
    });

    it('keeps ordinary names as they are', () => {
        for (const name of ['peer1', 'Zoë’s laptop', '写真', 'a b']) {
            assert.equal(inert(name), name);
        }
    });

    it('shows what would turn text around', () => {
        assert.equal(inert('a\u202egpj.exe'), 'a\u{fffd}gpj.exe');
        assert.equal(inert('\u001b[31mred'), '\u{fffd}[31mred');
    });

    it('draws no icon', () => {
        for (const show of [inert, inertForNotification]) {
            assert.equal(show('$(check) trusted $$(x)'), '$ (check) trusted $$ (x)');
        }
    });

    it('marks what was left out, also of a megabyte of what is drawn together', () => {
        assert.equal(inert(`a${'\n'.repeat(1_000_000)}b`, 10), 'a …');
        assert.equal(inert('x'.repeat(1_000_000), 10), `${'x'.repeat(9)}…`);
    });

    it('makes no link in a notification', () => {
        const shown = inertForNotification('[click](command:evil) https://evil.example');
        assert.doesNotMatch(shown, /\]\(|command:|https:/u);
    });
});
