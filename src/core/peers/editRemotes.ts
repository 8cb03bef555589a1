/**
 * Renames and removes a peer's git remote.
 *
 * Removing takes away this side's way to the peer. It does not take back the peer's access to this repository: the token
 * that was given stays accepted.
 */
import type { RepositoryContext } from '../annex/context';
import { runOrThrow } from '../process/run';

async function remote(context: RepositoryContext, args: readonly string[]): Promise<void> {
    await runOrThrow({ file: context.programs.git, args: ['remote', ...args], cwd: context.root }, { log: context.log, timeLimitMs: 60_000 });
}

export function renameRemote(context: RepositoryContext, from: string, to: string): Promise<void> {
    return remote(context, ['rename', '--', from, to]);
}

export function removeRemote(context: RepositoryContext, name: string): Promise<void> {
    return remote(context, ['remove', '--', name]);
}
