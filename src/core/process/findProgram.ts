/**
 * Finds a program on the PATH as an absolute path.
 *
 * Only absolute folders of the PATH are searched: a relative one (or an empty one, which means the current folder) would
 * let a repository bring its own `git`.
 */
import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import path from 'node:path';

function searchPath(environmentPath = process.env['PATH'] ?? ''): string[] {
    return environmentPath.split(path.delimiter).filter(folder => path.isAbsolute(folder));
}

/** Whether `file` is a regular file that this user may execute. */
export async function isExecutable(file: string): Promise<boolean> {
    try {
        await access(file, constants.X_OK);
        return (await stat(file)).isFile();
    } catch {
        return false;
    }
}

/** The first executable with exactly this name; undefined if there is none. */
export async function findProgram(name: string, environmentPath?: string): Promise<string | undefined> {
    for (const folder of searchPath(environmentPath)) {
        const file = path.join(folder, name);
        if (await isExecutable(file)) {
            return file;
        }
    }
    return undefined;
}

/** The first executable whose name matches, for programs that carry a version in it (openSUSE's `wormhole-2.7`). */
export async function findProgramMatching(pattern: RegExp, environmentPath?: string): Promise<string | undefined> {
    for (const folder of searchPath(environmentPath)) {
        const names = await readdir(folder).catch(() => []);
        for (const name of names.filter(candidate => pattern.test(candidate)).sort().reverse()) {
            const file = path.join(folder, name);
            if (await isExecutable(file)) {
                return file;
            }
        }
    }
    return undefined;
}
