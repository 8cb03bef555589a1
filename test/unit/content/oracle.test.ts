/**
 * The oracle: over random repositories, the index says exactly what git-annex says, when it is read anew and when it is
 * brought up to date, before and after git-annex has taken in what was waiting for it.
 * ANNEX_PEERS_CONTENT_RUNS sets how many, ANNEX_PEERS_CONTENT_SEED repeats a run.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import { publish } from '../../../src/core/content/publish';
import { ContentReader } from '../../../src/core/content/reader';
import { ContentSnapshot } from '../../../src/core/content/snapshot';
import { cloneRepository, contextOf, git, introduce, newRepository, put, addAndCommit, removeFolder, sh, temporaryFolder } from '../sync/support/repositories';
import { answersOf, askAnnex, type Answers } from './support/oracle';
import { perform, step } from './support/world';
import { worldsOf } from '../support/seed';

async function template(parent: string): Promise<void> {
    const alice = await newRepository(parent, 'alice');
    await put(alice, 'a', 'one');
    await put(alice, 'd/f.txt', 'two');
    await addAndCommit(alice, 'first');
    const bob = await cloneRepository(parent, alice, 'bob');
    await introduce(alice, bob);
    for (const folder of [alice, bob]) {
        await git(folder, 'config', 'annex.gitaddtoannex', 'false');
        // Not by an absolute path: the template is copied.
        await git(folder, 'config', `remote.${folder === alice ? 'bob' : 'alice'}.url`, folder === alice ? '../bob' : '../alice');
    }
}

function answers(reader: ContentReader, uuid: string): Answers {
    assert.ok(reader.state);
    return answersOf(new ContentSnapshot(structuredClone(publish(reader.state, uuid, 1))));
}

describe('the index of content against git-annex', () => {
    const { runs, seed } = worldsOf('ANNEX_PEERS_CONTENT', 3);
    let parent: string;

    before(async function () {
        this.timeout(60_000);
        parent = await temporaryFolder();
        await sh(parent, 'mkdir', 'template');
        await template(path.join(parent, 'template'));
    });

    after(() => removeFolder(parent));

    it(`says what git-annex says (${runs} worlds, seed ${seed})`, async function () {
        this.timeout(60_000 + runs * 60_000);
        let world = 0;
        await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async steps => {
            const folder = path.join(parent, `world${++world}`);
            await sh(parent, 'cp', '-a', 'template', folder);
            const folders = { alice: path.join(folder, 'alice'), bob: path.join(folder, 'bob') };
            const context = await contextOf(folders.alice);
            const kept = new ContentReader(context);
            await kept.update();
            const check = async (): Promise<void> => {
                // What was done behind git-annex's back is found where it is looked for.
                await kept.update({ allObjects: true, workTree: true });
                const before = answers(kept, context.uuid);
                const anew = new ContentReader(context);
                await anew.update();
                const afresh = answers(anew, context.uuid);
                const expected = await askAnnex(folders.alice);
                assert.deepEqual(afresh, expected, 'read anew');
                assert.deepEqual(before, expected, 'brought up to date');
                await kept.update();
                assert.deepEqual(answers(kept, context.uuid), expected, 'after git-annex has merged');
            };
            for (const action of steps) {
                await (action.do === 'check' ? check() : perform(folders, action));
            }
            await check();
            await removeFolder(folder);
        }), { numRuns: runs, seed, endOnFailure: process.env['ANNEX_PEERS_CONTENT_SHRINK'] === undefined });
    });
});
