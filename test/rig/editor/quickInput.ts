/** VS Code's quick input: the command palette, picks and input boxes. */
import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../wait';
import { exactly } from './exactly';

export class QuickInput {
    constructor(private readonly page: Page) {}

    private get widget(): Locator {
        return this.page.locator('.quick-input-widget:visible');
    }

    private get input(): Locator {
        return this.widget.locator('.quick-input-box input');
    }

    async isOpen(): Promise<boolean> {
        return await this.widget.count() > 0;
    }

    async waitUntilOpen(title?: string | RegExp): Promise<void> {
        await (title === undefined ? this.widget : this.widget.filter({ hasText: title })).waitFor();
    }

    async waitUntilClosed(): Promise<void> {
        await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    }

    async openCommandPalette(): Promise<void> {
        await waitFor(
            async () => {
                await this.page.keyboard.press('F1');
                return this.input.waitFor({ timeout: 2000 }).then(() => true, () => false);
            },
            { what: 'the command palette', limitMs: 20_000 },
        );
    }

    /** The title above the input, and the message or prompt below it. */
    async title(): Promise<string> {
        return this.widget.locator('.quick-input-title').innerText();
    }

    async message(): Promise<string> {
        return (await this.widget.locator('.quick-input-message').allInnerTexts()).join('\n').trim();
    }

    /** Replaces what is in the input. */
    async type(text: string): Promise<void> {
        await this.input.fill(text);
    }

    /** As {@link type}, but false if there is no input any more. */
    async tryType(text: string): Promise<boolean> {
        return this.input.fill(text, { timeout: 1000 }).then(() => true, () => false);
    }

    async accept(): Promise<void> {
        await this.input.press('Enter');
    }

    /** Types into an input box and accepts it. */
    async enter(text: string): Promise<void> {
        await this.type(text);
        await this.accept();
    }

    /** The labels that are on screen, in order. @throws where none shows up within the time */
    async items(timeout = 20_000): Promise<string[]> {
        await this.widget.locator('.quick-input-list .monaco-list-row').first().waitFor({ timeout });
        return this.widget.locator('.quick-input-list .monaco-list-row .quick-input-list-rows > .quick-input-list-row:first-child .label-name').allInnerTexts();
    }

    /** Chooses the entry with exactly this label. */
    async pick(label: string): Promise<void> {
        await this.row(label).click();
    }

    /** Whether an entry with exactly this label shows up within the time. */
    async has(label: string, timeout: number): Promise<boolean> {
        return this.row(label).waitFor({ timeout }).then(() => true, () => false);
    }

    /** Waits until what was typed is gone: the choice was taken, and whatever opens now is something else. */
    async settled(typed: string): Promise<void> {
        await waitFor(async () => !await this.isOpen() || await this.input.inputValue({ timeout: 1000 }).catch(() => '') !== typed, { what: 'the choice to be taken', limitMs: 10_000, everyMs: 30 });
    }

    /** Marks an entry of a list with check boxes. */
    async check(label: string): Promise<void> {
        await this.row(label).locator('.quick-input-list-checkbox, .monaco-checkbox').first().click();
    }

    /** Clicks the OK button of a list with check boxes, or another button by its label. */
    async clickButton(label: string): Promise<void> {
        await this.widget.locator(`.monaco-button:has-text("${label}"), .action-label[aria-label="${label}"]`).first().click();
    }

    async cancel(): Promise<void> {
        await this.page.keyboard.press('Escape');
        await this.waitUntilClosed();
    }

    private row(label: string): Locator {
        return this.widget.locator('.quick-input-list .monaco-list-row').filter({ has: exactly(this.page.locator('.label-name'), label) }).first();
    }
}
