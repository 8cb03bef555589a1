/** Derived keys against vectors computed with python magic-wormhole, and the box's properties. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ascii, toHex } from '../../../src/core/wormhole/bytes';
import { phaseKey, seal, transitKey, transitSubkey, unseal, verifier } from '../../../src/core/wormhole/keys';

const key = ascii('k'.repeat(32));
const bytes = (size: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: size, maxLength: size });

describe('wormhole: keys', () => {
    it('derives what the others derive', () => {
        assert.equal(toHex(transitSubkey(key, 'transit_sender')), 'c8589e2951756317f5c6c5a866cffafcea2081c839961bfa4aacd66c07fc49eb');
        assert.equal(toHex(transitSubkey(key, 'transit_receiver')), '2fc8acf6dac53f14f1e81d49922dfa5fee4f33160649d6baed8ce271545a3163');
        assert.equal(toHex(transitSubkey(key, 'transit_relay_token')), '3f4147851dbd2589d25b654ee9fb35ed0d3e5f19c5c5403e8e6a195c70f0577a');
        assert.equal(toHex(transitSubkey(key, 'transit_record_sender_key')), 'fa95477dd7f236b237331af5ff4faf75f8f994a7288b11c22ac0497dac4de5e9');
        assert.equal(toHex(transitSubkey(key, 'transit_record_receiver_key')), '57605a69270903078cafee5fa44a00894313059b7158632adc6b632a0113ee6d');
        assert.equal(toHex(transitKey(key)), '69f66290d8d683f5bdaac982abbcd3ae38bfdd2ad50ea8772045f7e52c205acd');
        assert.equal(toHex(verifier(key)), 'c5010a99a9c4216ed762e5ef6caf97b9e5afc1565ed1004918715abf384274ba');
        assert.equal(toHex(phaseKey(key, '0011223344', 'version')), 'cf7c3b36fdfe5d2022176761f606c96ae714918ba8caca31a6a5568023a58328');
    });

    it('opens what it sealed, and nothing that was changed or sealed for another', () => {
        fc.assert(fc.property(bytes(32), fc.uint8Array({ maxLength: 300 }), fc.nat(), fc.integer({ min: 1, max: 255 }), bytes(32), (secret, plaintext, at, flip, other) => {
            const sealed = seal(secret, plaintext);
            assert.deepEqual(unseal(secret, sealed), plaintext);
            const changed = sealed.slice();
            const index = at % changed.length;
            changed[index] = (changed[index] ?? 0) ^ flip;
            assert.equal(unseal(secret, changed), undefined);
            assert.equal(toHex(other) !== toHex(secret) && unseal(other, sealed) !== undefined, false);
        }));
    });

    it('opens nothing that is no box', () => {
        fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), junk => unseal(key, junk) === undefined));
    });
});
