/** What page and extension believe of each other. */
import '../page/vscodeStub';
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { defaultLimits } from '../../../src/core/pairing/options';
import { parseHostMessage, parsePageMessage } from '../../../src/shared/pairing/messages';
import { fill } from '../../../src/shared/pairing/texts';
import { pairingTexts } from '../../../src/ui/pairing/texts';
import { pageHtml } from '../../../src/ui/pages/pageHtml';
import { states } from './page/states';

describe('messages of the pairing page', () => {
    it('pass where they are messages', () => {
        const texts = { type: 'texts', texts: pairingTexts() };
        assert.deepEqual(parseHostMessage(texts), texts);
        for (const snapshot of Object.values(states)) {
            assert.deepEqual(parseHostMessage({ type: 'snapshot', snapshot }), { type: 'snapshot', snapshot });
        }
        for (const message of [{ type: 'ready' }, { type: 'begin', name: 'bob', consent: 'tor' }, { type: 'submit-code', code: '4-miracle-facial' }, { type: 'close' }]) {
            assert.deepEqual(parsePageMessage(message), message);
        }
    });

    it('are refused where they are not', () => {
        for (const value of [
            undefined,
            null,
            'ready',
            [],
            { type: 'ready', more: 1 },
            { type: 'begin', name: 'bob' },
            { type: 'begin', name: 'bob', consent: true },
            { type: 'begin', name: 'x'.repeat(5000), consent: 'tor' },
            { type: 'submit-code', code: 7 },
            { type: 'submit-code', code: 'x'.repeat(5000) },
            { type: '__proto__' },
        ]) {
            assert.equal(parsePageMessage(value), undefined, JSON.stringify(value));
        }
        for (const value of [{ type: 'texts', texts: { title: 'x' } }, { type: 'snapshot', snapshot: { state: 'paired' } }, { type: 'snapshot', snapshot: { ...states['failed-no-code'], reason: 'x' } }]) {
            assert.equal(parseHostMessage(value), undefined, JSON.stringify(value));
        }
    });

    it('never throw', () => {
        fc.assert(
            fc.property(fc.anything({ withNullPrototype: true }), value => {
                parsePageMessage(value);
                parseHostMessage(value);
                parsePageMessage({ type: 'submit-code', code: value });
            }),
        );
    });
});

describe('texts of the pairing', () => {
    it('have something to say for every key, and places only for what is filled in', () => {
        for (const [key, text] of Object.entries(pairingTexts())) {
            assert.notEqual(text.trim(), '', key);
            assert.ok(!/\{\d+\}/u.test(fill(text, 'x')), key);
        }
    });
});

describe('the words of a pairing', () => {
    it('say of a code that was used or did not fit that it may be a mistake or an attack, and that both need new codes', () => {
        const texts = pairingTexts();
        for (const reason of ['crowded', 'wrong-code-here', 'wrong-code-there'] as const) {
            assert.match(texts[`fail-${reason}`], /typing error/u, reason);
            assert.match(texts[`fail-${reason}`], /attack/u, reason);
            assert.match(texts[`next-${reason}`], /^Both of you have to start again, with new codes/u, reason);
        }
        assert.match(texts['fail-hostile-key'], /only an attacker sends/u);
        assert.match(texts['next-hostile-key'], /new codes/u);
    });

    it('say how long a code is good, and end one that nobody answered without blame', () => {
        const texts = pairingTexts();
        assert.equal(defaultLimits.unanswered, 3_600_000);
        assert.match(texts.yourCodeHint, /for an hour at most/u);
        assert.match(texts['fail-peer-absent'], /did not come in time/u);
        assert.match(texts['next-peer-absent'], /Agree on a time, then start again/u);
    });
});

describe('the page’s document', () => {
    it('allows one script by its nonce and nothing else, anew each time', () => {
        const [one, two] = [pageHtml('https://x/"><script>', 'en"', '<b>'), pageHtml('https://x', 'en', 'b')];
        const nonce = (html: string): string | undefined => /script-src 'nonce-([A-Za-z0-9+/=]{32})'; base-uri 'none'; form-action 'none'"/u.exec(html)?.[1];
        assert.ok(nonce(one) !== undefined && nonce(two) !== undefined);
        assert.notEqual(nonce(one), nonce(two));
        assert.match(one, /content="default-src 'none'; /u);
        assert.ok(!/unsafe|https:\/\/x\/"|<b>|cspSource/u.test(one));
        assert.equal(one.match(/<script/gu)?.length, 1);
    });
});
