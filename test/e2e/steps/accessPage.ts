/** The page for addresses by hand and verifying, as a person uses it; and what the tree says of who has access. */
import type { FrameLocator } from 'playwright-core';
import { waitFor } from '../../rig/wait';
import { viewContainer, type Person } from './person';

const linkLimitMs = 120_000;

export class AccessPage {
    constructor(readonly person: Person) {}

    get frame(): FrameLocator {
        return this.person.window.webview();
    }

    static async open(person: Person): Promise<AccessPage> {
        await person.window.runCommand('Annex: Addresses by Hand');
        const page = new AccessPage(person);
        await page.reached('make', 'idle');
        return page;
    }

    /** Shows the words for a peer, from its row. */
    static async verify(person: Person, peer: string): Promise<AccessPage> {
        await person.window.openViewContainer(viewContainer);
        await person.window.clickContextMenu(peer, 'Verify Peer');
        const page = new AccessPage(person);
        await page.reached('verify', 'words');
        return page;
    }

    async reached(section: string, state: string, limitMs = 20_000): Promise<void> {
        const main = this.frame.locator('main');
        await waitFor(async () => {
            const now = await main.getAttribute('data-state', { timeout: 1000 }).catch(() => undefined);
            if (now === 'failed' && state !== 'failed') {
                throw new Error(`${this.person.name}: ${await main.innerText()}`);
            }
            return now === state && (await main.getAttribute('data-section')) === section;
        }, { what: `${this.person.name}'s page to be ${section}/${state}`, limitMs });
    }

    async click(button: string): Promise<void> {
        await this.frame.getByRole('button', { name: button, exact: true }).click();
    }

    /** Makes an address; gives back what the page shows. */
    async make(label: string): Promise<string> {
        await this.frame.locator('#label').fill(label);
        await this.click('Make the address');
        await this.reached('make', 'made');
        return (await this.frame.locator('[data-role=address]').innerText()).trim();
    }

    async link(address: string, name: string): Promise<void> {
        await this.click('Link to an address');
        await this.reached('link', 'idle');
        await this.frame.locator('#address').fill(address);
        await this.frame.locator('#name').fill(name);
        await this.frame.locator('#address-found.ok').waitFor();
        await this.click('Link');
        await this.reached('link', 'linked', linkLimitMs);
    }

    async words(): Promise<readonly string[]> {
        return (await this.frame.locator('[data-role=words]').innerText()).split(/\s+/u).filter(word => word !== '');
    }
}

/** Opens "Who has access" and gives back its rows: who, by which way, since when. */
async function whoHasAccess({ window }: Person): Promise<readonly string[]> {
    await window.openViewContainer(viewContainer);
    const node = window.treeItem('Who has access');
    if (await node.getAttribute('aria-expanded') === 'false') {
        await node.click();
    }
    const rows = (await window.treeRows()).map(row => row.replaceAll(/\s+/gu, ' '));
    return rows.filter(row => /, since /u.test(row) && /paired|by address|left by a pairing|unknown way/u.test(row));
}

/** Waits until the rows are as they should be; gives them back. */
export async function untilListed(person: Person, isSo: (rows: readonly string[]) => boolean): Promise<readonly string[]> {
    let rows: readonly string[] = [];
    try {
        return await waitFor(async () => {
            rows = await whoHasAccess(person);
            return isSo(rows) ? rows : undefined;
        }, { what: 'the list of who has access to be right', limitMs: 15_000 });
    } catch (error) {
        throw new Error(`It lists: ${rows.join(' | ')}`, { cause: error });
    }
}

export async function clipboard({ window }: Person): Promise<string> {
    return String(await window.page.evaluate('navigator.clipboard.readText()'));
}
