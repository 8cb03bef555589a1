/**
 * Keeps the remote daemon away from paused peers: it connects to no remote whose `annex-sync` is off (git-annex-remotedaemon(1)).
 *
 * A file that the daemon's git includes besides the repository's own configuration, which stays the user's. After a change the
 * daemon is told to RELOAD; nobody else's connection breaks.
 */
import { readFile } from 'node:fs/promises';
import { privateFile, writePrivate } from '../peers/access/privateFile';

export function pausedConfigFile(gitDir: string): string {
    return privateFile(gitDir, 'paused.gitconfig');
}

/** In git's own syntax (git-config(1), "Syntax"). @param names of remotes */
export function pausedConfig(names: readonly string[]): string {
    // A subsection's name holds no line break.
    const quoted = names.filter(name => !/[\n\0]/u.test(name)).map(name => name.replace(/["\\]/gu, '\\$&'));
    return quoted.map(name => `[remote "${name}"]\n\tannex-sync = false\n`).join('');
}

/** Writes down which remotes are paused; true if that is news for the daemon. */
export async function writePausedConfig(gitDir: string, names: readonly string[]): Promise<boolean> {
    const file = pausedConfigFile(gitDir);
    const text = pausedConfig([...names].sort());
    if (await readFile(file, 'utf8').catch(() => '') === text) {
        return false;
    }
    await writePrivate(file, text);
    return true;
}
