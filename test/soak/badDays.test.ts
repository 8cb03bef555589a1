/**
 * Bad days, one after the other on one rig: editors that go without a word, programs and networks that fail. After each nothing is left
 * or lost, the user saw what happened and what to do, and the next try succeeds.
 */
import assert from 'node:assert/strict';
import { launchBrowser } from '../rig/editor/browser';
import { Days } from './badDays/days';
import { describeFaults } from './badDays/faults';
import { describeKillings } from './badDays/killings';
import { FaultyPeer } from './badDays/peer';
import { CommandLine } from '../e2e/steps/commandLine';
import { enableTor } from '../e2e/steps/enableTor';
import { graceSeconds } from './badDays/killing';
import { sitDown } from '../e2e/steps/person';
import { screenshotFolder, Stage } from '../e2e/steps/stage';
import { syncContent } from '../e2e/steps/sync';

describe('on a bad day', function () {
    this.timeout(300_000);
    let days: Days | undefined;
    const today = (): Days => {
        assert.ok(days !== undefined);
        return days;
    };

    before(async () => {
        const stage = await Stage.set({ people: ['alice', 'bob'], atEditors: ['alice'], files: name => ({ [`${name}.txt`]: `Of ${name}.\n` }), serverArgs: [`--reconnection-grace-time=${graceSeconds}`] });
        const browser = await launchBrowser();
        const [seat] = stage.seats;
        assert.ok(seat !== undefined);
        const [alice, bob] = await Promise.all([sitDown(seat, browser), FaultyPeer.serving(stage.rig.computer('bob'))]);
        days = new Days(stage, browser, alice, bob);
        await enableTor(alice);
        await new CommandLine(seat.computer).link(await bob.address(), 'bob');
        await syncContent(alice, 'bob');
    });

    afterEach(async function () {
        if (this.currentTest?.state === 'failed') {
            await days?.alice.window.screenshot(screenshotFolder, `bad-day-${days.turn}`).catch(() => undefined);
            // The next day is to have a chance of its own.
            await days?.beginAfresh();
        }
    });

    after(async () => {
        await days?.browser.close();
        await days?.stage.strike();
    });

    describeKillings(today);
    describeFaults(today);
});
