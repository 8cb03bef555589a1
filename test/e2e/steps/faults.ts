/** What fails around an editor, what its person sees of it, and how they go on: the cheap ones, for every run of the tests. */
import assert from 'node:assert/strict';
import { waitFor } from '../../rig/wait';
import type { Rig } from '../../rig/rig';
import { assertNoTraces, traces } from './leftovers';
import { PairingPage } from './pairing';
import { viewContainer, type Person } from './person';
import { kill, running } from './processes';

const daemon = /^\S*git-annex remotedaemon/u;

/** The view shows a peer, and that the repository is served. */
export async function withDaemonThatKeepsEnding({ computer, window }: Person): Promise<void> {
    await window.openViewContainer(viewContainer);
    const says = async (pattern: RegExp): Promise<boolean> => (await window.treeRows()).some(row => pattern.test(row));
    const served = async (but: readonly number[]): Promise<readonly number[]> => waitFor(async () => {
        const pids = await running(computer, daemon);
        return pids.length === 1 && !but.includes(pids[0] ?? 0) && pids;
    }, { what: 'another daemon', limitMs: 10_000 });
    const seen: number[] = [...await served([])];
    await kill(computer, seen);
    seen.push(...await served(seen));
    assert.equal(await says(/keeps ending/u), false);
    for (let again = 0; again < 2; again++) {
        await kill(computer, seen.slice(-1));
        seen.push(...again === 1 ? [] : await served(seen));
    }
    await waitFor(async () => says(/The remote daemon keeps ending/u), { what: 'the view to say so', limitMs: 5000 });
    await window.treeItem('The remote daemon keeps ending').click();
    await served(seen);
    await waitFor(async () => says(/served since/u), { what: 'the view to say that it is served', limitMs: 10_000 });
    assert.equal(await says(/keeps ending/u), false);
    assert.deepEqual((await window.dialogs.notifications()).filter(({ severity }) => severity !== 'info'), []);
}

/** Nobody answers at the mailbox server's address while `person` begins to pair with `peerName`. */
export async function withoutMailbox(person: Person, mailbox: Rig['mailbox'], peerName: string): Promise<void> {
    const { tokens } = await traces(person.computer);
    await mailbox.stop();
    const page = await PairingPage.open(person);
    try {
        await page.start(peerName);
        await page.reached('failed');
        assert.match(await page.frame.locator('main').innerText(), /did not reach its mailbox server\.\s+Check the network connection, then start again/u);
        await assertNoTraces(person.computer, tokens);
    } finally {
        await mailbox.start();
    }
    await page.click('Start again');
    await page.showCode(peerName);
    await page.cancel();
    await assertNoTraces(person.computer, tokens);
}
