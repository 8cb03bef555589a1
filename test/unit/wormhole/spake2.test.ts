/** SPAKE2 against the published vectors of python-spake2 (`test_compat.py`, `test_group.py`) and its properties. */
import assert from 'node:assert/strict';
import { ED25519_TORSION_SUBGROUP, ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { ascii, concat, fromHex, textToBytes, toHex, type Bytes } from '../../../src/core/wormhole/bytes';
import { WormholeError } from '../../../src/core/wormhole/errors';
import { arbitraryElement, finalizeSymmetric, groupOrder, passwordToScalar, randomScalar, Spake2 } from '../../../src/core/wormhole/spake2';

const hex = (text: string): Bytes => fromHex(text) ?? assert.fail('not hex');
const littleEndian = (scalar: bigint): string => toHex(hex(scalar.toString(16).padStart(64, '0')).reverse());
const none = new Uint8Array(0);

describe('wormhole: SPAKE2', () => {
    it('maps passwords to scalars', () => {
        assert.equal(littleEndian(passwordToScalar(hex('7077'))), 'cf090b60384cb818b12c8d972dfbaf910c0c7295c5cfe560e508f5f062f3960f');
        assert.equal(littleEndian(passwordToScalar(hex('0001feff'))), 'e86622bb57ea0f6f9f963354f2973a43a9e981901a478e6478682374441b0c04');
    });

    it('finds elements of unknown logarithm, among them the blinding element', () => {
        assert.equal(toHex(arbitraryElement(ascii('A'))), '4637592ae2914247de5804be805867266ccac99c635df8077dcdc1d72becf354');
        assert.equal(toHex(arbitraryElement(ascii('B'))), '88228ee4046ba5d5fa2f23a0480a99efb1a9554ce50153d69330928215d50775');
        assert.equal(toHex(arbitraryElement(ascii('symmetric'))), '6f00dae87c1be1a73b5922ef431cd8f57879569c222d22b1cd71e8546ab8e6f1');
    });

    it('hashes the transcript in byte order, whichever message is whose', () => {
        const [x, y] = [ascii('X_msg'), ascii('Y_msg')];
        for (const [first, second] of [[x, y], [y, x]] as const) {
            assert.equal(toHex(finalizeSymmetric(ascii('idSymmetric'), first, second, ascii('K_bytes'), ascii('pw'))), '330a7ce7bb010fea7dae7e15b2261315403ab5dc269e461f6eb1cc6566620790');
        }
    });

    it('makes the published exchange', () => {
        const one = new Spake2(ascii('password'), none, 6601150837011846005720834948563537662256676972280546138388006787073706296245n);
        const two = new Spake2(ascii('password'), none, 693814194980515160834879896731038845988522505359288193898756119049258421098n);
        assert.equal(toHex(one.message), '5308f692d38c4034ad6e2e1054c469ca1dbe990bcaec4bbd3ad78c7d968eadd0b3');
        assert.equal(toHex(two.message), '5329e2d5f9b7a53e609204115c6458921b0bb27419ce82a27679fc5961002897df');
        const key = '9c4fccaa3f0740615cee6fd10ed5d3a311b91b5bdc65f53e4ea7cb2fe8aa96eb';
        assert.equal(toHex(one.finish(two.message)), key);
        assert.equal(toHex(two.finish(one.message)), key);
    });

    it('hashes all 32 bytes of a shared element that ends in zero', () => {
        const side = new Spake2(ascii('20080-1e9a8c72-x'), ascii('lothar.com/wormhole/text-or-file-xfer'), 5077189184660307512536382089099628788614582828601114480960468993845008337141n);
        assert.equal(toHex(side.message.slice(1)), '09d1fa71f9d66ac26c447b1454d0a1ab9c6ad82717041128e87d0d27bf854349');
        assert.equal(toHex(side.finish(hex('5335d54e1304a620e4224dbfde40ac454e474d395866c3384a54cd1bfc535cfe86'))), '965e76e90d210c7536b47fc4f0dcaa485e4cfd3997ed8e868ff73d8b9e7a999b');
    });

    const refusals: Record<string, string> = {
        'all zero, of order 4': `53${'00'.repeat(32)}`,
        'the identity': `5301${'00'.repeat(31)}`,
        'the point of order 2': `53ec${'ff'.repeat(30)}7f`,
        'a point of order 8': '5326e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
        'another point of order 8': '53c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
        'a point off the curve': `5302${'00'.repeat(31)}`,
        'a coordinate that is not reduced': `53ee${'ff'.repeat(30)}7f`,
        'no bytes': '',
        'a byte too few': `53${'11'.repeat(31)}`,
        'a byte too many': `5308f692d38c4034ad6e2e1054c469ca1dbe990bcaec4bbd3ad78c7d968eadd0b300`,
        'side A': '4108f692d38c4034ad6e2e1054c469ca1dbe990bcaec4bbd3ad78c7d968eadd0b3',
    };
    for (const [name, message] of Object.entries(refusals)) {
        it(`refuses ${name}`, () => {
            const side = new Spake2(ascii('7-alkali-assume'), ascii('test'));
            assert.throws(() => side.finish(hex(message)), (error: unknown) => error instanceof WormholeError && error.reason === 'hostile-key-exchange');
        });
    }

    it('refuses a point that has the right part and a part of small order', () => {
        const honest = ed25519.Point.fromBytes(new Spake2(ascii('password'), none).message.slice(1));
        for (const torsion of ED25519_TORSION_SUBGROUP.map(encoded => ed25519.Point.fromHex(encoded)).filter(point => !point.is0())) {
            const mixed = concat(ascii('S'), honest.add(torsion).toBytes());
            assert.throws(() => new Spake2(ascii('password'), none).finish(mixed), (error: unknown) => error instanceof WormholeError && error.reason === 'hostile-key-exchange');
        }
        new Spake2(ascii('password'), none).finish(concat(ascii('S'), honest.toBytes()));
    });

    it('refuses its own message, a second message, and one that forces the key', () => {
        const isHostile = (error: unknown): boolean => error instanceof WormholeError && error.reason === 'hostile-key-exchange';
        const side = new Spake2(ascii('password'), none);
        assert.throws(() => side.finish(side.message), isHostile);
        const other = new Spake2(ascii('password'), none);
        assert.throws(() => side.finish(other.message), isHostile, 'one guess, also after a refused one');
        // A side that knows the password and takes zero for its scalar sends the blinding alone.
        const zero = new Spake2(ascii('password'), none, 0n);
        assert.throws(() => new Spake2(ascii('password'), none).finish(zero.message), isHostile);
    });

    it('agrees for equal passwords and ids, and never otherwise', () => {
        fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string({ unit: 'grapheme' }), (password, id, otherPassword) => {
            const [a, b, c] = [new Spake2(textToBytes(password), textToBytes(id)), new Spake2(textToBytes(password), textToBytes(id)), new Spake2(textToBytes(otherPassword), textToBytes(id))];
            const key = toHex(a.finish(b.message));
            assert.equal(toHex(b.finish(a.message)), key);
            assert.equal(toHex(c.finish(a.message)) === key, false);
        }), { numRuns: 25 });
    });

    it('draws scalars in range', () => {
        fc.assert(fc.property(fc.constant(0), () => {
            const scalar = randomScalar();
            return scalar > 0n && scalar < groupOrder;
        }));
    });
});
