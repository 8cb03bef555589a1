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

/**
 * As {@link removeRemote}, and gives back what puts the remote's settings back. Its references come again with the next fetch.
 * @throws {RunError}
 */
export async function takeRemote(context: RepositoryContext, name: string): Promise<() => Promise<void>> {
    const { programs, root, log } = context;
    const git = (args: readonly string[]): Promise<{ readonly stdout: string }> => runOrThrow({ file: programs.git, args, cwd: root }, { log, timeLimitMs: 60_000 });
    const { stdout } = await git(['config', '--local', '--null', '--list']);
    const settings = stdout.split('\0').flatMap(entry => {
        const at = entry.indexOf('\n');
        const [key, value] = at < 0 ? [entry, 'true'] : [entry.slice(0, at), entry.slice(at + 1)];
        return key.startsWith(`remote.${name}.`) && !key.slice(`remote.${name}.`.length).includes('.') ? [{ key, value }] : [];
    });
    await removeRemote(context, name);
    return async () => {
        if ((await git(['remote'])).stdout.split('\n').includes(name)) {
            return;
        }
        for (const { key, value } of settings) {
            await git(['config', '--local', '--add', key, value]);
        }
    };
}

export function removeRemote(context: RepositoryContext, name: string): Promise<void> {
    return remote(context, ['remove', '--', name]);
}
