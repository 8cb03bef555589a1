/**
 * What has come from peers and is not merged yet: fetched by the remote daemon, or kept in quarantine because it was refused.
 * Reads references alone; nothing is fetched or merged.
 */
import type { RepositoryContext } from '../annex/context';
import { GitQueries } from '../git/queries';
import { quarantineOf } from './quarantine';
import { parseAdjusted } from './state';
import type { SyncPeer } from './types';

/**
 * - `files`: its branch has commits that ours lacks
 * - `records`: its git-annex branch alone has (where content is, for the most part)
 */
export interface Incoming {
    readonly kind: 'files' | 'records';
    /** Stands for exactly these changes: the commits' names, sorted. */
    readonly tip: string;
}

interface Unmerged {
    readonly name: string;
    readonly oid: string;
}

/** References below the peers' places that `into` does not contain. */
async function notIn(queries: GitQueries, into: string, places: readonly string[]): Promise<readonly Unmerged[]> {
    const output = await queries.ask(['for-each-ref', `--no-merged=${into}`, '--format=%(objectname) %(refname)', ...places]);
    return output.split('\n').flatMap(line => {
        const space = line.indexOf(' ');
        return space < 0 ? [] : [{ oid: line.slice(0, space), name: line.slice(space + 1) }];
    });
}

/** By the peers' names; a peer from which nothing new has come is left out. */
export async function readIncoming(context: RepositoryContext, peers: readonly SyncPeer[], signal?: AbortSignal): Promise<ReadonlyMap<string, Incoming>> {
    if (peers.length === 0) {
        return new Map();
    }
    const queries = new GitQueries(context, signal);
    const head = (await queries.headBranch())?.replace(/^refs\/heads\//u, '');
    const branch = head === undefined ? undefined : (parseAdjusted(head)?.original ?? head);
    const places = peers.flatMap(peer => [`refs/remotes/${peer.name}/`, `${quarantineOf(peer)}/`]);
    const unmerged = async (into: string): Promise<readonly Unmerged[]> => {
        const ours = await queries.commit(`refs/heads/${into}`);
        return ours === undefined ? [] : notIn(queries, ours, places);
    };
    const [tree, records] = await Promise.all([branch === undefined ? [] : unmerged(branch), unmerged('git-annex')]);
    const found = new Map<string, Incoming>();
    for (const peer of peers) {
        const named = (names: readonly string[], refs: readonly Unmerged[]): readonly string[] => {
            const wanted = new Set(names.flatMap(name => [`refs/remotes/${peer.name}/${name}`, `${quarantineOf(peer)}/heads/${name}/tip`]));
            return refs.filter(({ name }) => wanted.has(name)).map(({ oid }) => oid);
        };
        const files = branch === undefined ? [] : named([branch, `synced/${branch}`], tree);
        const all = [...new Set([...files, ...named(['git-annex', 'synced/git-annex'], records)])].sort();
        if (all.length > 0) {
            found.set(peer.name, { kind: files.length > 0 ? 'files' : 'records', tip: all.join(' ') });
        }
    }
    return found;
}
