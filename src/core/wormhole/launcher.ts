/**
 * Makes an executable named `wormhole` for the front of git-annex's PATH, which runs the bundled program by a runtime that
 * is here anyway: no Python, no Node.js on the PATH.
 */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface LauncherOptions {
    /** A private folder to make it in; created if need be. */
    readonly folder: string;
    /** Absolute path of Node.js, or of an Electron (the editor's own). */
    readonly runtime: string;
    /** Absolute path of the bundled program. */
    readonly program: string;
}

const quote = (word: string): string => `'${word.replaceAll('\'', '\'\\\'\'')}'`;

/** The script's text. In Electron the variable makes it a Node.js; Node.js itself does not know it. */
export function launcherScript({ runtime, program }: Pick<LauncherOptions, 'runtime' | 'program'>): string {
    return `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${quote(runtime)} ${quote(program)} "$@"\n`;
}

/** Writes the executable; gives the folder that is to be put first on the PATH. */
export async function createLauncher(options: LauncherOptions): Promise<string> {
    if (!path.isAbsolute(options.runtime) || !path.isAbsolute(options.program)) {
        throw new TypeError('a launcher needs absolute paths');
    }
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const file = path.join(options.folder, 'wormhole');
    await writeFile(file, launcherScript(options), { mode: 0o700 });
    await chmod(file, 0o700);
    return options.folder;
}
