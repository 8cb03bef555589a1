/**
 * A repository's git configuration as entries, read by one `git config` that runs nothing of the repository's.
 */
import type { Programs } from '../annex/context';
import { AnnexPeersError } from '../errors';
import type { Log } from '../log';
import { runOrThrow } from '../process/run';
import { parseConfigList, type ConfigEntry } from '../security/runnableConfig';

/** Git listed what holds outside the repository alone: it does not take the folder for a repository now. */
export class ForeignConfigError extends AnnexPeersError<'not-a-repository'> {
    override readonly name = 'ForeignConfigError';

    constructor(root: string) {
        super('not-a-repository', `git did not read the configuration of ${root}`);
    }
}

/**
 * Where git sees no repository it lists the user's own configuration and calls that success; nothing may be concluded from that,
 * neither that git-annex isn't set up, nor that nothing there could run a command.
 * @throws {RunError, ForeignConfigError, CancelledError}
 */
export async function readConfig(programs: Pick<Programs, 'git'>, root: string, log: Log, signal?: AbortSignal): Promise<readonly ConfigEntry[]> {
    const { stdout } = await runOrThrow({ file: programs.git, args: ['config', '--list', '--show-origin', '-z'], cwd: root }, { log, signal, timeLimitMs: 10_000 });
    const entries = parseConfigList(stdout);
    // git init writes it into every repository, and git takes it from nowhere else.
    if (configValue(entries, 'core.repositoryformatversion') === undefined) {
        throw new ForeignConfigError(root);
    }
    return entries;
}

/** The last value of a key, as git takes it. */
export function configValue(entries: readonly ConfigEntry[], key: string): string | undefined {
    return entries.findLast(entry => entry.key === key)?.value;
}
