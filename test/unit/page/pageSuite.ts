/** What every suite of a page needs: the built page, a browser, and a folder, which go with the suite. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { bundle, launchBrowser, openPage, type OpenPage, type PageName } from './browser';
import type { ThemeName } from './themes';

export interface PageSuite {
    /** Opens the page in a context of its own; `receive` is the extension. */
    readonly open: (theme: ThemeName, receive?: (message: unknown) => void, width?: number) => Promise<OpenPage>;
    /** For whatever else a test keeps. */
    readonly folder: () => string;
}

/** To be called in a `describe`; where there is no browser the suite is skipped. */
export function pageSuite(name: PageName): PageSuite {
    let browser: Browser | undefined;
    let folder = '';
    let script = '';

    before(async function () {
        browser = await launchBrowser();
        if (browser === undefined) {
            return this.skip();
        }
        folder = await mkdtemp(path.join(os.tmpdir(), 'annex-peers-page-'));
        script = await bundle(path.join(folder, 'bundle'), name);
    });
    after(async () => {
        await browser?.close();
        await rm(folder, { recursive: true, force: true });
    });

    return {
        open: async (...rest) => {
            assert.ok(browser !== undefined);
            return openPage(browser, script, ...rest);
        },
        folder: () => folder,
    };
}
