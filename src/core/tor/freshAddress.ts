/**
 * A new onion address for a repository that has one: the service's folder, which holds its key, is removed, and Tor and
 * `git-annex enable-tor` make it anew. The stanza, its port and git-annex's socket stay as they are.
 *
 * Tor makes a key for a service whose folder is missing when it reads its configuration. `enable-tor` changes nothing and
 * waits for nothing where the stanza is there (git-annex, Utility/Tor.hs, `addHiddenService`), so the script waits.
 */
import path from 'node:path';
import type { RepositoryContext } from '../annex/context';
import { removeOwnAddresses } from '../annex/creds';
import { findProgram } from '../process/findProgram';
import type { TorAddress } from './address';
import { currentRootEnvironment, rootCommands, type RootCommand, type RootEnvironment } from './enableCommand';
import { torServiceCommand } from './serviceControl';
import { findStanza, readTorrc, type Torrc } from './torrc';

/** $1: the service's folder; $2: git-annex; $3: the user; the rest: what makes Tor read its configuration. */
const script = [
    'set -eu',
    'folder=$1 annex=$2 user=$3',
    'shift 3',
    'rm -rf -- "$folder"',
    '"$@"',
    'tries=0',
    'while [ ! -s "$folder/hostname" ] && [ "$tries" -lt 60 ]; do tries=$((tries + 1)); sleep 1; done',
    'exec "$annex" enable-tor "$user"',
].join('; ');

export interface FreshAddressPlan {
    /** The folder that is removed. */
    readonly folder: string;
    /** Ways to do it as root, best first. */
    readonly commands: readonly RootCommand[];
}

export interface FreshAddressOptions {
    readonly environment?: RootEnvironment;
    readonly torrc?: Torrc | undefined;
    readonly reload?: { readonly file: string; readonly args: readonly string[] } | undefined;
}

/** undefined where Tor's configuration has no service of this repository's whose folder is as git-annex makes it, or Tor can't be controlled. */
export async function planFreshAddress(context: RepositoryContext, options: FreshAddressOptions = {}): Promise<FreshAddressPlan | undefined> {
    const { environment = currentRootEnvironment(), torrc = await readTorrc(), reload = await torServiceCommand('reload') } = options;
    const stanza = torrc && findStanza(torrc.text, environment.uid, context.uuid);
    const shell = await environment.find('sh') ?? (await findProgram('sh'));
    // What is removed as root must be just what git-annex made.
    if (stanza === undefined || reload === undefined || shell === undefined || path.normalize(stanza.directory) !== stanza.directory || path.basename(stanza.directory) !== `tor-annex_${environment.uid}_${context.uuid}`) {
        return undefined;
    }
    const args = ['-c', script, 'fresh-address', stanza.directory, context.programs.gitAnnex, String(environment.uid), reload.file, ...reload.args];
    return { folder: stanza.directory, commands: await rootCommands(shell, args, context.root, environment) };
}

/** Forgets the addresses that are no more; git-annex never does, and would hand them out with the new one. @throws {AnnexPeersError<CredsErrorReason>} */
export async function forgetOldAddresses(context: RepositoryContext, old: TorAddress): Promise<void> {
    await removeOwnAddresses(context.gitDir, address => address.kind === 'tor' && address.onion === old.onion);
}
