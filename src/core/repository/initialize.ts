/**
 * Makes a folder a git repository and sets git-annex up in it.
 */
import type { Programs } from '../annex/context';
import type { Log } from '../log';
import { runOrThrow } from '../process/run';
import { gitDirOf } from './discovery';

export interface InitializeOptions {
    readonly programs: Programs;
    readonly log: Log;
    /** How other repositories will see this one; it travels with every sync. */
    readonly description: string;
    readonly signal?: AbortSignal;
}

export async function initialize(folder: string, options: InitializeOptions): Promise<void> {
    const { programs, log, signal, description } = options;
    if ((await gitDirOf(folder)) === undefined) {
        await runOrThrow({ file: programs.git, args: ['init'], cwd: folder }, { log, signal, timeLimitMs: 60_000 });
    }
    await runOrThrow({ file: programs.gitAnnex, args: ['init', '--', description], cwd: folder }, { log, signal, silenceLimitMs: 300_000 });
}
