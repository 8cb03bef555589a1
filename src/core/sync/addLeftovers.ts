/**
 * Mends what git-annex leaves when an add is cut off: while it reads a file, that can't be written, and has a second name under
 * `.git/annex/othertmp` (git-annex, Annex/Ingest.hs, lockDown). The file would stay read-only for its owner, and its place on the disk
 * taken when they delete it.
 */
import { chmod, lstat, readdir, unlink } from 'node:fs/promises';
import path from 'node:path';

interface Left {
    readonly file: string;
    /** Device and inode: the same file by another name has the same. */
    readonly identity: string;
}

async function ingested(gitDir: string): Promise<readonly Left[]> {
    const folder = path.join(gitDir, 'annex', 'othertmp');
    const names = (await readdir(folder).catch(() => [])).filter(name => name.startsWith('ingest-'));
    const found = await Promise.all(names.map(async name => {
        const file = path.join(folder, name);
        const stat = await lstat(file, { bigint: true }).catch(() => undefined);
        // A copy, as git-annex makes where there are no hard links, has locked nothing.
        return stat?.isFile() === true && stat.nlink > 1n ? [{ file, identity: `${stat.dev} ${stat.ino}` }] : [];
    }));
    return found.flat();
}

/** `visit` gets every plain file at or below the path; folders that git keeps for itself are left out. */
async function walk(file: string, visit: (file: string) => Promise<void>): Promise<void> {
    const stat = await lstat(file).catch(() => undefined);
    if (stat?.isFile() === true) {
        await visit(file);
    } else if (stat?.isDirectory() === true && path.basename(file) !== '.git') {
        for (const name of await readdir(file).catch(() => [])) {
            await walk(path.join(file, name), visit);
        }
    }
}

/** To be called when no git-annex runs any more that was to add these `paths` (relative to the root). Never throws. */
export async function mendCutOffAdd(root: string, gitDir: string, paths: readonly string[]): Promise<void> {
    const left = await ingested(gitDir);
    if (left.length === 0) {
        return;
    }
    for (const given of paths) {
        await walk(path.join(root, given), async file => {
            const stat = await lstat(file, { bigint: true }).catch(() => undefined);
            const second = stat === undefined ? undefined : left.find(({ identity }) => identity === `${stat.dev} ${stat.ino}`);
            if (stat !== undefined && second !== undefined) {
                await chmod(file, Number(stat.mode & 0o7777n) | 0o200).catch(() => undefined);
                await unlink(second.file).catch(() => undefined);
            }
        });
    }
}
