/**
 * Changes Tor's configuration as root, by one visible command: only if the file is still what was shown, all at once, with its owner
 * and mode kept; then Tor reads it. Taking a service away removes the folders that git-annex made for it, too.
 *
 * Both texts lie in files of a private folder, so that they can be read before the command is run.
 */
import { realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../annex/context';
import { findProgram } from '../process/findProgram';
import { makeTemporaryFolder } from '../process/temporaryFolder';
import { currentRootEnvironment, rootCommands, type RootCommand, type RootEnvironment } from './enableCommand';
import { torServiceCommand, type ServiceControl } from './serviceControl';
import type { TorrcChange } from './torrcEdit';

/**
 * $1: the configuration as it was shown; $2: as it is to be; $3: the file; $4, $5: the service's folder and git-annex's, or empty; the
 * rest: what makes Tor read its configuration. A file that can't be replaced (one that is mounted by itself) is written over.
 */
const script = [
    'set -eu',
    'before=$1 after=$2 torrc=$3 service=$4 socket=$5',
    'shift 5',
    'if ! cmp -s -- "$before" "$torrc"; then echo "$torrc was changed meanwhile, so nothing was done." >&2; exit 65; fi',
    'new=$(mktemp -- "$torrc.XXXXXX")',
    'cp -p -- "$torrc" "$new"',
    'cat -- "$after" > "$new"',
    'mv -f -- "$new" "$torrc" 2>/dev/null || { cat -- "$after" > "$torrc"; rm -f -- "$new"; }',
    'read=0',
    '"$@" || read=66',
    'if [ -n "$service" ]; then rm -rf -- "$service"; fi',
    'if [ -n "$socket" ]; then rm -rf -- "$socket"; rmdir -- "$(dirname -- "$socket")" 2>/dev/null || :; fi',
    'exit $read',
].join('; ');

/** What the exit code of the command tells. `not-reloaded`: the file is changed, and Tor has not read it. */
export function torrcOutcome(exitCode: number | undefined): 'done' | 'not-reloaded' | 'changed-meanwhile' | 'failed' {
    switch (exitCode) {
        case 0:
            return 'done';
        case 66:
            return 'not-reloaded';
        case 65:
            return 'changed-meanwhile';
        default:
            return 'failed';
    }
}

export interface TorrcStep {
    /** Ways to do it as root, best first. */
    readonly commands: readonly RootCommand[];
    /** Removes the two files. */
    dispose(): Promise<void>;
}

export interface TorrcStepOptions {
    readonly environment?: RootEnvironment;
    readonly reload?: ServiceControl | undefined;
    /** Removed with the stanza. */
    readonly folders?: { readonly service: string | undefined; readonly socket: string | undefined };
}

/** undefined where Tor can't be told to read its configuration. */
export async function prepareTorrcStep(context: RepositoryContext, torrc: string, change: TorrcChange, options: TorrcStepOptions = {}): Promise<TorrcStep | undefined> {
    const { environment = currentRootEnvironment(), reload = await torServiceCommand('reload'), folders } = options;
    const shell = (await environment.find('sh')) ?? (await findProgram('sh'));
    if (reload === undefined || shell === undefined) {
        return undefined;
    }
    const folder = await makeTemporaryFolder('annex-peers-torrc-', context.registry);
    const dispose = (): Promise<void> => folder.remove();
    try {
        const [before, after] = ['before', 'after'].map(name => path.join(folder.path, name)) as [string, string];
        await Promise.all([writeFile(before, change.before, { encoding: 'latin1', mode: 0o600 }), writeFile(after, change.after, { encoding: 'latin1', mode: 0o600 })]);
        // A link stays one.
        const file = await realpath(torrc);
        const args = ['-c', script, 'change-torrc', before, after, file, folders?.service ?? '', folders?.socket ?? '', reload.file, ...reload.args];
        return { commands: await rootCommands(shell, args, context.root, environment), dispose };
    } catch (error) {
        await dispose();
        throw error;
    }
}
