/**
 * A repository's git configuration as entries, read by one `git config` that runs nothing of the repository's.
 */
import type { Programs } from '../annex/context';
import type { Log } from '../log';
import { runOrThrow } from '../process/run';
import { parseConfigList, type ConfigEntry } from '../security/runnableConfig';

export async function readConfig(programs: Pick<Programs, 'git'>, root: string, log: Log, signal?: AbortSignal): Promise<readonly ConfigEntry[]> {
    const { stdout } = await runOrThrow({ file: programs.git, args: ['config', '--list', '--show-origin', '-z'], cwd: root }, { log, signal, timeLimitMs: 10_000 });
    return parseConfigList(stdout);
}

/** The last value of a key, as git takes it. */
export function configValue(entries: readonly ConfigEntry[], key: string): string | undefined {
    return entries.findLast(entry => entry.key === key)?.value;
}
