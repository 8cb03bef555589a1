/**
 * From the click on the page until the code can be read there: the real page in a real VS Code on the rig, in the page's own
 * clock. Our wormhole without Tor, through Tor, and python's, one after another.
 *
 *     node out/test/bench/page/bench.js [rounds]      needs root, and the packaged extension
 *
 * Ends with 1 if a code without Tor's own time took a second or more, the first one included.
 */
import * as v from 'valibot';
import { defaultMailboxUrl, defaultRelay, parseRelay } from '../../../src/core/wormhole/options';
import { enableTor } from '../../e2e/steps/enableTor';
import { PairingPage } from '../../e2e/steps/pairing';
import type { Person } from '../../e2e/steps/person';
import { Stage } from '../../e2e/steps/stage';
import type { Settings } from '../../rig/editor/settings';
import { mailboxName, transitName } from '../../rig/network/addresses';
import { startTlsFront } from '../../rig/network/tlsFront';
import { median, tell } from '../support/row';

const rounds = Number(process.argv[2] ?? 5);
const goalMs = 1000;
const authorityFile = '/tmp/mailbox-authority.pem';

/** In the page: from the next click until the frame after the one in which the code has come. */
const arm = `globalThis.untilCode = new Promise(resolve => {
    document.addEventListener('click', ({ timeStamp }) => {
        const observer = new MutationObserver(() => {
            if ((document.querySelector('[data-role="own-code"]')?.textContent ?? '').trim() !== '') {
                observer.disconnect();
                requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - timeStamp)));
            }
        });
        observer.observe(document, { subtree: true, childList: true, characterData: true });
    }, { capture: true, once: true });
}); undefined`;

async function clickToCode(person: Person): Promise<number> {
    const page = await PairingPage.open(person);
    await page.fillIn('peer');
    const body = page.frame.locator('body');
    await body.evaluate(arm);
    await page.askForCode();
    await page.reached('code-ready');
    const took = v.parse(v.number(), await body.evaluate('globalThis.untilCode'));
    await page.cancel();
    return took;
}

const show = (times: readonly number[]): string => `${Math.round(median(times))} (${Math.round(Math.min(...times))}–${Math.round(Math.max(...times))}) ms`;

async function main(): Promise<boolean> {
    const stage = await Stage.set({ people: ['alice'], env: { ANNEX_PEERS_WORMHOLE_CA: authorityFile } });
    try {
        const tls = await startTlsFront(stage.rig.mailbox.machine);
        await stage.rig.computer('alice').writeFile(authorityFile, tls.authority);
        await stage.open();
        const alice = stage.person('alice');
        await enableTor(alice);
        const throughTor: Settings = {
            'annexPeers.wormhole.mailboxUrl': defaultMailboxUrl.replace(new URL(defaultMailboxUrl).hostname, mailboxName),
            'annexPeers.wormhole.transitRelay': defaultRelay.replace(parseRelay(defaultRelay).host, transitName),
        };
        const none: Settings = { 'annexPeers.wormhole.mailboxUrl': undefined, 'annexPeers.wormhole.transitRelay': undefined };
        const measure = async (settings: Settings): Promise<readonly number[]> => {
            await alice.seat.editor.changeSettings({ 'annexPeers.wormhole.withoutTor': false, 'annexPeers.wormhole.useProgramOnPath': false, ...settings });
            await alice.window.reload();
            const times: number[] = [];
            for (let round = 0; round < rounds; round++) {
                times.push(await clickToCode(alice));
            }
            return times;
        };
        const withoutTor = await measure({ ...none, 'annexPeers.wormhole.withoutTor': true });
        const plain = await measure({ ...none, 'annexPeers.wormhole.useProgramOnPath': true });
        const overTor = await measure(throughTor);
        const reached = withoutTor.every(time => time < goalMs);
        tell({
            what: 'the code on the page after the click, in a real VS Code, without Tor',
            ours: show(withoutTor),
            instead: `${show(plain)} (with python’s wormhole)`,
            ratio: `${(median(plain) / median(withoutTor)).toFixed(1)} times faster`,
            goal: `each under ${goalMs} ms`,
            reached,
            note: `${rounds} rounds of each, one after another`,
        });
        tell({ what: 'the same through a private Tor network, with its circuits', ours: show(overTor), instead: 'nothing', ratio: '', goal: '', reached: true, note: `${rounds} rounds` });
        return reached;
    } finally {
        await stage.strike();
    }
}

void main().then(reached => (process.exitCode = reached ? 0 : 1));
