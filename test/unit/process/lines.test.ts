import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LineSplitter } from '../../../src/core/process/lines';

function split(pieces: readonly string[], maxLineLength?: number): string[] {
    const lines: string[] = [];
    const splitter = new LineSplitter(line => lines.push(line), maxLineLength);
    for (const piece of pieces) {
        splitter.push(piece);
    }
    splitter.end();
    return lines;
}

describe('LineSplitter', () => {
    it('gives the same lines however the text is cut', () => {
        fc.assert(
            fc.property(fc.array(fc.stringMatching(/^[^\r\n]*$/u)), fc.array(fc.integer({ min: 1, max: 5 })), fc.constantFrom('\n', '\r\n'), (lines, cuts, lineBreak) => {
                const text = lines.map(line => line + lineBreak).join('');
                const pieces: string[] = [];
                let rest = text;
                for (const cut of cuts) {
                    pieces.push(rest.slice(0, cut));
                    rest = rest.slice(cut);
                }
                assert.deepEqual(split([...pieces, rest]), lines);
            }),
        );
    });

    it('takes a carriage return alone as the end of a line, as progress meters write it', () => {
        assert.deepEqual(split(['10%\r20%\r100%\n']), ['10%', '20%', '100%']);
    });

    it('gives out a last line without a line break', () => {
        assert.deepEqual(split(['Enter code: ']), ['Enter code: ']);
    });

    it('cuts a line of a megabyte and goes on with the next one', () => {
        assert.deepEqual(split(['x'.repeat(1_000_000), 'y\nnext\n'], 10), ['x'.repeat(10), 'next']);
    });
});
