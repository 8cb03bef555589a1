/** Where things are: the project's root, the rig's own scripts, and the folders that the rig keeps outside of the project. */
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The project's root: the nearest folder above the compiled file that holds package.json. */
export function projectRoot(): string {
    let folder = __dirname;
    while (!existsSync(path.join(folder, 'package.json'))) {
        const parent = path.dirname(folder);
        if (parent === folder) {
            throw new Error(`no package.json above ${__dirname}`);
        }
        folder = parent;
    }
    return folder;
}

/** A script of the rig (`test/rig/<name>`), which the compiler leaves where it is. */
export function rigScript(name: string): string {
    return path.join(projectRoot(), 'test', 'rig', name);
}

/** Keys of the private Tor network, kept from run to run because an authority's take seconds to make. */
export function defaultKeysFolder(): string {
    return path.join(projectRoot(), '.rig', 'keys');
}

/** One folder for each rig that is up; short, because the paths of sockets have a limit of 107 bytes. */
export function rigsFolder(): string {
    return path.join(os.tmpdir(), 'annex-peers-rig');
}

/** Looks in the folders of system programs as well, which an unprivileged user's PATH may lack. */
export const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
