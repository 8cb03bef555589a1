/**
 * What git knows of a peer's remote: which names are taken, and whether pairing left a whole remote behind.
 */
import { halfTokenLength, parsePeerAddress, readSentToken } from '../annex/creds';
import type { RepositoryContext } from '../annex/context';
import { runOrThrow, run } from '../process/run';

const timeLimitMs = 15_000;

/** Names of all remotes, those from the user's own git configuration too. @throws {RunError} */
export async function remoteNames(repository: RepositoryContext, signal?: AbortSignal): Promise<string[]> {
    const { stdout } = await runOrThrow(git(repository, ['remote']), { log: repository.log, timeLimitMs, signal });
    return stdout.split('\n').filter(name => name !== '');
}

/** What a pairing stores for the peer, as far as it is known: enough to tell this pairing's remote from another's. */
export interface Expected {
    readonly name: string;
    readonly ourHalf: string | undefined;
    readonly theirAddresses: readonly string[];
}

export type StoredPeer =
    | { readonly kind: 'whole'; readonly uuid: string; readonly url: string }
    /** This pairing's remote is there, but its uuid or its token is not: it was cut off in between. */
    | { readonly kind: 'partial' }
    /** There is no such remote, or it is not of this pairing. */
    | { readonly kind: 'absent' };

/** Looks for the remote with all that git-annex stores for it (Command/P2P.hs, setupLink). @throws {RunError} */
export async function storedPeer(repository: RepositoryContext, expected: Expected): Promise<StoredPeer> {
    const { stdout } = await run(git(repository, ['config', '--null', '--get-regexp', '^remote\\.']), { log: repository.log, timeLimitMs });
    const values = new Map<string, string>();
    for (const entry of stdout.split('\0')) {
        const at = entry.indexOf('\n');
        if (at > 0) {
            values.set(entry.slice(0, at), entry.slice(at + 1));
        }
    }
    const url = values.get(`remote.${expected.name}.url`);
    const address = url === undefined ? undefined : parsePeerAddress(url);
    if (url === undefined || address === undefined || (expected.theirAddresses.length > 0 && !expected.theirAddresses.includes(url))) {
        return { kind: 'absent' };
    }
    const uuid = values.get(`remote.${expected.name}.annex-uuid`);
    const token = await readSentToken(repository.gitDir, address);
    // The token that we send is the other's half and then ours.
    const isOurs = token !== undefined && (expected.ourHalf === undefined || token.slice(halfTokenLength) === expected.ourHalf);
    if (isOurs && uuid !== undefined && /^[0-9a-f-]{36}$/iu.test(uuid)) {
        return { kind: 'whole', uuid, url };
    }
    return expected.theirAddresses.length > 0 ? { kind: 'partial' } : { kind: 'absent' };
}

/** Takes a remote away again that a cut-off pairing had begun. @throws {RunError} */
export async function removeRemote(repository: RepositoryContext, name: string): Promise<void> {
    await runOrThrow(git(repository, ['remote', 'remove', name]), { log: repository.log, timeLimitMs });
}

function git(repository: RepositoryContext, args: readonly string[]): { file: string; args: readonly string[]; cwd: string } {
    return { file: repository.programs.git, args, cwd: repository.root };
}
