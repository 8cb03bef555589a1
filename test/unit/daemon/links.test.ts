import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Links } from '../../../src/core/daemon/links';
import { parseDaemonLine } from '../../../src/core/daemon/protocol';
import { LineSplitter } from '../../../src/core/process/lines';

const word = fc.constantFrom('CONNECTED', 'DISCONNECTED', 'SYNCING', 'DONESYNCING', 'WARNING', 'NEW', '');
const line = fc.oneof(
    fc.tuple(word, fc.constantFrom('a', 'b', 'c'), fc.constantFrom('', ' 1', ' 0', ' 2', ' x')).map(([name, uri, rest]) => `${name} ${uri}${rest}`),
    fc.string({ unit: 'binary' }),
);

function play(lines: readonly string[]): { links: Links; changes: number } {
    const links = new Links();
    let changes = 0;
    lines.forEach((text, at) => (changes += links.take(parseDaemonLine(text), at) ? 1 : 0));
    return { links, changes };
}

const shown = (links: Links): unknown => [...links.all].map(([uri, { link }]) => [uri, link]).sort();

describe('the links of peers', () => {
    it('are the same however often a line is repeated', () => {
        fc.assert(
            fc.property(fc.array(line), fc.integer({ min: 2, max: 4 }), (lines, times) => {
                const once = play(lines);
                const often = play(lines.flatMap(text => Array.from({ length: times }, () => text)));
                assert.deepEqual(shown(often.links), shown(once.links));
                assert.equal(often.changes, once.changes, 'a repeated line changes nothing');
            }),
        );
    });

    it('are the same however the text is cut in pieces, and whatever stands between the lines', () => {
        const clean = fc.tuple(word, fc.constantFrom('a', 'b'), fc.constantFrom('', ' 1')).map(([name, uri, rest]) => `${name} ${uri}${rest}`);
        fc.assert(
            fc.property(fc.array(clean), fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (lines, cuts) => {
                const text = lines.map(one => `${one}\n\r\nnonsense\n`).join('');
                const read: string[] = [];
                const splitter = new LineSplitter(one => read.push(one));
                for (let at = 0, cut = 0; at < text.length; cut++) {
                    const length = cuts[cut % cuts.length] ?? 1;
                    splitter.push(text.slice(at, at + length));
                    at += length;
                }
                assert.deepEqual(shown(play(read).links), shown(play(lines).links));
            }),
        );
    });

    it('stay as they were while a pause of ours cuts them, and are lost only if they do not come back', () => {
        const links = new Links();
        for (const uri of ['a', 'b']) {
            links.take({ kind: 'connected', uri }, 1);
        }
        links.hold();
        for (const uri of ['a', 'b']) {
            assert.equal(links.take({ kind: 'disconnected', uri }, 2), false);
        }
        links.take({ kind: 'connected', uri: 'a' }, 3);
        assert.equal(links.settle(4), true);
        assert.deepEqual([...links.all].map(([uri, { link, since }]) => [uri, link, since]), [['a', 'connected', 1], ['b', 'disconnected', 4]]);
        assert.equal(links.settle(5), false);
        assert.equal(links.take({ kind: 'disconnected', uri: 'a' }, 6), true);
    });

    it('are bounded in number', () => {
        assert.equal(play(Array.from({ length: 5000 }, (_, index) => `CONNECTED ${index}`)).links.all.size, 2000);
    });

    it('tell how long git-annex would wait: longer after each loss and the longer the peer is gone, never beyond an hour', () => {
        const { links } = play(['CONNECTED a', 'CONNECTED b', ...Array.from({ length: 7 }, () => 'DISCONNECTED b').flatMap(text => [text, 'CONNECTED b']), 'DISCONNECTED b']);
        assert.equal(links.innerWait('a', 0, 10_000_000), 0);
        assert.equal(links.innerWait('b', 0, 20), 256_000);
        assert.equal(links.innerWait('b', 0, 1_800_000) > 1_700_000, true);
        assert.equal(links.innerWait('b', 0, 100_000_000), 3_600_000);
        assert.equal(links.innerWait('never seen', 1000, 61_000), 60_000);
    });

    it('tell of a fetch that lasts too long from its first word on', () => {
        const { links } = play(['SYNCING a', 'SYNCING a', 'SYNCING a']);
        assert.deepEqual(links.fetchingLongerThan(100, 100), []);
        assert.deepEqual(links.fetchingLongerThan(100, 101), ['a']);
    });

    it('measure a fetch by a clock that nobody sets, and show the time of day', () => {
        const links = new Links();
        const day = 86_400_000;
        links.take({ kind: 'syncing', uri: 'a' }, 1000, 9 * day);
        assert.equal(links.all.get('a')?.since, 9 * day);
        // The time of day went back to the first, and comes up to the same day again.
        assert.deepEqual(links.fetchingLongerThan(500, 1400), []);
        assert.deepEqual(links.fetchingLongerThan(500, 1501), ['a']);
    });
});
