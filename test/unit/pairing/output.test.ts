/** What git-annex says while it pairs, as captured, in any pieces, and in the words of newer versions. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseLine, PairingOutput, type PairingEvent } from '../../../src/core/pairing/output';
import { captured, type Piece } from './fixtures';

function eventsOf(pieces: readonly Piece[]): PairingEvent[] {
    const output = new PairingOutput();
    return pieces.flatMap(([stream, text]) => (stream === 'out' ? output.push(text) : text.trimEnd().split('\n').flatMap(line => output.pushError(line))));
}

const typesOf = (pieces: readonly Piece[]): string[] => eventsOf(pieces).map(event => ('why' in event ? `${event.type}:${event.why}` : event.type));
const noise = '(using Magic Wormhole)';

describe('output of git-annex p2p --pair', () => {
    it('understands an exchange', () => {
        assert.deepEqual(
            eventsOf(captured.exchanged).filter(event => event.type !== 'unknown'),
            [
                { type: 'started', name: 'peer1' },
                { type: 'code', code: '9-pocketful-ribcage' },
                { type: 'prompt' },
                { type: 'exchanging' },
                { type: 'exchanged' },
                { type: 'retrying' },
                { type: 'retrying' },
            ],
        );
    });

    it('tells which side was given a wrong code', () => {
        assert.deepEqual(typesOf(captured.wrongHere), ['started', 'code', 'prompt', 'exchanging', 'failure:receiving', 'failed', 'failed']);
        assert.deepEqual(typesOf(captured.wrongThere), ['started', 'code', 'prompt', 'exchanging', 'failure:sending', 'failed', 'failed']);
    });

    it('understands refusals and asks for the code again', () => {
        assert.deepEqual(typesOf(captured.refused), ['started', 'code', 'prompt', 'refused:own-code', 'prompt', 'refused:form', 'prompt', 'exchanging']);
    });

    it('understands why there is no code', () => {
        assert.deepEqual(typesOf(captured.noMailbox), ['started', 'failure:sending', 'failed', 'failed']);
        assert.deepEqual(typesOf(captured.noAddress), ['failure:no-address']);
        assert.deepEqual(typesOf(captured.noWormhole), ['failure:no-wormhole']);
    });

    it('reads the name as git-annex cleaned it', () => {
        assert.deepEqual(eventsOf(captured.names).filter(event => event.type === 'started'), [{ type: 'started', name: 'Zoëx_y' }, { type: 'started', name: '_x' }]);
    });

    it('understands the words of other versions, with and without misspellings', () => {
        assert.deepEqual(parseLine('git-annex: No P2P networks are currently available.'), { type: 'failure', why: 'no-address' });
        assert.deepEqual(parseLine('That does not look like a valid pairing code. Try again...'), { type: 'refused', why: 'form' });
        assert.deepEqual(parseLine('Failed linking to pair: Unable to connect to peer1.'), { type: 'failure', why: 'linking' });
        assert.deepEqual(parseLine('error: remote peer1 already exists.'), { type: 'failure', why: 'name-taken' });
        assert.deepEqual(parseLine('fatal: remote peer1 already exists.'), { type: 'failure', why: 'name-taken' });
        assert.deepEqual(parseLine('ok'), { type: 'ok' });
        assert.deepEqual(parseLine('p2p: 1 failed'), { type: 'failed' });
    });

    it('gives the same events however the text is cut into pieces', () => {
        for (const pieces of Object.values(captured)) {
            const text = pieces.filter(([stream]) => stream === 'out').map(([, piece]) => piece).join('');
            const whole = new PairingOutput().push(text).filter(event => event.type !== 'prompt');
            fc.assert(
                fc.property(fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 12 }), cuts => {
                    const output = new PairingOutput();
                    const at = [0, ...cuts.sort((a, b) => a - b), text.length];
                    const events = at.slice(1).flatMap((end, index) => output.push(text.slice(at[index], end)));
                    assert.deepEqual(events.filter(event => event.type !== 'prompt'), whole);
                }),
                { numRuns: 50 },
            );
        }
    });

    it('takes anything without throwing, and never takes for a code what has spaces or control characters', () => {
        fc.assert(
            fc.property(fc.string({ unit: 'binary' }), text => {
                const event = parseLine(`This repository's pairing code is: ${text}`);
                return event.type !== 'code' || /^\d+(?:-[^-\s\p{C}]+){2,}$/u.test(event.code);
            }),
        );
        assert.equal(parseLine(noise).type, 'unknown');
    });
});
