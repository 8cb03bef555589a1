/** Nothing outlives its owner, and one window at a time serves: with the real extension host, killed and reloaded. */
import assert from 'node:assert/strict';
import { launchBrowser } from '../rig/editor/browser';
import { waitFor } from '../rig/wait';
import { enableTor } from './steps/enableTor';
import { assertNoTraces, traces } from './steps/leftovers';
import { PairingPage } from './steps/pairing';
import { viewContainer, type Person } from './steps/person';
import { Stage } from './steps/stage';

const goneLimitMs = 2000;

describe('what the extension starts', function () {
    this.timeout(300_000);
    // Each step needs the ones before.
    this.bail(true);
    let stage: Stage;
    let alice: Person;

    before(async () => {
        stage = await Stage.set({ people: ['alice'] });
        await stage.open();
        alice = stage.person('alice');
        await enableTor(alice);
    });

    afterEach(async function () {
        if (this.currentTest?.state === 'failed') {
            await stage.pictures('lifetime-failure');
        }
    });

    after(async () => {
        await stage.strike();
    });

    /** Process ids of alice's programs whose command line matches. */
    const running = async (pattern: RegExp): Promise<readonly string[]> => {
        const lines = (await alice.computer.execOrThrow(['ps', '-u', alice.name, '-o', 'pid=,args='])).split('\n');
        return lines.filter(line => pattern.test(line)).flatMap(line => line.trim().split(/\s+/u)[0] ?? []);
    };
    const daemons = async (): Promise<readonly string[]> => running(/git-annex remotedaemon/u);

    it('serves once, whatever number of windows is open', async () => {
        const browser = await launchBrowser();
        try {
            const second = await alice.seat.openWindow(browser);
            // Another browser doesn't know whom the first one trusts.
            await second.grantTrust();
            await second.openViewContainer(viewContainer);
            await waitFor(async () => /no peers yet/u.test(await second.welcomeText()), { what: 'the second window to know that the repository is served', limitMs: 30_000 });
            assert.equal((await daemons()).length, 1);
        } finally {
            await browser.close();
        }
    });

    it('serves once after ten reloads', async () => {
        for (let reload = 0; reload < 10; reload++) {
            await alice.window.reload();
        }
        await alice.window.openViewContainer(viewContainer);
        await waitFor(async () => /no peers yet/u.test(await alice.window.welcomeText()), { what: 'the repository to be served', limitMs: 30_000 });
        await waitFor(async () => (await daemons()).length === 1, { what: 'exactly one remote daemon', limitMs: 15_000 });
    });

    it('is gone within two seconds after kill -9 of the extension host in the middle of a pairing', async () => {
        const { tokens } = await traces(alice.computer);
        const page = await PairingPage.open(alice);
        await page.showCode('bob');
        const before = [...await daemons(), ...await running(/p2p --pair/u)];
        assert.ok(before.length >= 2);
        const hosts = await running(/type=extensionHost/u);
        assert.notEqual(hosts.length, 0);
        await alice.computer.execOrThrow(['kill', '-KILL', ...hosts]);
        const killed = performance.now();
        await waitFor(async () => (await running(/./u)).filter(pid => before.includes(pid)).length === 0, { what: 'everything that it had started to be gone', limitMs: goneLimitMs, everyMs: 50 });
        await assertNoTraces(alice.computer, tokens);
        console.log(`      gone after ${Math.round(performance.now() - killed)} ms`);
    });
});
