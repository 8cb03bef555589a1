/**
 * Folders that only this user may look into: made, or checked before they are believed.
 *
 * A folder below `/tmp` may have been put there by somebody else, as a link even; such a one is refused, never mended.
 */
import { chmod, lstat, mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { AnnexPeersError } from '../errors';

export type PrivateFolderErrorReason = 'not-ours' | 'not-creatable';

const mode = 0o700;

function ownUid(): number {
    return process.geteuid?.() ?? -1;
}

/**
 * Makes the folder (its parents too) with mode 0700, or checks that it is a folder of this user that nobody else can write to or read.
 * Gives back the same path. @throws {AnnexPeersError<PrivateFolderErrorReason>}
 */
export async function ensurePrivateFolder(folder: string): Promise<string> {
    try {
        await mkdir(path.dirname(folder), { recursive: true, mode });
        await mkdir(folder, { mode });
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
            throw new AnnexPeersError<PrivateFolderErrorReason>('not-creatable', `${folder} could not be made`, String(error), { cause: error });
        }
    }
    const found = await lstat(folder);
    if (!found.isDirectory() || found.uid !== ownUid()) {
        throw new AnnexPeersError<PrivateFolderErrorReason>('not-ours', `${folder} belongs to somebody else`);
    }
    if ((found.mode & 0o077) !== 0) {
        // Ours, but made by a generous umask.
        await chmod(folder, mode);
    }
    return folder;
}

async function isOurPrivateFolder(folder: string): Promise<boolean> {
    const found = await lstat(folder).catch(() => undefined);
    return found?.isDirectory() === true && found.uid === ownUid() && (found.mode & 0o077) === 0;
}

/**
 * The folder for what lives no longer than the processes of this user on this computer, such as sockets. The same one for every window, however
 * it was started: a shell over ssh may lack XDG_RUNTIME_DIR, but the folder that it would name is there.
 * @throws {AnnexPeersError<PrivateFolderErrorReason>}
 */
export async function runtimeFolder(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
    for (const candidate of [environment['XDG_RUNTIME_DIR'], `/run/user/${ownUid()}`]) {
        if (candidate !== undefined && path.isAbsolute(candidate) && (await isOurPrivateFolder(candidate))) {
            return ensurePrivateFolder(path.join(candidate, 'annex-peers'));
        }
    }
    return ensurePrivateFolder(`/tmp/annex-peers-${ownUid()}`);
}

/** The folder for what outlives this version of the extension. @throws {AnnexPeersError<PrivateFolderErrorReason>} */
export async function dataFolder(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
    const data = environment['XDG_DATA_HOME'];
    const base = data !== undefined && path.isAbsolute(data) ? data : path.join(environment['HOME'] ?? os.homedir(), '.local', 'share');
    return ensurePrivateFolder(path.join(base, 'annex-peers'));
}
