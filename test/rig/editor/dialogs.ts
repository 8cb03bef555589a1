/** Modal dialogs and notifications. */
import type { Locator, Page } from 'playwright-core';

export interface Shown {
    readonly text: string;
    readonly buttons: readonly string[];
}

export interface Notification extends Shown {
    readonly severity: 'error' | 'warning' | 'info';
}

export class Dialogs {
    constructor(private readonly page: Page) {}

    /** The modal dialog, once there is one whose text matches. */
    async modal(text: string | RegExp = ''): Promise<Shown> {
        const box = this.box(text);
        await box.waitFor();
        return {
            text: await box.locator('.dialog-message-container').innerText(),
            buttons: labels(await box.locator('.dialog-buttons .monaco-button').allInnerTexts()),
        };
    }

    async clickModal(button: string, text: string | RegExp = ''): Promise<void> {
        await this.box(text).locator('.dialog-buttons .monaco-button').filter({ hasText: button }).first().click();
    }

    async isModalOpen(): Promise<boolean> {
        return await this.page.locator('.monaco-dialog-box:visible').count() > 0;
    }

    /** The notifications that are on screen. */
    async notifications(): Promise<Notification[]> {
        const items = await this.page.locator('.notifications-toasts .notification-toast .notification-list-item').all();
        return Promise.all(items.map(async item => {
            const icon = await item.locator('.notification-list-item-icon').getAttribute('class') ?? '';
            return {
                severity: icon.includes('codicon-error') ? 'error' as const : icon.includes('codicon-warning') ? 'warning' as const : 'info' as const,
                text: await item.locator('.notification-list-item-message').innerText(),
                buttons: labels(await item.locator('.notification-list-item-buttons-container .monaco-button').allInnerTexts()),
            };
        }));
    }

    /** Waits for a notification whose text matches. */
    async notification(text: string | RegExp, timeout = 30_000): Promise<Notification> {
        await this.toast(text).waitFor({ timeout });
        const matches = (candidate: Notification): boolean => typeof text === 'string' ? candidate.text.includes(text) : text.test(candidate.text);
        const found = (await this.notifications()).find(matches);
        if (found === undefined) {
            throw new Error(`The notification ${String(text)} went away`);
        }
        return found;
    }

    async clickNotification(text: string | RegExp, button: string): Promise<void> {
        const toast = this.toast(text);
        await toast.hover();
        await toast.locator('.notification-list-item-buttons-container .monaco-button').filter({ hasText: button }).first().click();
    }

    /** Closes a notification without choosing anything. */
    async dismissNotification(text: string | RegExp): Promise<void> {
        const toast = this.toast(text);
        await toast.hover();
        await toast.locator('.codicon-notifications-clear').click();
        await toast.waitFor({ state: 'detached' });
    }

    private toast(text: string | RegExp): Locator {
        return this.page.locator('.notifications-toasts .notification-toast').filter({ hasText: text }).first();
    }

    private box(text: string | RegExp): Locator {
        return this.page.locator('.monaco-dialog-box').filter({ hasText: text });
    }
}

function labels(texts: readonly string[]): string[] {
    return texts.map(text => text.trim()).filter(text => text !== '');
}
