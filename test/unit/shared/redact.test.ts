import assert from 'node:assert/strict';
import fc from 'fast-check';
import { redact } from '../../../src/core/log';

describe('redact', () => {
    it('strikes out codes and tokens wherever they stand', () => {
        const token = fc.stringMatching(/^[a-z0-9]{128}$/u);
        const code = fc.tuple(fc.integer({ min: 1, max: 99_999 }), fc.stringMatching(/^[a-z]{4,9}$/u), fc.stringMatching(/^[a-z]{4,9}$/u)).map(([n, a, b]) => `${n}-${a}-${b}`);
        fc.assert(
            fc.property(token, code, (secret, spoken) => {
                const line = redact(`tor-annex::x.onion:5:${secret} and ${spoken}, "${spoken.toUpperCase()}"`);
                assert.ok(!line.includes(secret) && !line.toLowerCase().includes(spoken));
            }),
        );
    });

    it('makes control characters visible and keeps lines and tabs', () => {
        assert.equal(redact('a\u001b[31mb\n\tc'), 'a\\u{1b}[31mb\n\tc');
    });

    it('keeps onion addresses, uuids and dates', () => {
        const line = `tor-annex::${'a'.repeat(56)}.onion:1234 7a1f0bb6-6d0c-11ee-8c99-0242ac120002 2026-11-22`;
        assert.equal(redact(line), line);
    });
});
