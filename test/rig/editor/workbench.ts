/**
 * One VS Code window in the browser, driven as a person does it: by commands, clicks and keys. Everything waits for what
 * it needs and fails with the name of what it waited for.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import * as v from 'valibot';
import { waitFor } from '../wait';
import { Dialogs } from './dialogs';
import { exactly } from './exactly';
import { QuickInput } from './quickInput';
import { themes, type ThemeKind } from './settings';
import { Terminal } from './terminal';

export interface WorkbenchOptions {
    readonly viewport?: { readonly width: number; readonly height: number };
    /** Runs in every frame before anything else (JavaScript source). */
    readonly initScript?: string;
    readonly onPage?: (page: Page) => Promise<unknown>;
    /** Kept from window to window of one person: cookies, the layout of views. */
    readonly context?: BrowserContext;
}

const statusBarSchema = v.array(v.object({
    id: v.string(),
    /** What a screen reader says. */
    label: v.string(),
    text: v.string(),
    kind: v.picklist(['error', 'warning', 'normal']),
}));

export type StatusBarItem = v.InferOutput<typeof statusBarSchema>[number];

/** Runs in the page, all at once: items come and go. */
const readStatusBar = `[...document.querySelectorAll('.part.statusbar .statusbar-item')].map(item => ({
    id: item.id,
    label: item.getAttribute('aria-label') ?? '',
    text: item.innerText.trim(),
    kind: item.classList.contains('error-kind') ? 'error' : item.classList.contains('warning-kind') ? 'warning' : 'normal',
}))`;

const actionLimitMs = 20_000;

export class Workbench {
    readonly quickInput: QuickInput;
    readonly dialogs: Dialogs;
    readonly terminal: Terminal;
    /** Errors of the page's own scripts and what the console was told as an error. */
    readonly errors: string[] = [];

    private constructor(
        readonly page: Page,
        private readonly context: BrowserContext,
        private readonly ownsContext: boolean,
    ) {
        page.setDefaultTimeout(actionLimitMs);
        this.quickInput = new QuickInput(page);
        this.dialogs = new Dialogs(page);
        this.terminal = new Terminal(page);
        page.on('pageerror', error => this.errors.push(error.message));
        page.on('console', message => {
            if (message.type() === 'error') {
                this.errors.push(message.text());
            }
        });
    }

    /** Opens a window at `url` (see EditorServer.url) and waits until it can be used. */
    static async open(browser: Browser, url: string, options: WorkbenchOptions = {}): Promise<Workbench> {
        const context = options.context ?? await browser.newContext({ viewport: options.viewport ?? { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] });
        const page = await context.newPage();
        const workbench = new Workbench(page, context, options.context === undefined);
        if (options.initScript !== undefined) {
            await page.addInitScript({ content: options.initScript });
        }
        await options.onPage?.(page);
        await page.goto(url);
        await workbench.ready();
        return workbench;
    }

    /** Waits until the window is there and its extension host runs. */
    async ready(): Promise<void> {
        await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
        await this.page.locator('.monaco-workbench .part.activitybar .action-item').first().waitFor();
        // The last items come when the window has been restored.
        await this.page.locator('.statusbar-item[id="status.problems"]').waitFor({ timeout: 60_000 });
    }

    async reload(): Promise<void> {
        await this.page.reload();
        await this.ready();
    }

    /** Runs a command by its title in the command palette, for instance "Annex: Pair Peer". */
    async runCommand(title: string): Promise<void> {
        await this.choose(`>${title}`, title, `the command "${title}" in the palette`);
    }

    /** Opens a file of the workspace by its name. */
    async openFile(name: string): Promise<void> {
        await this.choose(name, name, `the file "${name}" to be found`);
    }

    /** Types into the command palette and takes the entry with exactly this label. */
    private async choose(typed: string, label: string, what: string): Promise<void> {
        await waitFor(
            async () => {
                await this.quickInput.openCommandPalette();
                // What the window was doing can take the focus, and so close the palette.
                if (!await this.quickInput.tryType(typed)) {
                    return false;
                }
                // The palette doesn't show a command that was registered after it had been opened.
                const found = await this.quickInput.has(label, 2000);
                if (!found && await this.quickInput.isOpen()) {
                    await this.quickInput.cancel();
                }
                return found;
            },
            { what, limitMs: actionLimitMs },
        );
        await this.quickInput.pick(label);
        await this.quickInput.settled(typed);
    }

    /** Titles in the command palette that match `filter`. */
    async findCommands(filter: string): Promise<string[]> {
        await this.quickInput.openCommandPalette();
        await this.quickInput.type(`>${filter}`);
        const items = await this.quickInput.items();
        await this.quickInput.cancel();
        return items;
    }

    /** Shows a view container of the activity bar, for instance "git-annex Peers"; does nothing if it is shown. */
    async openViewContainer(title: string): Promise<void> {
        const icon = this.page.locator(`.activitybar .action-item:has(.action-label[aria-label^="${title}"])`).first();
        await icon.waitFor();
        const shown = / checked( |$)/u.test(await icon.getAttribute('class') ?? '') && await this.page.locator('.part.sidebar').isVisible();
        if (!shown) {
            await icon.click();
        }
        await this.page.locator(`.part.sidebar .composite.title:has-text("${title}")`).waitFor();
    }

    /** The text that a view shows while it is empty. */
    async welcomeText(): Promise<string> {
        const content = this.page.locator('.part.sidebar .welcome-view-content:visible').first();
        await content.waitFor();
        return content.innerText();
    }

    /** Clicks a button (or link) of a view's empty state. */
    async clickWelcome(text: string): Promise<void> {
        await this.page.locator('.part.sidebar .welcome-view-content').locator('.monaco-button, a').filter({ hasText: text }).first().click();
    }

    /** A row of the side bar's trees, by what it begins with. */
    treeItem(label: string): Locator {
        return this.page.locator('.part.sidebar .pane-body .monaco-list-row').filter({ has: exactly(this.page.locator('.label-name'), label) }).first();
    }

    /** Every row of the side bar's trees: its label and its description, as text. */
    async treeRows(): Promise<string[]> {
        return this.page.locator('.part.sidebar .pane-body .monaco-list-row .monaco-tl-contents').allInnerTexts();
    }

    /** Clicks an action at the end of a row, for instance "Sync Content". */
    async clickInlineAction(label: string, action: string): Promise<void> {
        const row = this.treeItem(label);
        await row.hover();
        await row.locator(`.action-label[aria-label^="${action}"]`).click();
    }

    /** Opens a row's context menu and chooses an entry. */
    async clickContextMenu(label: string, entry: string): Promise<void> {
        await this.treeItem(label).click({ button: 'right' });
        await this.chooseMenuEntry(entry);
    }

    /** Chooses an entry of the menu that is open. */
    async chooseMenuEntry(entry: string): Promise<void> {
        const item = this.page.locator('.monaco-menu .action-item').filter({ has: exactly(this.page.locator('.action-label'), entry) }).first();
        await item.waitFor();
        await item.hover();
        await item.click();
    }

    /** Clicks an action in a view's title bar. */
    async clickViewAction(view: string, action: string): Promise<void> {
        const pane = this.page.locator('.part.sidebar .pane').filter({ has: this.page.locator(`.pane-header[aria-label^="${view}"]`) });
        const inPane = pane.locator(`.pane-header .action-label[aria-label^="${action}"]`);
        const inTitle = this.page.locator(`.part.sidebar .composite.title .action-label[aria-label^="${action}"]`);
        if (await inTitle.count() > 0) {
            await inTitle.first().click();
            return;
        }
        await pane.locator('.pane-header').hover();
        await inPane.click();
    }

    async statusBar(): Promise<readonly StatusBarItem[]> {
        return v.parse(statusBarSchema, await this.page.evaluate(readStatusBar));
    }

    statusBarItem(text: string | RegExp): Locator {
        return this.page.locator('.part.statusbar .statusbar-item').filter({ hasText: text }).first();
    }

    async clickStatusBar(text: string | RegExp): Promise<void> {
        await this.statusBarItem(text).locator('a').first().click();
    }

    /** The page of the webview that is in front. */
    webview(): FrameLocator {
        return this.page.locator('iframe.webview.ready').last().contentFrame().frameLocator('#active-frame');
    }

    async closeEditor(): Promise<void> {
        await this.runCommand('View: Close Editor');
    }

    /** Whether the window is in Restricted Mode. */
    async isRestricted(): Promise<boolean> {
        return await this.page.locator('.statusbar-item[id="status.workspaceTrust"], .statusbar-item:has-text("Restricted Mode")').count() > 0;
    }

    /** Trusts the open folder, as a person does it. */
    async grantTrust(): Promise<void> {
        await waitFor(async () => this.isRestricted(), { what: 'Restricted Mode', limitMs: actionLimitMs });
        await this.runCommand('Workspaces: Manage Workspace Trust');
        const editor = this.page.locator('.workspace-trust-editor');
        await editor.locator('.monaco-button').filter({ hasText: /^Trust$/u }).click();
        await waitFor(async () => !await this.isRestricted(), { what: 'the folder to be trusted', limitMs: actionLimitMs });
        await this.closeEditor();
    }

    /** Changes the colour theme, as a person does it. */
    async setTheme(kind: ThemeKind): Promise<void> {
        const { label, className } = themes[kind];
        await this.runCommand('Preferences: Color Theme');
        await this.quickInput.type(label);
        await this.quickInput.pick(label);
        await this.page.locator(`.monaco-workbench.${className}`).waitFor();
    }

    /** A file of the Explorer (which is opened), by its name at the top of the tree. */
    async explorerFile(name: string): Promise<Locator> {
        await this.openViewContainer('Explorer');
        const row = this.page.locator('.explorer-folders-view .monaco-list-row').filter({ has: exactly(this.page.locator('.label-name'), name) }).first();
        await row.waitFor();
        return row;
    }

    /** Chooses an entry of a file's menu in the Explorer; one that an extension adds comes only when that runs, so the menu is opened again. */
    async chooseForFile(name: string, entry: string): Promise<void> {
        await waitFor(async () => {
            await (await this.explorerFile(name)).click({ button: 'right' });
            const item = this.page.locator('.monaco-menu .action-item').filter({ has: exactly(this.page.locator('.action-label'), entry) }).first();
            const isThere = await item.waitFor({ timeout: 1500 }).then(() => true, () => false);
            if (!isThere) {
                await this.page.keyboard.press('Escape');
            }
            return isThere;
        }, { what: `"${entry}" in the menu of ${name}`, limitMs: actionLimitMs });
        await this.chooseMenuEntry(entry);
    }

    /** Text of the output channel that is shown, line by line as far as it is on screen. */
    async outputText(): Promise<string> {
        return (await this.page.locator('.part.panel .view-lines .view-line').allInnerTexts()).join('\n').replaceAll('\u00A0', ' ');
    }

    /** Saves a picture of the window as `<folder>/<name>.png`. */
    async screenshot(folder: string, name: string): Promise<string> {
        await mkdir(folder, { recursive: true });
        const file = path.join(folder, `${name}.png`);
        await this.page.screenshot({ path: file });
        return file;
    }

    /** Closes the window as a person does (the extension's deactivate runs). */
    async close(): Promise<void> {
        // As when a person closes the tab, the window is told: one that only vanishes may come back, and its extension host waits for it.
        await this.page.goto('about:blank');
        await this.page.close();
        if (this.ownsContext) {
            await this.context.close();
        }
    }
}
