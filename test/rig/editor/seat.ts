/** One person at their computer: its editor with the extension installed, and the window in front of them. */
import type { Browser } from 'playwright-core';
import type { Log } from '../../../src/core/log';
import type { Computer } from '../computers/computer';
import { ComputerHost, type RunAs } from './computerHost';
import type { EditorInstallation } from './install';
import { EditorServer } from './server';
import type { Settings } from './settings';
import { Workbench } from './workbench';

export interface SeatOptions {
    readonly installation: EditorInstallation;
    /** The packaged extension (a path on this machine). */
    readonly vsix: string;
    readonly log: Log;
    readonly settings?: Settings;
    /** Added to the environment of the editor and of what it starts. */
    readonly env?: Readonly<Record<string, string>>;
    /** What runs the editor's command line. */
    readonly before?: RunAs;
    /** How much the editor and its extensions log; as users have it if left out. */
    readonly logLevel?: 'trace';
    /** Further arguments of the editor's server. */
    readonly serverArgs?: readonly string[];
}

export class Seat {
    private constructor(
        readonly computer: Computer,
        readonly editor: EditorServer,
    ) {}

    /** Starts an editor on the computer, as its user, and installs the extension in it. */
    static async at(computer: Computer, options: SeatOptions): Promise<Seat> {
        const { installation, log } = options;
        const editor = await EditorServer.start({
            installation,
            host: new ComputerHost(computer, options.before),
            stateFolder: `${computer.user.home}/.local/share/editor`,
            log,
            ...(options.logLevel === undefined ? {} : { logLevel: options.logLevel }),
            ...(options.settings === undefined ? {} : { settings: options.settings }),
            ...(options.env === undefined ? {} : { env: options.env }),
            ...(options.serverArgs === undefined ? {} : { args: options.serverArgs }),
        });
        await editor.installExtension(options.vsix);
        return new Seat(computer, editor);
    }

    get name(): string {
        return this.computer.name;
    }

    /** Where a browser on this machine opens the person's repository. */
    get url(): string {
        return this.editor.url(this.computer.repository);
    }

    /** Opens the person's repository in a window. */
    async openWindow(browser: Browser): Promise<Workbench> {
        return Workbench.open(browser, this.url);
    }

    async stop(): Promise<void> {
        await this.editor.stop();
    }
}
