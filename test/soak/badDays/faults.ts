/** What fails around the extension: programs, Tor, the network, the other side. */
import assert from 'node:assert/strict';
import { waitFor } from '../../rig/wait';
import { withDaemonThatKeepsEnding, withoutMailbox } from '../../e2e/steps/faults';
import { assertNoTraces, traces } from '../../e2e/steps/leftovers';
import { PairingPage } from '../../e2e/steps/pairing';
import type { Person } from '../../e2e/steps/person';
import { startedByExtension, stillRunning } from '../../e2e/steps/processes';
import { beginSync, syncContent, untilSynced } from '../../e2e/steps/sync';
import { activities, arrived, largeBytes, pairOn, partComeOf } from './underWay';
import type { Days } from './days';

const cancelledWithinMs = 2000;
const reachesNobody = /Not synced\. bob: (?:not reachable|no progress)\. Tor on this computer reaches nobody at all: check its network connection and its clock/u;

/** Types the password into the terminal that has just come. */
async function becomeRoot({ window, computer }: Person): Promise<void> {
    await window.terminal.waitFor(/password for/u);
    await window.terminal.enter(computer.user.password);
}

async function bytesRead(person: Person): Promise<number> {
    const [line = ''] = await person.computer.torControl('GETINFO traffic/read');
    return Number(line.split('=')[1]);
}

/** Each group is a part of the soak run (scripts/soak.mjs). */
export function describeFaults(today: () => Days): void {
    describe('a program or the other side fails', () => describeOthers(today));
    describe('Tor stops, or the mailbox server is away', () => describeTor(today));
    describe('the network goes', () => describeNetwork(today));
    describe('the clock leaps', () => describeClock(today));
}

function describeOthers(today: () => Days): void {
    it('the remote daemon is killed: another serves at once, and nobody is bothered; only if it keeps ending is that said, with a way to restart', async () => {
        await withDaemonThatKeepsEnding(today().next().person);
    });

    it('the peer goes in the middle of a file: the sync says that it waits, and goes on where it was when the peer is back', async () => {
        const scene = today().next();
        const { person, bob } = scene;
        await activities.syncing.begin(scene);
        await waitFor(async () => await partComeOf(person) > largeBytes / 2, { what: 'half of the file', limitMs: 60_000 });
        await bob.goAway();
        const said = await person.window.dialogs.notification(/bob has gone\. Waiting for it to come back; what has come is kept/u, 60_000);
        assert.ok(said.buttons.includes('Cancel'));
        const before = await bytesRead(person);
        await bob.computer.torControl('RESETCONF BandwidthRate BandwidthBurst');
        await bob.comeBack();
        const { text, severity } = await untilSynced(person);
        assert.equal(severity, 'info', text);
        assert.ok(await bytesRead(person) - before < largeBytes * 0.8, 'the first half did not come twice');
        await arrived(scene);
    });

    it('a fetch hangs: Cancel ends it and leaves nothing, and the next sync succeeds', async () => {
        const { person, bob } = today().next();
        const { computer, window } = person;
        await bob.hangFetches(true);
        await beginSync(person, 'bob');
        await window.dialogs.notification(/Fetching from bob/u);
        await bob.fetchHangs();
        const before = (await startedByExtension(computer)).filter(({ args }) => /tor-annex|\bfetch\b/u.test(args));
        assert.notEqual(before.length, 0);
        await window.dialogs.clickNotification(/Fetching from bob/u, 'Cancel');
        await waitFor(async () => (await stillRunning(computer, before)).length === 0, { what: 'the fetch to end', limitMs: cancelledWithinMs });
        assert.deepEqual((await traces(computer)).locks, []);
        // Whoever cancels knows it.
        assert.deepEqual((await window.dialogs.notifications()).filter(({ text }) => !/Fetching from bob/u.test(text)), []);
        await bob.hangFetches(false);
        await bob.endHanging();
        assert.notEqual((await syncContent(person, 'bob')).severity, 'warning');
    });

    it('a fetch hangs and nobody looks: it is ended and tried again, and the sync succeeds', async () => {
        const { person, bob } = today().next();
        await bob.hangFetches(true);
        await beginSync(person, 'bob');
        await bob.fetchHangs();
        const before = (await startedByExtension(person.computer)).filter(({ args }) => /tor-annex|\bfetch\b/u.test(args));
        assert.notEqual(before.length, 0);
        await bob.hangFetches(false);
        assert.ok((await person.window.dialogs.notification(/Fetching from bob/u)).buttons.includes('Cancel'));
        const { severity, text } = await untilSynced(person);
        assert.notEqual(severity, 'warning', text);
        assert.deepEqual(await stillRunning(person.computer, before), []);
        await bob.endHanging();
    });
}

function describeTor(today: () => Days): void {
    it('Tor is stopped before a sync: it says so, and its button starts Tor', async () => {
        const { person } = today().next();
        const { computer, window } = person;
        await computer.stopTor();
        await beginSync(person, 'bob');
        const said = await window.dialogs.notification(/Not synced\. bob: Tor is not running on this computer/u, 60_000);
        assert.deepEqual(said.buttons, ['Start Tor', 'Show Log']);
        await waitFor(async () => (await window.treeRows()).some(row => /Tor is not running/u.test(row)), { what: 'the view to say so', limitMs: 10_000 });
        await window.dialogs.clickNotification(/Not synced/u, 'Start Tor');
        await becomeRoot(person);
        await waitFor(async () => !(await window.treeRows()).some(row => /Tor is not running/u.test(row)), { what: 'the view to say that Tor runs', limitMs: 20_000 });
        await computer.waitForTor();
        assert.notEqual((await syncContent(person, 'bob')).severity, 'warning');
    });

    it('Tor is stopped while pairing: the page says so and starts Tor, and the next try pairs', async () => {
        const scene = today().next();
        const { person } = scene;
        const { tokens } = await traces(person.computer);
        const page = await PairingPage.open(person);
        await page.showCode(`cut${scene.turn}`);
        await person.computer.stopTor();
        await page.reached('failed');
        assert.match(await page.frame.locator('main').innerText(), /Tor does not answer on 127\.0\.0\.1:9050, so the pairing was stopped\. Nothing went around Tor\.\s+Start Tor, then start again/u);
        await assertNoTraces(person.computer, tokens);
        await page.click('Start Tor');
        await becomeRoot(person);
        await person.computer.waitForTor();
        await page.click('Start again');
        await pairOn(page, scene);
    });

    it('Tor is stopped while the new service is published: it says so, its button starts Tor, and it goes on', async () => {
        const scene = today().next();
        const { person: { computer, window } } = scene;
        await activities.enabling.begin(scene);
        // So that nothing gets out.
        await computer.disconnect();
        await window.terminal.enter(computer.user.password);
        await window.dialogs.notification(/Tor publishes the onion service/u, 60_000);
        await computer.stopTor();
        const said = await window.dialogs.notification(/has its onion address, but Tor has stopped/u, 60_000);
        assert.deepEqual(said.buttons, ['Start Tor and Go On']);
        await computer.connect();
        await window.dialogs.clickNotification(/Tor has stopped/u, 'Start Tor and Go On');
        await becomeRoot(scene.person);
        await window.dialogs.notification(/Peers can now reach/u, 150_000);
        await window.dialogs.dismissNotification(/Peers can now reach/u);
    });

    it('the mailbox server is out of reach: the page says what to check, and the next try succeeds', async () => {
        const { person, turn } = today().next();
        await withoutMailbox(person, today().stage.rig.mailbox, `cut${turn}`);
    });
}

function describeNetwork(today: () => Days): void {
    it('the network is cut in the middle of a file, and back: the sync goes on', async () => {
        const scene = today().next();
        const { person, bob } = scene;
        await activities.syncing.begin(scene);
        await person.computer.disconnect();
        let size = -1;
        await waitFor(async () => {
            const before = size;
            size = await partComeOf(person);
            return size === before;
        }, { what: 'nothing to come any more', limitMs: 60_000, everyMs: 3000 });
        assert.ok((await person.window.dialogs.notification(/Receiving large.* from bob/u)).buttons.includes('Cancel'));
        await bob.computer.torControl('RESETCONF BandwidthRate BandwidthBurst');
        await person.computer.connect();
        const { text, severity } = await untilSynced(person);
        assert.equal(severity, 'info', text);
        await arrived(scene);
    });

    it('the network is cut before a sync: it says that this computer reaches nobody, and Try Again works when it is back', async () => {
        const { person } = today().next();
        const { computer, window } = person;
        await computer.disconnect();
        await beginSync(person, 'bob');
        // A cable that is out is known at once; Tor's own time limit is two minutes.
        const said = await window.dialogs.notification(reachesNobody, 40_000);
        assert.deepEqual(said.buttons, ['Try Again', 'Show Log']);
        await computer.connect();
        await window.dialogs.clickNotification(/Not synced/u, 'Try Again');
        assert.notEqual((await untilSynced(person)).severity, 'warning');
    });
}

function describeClock(today: () => Days): void {
    it("the clock is changed: Tor finds its way again after an hour's leap; where it is days off, that is said, and it works when it is right again", async function () {
        this.timeout(480_000);
        const { person } = today().next();
        const { computer, window } = person;
        await computer.setTorClock('+0');
        await computer.waitForTor();
        assert.notEqual((await syncContent(person, 'bob')).severity, 'warning');
        await computer.setTorClock('+1h');
        assert.notEqual((await syncContent(person, 'bob')).severity, 'warning');
        await computer.setTorClock('+9d');
        await beginSync(person, 'bob');
        const off = await window.dialogs.notification(reachesNobody, 240_000);
        assert.deepEqual(off.buttons, ['Try Again', 'Show Log']);
        await window.dialogs.dismissNotification(/Not synced/u);
        await computer.setTorClock('+0');
        await waitFor(async () => (await syncContent(person, 'bob')).severity !== 'warning', { what: 'a sync', limitMs: 240_000 });
    });
}
