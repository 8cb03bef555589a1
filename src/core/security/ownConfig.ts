/**
 * What in a repository of its own could run a command: looked at before git-annex reads it as root, and before anything
 * with the network starts by itself.
 */
import type { RepositoryContext } from '../annex/context';
import { run } from '../process/run';
import { parseConfigList, runnableEntries, runnableHooks, type ConfigEntry, type RunnableFinding } from './runnableConfig';

/**
 * The repository's own configuration, with what it includes; asking for it runs nothing. That of the work tree
 * (`config.worktree`) is not a part of the local one (git-config(1), "--worktree"); without that extension git gives the
 * local one again, or, with several work trees, an error.
 */
async function ownConfig(context: RepositoryContext): Promise<readonly ConfigEntry[]> {
    const [local, workTree] = await Promise.all(['--local', '--worktree'].map(async which => run(
        { file: context.programs.git, args: ['config', which, '--includes', '--list', '--show-origin', '-z'], cwd: context.root },
        { log: context.log, timeLimitMs: 10_000 },
    )));
    const entries = parseConfigList(local?.stdout ?? '');
    const known = new Set(entries.map(entry => JSON.stringify(entry)));
    return [...entries, ...parseConfigList(workTree?.stdout ?? '').filter(entry => !known.has(JSON.stringify(entry)))];
}

/** Configuration and hooks; what the user has set for all repositories is the user's own, and is left out. */
export async function runnableIn(context: RepositoryContext): Promise<readonly RunnableFinding[]> {
    const [config, hooks] = await Promise.all([ownConfig(context), runnableHooks(context.gitDir)]);
    return [...runnableEntries(config), ...hooks];
}
