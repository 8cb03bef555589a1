/**
 * The ways in which an editor goes without a word, how long anything of it may stay, and how a person goes on afterwards.
 *
 * A window whose page has crashed says nothing to the server, which can't tell it from a train in a tunnel: it keeps the extension host for
 * its reconnection grace time, as VS Code promises to everybody who comes back, and what was begun goes on. Only then does it all end.
 */
import type { Browser } from 'playwright-core';
import { Workbench } from '../../rig/editor/workbench';
import { kill, running } from '../../e2e/steps/processes';
import type { Person } from '../../e2e/steps/person';

/** What the product promises. */
const promisedMs = 2000;
/** For the server's `--reconnection-grace-time`. */
export const graceSeconds = 3;

export interface Killing {
    readonly what: string;
    /** Until nothing is left, in ms. */
    readonly limitMs: number;
    act(person: Person): Promise<void>;
    /** A usable window again. */
    recover(person: Person, browser: Browser): Promise<Workbench>;
}

async function reload({ window }: Person): Promise<Workbench> {
    await window.reload();
    return window;
}

/** Another window of the same browser, which knows whom its person trusts. */
async function another({ seat, window }: Person, browser: Browser): Promise<Workbench> {
    return Workbench.open(browser, seat.url, { context: window.page.context() });
}

export const killings = {
    extensionHost: {
        what: 'kill -9 of the extension host',
        limitMs: promisedMs,
        act: async ({ computer }) => kill(computer, await running(computer, /--type=extensionHost/u)),
        recover: reload,
    },
    server: {
        what: 'kill -9 of the server',
        limitMs: promisedMs,
        // Not the guard that started it.
        act: async ({ computer }) => kill(computer, await running(computer, /^\S*node \S*server-main\.js /u)),
        recover: async person => {
            await person.seat.editor.startAgain();
            return reload(person);
        },
    },
    window: {
        what: 'the window was closed',
        limitMs: promisedMs,
        act: async ({ window }) => window.page.close(),
        recover: another,
    },
    crash: {
        what: 'the window has crashed and does not come back in time',
        limitMs: graceSeconds * 1000 + promisedMs,
        act: async ({ window }) => {
            const session = await window.page.context().newCDPSession(window.page);
            const crashed = window.page.waitForEvent('crash');
            // It never answers.
            session.send('Page.crash').catch(() => undefined);
            await crashed;
        },
        recover: another,
    },
} as const satisfies Record<string, Killing>;
