/** The terminal in front: what it shows, and keys for it (a password asked by sudo, for instance). */
import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../wait';

export class Terminal {
    constructor(private readonly page: Page) {}

    private get front(): Locator {
        return this.page.locator('.terminal-wrapper.active');
    }

    async isShown(): Promise<boolean> {
        return await this.front.count() > 0 && this.front.isVisible();
    }

    /** What is on its screen, without the empty end of each line. */
    async text(): Promise<string> {
        const rows = await this.front.locator('.xterm-rows > div').allInnerTexts();
        return rows.map(row => row.replaceAll('\u00A0', ' ').trimEnd()).join('\n').trimEnd();
    }

    /** Waits until the screen shows `pattern`; gives back the screen. */
    async waitFor(pattern: string | RegExp, limitMs = 30_000): Promise<string> {
        return waitFor(
            async () => {
                const text = await this.isShown() ? await this.text() : '';
                return (typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text)) && text;
            },
            { what: `${String(pattern)} in the terminal`, limitMs },
        );
    }

    /** Types a line and Enter. */
    async enter(line: string): Promise<void> {
        await this.front.locator('.xterm-helper-textarea').focus();
        await this.page.keyboard.type(line);
        await this.page.keyboard.press('Enter');
    }
}
