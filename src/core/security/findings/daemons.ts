/**
 * The remote daemons that run in a repository, whoever started them. Only where there is a /proc; elsewhere none are seen.
 */
import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';

/** Process ids, in ascending order; those of other users can't be looked at. */
export async function daemonsOf(root: string, proc = '/proc'): Promise<readonly number[]> {
    const names = await readdir(proc).catch(() => []);
    const pids = await Promise.all(
        names.filter(name => /^\d+$/u.test(name)).map(async name => {
            const command = await readFile(path.join(proc, name, 'cmdline'), 'utf8').catch(() => '');
            if (!isRemoteDaemon(command.split('\0'))) {
                return [];
            }
            const cwd = await readlink(path.join(proc, name, 'cwd')).catch(() => '');
            return cwd === root || cwd.startsWith(`${root}${path.sep}`) ? [Number(name)] : [];
        }),
    );
    return pids.flat().sort((a, b) => a - b);
}

/** `git-annex remotedaemon`, also by `git annex` and in the bundle's own folder. */
export function isRemoteDaemon(args: readonly string[]): boolean {
    return path.basename(args[0] ?? '').startsWith('git-annex') && args[1] === 'remotedaemon';
}
