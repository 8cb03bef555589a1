/**
 * What `npm start` runs as root once everything is built: two people's computers on a private Tor network, each with a VS
 * Code that has the extension, until Ctrl-C. With --auto it clicks through the main job by itself and ends.
 */
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/core/errors';
import { screenshotFolder, Stage } from '../e2e/steps/stage';
import { lastPicture, walk, type WalkObserver } from '../e2e/steps/walk';
import { editorVersions } from './editor/install';
import type { Seat } from './editor/seat';

const startedAt = performance.now();

function say(text: string): void {
    process.stdout.write(`${text}\n`);
}

function elapsed(since = startedAt): string {
    return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** Files that everybody has from the beginning. */
function filesOf(name: string): Record<string, string> {
    return {
        [`${name}-readme.txt`]: `These are ${name}'s files.\n`,
        [`${name}-notes.txt`]: `Notes of ${name}.\n`,
        [`${name}-numbers.csv`]: Array.from({ length: 2000 }, (_, index) => `${index},${index * index}\n`).join(''),
    };
}

function instructions(seats: readonly Seat[]): string {
    const lines = seats.flatMap(seat => [`  ${seat.name}: ${seat.url}`, `         (sudo password: ${seat.computer.user.password})`]);
    return `
Two people, each at their own computer, on a private Tor network on this machine:

${lines.join('\n')}

In both windows:
  1. Trust the folder (Manage, in the bar at the top, then Trust).
  2. Open "git-annex Peers" in the activity bar at the left, and click Enable Tor, then Run with sudo. Type the sudo password
     in the terminal, and wait until it says that peers can now reach the repository (a minute or less on this network).
  3. Click Pair Peer, in the view. Type the other person's name, and click Show my code. Then type each window's code into the
     other window's page.
  4. Make a file first, by New File in the Explorer, as those that are there are in git-annex already. Right-click it: Add to
     git-annex.
  5. Click Sync Content on the peer's row in "git-annex Peers", in the window that has the file, then in the other. It asks
     before it commits, and once whether to merge two repositories that were created apart: these were, so Merge the Histories.

Ctrl-C takes everything down again.
`;
}

const observer: WalkObserver = {
    async step(name, action) {
        const start = performance.now();
        try {
            await action();
            say(`[${elapsed()}] ${name}: ${elapsed(start)}`);
        } catch (error) {
            say(`[${elapsed()}] ${name}: failed after ${elapsed(start)}`);
            throw error;
        }
    },
    async picture(person, name) {
        await person.window.screenshot(screenshotFolder, `${person.name}-${name}`);
    },
};

/** Clicks through the main job; on a failure there are pictures of what was on the screens. */
async function auto(stage: Stage, headed: boolean): Promise<void> {
    try {
        await observer.step('open both windows and trust the folders', async () => stage.open(headed));
        const [alice, bob] = [stage.person('alice'), stage.person('bob')];
        await walk(alice, bob, observer);
        await lastPicture(alice, bob, observer);
    } catch (error) {
        await stage.pictures('failure');
        throw error;
    } finally {
        say(`Pictures are in ${screenshotFolder}`);
    }
}

async function untilStopped(signal: AbortSignal): Promise<void> {
    if (!signal.aborted) {
        await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }));
    }
}

async function main(signal: AbortSignal): Promise<void> {
    const { values } = parseArgs({
        options: {
            vsix: { type: 'string' },
            auto: { type: 'boolean', default: false },
            headed: { type: 'boolean', default: false },
            keep: { type: 'boolean', default: false },
            minimum: { type: 'boolean', default: false },
        },
    });
    if (values.vsix === undefined) {
        throw new Error('--vsix=<packaged extension> is needed; npm start gives it');
    }
    const stage = await Stage.set({
        people: ['alice', 'bob'],
        vsix: values.vsix,
        version: values.minimum ? editorVersions.minimum : editorVersions.newest,
        files: filesOf,
        signal,
        handleSignals: false,
        onStep: (step, ms) => say(`[${(ms / 1000).toFixed(1)} s] ${step}`),
    });
    try {
        say(`[${elapsed()}] VS Code and the extension on both computers`);
        if (values.auto) {
            await Promise.race([auto(stage, values.headed), untilStopped(signal)]);
        }
        if (!values.auto || values.keep) {
            say(instructions(stage.seats));
            await untilStopped(signal);
        }
    } finally {
        say('Taking everything down');
        await stage.strike();
    }
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stop.abort());
}
main(stop.signal).then(
    () => process.exit(0),
    (error: unknown) => {
        say(stop.signal.aborted ? 'Stopped' : error instanceof Error ? error.stack ?? error.message : messageOf(error));
        process.exit(1);
    },
);
