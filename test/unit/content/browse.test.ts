/** The tree of annexed files and what filters leave of it, against the plainest way to find both. */
import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import { entriesOf, filesAt, passing, sumOf, type ContentFilter } from '../../../src/core/content';
import { ownUuid, snapshotOf, type MadeFile } from './support/snapshots';

const part = fc.constantFrom('a', 'b', 'ab', 'a.b', 'a0', 'a-', 'é', 'B', ' ');
const made: fc.Arbitrary<readonly MadeFile[]> = fc.uniqueArray(
    fc.record({
        path: fc.array(part, { minLength: 1, maxLength: 4 }).map(parts => parts.join('/')),
        size: fc.nat(1000),
        here: fc.boolean(),
        logged: fc.uniqueArray(fc.constantFrom(ownUuid, 'one', 'two', 'weak', 'gone')),
    }),
    { selector: file => file.path, maxLength: 30 },
    // A file can't be a folder, too.
).map(files => files.filter(file => !files.some(other => other.path.startsWith(`${file.path}/`))));

const repositories = [{ uuid: 'weak', description: '', trust: 'untrusted' as const }, { uuid: 'gone', description: '', trust: 'dead' as const }];
const filter: fc.Arbitrary<ContentFilter> = fc.oneof(
    fc.constantFrom('all' as const, 'absent' as const, 'only-here' as const, 'too-few' as const, 'differs' as const).map(kind => ({ kind })),
    fc.constantFrom('one', 'two', 'weak', 'nobody').map(uuid => ({ kind: 'missing-at' as const, uuid })),
);

/** What git-annex's own matching says: `--not --in=here`, `--lackingcopies`, and so on. */
function isMeant({ here, logged }: MadeFile, asked: ContentFilter, copies: number): boolean {
    const living = logged.filter(uuid => uuid !== 'gone');
    switch (asked.kind) {
        case 'all':
            return true;
        case 'absent':
            return !here;
        case 'only-here':
            return here && living.every(uuid => uuid === ownUuid);
        case 'too-few':
            return living.filter(uuid => uuid !== 'weak').length < copies;
        case 'differs':
            return here !== living.includes(ownUuid);
        case 'missing-at':
            return !living.includes(asked.uuid);
    }
}

const latin = (text: string): string => Buffer.from(text).toString('latin1');

describe('the tree of content', () => {
    it('has every file that passes once, in its folder, and adds each folder up', () => {
        fc.assert(fc.property(made, filter, fc.nat(4), (files, asked, copies) => {
            const snapshot = snapshotOf(files, { repositories, copies });
            const passes = passing(snapshot, asked);
            const meant = files.filter(file => isMeant(file, asked, copies));
            const seen: string[] = [];
            const walk = (folder: string): void => {
                const inside = meant.filter(file => folder === '' || latin(file.path).startsWith(`${folder}/`));
                const sum = sumOf(snapshot, folder, passes);
                assert.deepEqual([sum.files, sum.here, sum.bytes, sum.bytesHere], [
                    inside.length, inside.filter(({ here }) => here).length,
                    inside.reduce((total, { size }) => total + size, 0), inside.reduce((total, { size, here }) => total + (here ? size : 0), 0),
                ]);
                for (const entry of entriesOf(snapshot, folder, passes)) {
                    assert.equal(path.posix.dirname(entry.path), folder === '' ? '.' : folder);
                    if (entry.kind === 'file') {
                        seen.push(entry.path);
                    } else {
                        const { files: count, here, bytes, bytesHere } = entry;
                        assert.deepEqual(sumOf(snapshot, entry.path, passes), { files: count, here, bytes, bytesHere });
                        walk(entry.path);
                    }
                }
            };
            walk('');
            assert.deepEqual(seen.sort(), meant.map(file => latin(file.path)).sort());
        }));
    });

    it('finds one file by its path, and those of a folder, but none that only begins alike', () => {
        const file = { size: 1, here: true, logged: [] };
        const snapshot = snapshotOf([{ ...file, path: 'a' }, { ...file, path: 'ab' }, { ...file, path: 'b/c' }, { ...file, path: 'b.c' }]);
        const all = passing(snapshot, { kind: 'all' });
        const paths = (place: string): string[] => filesAt(snapshot, place, all).map(number => snapshot.path(number));
        assert.deepEqual([paths('a'), paths('b'), paths('c'), paths('').length], [['a'], ['b/c'], [], 4]);
    });

    it('counts copies as git-annex does without a setting: one is wanted', () => {
        const snapshot = snapshotOf([{ path: 'a', size: 1, here: false, logged: [] }, { path: 'b', size: 1, here: true, logged: [ownUuid] }]);
        assert.deepEqual(filesAt(snapshot, '', passing(snapshot, { kind: 'too-few' })), [0]);
    });
});
