/** Modal dialogs and notifications. */
import type { Locator, Page } from 'playwright-core';
import * as v from 'valibot';

export interface Shown {
    readonly text: string;
    readonly buttons: readonly string[];
}

const notificationsSchema = v.array(v.object({
    severity: v.picklist(['error', 'warning', 'info']),
    text: v.string(),
    buttons: v.array(v.string()),
}));

export type Notification = v.InferOutput<typeof notificationsSchema>[number];

/** Runs in the page, all at once: notifications come and go. */
const readNotifications = `[...document.querySelectorAll('.notifications-toasts .notification-toast .notification-list-item')].map(item => {
    const icon = item.querySelector('.notification-list-item-icon')?.classList;
    return {
        severity: icon?.contains('codicon-error') ? 'error' : icon?.contains('codicon-warning') ? 'warning' : 'info',
        text: item.querySelector('.notification-list-item-message')?.innerText ?? '',
        buttons: [...item.querySelectorAll('.notification-list-item-buttons-container .monaco-button')].map(button => button.innerText.trim()).filter(label => label !== ''),
    };
})`;

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

    async clickModal(button: string | RegExp, text: string | RegExp = ''): Promise<void> {
        await this.box(text).locator('.dialog-buttons .monaco-button').filter({ hasText: button }).first().click();
    }

    async isModalOpen(): Promise<boolean> {
        return await this.page.locator('.monaco-dialog-box:visible').count() > 0;
    }

    /** The notifications that are on screen. */
    async notifications(): Promise<readonly Notification[]> {
        return v.parse(notificationsSchema, await this.page.evaluate(readNotifications));
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
