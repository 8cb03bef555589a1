/**
 * Nothing outlives its owner: whatever a person was in the middle of when the editor went without a word, within two seconds no process,
 * temporary folder, token or lock of it is left, nothing of theirs is lost, and the next try succeeds.
 */
import assert from 'node:assert/strict';
import { waitFor } from '../../rig/wait';
import { killings } from './killing';
import { traces } from '../../e2e/steps/leftovers';
import { startedByExtension, stillRunning } from '../../e2e/steps/processes';
import { activities } from './underWay';
import { takesAll, type Days } from './days';

type ActivityName = keyof typeof activities;
type KillingName = keyof typeof killings;

const some: Readonly<Record<ActivityName, readonly KillingName[]>> = {
    enabling: [],
    enablingAsRoot: ['extensionHost'],
    pairing: ['window', 'crash'],
    connecting: ['extensionHost'],
    syncing: ['server'],
    adding: ['extensionHost'],
};
const isActivity = (name: string): name is ActivityName => name in activities;
const isKilling = (name: string): name is KillingName => name in killings;

export function describeKillings(today: () => Days): void {
    for (const name of Object.keys(activities).filter(isActivity)) {
        for (const killingName of Object.keys(killings).filter(isKilling).filter(candidate => takesAll || some[name].includes(candidate))) {
            it(`leaves nothing: ${activities[name].what}, ${killings[killingName].what}`, () => cutOff(today(), name, killingName));
        }
    }
}

async function cutOff(days: Days, activityName: ActivityName, killingName: KillingName): Promise<void> {
    const [activity, killing] = [activities[activityName], killings[killingName]];
    const scene = days.next();
    const { computer } = scene.person;
    const { tokens } = await traces(computer);
    await activity.begin(scene);
    const before = await startedByExtension(computer);
    assert.ok(before.some(({ args }) => activity.runs.test(args)), before.map(({ args }) => args).join('\n'));

    const start = performance.now();
    await killing.act(scene.person);
    let left = before;
    const isGone = async (): Promise<boolean> => (left = await stillRunning(computer, before)).length === 0;
    await waitFor(isGone, { what: 'all to be gone', limitMs: killing.limitMs, everyMs: 25 }).catch((error: unknown) => {
        throw new Error(`${String(error)}:\n${left.map(({ pid, args }) => `${pid} ${args}`).join('\n')}`);
    });
    console.log(`      gone after ${Math.round(performance.now() - start)} ms`);
    // The guardian is the last to go: what is left now stays. An editor that comes back by itself may hold a lock for a moment.
    let after = await traces(computer);
    await waitFor(async () => (after = await traces(computer)).locks.length === 0, { what: 'locks to be gone', limitMs: 1000, everyMs: 50 }).catch(() => undefined);
    assert.deepEqual({ ...after, processes: [] }, { processes: [], folders: [], locks: [], tokens });
    assert.doesNotMatch(await computer.execOrThrow(['git', 'remote'], { cwd: computer.repository }), /^cut/mu);

    if ('check' in activity) {
        await activity.check(scene);
    }
    days.alice = { ...scene.person, window: await killing.recover(scene.person, days.browser) };
    await activity.again({ ...scene, person: days.alice });
}
