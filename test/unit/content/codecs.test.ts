/** Keys, location logs, journal names and the tables that hold them. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ByteTable } from '../../../src/core/content/byteTable';
import { BlobSplitter, RecordSplitter } from '../../../src/core/content/gitBytes';
import { journalFileOf, pathOfJournalFile } from '../../../src/core/content/journal';
import { escapeKey, hashDirLower, hashDirMixed, parseKeyFile, parsePointer } from '../../../src/core/content/keys';
import { LocationLogReader, unionMerge } from '../../../src/core/content/locationLog';
import { LocationSets, membersOf } from '../../../src/core/content/locationSets';
import { newestByUuid } from '../../../src/core/content/repositories';

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');

describe('git-annex\'s keys', () => {
    it('have the folders that git-annex gives them', () => {
        // `git annex examinekey --format '${hashdirlower} ${hashdirmixed}'`
        const key = bytes('SHA256E-s3--98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4');
        assert.deepEqual([hashDirLower(key), hashDirMixed(key)], ['b66/a69/', 'zQ/MQ/']);
    });

    it('come back from file names', () => {
        fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), fc.option(fc.nat(), { nil: undefined }), (name, size) => {
            const key = Buffer.concat([bytes(`WORM${size === undefined ? '' : `-s${size}`}--`), Buffer.from(name)]);
            const parsed = parseKeyFile(escapeKey(key));
            assert.ok(parsed?.key.equals(key) === true);
            assert.equal(parsed.size, size ?? NaN);
            assert.ok(!escapeKey(key).includes('/') && !escapeKey(key).includes(':'));
        }));
    });

    it('are not read from what git-annex takes for none', () => {
        for (const name of ['', 'SHA256E', '-s3--x', 'SHA256E-x', 'SHA256E-sx--a', 'SHA256E-s3-a', 'SHA256E-s3-m4-s5--a', `SHA256E-s3--a.${'e'.repeat(64)}`]) {
            assert.equal(parseKeyFile(bytes(name)), undefined, name);
        }
        assert.equal(parseKeyFile(bytes('SHA256E-s003--a'))?.key.toString(), 'SHA256E-s3--a');
    });

    it('are found in links and pointers only', () => {
        const key = 'SHA256E-s3--abc.txt';
        for (const text of [`../.git/annex/objects/aa/bb/${key}/${key}`, `/annex/objects/${key}\n`, `/annex/objects/${key}\r\n`, `/annex/objects/${key}\n/annex/note\n`]) {
            assert.equal(parsePointer(bytes(text))?.key.toString(), key, text);
        }
        for (const text of ['', key, `annex/objects/${key}`, `/annex/objects/${key}\nmore\n`, `/annex/objects/${key}\n/annex/cut off`, `/annex/objects/${key}\n${'/annex/x\n'.repeat(5000)}`]) {
            assert.equal(parsePointer(bytes(text)), undefined, text.slice(0, 80));
        }
    });
});

describe('location logs', () => {
    const uuids = new ByteTable();
    const reader = new LocationLogReader({ numberOf: (log, start, end) => uuids.intern(log, start, end) });
    const present = (log: string): string[] => {
        const found: string[] = [];
        reader.read(bytes(log), uuid => found.push(uuids.list.at(uuid).toString()));
        return found.sort();
    };

    it('count the newest line of each repository, and of two of the same time the first', () => {
        assert.deepEqual(present('1s 1 a\n2s 0 a\n5s 1 b\n3s X b\n'), ['b']);
        assert.deepEqual(present('1.5s 1 a\n1.50s 0 a\n'), ['a']);
        assert.deepEqual(present('1700000000.000000001s 0 a\n1700000000.000000002s 1 a\n'), ['a']);
        assert.deepEqual(present('-3s 1 a\n-3.5s 0 a\n'), ['a']);
    });

    it('lose no more than the lines that can\'t be read', () => {
        assert.deepEqual(present('nonsense\n1s 2 c\n1s 1 a\r\n\r\n\n1 1 b\n1.s 1 d\n1s 1'), ['a', 'b']);
    });

    it('are merged to all lines of both', () => {
        const line = fc.constantFrom('1s 1 a', '2s 0 a', '1s 1 b', '3s X c', '');
        const log = fc.array(line).map(lines => bytes(lines.map(text => `${text}\n`).join('')));
        fc.assert(fc.property(log, log, (theirs, ours) => {
            const lines = (content: Buffer): string[] => [...new Set(content.toString().split('\n').slice(0, -1))].sort();
            assert.deepEqual(lines(unionMerge(theirs, ours)), [...new Set([...lines(theirs), ...lines(ours)])].sort());
        }));
    });

    it('are the same set for the same repositories, however they are told', () => {
        const sets = new LocationSets();
        const set = sets.ofLog(bytes('1s 1 a\n1s 1 b\n'));
        assert.equal(sets.ofLog(bytes('5s 1 b\n2s 0 c\n9s 1 a\n')), set);
        assert.equal(sets.ofLog(bytes('5s 0 b\n')), 0);
        assert.deepEqual(membersOf(sets.sets.list.at(set)).map(member => sets.uuids.list.at(member).toString()), ['a', 'b']);
    });

    it('of trust and names count the newest line, and the later one of the same time', () => {
        assert.deepEqual([...newestByUuid(bytes('u 1 timestamp=5s\nu X timestamp=4s\nv two words timestamp=1.5s\nw\nw 0\nv other timestamp=1.50s\n'))], [['u', '1'], ['v', 'other'], ['w', '0']]);
    });
});

describe('the journal\'s names', () => {
    it('stand for paths of the branch', () => {
        fc.assert(fc.property(fc.array(fc.stringMatching(/^[a-z_.]+$/u), { minLength: 1 }), parts => {
            const path = bytes(parts.join('/'));
            // A name that begins with `_` behind a `/` is told apart from none.
            fc.pre(!path.includes('/_'));
            assert.ok(pathOfJournalFile(journalFileOf(path)).equals(path));
        }));
        assert.equal(pathOfJournalFile(bytes('0a1_b2c_SHA256E-s3--a__b.log')).toString(), '0a1/b2c/SHA256E-s3--a_b.log');
    });
});

describe('tables of byte strings', () => {
    it('give each string one number, and keep it', () => {
        fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 3 }), { maxLength: 3000, minLength: 1500 }), strings => {
            const table = new ByteTable();
            const numbers = strings.map(string => table.intern(Buffer.from(string)));
            const different = new Set(strings.map(string => Buffer.from(string).toString('hex')));
            assert.equal(table.count, different.size);
            strings.forEach((string, place) => {
                assert.equal(table.find(Buffer.from(string)), numbers[place]);
                assert.ok(table.list.at(numbers[place] ?? -1).equals(string));
            });
            assert.equal(table.find(Buffer.from('not there')), -1);
        }), { numRuns: 10 });
    });
});

describe('git\'s streams', () => {
    const pieces = (whole: Buffer, cuts: readonly number[]): Buffer[] => {
        const places = [0, ...cuts.map(cut => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
        return places.slice(1).map((end, index) => whole.subarray(places[index], end));
    };

    it('of blobs are read wherever they are cut, whatever is in them', () => {
        const blob = fc.oneof(fc.uint8Array({ maxLength: 30 }).map(data => Buffer.from(data)), fc.constantFrom(bytes('blob 5\nabcde\n'), bytes('x missing\n'), bytes('\n\n')));
        fc.assert(fc.property(fc.array(fc.option(blob, { nil: undefined })), fc.array(fc.nat()), (blobs, cuts) => {
            const output = Buffer.concat(blobs.map(content => content === undefined ? bytes('abc:some path missing\n') : Buffer.concat([bytes(`blob ${content.length}\n`), content, bytes('\n')])));
            const found: (Buffer | undefined)[] = [];
            const splitter = new BlobSplitter((index, content) => {
                assert.equal(index, found.length);
                found.push(content === undefined ? undefined : Buffer.from(content));
            });
            pieces(output, cuts).forEach(piece => splitter.push(piece));
            assert.deepEqual(found, blobs);
        }));
    });

    it('of records are read wherever they are cut', () => {
        fc.assert(fc.property(fc.array(fc.stringMatching(/^[a-z\n]*$/u)), fc.array(fc.nat()), (records, cuts) => {
            const found: string[] = [];
            const splitter = new RecordSplitter(0, (buffer, start, end) => found.push(buffer.toString('utf8', start, end)));
            pieces(bytes(records.map(record => `${record}\0`).join('')), cuts).forEach(piece => splitter.push(piece));
            assert.deepEqual(found, records);
        }));
    });
});
