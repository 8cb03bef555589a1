/**
 * Whether a `git fetch` that says nothing still gets something: git writes what comes into temporary packs.
 */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** When the last piece of a pack came, in milliseconds since the epoch; 0 where none is on its way. */
export async function lastPieceAt(gitDir: string): Promise<number> {
    const folder = path.join(gitDir, 'objects', 'pack');
    const names = await readdir(folder).catch(() => []);
    const times = await Promise.all(names.filter(name => name.startsWith('tmp_')).map(name => stat(path.join(folder, name)).then(({ mtimeMs }) => mtimeMs, () => 0)));
    return Math.max(0, ...times);
}
