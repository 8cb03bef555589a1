import assert from 'node:assert/strict';
import fc from 'fast-check';
import { asUuid } from '../../../src/core/annex/uuid';

describe('asUuid', () => {
    it('believes what git-annex makes, in any case, and what reinit may have set', () => {
        for (const uuid of ['7a1f0bb6-6d0c-11ee-8c99-0242ac120002', '7A1F0BB6-6D0C-11EE-8C99-0242AC120002', 'u-1', 'laptop']) {
            assert.equal(asUuid(uuid), uuid);
        }
        fc.assert(fc.property(fc.uuid(), uuid => asUuid(uuid) === uuid));
    });

    it('believes nothing that could be an option, a path, several lines, another repository\'s name for "here", or endless', () => {
        for (const text of [undefined, '', 'x', '-x', '--in=here', '..', '../../etc', 'a/b', 'a b', 'a\nb', 'a\0b', 'a\u202eb', 'here', 'HERE', '.', 'a-', `a${'b'.repeat(64)}`, 'a'.repeat(1_000_000)]) {
            assert.equal(asUuid(text), undefined, String(text).slice(0, 40));
        }
        fc.assert(fc.property(fc.string({ unit: 'binary' }), text => /^[0-9a-z-]*$/iu.test(asUuid(text) ?? '')));
    });
});
