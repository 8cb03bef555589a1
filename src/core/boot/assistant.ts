/**
 * Whether git-annex's assistant serves the repository from login on by itself: it starts a remote daemon of its own, and two would take the
 * socket from each other.
 *
 * It starts in what is listed in `~/.config/git-annex/autostart`, where a desktop file, or on macOS an agent, starts `git annex assistant
 * --autostart` (git-annex-assistant(1); Config/Files/AutoStart.hs, Assistant/Install/AutoStart.hs).
 */
import { readFile, realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

function configFolder(environment: NodeJS.ProcessEnv): string {
    const config = environment['XDG_CONFIG_HOME'];
    return config !== undefined && path.isAbsolute(config) ? config : path.join(environment['HOME'] ?? os.homedir(), '.config');
}

/** The file that lists the repository; undefined if none does. */
export async function assistantAutostart(root: string, environment: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
    const file = path.join(configFolder(environment), 'git-annex', 'autostart');
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(line => path.isAbsolute(line));
    const folders = await Promise.all(lines.map(line => realpath(line).catch(() => line)));
    return folders.includes(root) ? file : undefined;
}
