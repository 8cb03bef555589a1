/**
 * A folder of one pairing alone: git-annex puts the secret half token and what it receives there (through TMPDIR), and leaves it behind
 * when it is ended.
 *
 * It is made where only this user can look, in memory where the system has such a place (XDG_RUNTIME_DIR), and holds a `bin` folder with
 * one link named `wormhole`, because git-annex runs that name and some systems call the program `wormhole-2.7`, and a `results` folder.
 */
import { mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export interface PrivateFolder {
    readonly path: string;
    /** To be put first on the PATH; undefined where the PATH's own `wormhole` is to be used. */
    readonly bin: string | undefined;
    /** Where our own wormholes say how they ended. */
    readonly results: string;
    /** Removes everything. Never throws; false where something stays. */
    remove(): Promise<boolean>;
}

/** Makes the folder. `wormhole`: absolute path of the program to use. */
export async function makePrivateFolder(wormhole: string | undefined, environment: NodeJS.ProcessEnv = process.env): Promise<PrivateFolder> {
    const folder = await mkdtemp(path.join(await baseFolder(environment), 'annex-peers-pairing-'));
    const remove = async (): Promise<boolean> => {
        try {
            await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
            return true;
        } catch {
            return false;
        }
    };
    try {
        const results = path.join(folder, 'results');
        await mkdir(results, { mode: 0o700 });
        if (wormhole === undefined) {
            return { path: folder, bin: undefined, results, remove };
        }
        const bin = path.join(folder, 'bin');
        await mkdir(bin, { mode: 0o700 });
        await symlink(wormhole, path.join(bin, 'wormhole'));
        return { path: folder, bin, results, remove };
    } catch (error) {
        await remove();
        throw error;
    }
}

/** The user's runtime folder if it is really the user's own, else the system's temporary folder. */
async function baseFolder(environment: NodeJS.ProcessEnv): Promise<string> {
    const runtime = environment['XDG_RUNTIME_DIR'];
    if (runtime !== undefined && path.isAbsolute(runtime)) {
        const found = await stat(runtime).catch(() => undefined);
        if (found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o077) === 0) {
            return runtime;
        }
    }
    return os.tmpdir();
}
