/**
 * Everything that a test of the main job needs: a rig, a VS Code with the packaged extension on each computer, a browser,
 * and the people in front of their windows.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import * as v from 'valibot';
import { silentLog } from '../../../src/core/log';
import { launchBrowser } from '../../rig/editor/browser';
import { editorVersions, installEditor } from '../../rig/editor/install';
import type { RunAs } from '../../rig/editor/computerHost';
import { Seat } from '../../rig/editor/seat';
import type { Settings } from '../../rig/editor/settings';
import { projectRoot } from '../../rig/paths';
import { Rig, type RigOptions } from '../../rig/rig';
import { pause } from '../../rig/wait';
import { sitDown, type Person } from './person';

export interface StageOptions extends Omit<RigOptions, 'computers'> {
    /** Whose computers the rig has. */
    readonly people: readonly string[];
    /** Who sits at a VS Code; everybody if left out. The others have a command line. */
    readonly atEditors?: readonly string[];
    /** The packaged extension; the one that `npm run package` makes if left out. */
    readonly vsix?: string;
    /** VS Code's version; the newest if left out. */
    readonly version?: string;
    readonly settings?: Settings;
    /** Added to the environment of the editors. */
    readonly env?: Readonly<Record<string, string>>;
    /** What runs the editors' command lines. */
    readonly before?: RunAs;
    /** How much the editors and their extensions log; as users have it if left out. */
    readonly logLevel?: 'trace';
    /** A folder of this machine with the git-annex that somebody's computer has; the system's own if undefined. */
    readonly gitAnnex?: (name: string) => string | undefined;
    /** Further arguments of the editors' servers. */
    readonly serverArgs?: readonly string[];
    /** Files of each repository, committed before anything begins. */
    readonly files?: (name: string) => Readonly<Record<string, string>>;
}

const endLimitMs = 20_000;

export const screenshotFolder = path.join(projectRoot(), '.rig/screenshots');

export class Stage {
    #browser: Browser | undefined;
    #people: readonly Person[] = [];

    private constructor(
        readonly rig: Rig,
        readonly seats: readonly Seat[],
    ) {}

    /** Builds the computers, makes the repositories, and starts the editors. Takes down what it has built if it fails. */
    static async set(options: StageOptions): Promise<Stage> {
        const { people, atEditors = people, vsix, version, settings, env, before, logLevel, serverArgs, files, gitAnnex, ...rigOptions } = options;
        const installation = await installEditor(version ?? editorVersions.newest);
        const packaged = vsix ?? await packagedExtension();
        const rig = await Rig.up({ ...rigOptions, computers: people });
        try {
            await Promise.all(rig.computers.map(async computer => {
                const other = gitAnnex?.(computer.name);
                if (other !== undefined) {
                    await computer.useGitAnnex(other);
                }
                await computer.createRepository({ files: files?.(computer.name) ?? {} });
            }));
            const seats = await Promise.all(atEditors.map(async name => Seat.at(rig.computer(name), { installation, vsix: packaged, log: silentLog, ...(settings === undefined ? {} : { settings }), ...(env === undefined ? {} : { env }), ...(before === undefined ? {} : { before }), ...(logLevel === undefined ? {} : { logLevel }), ...(serverArgs === undefined ? {} : { serverArgs }) })));
            return new Stage(rig, seats);
        } catch (error) {
            await rig.down();
            throw error;
        }
    }

    /** Opens everybody's window and trusts the folders. */
    async open(headed = false): Promise<readonly Person[]> {
        const browser = this.#browser ??= await launchBrowser(headed);
        this.#people = await Promise.all(this.seats.map(async seat => sitDown(seat, browser)));
        return this.#people;
    }

    /** @throws {Error} if nobody of that name has a window */
    person(name: string): Person {
        const found = this.#people.find(person => person.name === name);
        if (found === undefined) {
            throw new Error(`${name} sits at no window`);
        }
        return found;
    }

    /** Pictures of all windows as `.rig/screenshots/<name>-<what>.png`. */
    async pictures(what: string): Promise<void> {
        await Promise.allSettled(this.#people.map(async ({ name, window }) => window.screenshot(screenshotFolder, `${name}-${what}`)));
    }

    /** What the extension has logged at each seat, as `.rig/screenshots/<name>-<what>.log`. */
    async logs(what: string): Promise<void> {
        await Promise.allSettled(this.seats.map(async ({ name, computer }) => {
            const { stdout } = await computer.exec(['find', `${computer.user.home}/.local/share/editor`, '-name', '*.log', '-path', '*annex-peers*', '-exec', 'tail', '-v', '-n', '+1', '{}', '+']);
            await mkdir(screenshotFolder, { recursive: true });
            await writeFile(path.join(screenshotFolder, `${name}-${what}.log`), stdout);
        }));
    }

    /** Ends windows, editors and the rig. What doesn't end by itself in time ends with its computer, or with this process. */
    async strike(): Promise<void> {
        await inTime(this.#browser?.close());
        await inTime(Promise.allSettled(this.seats.map(async seat => seat.stop())));
        await this.rig.down();
    }
}

async function inTime(ending: Promise<unknown> | undefined): Promise<void> {
    const isOver = new AbortController();
    await Promise.race([Promise.resolve(ending).catch(() => undefined), pause(endLimitMs, isOver.signal).catch(() => undefined)]);
    isOver.abort();
}

const manifestSchema = v.object({ name: v.string(), version: v.string() });

/** The packaged extension: the one that ANNEX_PEERS_VSIX names, or the one that `npm run package` makes. */
export async function packagedExtension(): Promise<string> {
    const given = process.env['ANNEX_PEERS_VSIX'];
    if (given !== undefined) {
        return given;
    }
    const { name, version } = v.parse(manifestSchema, JSON.parse(await readFile(path.join(projectRoot(), 'package.json'), 'utf8')));
    return path.join(projectRoot(), `${name}-${version}.vsix`);
}
