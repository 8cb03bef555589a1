/**
 * The oracle: over random pairs of repositories, Sync Content leaves what `git annex sync <peer> --content` leaves, in
 * both of them. ANNEX_PEERS_ORACLE_RUNS sets how many, ANNEX_PEERS_ORACLE_SEED repeats a run.
 */
import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { syncContent, type SyncQuestions } from '../../../src/core/sync';
import { endState } from './support/endState';
import { addAndCommit, annex, attempt, cloneRepository, contextOf, git, introduce, newRepository, peerOf, put, removeFolder, sh, temporaryFolder } from './support/repositories';
import { worldsOf } from '../support/seed';

type Where = 'alice' | 'bob';
type Step =
    | { readonly do: 'add' | 'add-unlocked' | 'add-plain' | 'modify'; readonly at: Where; readonly file: string; readonly content: string }
    | { readonly do: 'delete' | 'drop' | 'unlock'; readonly at: Where; readonly file: string }
    | { readonly do: 'rename'; readonly at: Where; readonly file: string; readonly to: string }
    | { readonly do: 'group'; readonly at: Where; readonly group: string }
    | { readonly do: 'wanted' | 'required'; readonly at: Where; readonly expression: string }
    | { readonly do: 'numcopies'; readonly at: Where; readonly copies: number }
    | { readonly do: 'commit' | 'sync-first' | 'push-synced'; readonly at: Where };

interface World {
    readonly start: 'clone' | 'both-empty' | 'bob-empty' | 'alice-empty';
    readonly adjust: 'none' | 'unlock' | 'hide-missing';
    readonly steps: readonly Step[];
    readonly settled: boolean;
}

const where = fc.constantFrom<Where>('alice', 'bob');
const file = fc.constantFrom('a', 'b c', 'd/é', 'd/f.txt', 'sub/x/y', 'z%&:');
const content = fc.constantFrom('one', 'two', 'three', 'one\n', 'a longer content\n'.repeat(50));
const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('add' as const, 'add-unlocked' as const, 'add-plain' as const), at: where, file, content }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('modify' as const), at: where, file, content }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('delete' as const, 'drop' as const, 'unlock' as const), at: where, file }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('rename' as const), at: where, file, to: file }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('group' as const), at: where, group: fc.constantFrom('manual', 'backup', 'source', 'transfer', 'client') }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('wanted' as const, 'required' as const), at: where, expression: fc.constantFrom('include=*.txt', 'not include=d/*', 'nothing', 'anything', '') }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('numcopies' as const), at: where, copies: fc.constantFrom(1, 2) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('commit' as const, 'sync-first' as const, 'push-synced' as const), at: where }) },
);
const world: fc.Arbitrary<World> = fc.record({
    start: fc.oneof({ weight: 5, arbitrary: fc.constant('clone' as const) }, { weight: 3, arbitrary: fc.constantFrom('both-empty' as const, 'bob-empty' as const, 'alice-empty' as const) }),
    adjust: fc.oneof({ weight: 6, arbitrary: fc.constant('none' as const) }, { weight: 2, arbitrary: fc.constant('unlock' as const) }, { weight: 1, arbitrary: fc.constant('hide-missing' as const) }),
    steps: fc.array(step, { minLength: 1, maxLength: 14 }),
    settled: fc.boolean(),
});

async function perform(folders: Readonly<Record<Where, string>>, action: Step): Promise<void> {
    const folder = folders[action.at];
    const other = action.at === 'alice' ? 'bob' : 'alice';
    switch (action.do) {
        case 'add':
        case 'add-unlocked':
            await attempt((async () => {
                await put(folder, action.file, action.content);
                await annex(folder, 'add', ...(action.do === 'add' ? [] : ['-c', 'annex.addunlocked=true']), '--quiet', '--', action.file);
            })());
            break;
        case 'add-plain':
            await attempt((async () => {
                await put(folder, action.file, action.content);
                await git(folder, 'add', '--', action.file);
            })());
            break;
        case 'modify':
            await attempt((async () => {
                await git(folder, 'ls-files', '--error-unmatch', '--', action.file);
                await put(folder, action.file, `${action.content} modified`);
            })());
            break;
        case 'delete':
            await attempt(git(folder, 'rm', '--quiet', '-f', '--', action.file));
            break;
        case 'drop':
            await attempt(annex(folder, 'drop', '--quiet', '--force', '--', action.file));
            break;
        case 'unlock':
            await attempt(annex(folder, 'unlock', '--quiet', '--', action.file));
            break;
        case 'rename':
            await attempt(git(folder, 'mv', '--', action.file, action.to));
            break;
        case 'group':
            await annex(folder, 'group', '--quiet', 'here', action.group);
            await annex(folder, 'wanted', '--quiet', 'here', 'standard');
            break;
        case 'wanted':
        case 'required':
            await annex(folder, action.do, '--quiet', 'here', action.expression);
            break;
        case 'numcopies':
            await annex(folder, 'numcopies', '--quiet', String(action.copies));
            break;
        case 'commit':
            await attempt(git(folder, 'commit', '--quiet', '-a', '-m', 'commit'));
            break;
        case 'sync-first':
            await attempt(annex(folder, 'sync', '--quiet', other, '--no-content'));
            break;
        case 'push-synced':
            await attempt(git(folder, 'push', '--quiet', other, 'master:synced/master', '+git-annex:synced/git-annex'));
            break;
    }
}

async function build(folder: string, plan: World): Promise<Readonly<Record<Where, string>>> {
    const alice = await newRepository(folder, 'alice');
    if (plan.start === 'clone') {
        await put(alice, 'first.txt', 'first');
        await addAndCommit(alice, 'first');
    }
    const bob = plan.start === 'clone' ? await cloneRepository(folder, alice, 'bob') : await newRepository(folder, 'bob');
    if (plan.start === 'bob-empty' || plan.start === 'alice-empty') {
        const full = plan.start === 'bob-empty' ? alice : bob;
        await put(full, 'first.txt', 'first');
        await addAndCommit(full, 'first');
    }
    await introduce(alice, bob);
    for (const folder of [alice, bob]) {
        // Else git annexes a plain file whenever it happens to look at it anew, as it does in a copy.
        await git(folder, 'config', 'annex.gitaddtoannex', 'false');
    }
    const folders = { alice, bob };
    for (const action of plan.steps) {
        // Where the histories must not become unrelated, the empty one stays empty.
        const isEmpty = (plan.start === 'bob-empty' && action.at === 'bob') || (plan.start === 'alice-empty' && action.at === 'alice') || (plan.start === 'both-empty' && action.at === 'bob');
        const makesFiles = !['group', 'wanted', 'required', 'numcopies', 'drop'].includes(action.do);
        if (!isEmpty || !makesFiles) {
            await perform(folders, action);
        }
    }
    // The peer commits, or leaves what it has: both must be synced as they are.
    if (plan.settled) {
        await attempt(git(bob, 'commit', '--quiet', '-a', '-m', 'settled'));
    }
    if (plan.adjust !== 'none') {
        await attempt(git(alice, 'commit', '--quiet', '-a', '-m', 'before adjusting'));
        await attempt(annex(alice, 'adjust', '--quiet', ...(plan.adjust === 'unlock' ? ['--unlock'] : ['--hide-missing'])));
    }
    return folders;
}

/** Two paths of the pool stand for executables or rules: nothing in these worlds has to be asked but what commits say. */
const yes: SyncQuestions = {
    commit: plan => Promise.resolve({ commit: true, add: plan.settled.add ? plan.untracked : [] }),
    plainGitFiles: () => Promise.resolve('leave'),
    hostileMerge: () => Promise.resolve('merge'),
    unrelatedHistories: () => Promise.resolve('skip'),
};

/**
 * Whether the plain command fell over itself, so that what it leaves is nobody's end state:
 * - After resolving a conflict on a branch that hides missing files, 10.20230126 looks for a temporary git folder by a
 *   relative path that is gone, and dies half-way.
 * - Where the content of an unlocked file was dropped, git's first merge can end with "stash failed"; the second one of the
 *   same sync succeeds, too late for the files that it brings.
 */
function fellOver(error: unknown): boolean {
    const words = String(error);
    return (
        (/not a git repository: '\.git\/annex\/othertmp\/git\.\d+'/u.test(words) && /hGetLine: end of file/u.test(words))
        || /^fatal: stash failed$/mu.test(words)
    );
}

/** On a branch that hides missing files the plain command can leave HEAD detached, as it can't check out what it has dropped just before. */
async function leftDetached(folder: string): Promise<boolean> {
    return git(folder, 'symbolic-ref', '--quiet', 'HEAD').then(() => false, () => true);
}

describe('Sync Content against git annex sync --content', () => {
    const { runs, seed } = worldsOf('ANNEX_PEERS_ORACLE', 4);

    it(`leaves the same end state in both repositories (${runs} worlds, seed ${seed})`, async function () {
        this.timeout(runs * 60_000);
        let withoutOracle = 0;
        await fc.assert(fc.asyncProperty(world, async plan => {
            const parent = await temporaryFolder();
            try {
                const live = path.join(parent, 'world');
                await sh(parent, 'mkdir', live);
                const { alice, bob } = await build(live, plan);
                // Both runs take place at the same path, one after the other: remotes are named by it.
                await rename(live, path.join(parent, 'before'));
                await sh(parent, 'cp', '-a', path.join(parent, 'before'), live);
                const crashed = await annex(alice, 'sync', 'bob', '--content').then(() => false, fellOver) || await leftDetached(alice);
                const expected = crashed ? undefined : { alice: await endState(alice), bob: await endState(bob) };
                await rename(live, path.join(parent, 'plain'));
                await sh(parent, 'cp', '-a', path.join(parent, 'before'), live);
                const { peers: [peer] } = await syncContent(await contextOf(alice), [await peerOf(bob)], { settings: { commit: 'always', untracked: 'never' }, questions: yes });
                if (expected === undefined) {
                    // Ours has to come to its end all the same.
                    withoutOracle++;
                    assert.deepEqual([peer?.problem, peer?.failed], [undefined, []]);
                    return;
                }
                assert.deepEqual({ alice: await endState(alice), bob: await endState(bob) }, expected);
            } finally {
                if (process.env['ANNEX_PEERS_ORACLE_KEEP'] === undefined) {
                    await removeFolder(parent);
                } else {
                    console.log(parent);
                }
            }
        }), { numRuns: runs, seed, endOnFailure: process.env['ANNEX_PEERS_ORACLE_SHRINK'] === undefined });
        if (withoutOracle > 0) {
            console.log(`      in ${withoutOracle} of ${runs} worlds the plain command fell over itself, and only ours was judged`);
        }
        // Worlds without an oracle must stay the exception.
        assert.ok(withoutOracle <= 1 + runs / 4, `${withoutOracle} of ${runs} worlds had no oracle`);
    });
});
