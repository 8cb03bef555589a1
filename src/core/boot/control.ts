/**
 * Commands for a remote daemon that was started at boot, through the named pipe that is its standard input (see serveScript.ts).
 */
import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { formatDaemonCommand, type DaemonCommand } from '../daemon/protocol';
import { privateFile } from '../peers/access/privateFile';
import { pipeName } from './serveScript';

/** False where nobody reads it, or it isn't what it should be. */
export async function tellServer(gitDir: string, command: DaemonCommand): Promise<boolean> {
    const file = privateFile(gitDir, pipeName);
    try {
        const found = await lstat(file);
        if (!found.isFIFO() || found.uid !== process.getuid?.()) {
            return false;
        }
        // Without a reader this fails instead of waiting for one.
        const handle = await open(file, constants.O_WRONLY | constants.O_NONBLOCK);
        try {
            await handle.write(formatDaemonCommand(command));
            return true;
        } finally {
            await handle.close();
        }
    } catch {
        return false;
    }
}
