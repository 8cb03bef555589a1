/** What git is asked about many references at once is what it says about each. */
import assert from 'node:assert/strict';
import { findBlobs } from '../../../src/core/git/blobs';
import { GitQueries } from '../../../src/core/git/queries';
import { silentLog } from '../../../src/core/log';
import { createAnnexRepository } from '../support/annexRepository';
import { withTemporaryFolder } from '../support/temporaryFolder';

describe('questions to git about several things at once', () => {
    it('tell of each reference whether it is merged, and of each expression whether it is a blob', () => withTemporaryFolder(async folder => {
        const context = await createAnnexRepository(folder, silentLog);
        const queries = new GitQueries(context);
        const commit = async (message: string, ...parents: string[]): Promise<string> =>
            (await queries.ask(['commit-tree', '-m', message, ...parents.flatMap(parent => ['-p', parent]), tree])).trim();
        const tree = (await queries.ask(['hash-object', '-t', 'tree', '-w', '/dev/null'])).trim();
        const first = await commit('first');
        const [left, right, alone] = [await commit('left', first), await commit('right', first), await commit('alone')];
        const both = await commit('both', left, right);
        for (const [name, oid] of Object.entries({ first, left, right, alone, both })) {
            await queries.ask(['update-ref', `refs/heads/${name}`, oid]);
        }
        await queries.ask(['tag', '-a', '-m', 'tag', 'annotated', left]);
        const refs = [...await queries.refs()].map(([name, oid]) => ({ name, oid }));
        for (const into of [first, left, both, alone]) {
            const asked = new GitQueries(context);
            await asked.learnMerged(refs, into);
            for (const { oid, name } of refs) {
                const expected = oid === into || await queries.askOptional(['merge-base', '--is-ancestor', oid, into]) !== undefined;
                assert.equal(await asked.isMergedInto(oid, into), expected, `${name} in ${into}`);
            }
        }
        const tag = refs.filter(({ name }) => name.startsWith('refs/tags/'));
        const alsoTags = new GitQueries(context);
        await alsoTags.learnMerged(tag, both);
        assert.ok(await alsoTags.isMergedInto(tag[0]?.oid ?? '', both), 'a tag alone');
        const annex = refs.find(({ name }) => name === 'refs/heads/git-annex')?.oid ?? '';
        const found = await findBlobs(context, [`${annex}:uuid.log`, `${annex}:nothing`, `${annex}:`, `${first}:uuid.log`]);
        assert.deepEqual([...found.keys()], [`${annex}:uuid.log`]);
        assert.match(await queries.blob(found.get(`${annex}:uuid.log`) ?? ''), /repository/u);
        assert.deepEqual([...await findBlobs(context, [])], []);
    }));
});
