/**
 * A page in a headless Chromium: the real bundle in the real document, the test in the place of the webview. Nothing goes over a
 * network: the document and its script are handed to the browser, everything else is refused and remembered.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { silentLog } from '../../../src/core/log';
import { findProgram } from '../../../src/core/process/findProgram';
import { runOrThrow } from '../../../src/core/process/run';
import { pageHtml } from '../../../src/ui/pages/pageHtml';
import { themes, type ThemeName } from './themes';

export type PageName = 'pairing' | 'access' | 'protection';

const origin = 'https://page.test';

/** Chromium, or undefined where there is none. */
export async function launchBrowser(): Promise<Browser | undefined> {
    const executablePath = (await findProgram('chromium')) ?? (await findProgram('chromium-browser')) ?? (await findProgram('google-chrome'));
    return executablePath === undefined ? undefined : chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
}

/** Builds the pages into `folder` and gives back one's script. */
export async function bundle(folder: string, name: PageName): Promise<string> {
    const webpack = path.join('node_modules', 'webpack', 'bin', 'webpack.js');
    await runOrThrow({ file: process.execPath, args: [webpack, '--config-name', 'pages', '--output-path', folder], cwd: process.cwd() }, { log: silentLog });
    return readFile(path.join(folder, `${name}.js`), 'utf8');
}

export interface OpenPage {
    readonly page: Page;
    /** What the page has said to the extension. */
    readonly sent: unknown[];
    /** What the browser complained of, and what the page tried to load. */
    readonly troubles: string[];
    post(message: unknown): Promise<void>;
    /** Violations that axe finds, in words. */
    violations(): Promise<string[]>;
}

export async function openPage(browser: Browser, script: string, theme: ThemeName, receive: (message: unknown) => void = () => undefined, width = 1000): Promise<OpenPage> {
    const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const sent: unknown[] = [];
    const troubles: string[] = [];
    page.on('console', message => {
        if (message.type() === 'error' || message.type() === 'warning') {
            troubles.push(message.text());
        }
    });
    page.on('pageerror', error => troubles.push(String(error)));
    await context.route('**/*', async route => {
        const url = route.request().url();
        if (url === `${origin}/`) {
            await route.fulfill({ contentType: 'text/html; charset=utf-8', body: pageHtml(`${origin}/page.js`, 'en', 'A page') });
        } else if (url === `${origin}/page.js`) {
            await route.fulfill({ contentType: 'text/javascript; charset=utf-8', body: script });
        } else {
            troubles.push(`tried to load ${url}`);
            await route.abort();
        }
    });
    await page.exposeFunction('sendToExtension', (message: unknown) => {
        sent.push(message);
        receive(message);
    });
    const { colors, bodyClass } = themes[theme];
    await page.addInitScript(
        `globalThis.acquireVsCodeApi = () => ({
            postMessage: message => { void globalThis.sendToExtension(message); },
            getState: () => { throw new Error('the page keeps nothing'); },
            setState: () => { throw new Error('the page keeps nothing'); },
        });
        document.addEventListener('DOMContentLoaded', () => {
            for (const [name, value] of Object.entries(${JSON.stringify(colors)})) document.documentElement.style.setProperty('--vscode-' + name, value);
            document.body.className = ${JSON.stringify(bodyClass)};
        });`,
    );
    await page.goto(`${origin}/`);
    const axe = await readFile(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
    return {
        page,
        sent,
        troubles,
        post: async message => {
            await page.evaluate(`window.postMessage(${JSON.stringify(message)}, '*')`);
        },
        violations: async () => {
            // Evaluated by the debugger, which the page's policy doesn't concern.
            await page.evaluate(axe);
            const found: unknown = await page.evaluate(
                `axe.run(document, { resultTypes: ['violations'] }).then(result => result.violations.flatMap(rule => rule.nodes.map(node => rule.id + ': ' + node.html + ' ' + node.failureSummary)))`,
            );
            return Array.isArray(found) ? found.map(String) : ['axe gave nothing'];
        },
    };
}
