/**
 * Nothing outlives its owner: whatever a person was in the middle of when the editor went without a word, within two seconds no process,
 * temporary folder, token or lock of it is left, nothing of theirs is lost, and the next try succeeds.
 */
import assert from 'node:assert/strict';
import { killings } from './killing';
import { assertNothingOutlives, traces } from '../../e2e/steps/leftovers';
import { startedByExtension } from '../../e2e/steps/processes';
import { activities } from './underWay';
import type { Days } from './days';

type ActivityName = keyof typeof activities;
type KillingName = keyof typeof killings;

/** Each group is a part of the soak run (scripts/soak.mjs). */
const groups: Readonly<Record<string, readonly ActivityName[]>> = {
    'the editor goes while Tor is being enabled': ['enabling', 'enablingAsRoot'],
    'the editor goes in the middle of a pairing': ['pairing', 'connecting'],
    'the editor goes in the middle of a sync, or while a file is added': ['syncing', 'adding'],
};
const isKilling = (name: string): name is KillingName => name in killings;

export function describeKillings(today: () => Days): void {
    for (const [group, names] of Object.entries(groups)) {
        describe(group, () => {
            for (const name of names) {
                for (const killingName of Object.keys(killings).filter(isKilling)) {
                    it(`leaves nothing: ${activities[name].what}, ${killings[killingName].what}`, () => cutOff(today(), name, killingName));
                }
            }
        });
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

    await killing.act(scene.person);
    console.log(`      gone after ${await assertNothingOutlives(computer, before, tokens, killing.limitMs)} ms`);
    assert.doesNotMatch(await computer.execOrThrow(['git', 'remote'], { cwd: computer.repository }), /^cut/mu);

    if ('check' in activity) {
        await activity.check(scene);
    }
    days.alice = { ...scene.person, window: await killing.recover(scene.person, days.browser) };
    await activity.again({ ...scene, person: days.alice });
}
