/**
 * What `npm start` runs as root once everything is built: two people's computers on a private Tor network, each with a VS
 * Code that has the extension, until Ctrl-C. With --auto it clicks through the main job by itself and ends.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/core/errors';
import { silentLog } from '../../src/core/log';
import { sitDown, type Person } from '../e2e/steps/person';
import { walk, type WalkObserver } from '../e2e/steps/walk';
import { launchBrowser } from './editor/browser';
import { editorVersions, installEditor } from './editor/install';
import { Seat } from './editor/seat';
import { projectRoot } from './paths';
import { Rig } from './rig';

const screenshots = path.join(projectRoot(), '.rig/screenshots');
const startedAt = performance.now();

function say(text: string): void {
    process.stdout.write(`${text}\n`);
}

function elapsed(since = startedAt): string {
    return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** The rig with somebody at each computer. */
async function build(vsix: string, version: string, signal: AbortSignal): Promise<{ rig: Rig; seats: Seat[] }> {
    const rig = await Rig.up({ computers: ['alice', 'bob'], signal, handleSignals: false, onStep: (step, ms) => say(`[${(ms / 1000).toFixed(1)} s] ${step}`) });
    try {
        const installation = await installEditor(version);
        const seats = await Promise.all(rig.computers.map(async computer => {
            await computer.createRepository({
                files: {
                    [`${computer.name}-readme.txt`]: `These are ${computer.name}'s files.\n`,
                    [`${computer.name}-notes.txt`]: `Notes of ${computer.name}.\n`,
                    [`${computer.name}-numbers.csv`]: Array.from({ length: 2000 }, (_, index) => `${index},${index * index}\n`).join(''),
                },
            });
            return Seat.at(computer, { installation, vsix, log: silentLog });
        }));
        say(`[${elapsed()}] VS Code and the extension on both computers`);
        return { rig, seats };
    } catch (error) {
        await rig.down();
        throw error;
    }
}

function instructions(seats: readonly Seat[]): string {
    const lines = seats.flatMap(seat => [`  ${seat.name}: ${seat.url}`, `         (sudo password: ${seat.computer.user.password})`]);
    return `
Two people, each at their own computer, on a private Tor network on this machine:

${lines.join('\n')}

In both windows:
  1. Trust the folder (Manage, in the bar at the top, then Trust).
  2. Open "git-annex Peers" in the activity bar at the left, and click Enable Tor. Type the sudo password in the terminal.
  3. Click Pair Peer, agree, and show the code. Type each window's code into the other one.
  4. Right-click a file in the Explorer: Add to git-annex. Then Sync Content, in the peers' view.

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
        await person.window.screenshot(screenshots, `${person.name}-${name}`);
    },
};

/** Clicks through the main job; on a failure there are pictures of what was on the screens. */
async function auto(seats: readonly Seat[], headed: boolean): Promise<void> {
    const browser = await launchBrowser(headed);
    let people: Person[] = [];
    try {
        await observer.step('open both windows and trust the folders', async () => {
            people = await Promise.all(seats.map(async seat => sitDown(seat, browser)));
        });
        const [alice, bob] = people;
        if (alice === undefined || bob === undefined) {
            throw new Error('There are not two people');
        }
        await walk(alice, bob, observer);
    } catch (error) {
        await Promise.all(people.map(async person => observer.picture(person, 'failure')));
        throw error;
    } finally {
        await browser.close();
        say(`Pictures are in ${screenshots}`);
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
    const { rig, seats } = await build(values.vsix, values.minimum ? editorVersions.minimum : editorVersions.newest, signal);
    try {
        if (values.auto) {
            await Promise.race([auto(seats, values.headed), untilStopped(signal)]);
        }
        if (!values.auto || values.keep) {
            say(instructions(seats));
            await untilStopped(signal);
        }
    } finally {
        say('Taking everything down');
        await Promise.allSettled(seats.map(async seat => seat.stop()));
        await rig.down();
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
