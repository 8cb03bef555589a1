/**
 * Who can read the credentials: other users of this computer, and programs that copy folders elsewhere.
 */
import { chmod, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { credsFolder } from '../../annex/creds';
import type { SecretFile, SyncedFolder } from './types';

/** Files with credentials that others than their owner can read. */
export async function readableCredentials(gitDir: string): Promise<readonly SecretFile[]> {
    const folder = credsFolder(gitDir);
    const names = await readdir(folder).catch(() => []);
    const files = await Promise.all(
        names.sort().map(async name => {
            const file = path.join(folder, name);
            const found = await stat(file).catch(() => undefined);
            return found?.isFile() === true && (found.mode & 0o077) !== 0 ? [{ path: file, mode: found.mode & 0o777 }] : [];
        }),
    );
    return files.flat();
}

/** Leaves the owner alone with them. */
export async function tightenModes(files: readonly SecretFile[]): Promise<void> {
    for (const { path: file, mode } of files) {
        await chmod(file, mode & 0o700);
    }
}

const byName: readonly (readonly [RegExp, SyncedFolder])[] = [
    [/^Dropbox(?: \(.*\))?$/iu, 'dropbox'],
    [/^OneDrive(?: - .*)?$/iu, 'onedrive'],
    [/^(?:Google ?Drive|My Drive|GoogleDrive-.*)$/iu, 'google-drive'],
    [/^(?:iCloud ?Drive|com~apple~CloudDocs|Mobile Documents)$/iu, 'icloud'],
    [/^Nextcloud\d?$/iu, 'nextcloud'],
    [/^ownCloud$/iu, 'owncloud'],
    [/^MEGA(?:sync)?$/u, 'mega'],
    [/^pCloud ?Drive$/iu, 'pcloud'],
];
/** What these programs leave in the folders that they copy. */
const byMarker: readonly (readonly [RegExp, SyncedFolder])[] = [
    [/^\.stfolder/u, 'syncthing'],
    [/^\.owncloudsync\.log$/u, 'owncloud'],
    [/^\.(?:_)?sync_[0-9a-f]+\.db$/u, 'nextcloud'],
];

/** The program that copies the folder or one above it elsewhere, as far as its name or its marks tell. */
export async function copiedBy(root: string): Promise<{ readonly by: SyncedFolder; readonly folder: string } | undefined> {
    for (let folder = path.resolve(root); ; folder = path.dirname(folder)) {
        const named = byName.find(([pattern]) => pattern.test(path.basename(folder)))?.[1];
        const names = named === undefined ? await readdir(folder).catch(() => []) : [];
        const by = named ?? byMarker.find(([pattern]) => names.some(name => pattern.test(name)))?.[1];
        if (by !== undefined) {
            return { by, folder };
        }
        if (folder === path.dirname(folder)) {
            return undefined;
        }
    }
}
