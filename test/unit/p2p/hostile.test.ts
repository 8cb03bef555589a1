/** What the client does when the other end lies, floods, stalls or hangs up. */
import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { P2PConnection } from '../../../src/core/p2p/connection';
import { P2PError } from '../../../src/core/p2p/errors';
import { answering, withOtherEnd } from './support/scripted';

function reason(expected: string): (error: unknown) => boolean {
    return error => error instanceof P2PError && error.reason === expected;
}

const content = (bytes: Buffer[]) => ({ key: 'K', consume: (piece: Buffer) => void bytes.push(piece) });

describe('p2p connection, with a hostile other end', () => {
    it('understands answers however they are cut', async () => {
        const answers = Buffer.from('AUTH-SUCCESS their-uuid\r\nVERSION 1\nDATA 11\nhello\nworldVALID\nSUCCESS\nALREADY-HAVE\n');
        await fc.assert(
            fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 30 }), async cuts => {
                await withOtherEnd(
                    socket => {
                        socket.setNoDelay(true);
                        void (async () => {
                            let at = 0;
                            for (const cut of [...cuts, answers.length]) {
                                socket.write(answers.subarray(at, at + cut));
                                at += cut;
                                await nextTurn();
                            }
                        })();
                    },
                    async stream => {
                        const connection = new P2PConnection(stream);
                        assert.equal(await connection.authenticate('me', 'token'), 'their-uuid');
                        assert.equal(await connection.negotiate(4), 1);
                        const pieces: Buffer[] = [];
                        const result = await connection.get(content(pieces));
                        assert.equal(Buffer.concat(pieces).toString(), 'hello\nworld');
                        assert.equal(result.validity, 'unchanged');
                        assert.equal(await connection.checkPresent('K'), true);
                        assert.equal((await connection.put({ key: 'K', size: 0, content: () => [] })).outcome, 'already-there');
                    },
                );
            }),
            { numRuns: 15 },
        );
    });

    const breaches: readonly (readonly [string, readonly (string | Uint8Array | undefined)[], (connection: P2PConnection) => Promise<unknown>, string])[] = [
        ['an answer out of turn', ['SUCCESS\n'], connection => connection.authenticate('me', 't'), 'protocol'],
        ['words that are none', ['AUTH-SUCCESS\n'], connection => connection.authenticate('me', 't'), 'protocol'],
        ['binary rubbish', [Buffer.from([0xff, 0xfe, 0x00, 0x0a])], connection => connection.checkPresent('K'), 'protocol'],
        ['a version higher than asked for', ['VERSION 9\n'], connection => connection.negotiate(4), 'protocol'],
        ['a negative length', ['DATA -5\n'], connection => connection.get(content([])), 'protocol'],
        ['a length beyond all numbers', [`DATA ${'9'.repeat(40)}\n`], connection => connection.get(content([])), 'protocol'],
        ['a line without an end', ['x'.repeat(200_000)], connection => connection.checkPresent('K'), 'protocol'],
        ['hanging up', [undefined], connection => connection.checkPresent('K'), 'closed'],
        ['stopping within a line', ['SUCC'], connection => connection.checkPresent('K', { timeLimitMs: 50 }), 'time-limit'],
        ['silence', [''], connection => connection.checkPresent('K', { timeLimitMs: 50 }), 'time-limit'],
        ['less content than announced', ['DATA 10\nabc'], connection => connection.get(content([]), { timeLimitMs: 50 }), 'time-limit'],
        ['something else than a verdict', ['DATA 0\nDATA 0\n'], async connection => connection.get(content([])), 'protocol'],
    ];
    for (const [what, script, ask, expected] of breaches) {
        it(`${expected} for ${what}; the connection is closed`, async () => {
            await withOtherEnd(answering(['VERSION 1\n', ...script]), async stream => {
                const connection = new P2PConnection(stream);
                await connection.negotiate(1);
                await assert.rejects(ask(connection), reason(expected));
                assert.equal(connection.isOpen, false);
                await assert.rejects(connection.checkPresent('K'), P2PError);
            });
        });
    }

    it('does not let a flood that nobody asked for into memory', async () => {
        let written = 0;
        await withOtherEnd(
            socket => {
                const piece = Buffer.alloc(1 << 16, 'x');
                const flood = (): void => {
                    while (!socket.destroyed && written < 64 << 20 && socket.write(piece)) {
                        written += piece.length;
                    }
                };
                socket.on('drain', flood);
                flood();
            },
            async stream => {
                const connection = new P2PConnection(stream);
                // Long enough for all of it to come through, if it were let.
                await assert.rejects(connection.checkPresent('K', { timeLimitMs: 500 }), P2PError);
                assert.ok(written < 8 << 20, `${written} bytes`);
            },
        );
    });

    it('reads no faster than the content is consumed', async () => {
        const length = 32 << 20;
        let written = 0;
        await withOtherEnd(
            socket => {
                socket.once('data', () => {
                    socket.write(`DATA ${length}\n`);
                    const piece = Buffer.alloc(1 << 16);
                    const send = (): void => {
                        while (!socket.destroyed && written < length && socket.write(piece)) {
                            written += piece.length;
                        }
                    };
                    socket.on('drain', send);
                    send();
                });
            },
            async stream => {
                const connection = new P2PConnection(stream);
                let checked = false;
                await connection
                    .get({
                        key: 'K',
                        stopAfter: 1 << 20,
                        consume: async (_bytes, { received }) => {
                            for (let turn = 0; turn < 200; turn++) {
                                await nextTurn();
                            }
                            checked = true;
                            assert.ok(written - received < 4 << 20, `${written} written, ${received} consumed`);
                        },
                    });
                assert.ok(checked);
            },
        );
    });

    it('shows no control character of an error', async () => {
        await withOtherEnd(answering(['ERROR \u001b[31m\u202eevil\n']), async stream => {
            const connection = new P2PConnection(stream);
            await assert.rejects(connection.checkPresent('K'), error => error instanceof P2PError && error.reason === 'remote-error' && /^[^\p{Cc}\p{Cf}]*$/u.test(error.detail));
        });
    });

    it('sends what cannot be said to nobody', async () => {
        const asked: string[] = [];
        await withOtherEnd(answering(['SUCCESS\n'], asked), async stream => {
            const connection = new P2PConnection(stream);
            await assert.rejects(connection.checkPresent('K\nREMOVE other'), RangeError);
            assert.equal(await connection.checkPresent('K'), true);
            assert.deepEqual(asked, ['CHECKPRESENT K']);
        });
    });
});
