/**
 * What the programs of this computer say of themselves: Tor's abilities, the wormhole's version. Each is asked once, and
 * again when it was replaced.
 */
import { stat } from 'node:fs/promises';
import type { Log } from '../../log';
import { run } from '../../process/run';
import { findTor } from '../../tor/detect';
import { parseTorSupport, type TorSupport } from './defences';

const timeLimitMs = 20_000;

const answers = new Map<string, Promise<string>>();

async function ask(file: string, option: string, log: Log): Promise<string> {
    const { mtimeMs = 0 } = (await stat(file).catch(() => undefined)) ?? {};
    const key = [file, mtimeMs, option].join('\0');
    // In the root folder: a repository must have no say in this. Without a signal, as others may wait for the same answer.
    const answer = answers.get(key) ?? run({ file, args: [option], cwd: '/' }, { log, timeLimitMs }).then(({ stdout, stderr }) => stdout || stderr);
    answers.set(key, answer);
    try {
        return await answer;
    } catch (error) {
        answers.delete(key);
        throw error;
    }
}

/** undefined where there is no Tor, or one that says nothing. */
export async function torSupport(log: Log): Promise<TorSupport | undefined> {
    const file = await findTor();
    if (file === undefined) {
        return undefined;
    }
    try {
        return parseTorSupport(await ask(file, '--version', log), await ask(file, '--list-modules', log));
    } catch {
        return undefined;
    }
}

/** What `wormhole --version` says; undefined where it says nothing. */
export async function wormholeVersion(file: string, log: Log): Promise<string | undefined> {
    try {
        return (await ask(file, '--version', log)).trim() || undefined;
    } catch {
        return undefined;
    }
}
