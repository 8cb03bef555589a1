/** git's machine-readable output, read back whatever is in a path. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { parseBlobBatch } from '../../../src/core/git/blobs';
import { Settings } from '../../../src/core/git/queries';
import { parseRawDiff } from '../../../src/core/git/rawDiff';
import { parseStatus } from '../../../src/core/git/status';

const path = fc.string({ unit: 'binary', minLength: 1 }).filter(text => !text.includes('\0'));
const hex = fc.stringMatching(/^[0-9a-f]{40}$/u);
const mode = fc.constantFrom('000000', '100644', '100755', '120000', '160000');

describe('raw diffs', () => {
    it('are read back, whatever the path', () => {
        fc.assert(fc.property(fc.array(fc.record({ path, oldMode: mode, newMode: mode, oldOid: hex, newOid: hex, status: fc.constantFrom('A', 'D', 'M', 'T') }, { noNullPrototype: true })), changes => {
            const output = changes.map(({ oldMode, newMode, oldOid, newOid, status, path: file }) => `:${oldMode} ${newMode} ${oldOid} ${newOid} ${status}\0${file}\0`).join('');
            assert.deepEqual(parseRawDiff(output), changes);
        }));
    });

    it('of another form are refused', () => {
        assert.throws(() => parseRawDiff('M\0path\0'));
    });
});

describe('status', () => {
    it('is read as git 2.39 prints it', () => {
        const output = [
            '1 .M N... 100644 100644 100644 bf55cbf140175aae96ebd4d5bfdbbc203fa1d545 bf55cbf140175aae96ebd4d5bfdbbc203fa1d545 f1',
            '1 A. N... 000000 120000 120000 0000000000000000000000000000000000000000 bf55cbf140175aae96ebd4d5bfdbbc203fa1d545 with two  blanks',
            '1 .D N... 100644 100644 000000 bf55cbf140175aae96ebd4d5bfdbbc203fa1d545 bf55cbf140175aae96ebd4d5bfdbbc203fa1d545 gone',
            '1 .T N... 120000 120000 100644 bf55cbf140175aae96ebd4d5bfdbbc203fa1d545 bf55cbf140175aae96ebd4d5bfdbbc203fa1d545 turned',
            'u UU N... 100644 100644 100644 100644 bf55cbf140175aae96ebd4d5bfdbbc203fa1d545 bf55cbf140175aae96ebd4d5bfdbbc203fa1d545 bf55cbf140175aae96ebd4d5bfdbbc203fa1d545 both sides',
            '? new\nline',
            '',
        ].join('\0');
        assert.deepEqual(parseStatus(output), {
            changed: [
                { path: 'f1', kind: 'modified', staged: false },
                { path: 'with two  blanks', kind: 'added', staged: true },
                { path: 'gone', kind: 'deleted', staged: false },
                { path: 'turned', kind: 'type-changed', staged: false },
                { path: 'both sides', kind: 'unmerged', staged: false },
            ],
            untracked: ['new\nline'],
        });
    });

    it('keeps any path', () => {
        fc.assert(fc.property(path, file => {
            const parsed = parseStatus(`1 .M N... 100644 100644 100644 ${'0'.repeat(40)} ${'0'.repeat(40)} ${file}\0? ${file}\0`);
            assert.deepEqual([parsed.changed[0]?.path, parsed.untracked[0]], [file, file]);
        }));
    });
});

describe('blobs in a batch', () => {
    const oidOf = (content: string): string => createHash('sha1').update(`blob ${Buffer.byteLength(content)}\0`).update(content).digest('hex');
    const record = (content: string): string => `${oidOf(content)} blob ${Buffer.byteLength(content)}\n${content}\n`;

    it('are cut out, whatever they contain', () => {
        fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' })), contents => {
            const parsed = parseBlobBatch(contents.map(record).join(''), contents.map(oidOf));
            for (const content of contents) {
                assert.equal(parsed.get(oidOf(content)), content);
            }
        }));
    });

    it('are not believed where one was made to look like several', () => {
        const victim = '../../etc/passwd';
        const harmless = '.git/annex/objects/x/y/KEY/KEY';
        // A blob that is not UTF-8 loses bytes on the way here, and carries a header of the next with another content.
        const awkward = `\u{fffd}\n${oidOf(victim)} blob ${harmless.length}\n${harmless}\n`;
        const output = `${oidOf('anything')} blob 3\n${awkward}\n${record(victim)}`;
        const parsed = parseBlobBatch(output, [oidOf('anything'), oidOf(victim)]);
        assert.notEqual(parsed.get(oidOf(victim)), harmless);
        assert.equal(parsed.get(oidOf('anything')), undefined);
    });
});

describe('settings', () => {
    it('are read as git takes them', () => {
        const settings = new Settings('core.bare\nfalse\0annex.on\0remote.peer 1.url\ntor-annex::x\0remote.a.annex-pull\nNo\0remote.a.annex-pull\nyes\0odd.value\nmaybe\0');
        assert.deepEqual([settings.flag('core.bare'), settings.flag('annex.on'), settings.flag('remote.a.annex-pull'), settings.flag('odd.value'), settings.flag('not.there')], [false, true, true, undefined, undefined]);
        assert.deepEqual(settings.remotes(), ['a', 'peer 1']);
    });
});
