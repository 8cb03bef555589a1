/**
 * Which tor is installed, by what it says of itself. How far the running one has come, only its control port tells, which
 * Debian and others keep from users.
 */
import type { Log } from '../log';
import { run } from '../process/run';
import { findTor } from './detect';

/** `Tor version 0.4.9.11.` or, older, `Tor version 0.4.7.16 (git-…).` */
export function parseTorVersion(output: string): string | undefined {
    return /^Tor version (\d+(?:\.\d+)*(?:-[a-z0-9.-]+)?)\b/mu.exec(output)?.[1];
}

/** The version of the tor that is installed; undefined if there is none, or it doesn't say. */
export async function torVersion(log: Log, signal?: AbortSignal): Promise<string | undefined> {
    const file = await findTor();
    if (file === undefined) {
        return undefined;
    }
    // In the root folder, as it looks for nothing there.
    const { stdout } = await run({ file, args: ['--version'], cwd: '/' }, { log, signal, timeLimitMs: 10_000 });
    return parseTorVersion(stdout);
}
