/** Pairing by the page, as two people do it: each shows a code and types the other's. */
import type { FrameLocator } from 'playwright-core';
import { waitFor } from '../../rig/wait';
import type { Person } from './person';

const codeLimitMs = 60_000;
const pairedLimitMs = 150_000;

/** Every code that a page has shown in this process. */
export const codesSeen: string[] = [];

/** The states that the page shows, as its `data-state`. */
export type PageState = 'choosing' | 'preparing' | 'code-ready' | 'waiting' | 'exchanging' | 'connecting' | 'ending' | 'paired' | 'failed' | 'cancelled';

/** One side's pairing page. */
export class PairingPage {
    constructor(readonly person: Person) {}

    get frame(): FrameLocator {
        return this.person.window.webview();
    }

    /** Opens the page and waits for what is to be read first. */
    static async open(person: Person): Promise<PairingPage> {
        await person.window.runCommand('Annex: Pair Peer');
        const page = new PairingPage(person);
        await page.reached('choosing');
        return page;
    }

    async state(): Promise<PageState | undefined> {
        // The page's own states: nothing else writes this attribute.
        return await this.frame.locator('main').getAttribute('data-state', { timeout: 1000 }).catch(() => undefined) as PageState | undefined;
    }

    /** What the page says. */
    async text(): Promise<string> {
        return this.frame.locator('main').innerText();
    }

    /** Waits for a state. @throws {Error} at once if the pairing has failed instead */
    async reached(state: PageState, limitMs = codeLimitMs): Promise<void> {
        await waitFor(async () => {
            const now = await this.state();
            if (now === 'failed' && state !== 'failed') {
                throw new Error(`${this.person.name}: ${await this.frame.locator('main').innerText()}`);
            }
            return now === state;
        }, { what: `${this.person.name}'s pairing page to be ${state}`, limitMs });
    }

    /** Names the peer, and agrees. */
    async fillIn(peerName: string): Promise<void> {
        await this.frame.locator('#name').fill(peerName);
        const consent = this.frame.locator('#consent');
        // Only a pairing without Tor asks for it.
        if (await consent.count() > 0) {
            await consent.check();
        }
    }

    async askForCode(): Promise<void> {
        await this.frame.getByRole('button', { name: 'Show my code' }).click();
    }

    /** Names the peer, agrees, and asks for the own code. */
    async start(peerName: string): Promise<void> {
        await this.fillIn(peerName);
        await this.askForCode();
    }

    /** As {@link start}, and waits for the code. */
    async showCode(peerName: string): Promise<string> {
        await this.start(peerName);
        await this.reached('code-ready');
        const code = await this.ownCode();
        codesSeen.push(code);
        return code;
    }

    async ownCode(): Promise<string> {
        return (await this.frame.locator('[data-role="own-code"]').innerText()).trim();
    }

    async enterCode(code: string): Promise<void> {
        const field = this.frame.locator('#their-code');
        await field.fill(code);
        await field.press('Escape');
        await this.frame.locator('button[form="code-form"]').click();
    }

    async click(button: string): Promise<void> {
        await this.frame.getByRole('button', { name: button, exact: true }).click();
    }

    /** Ends the pairing by its button and closes the page. */
    async cancel(): Promise<void> {
        await this.click('Cancel');
        await this.reached('cancelled');
        await this.click('Close');
    }

    async paired(): Promise<void> {
        await this.reached('paired', pairedLimitMs);
    }
}

export interface PairOptions {
    /** What the first calls the second, and the second the first; their names if left out. */
    readonly names?: readonly [forSecond: string, forFirst: string];
    /** Called when both pages show what is to be read first. */
    readonly atChoosing?: (first: PairingPage, second: PairingPage) => Promise<unknown>;
    /** Called while both codes are shown. */
    readonly atCodes?: (first: PairingPage, second: PairingPage) => Promise<unknown>;
    /** Called when both pages say that it worked. */
    readonly atPaired?: (first: PairingPage, second: PairingPage) => Promise<unknown>;
}

/** Two people pair; each calls the other by name. */
export async function pairByPage(first: Person, second: Person, options: PairOptions = {}): Promise<void> {
    const [one, other] = await Promise.all([PairingPage.open(first), PairingPage.open(second)]);
    await options.atChoosing?.(one, other);
    const [forSecond, forFirst] = options.names ?? [second.name, first.name];
    const [code, otherCode] = await Promise.all([one.showCode(forSecond), other.showCode(forFirst)]);
    await options.atCodes?.(one, other);
    await Promise.all([one.enterCode(otherCode), other.enterCode(code)]);
    await Promise.all([one.paired(), other.paired()]);
    await options.atPaired?.(one, other);
    await Promise.all([one.click('Close'), other.click('Close')]);
}
