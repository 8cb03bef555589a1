/** git-annex's JSON lines, captured from 10.20230126. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addCommand, argumentBatches } from '../../../src/core/annex/commands/add';
import { batchOrAll } from '../../../src/core/annex/commands/command';
import { findWorkCommand } from '../../../src/core/annex/commands/find';
import { copyCommand, dropCommand, getCommand } from '../../../src/core/annex/commands/transfer';
import { parseActionLine, parseFoundLine } from '../../../src/core/annex/json';

const key = 'SHA256E-s30000--536bb47f75a23453eefdf77e3198833518ef41ebb3d5de19ae1e6a7b6966ccd0';

describe('JSON of actions', () => {
    it('tells results', () => {
        assert.deepEqual(parseActionLine(`{"command":"get","error-messages":["  cannot access remote"],"file":"n3","input":["n3"],"key":"${key}","note":"from b...","success":false}`), {
            kind: 'result', command: 'get', file: 'n3', key, success: false, note: 'from b...', errors: ['cannot access remote'],
        });
        assert.deepEqual(parseActionLine('{"command":"add","error-messages":[],"file":"s.txt","input":["."],"note":"non-large file; adding content to git repository","success":true}'), {
            kind: 'result', command: 'add', file: 's.txt', key: undefined, success: true, note: 'non-large file; adding content to git repository', errors: [],
        });
    });

    it('tells progress', () => {
        assert.deepEqual(parseActionLine(`{"action":{"command":"copy","file":"n1","input":["n1"],"key":"${key}","note":"to origin..."},"byte-progress":16384,"percent-progress":"54.61%","total-size":30000}`), {
            kind: 'progress', command: 'copy', file: 'n1', key, done: 16384, total: 30000,
        });
    });

    it('takes everything else for nothing and never throws', () => {
        fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.constantFrom('', '{}', '{"command":3,"success":true}', '{"byte-progress":-1,"action":{"command":"x"}}')), line => {
            const parsed = parseActionLine(line);
            assert.ok(parsed === undefined || parsed.command.length >= 0);
            assert.ok(parseFoundLine(line) === undefined || line.includes('key'));
        }));
    });
});

describe('JSON of find', () => {
    it('tells size and place', () => {
        assert.deepEqual(parseFoundLine(`{"backend":"SHA256E","bytesize":"30000","error-messages":[],"file":"n1","hashdirlower":"c53/90e/","hashdirmixed":"75/33/","humansize":"30 kB","key":"${key}","keyname":"x","mtime":"unknown"}`), {
            file: 'n1', key, size: 30000, objectFolders: ['75/33/', 'c53/90e/'],
        });
    });

    it('knows keys without a size', () => {
        assert.equal(parseFoundLine('{"bytesize":"unknown","file":"u","key":"URL--http"}')?.size, undefined);
    });
});

describe('commands', () => {
    it('hand names over by input, also such as look like options', () => {
        const { args, input } = getCommand({ files: ['-J9', 'a b', 'é'], remote: 'peer1', hasWanted: true });
        assert.deepEqual(args.slice(-4), ['--from=peer1', '--want-get', '--batch', '-z']);
        assert.equal(input, '-J9\0a b\0é\0');
        assert.deepEqual(addCommand(['-x']).args.slice(-2), ['--', '-x']);
    });

    it('go through all files where a name is not UTF-8', () => {
        assert.deepEqual(batchOrAll(['fine', 'odd\u{fffd}']), { args: [] });
    });

    it('go through all files where a name has a line break, which git-annex passes over in a list', () => {
        assert.deepEqual(batchOrAll(['fine', 'of\ntwo lines']), { args: [] });
    });

    it('ask for what is wanted only where something says what is', () => {
        assert.ok(!getCommand({ files: ['a'], remote: 'p', hasWanted: false }).args.includes('--want-get'));
        assert.ok(copyCommand({ files: ['a'], remote: 'p', uuid: 'u', hasWanted: true }).args.includes('--want-get-by=u'));
        const plain = findWorkCommand({ hasWanted: false }, [{ uuid: 'u', hasWanted: false }], { mergeAnnexBranches: false }).args;
        assert.ok(!plain.some(arg => arg.startsWith('--want')));
        assert.ok(plain.includes('annex.merge-annex-branches=false'));
    });

    it('never merge what was not looked at', () => {
        for (const { args } of [getCommand({ files: [], remote: 'p', hasWanted: false }), copyCommand({ files: [], remote: 'p', uuid: 'u', hasWanted: false }), dropCommand({ files: [] }), addCommand([])]) {
            assert.ok(args.includes('annex.merge-annex-branches=false'));
        }
    });

    it('fit an argument list, in order, with nothing lost', () => {
        fc.assert(fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 })), fc.integer({ min: 5, max: 50 }), (paths, limit) => {
            const batches = argumentBatches(paths, limit);
            assert.deepEqual(batches.flat(), paths);
            assert.ok(batches.every(batch => batch.length === 1 || batch.reduce((sum, item) => sum + Buffer.byteLength(item) + 1, 0) <= limit));
        }));
    });
});
