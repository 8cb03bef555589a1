/**
 * Fetches a peer's branches to a place where neither git-annex nor the user's tools look, and moves them from there to
 * where `git fetch` would have put them once they were looked at.
 *
 * git-annex merges every reference whose name ends in `/git-annex`, tags and other people's branches of that name
 * included (git-annex, Annex/Branch.hs, siblingBranches). So the names here end in `/tip`.
 *
 * The remote daemon fetches as well, by plain `git fetch`, and peers push; what comes in by these ways lies where
 * git-annex finds it. That harms nothing as long as every git-annex command of ours runs with
 * `annex.merge-annex-branches=false` and the sync looks at those references, too; what is refused is parked. A
 * git-annex command that the user runs in a terminal meanwhile merges it all the same, as git-annex always does.
 */
import type { RepositoryContext } from '../annex/context';
import type { GitQueries, Ref, Refs } from '../git/queries';
import { run } from '../process/run';
import { runRemoteStep, type RemoteStep } from './gitRemote';
import type { SyncPeer } from './types';
import type { Patience } from './watchdog';

const root = 'refs/annex-peers/incoming';
const parking = 'refs/annex-peers/parked';

/** A peer's branches and tags as they were when they were fetched; names without `refs/heads/` and `refs/tags/`. */
export interface PeerTips {
    readonly branches: ReadonlyMap<string, string>;
    readonly tags: ReadonlyMap<string, string>;
}

export const noTips: PeerTips = { branches: new Map(), tags: new Map() };

/** Below it lies what was fetched from a peer and not let through yet. */
export function quarantineOf(peer: SyncPeer): string {
    // A uuid is hexadecimal; whatever else it might be must not become a part of a reference's name.
    return `${root}/${peer.uuid.replace(/[^0-9a-z-]/giu, '_')}`;
}

/** Fetches everything that the peer has into quarantine; nothing else of the repository changes. */
export async function fetchToQuarantine(context: RepositoryContext, peer: SyncPeer, options: { readonly patience: Patience; readonly signal?: AbortSignal | undefined }): Promise<RemoteStep> {
    const place = quarantineOf(peer);
    return runRemoteStep(context, [
        // The empty refmap keeps git from updating the remote's tracking branches along with it.
        'fetch', '--progress', '--prune', '--no-tags', '--refmap=', '--no-write-fetch-head', '--no-auto-maintenance', '--no-recurse-submodules', '--end-of-options',
        peer.name, `+refs/heads/*:${place}/heads/*/tip`, `+refs/tags/*:${place}/tags/*/tip`,
    ], options);
}

function tipsBelow(refs: Refs, prefix: string): ReadonlyMap<string, string> {
    return new Map([...refs].filter(([name]) => name.startsWith(prefix) && name.endsWith('/tip')).map(([name, oid]) => [name.slice(prefix.length, -'/tip'.length), oid]));
}

/** What is in quarantine of a peer. Read once after the fetch; later steps go by these object names alone. */
export function readTips(refs: Refs, peer: SyncPeer): PeerTips {
    const place = quarantineOf(peer);
    return { branches: tipsBelow(refs, `${place}/heads/`), tags: tipsBelow(refs, `${place}/tags/`) };
}

/** All branches in quarantine. */
export function quarantined(refs: Refs): readonly (Ref & { readonly branch: string })[] {
    return [...refs].flatMap(([name, oid]) => {
        const branch = name.startsWith(`${root}/`) ? /^[^/]+\/heads\/(.+)\/tip$/u.exec(name.slice(root.length + 1))?.[1] : undefined;
        return branch === undefined ? [] : [{ name, oid, branch }];
    });
}

/** Changes references: `oid` undefined deletes. One transaction, and one by one if that is refused. */
export async function updateRefs(context: RepositoryContext, changes: readonly { readonly name: string; readonly oid: string | undefined }[]): Promise<void> {
    const commands = changes.map(({ name, oid }) => oid === undefined ? `delete ${name}\n` : `update ${name} ${oid}\n`);
    const apply = async (input: string): Promise<boolean> => {
        const result = await run(
            { file: context.programs.git, args: ['update-ref', '--stdin'], cwd: context.root },
            { log: context.log, ...(context.registry === undefined ? {} : { registry: context.registry }), input },
        );
        return result.code === 0;
    };
    if (commands.length === 0 || await apply(commands.join(''))) {
        return;
    }
    // A name that is a folder of another stands in the way of the whole; plain git leaves out that one, too.
    for (const command of commands) {
        if (!await apply(command)) {
            context.log.warn(`a reference could not be changed: ${command.trim()}`);
        }
    }
}

/**
 * Puts branches that were looked at where `git fetch` puts them, with the tags on them that are new here, and forgets
 * what is in quarantine if that is all of it.
 */
export async function release(context: RepositoryContext, queries: GitQueries, refs: Refs, peer: SyncPeer, tips: PeerTips, accepts: (branch: string) => boolean): Promise<void> {
    const place = quarantineOf(peer);
    const accepted = [...tips.branches].filter(([name]) => accepts(name));
    const changes = accepted
        .map(([name, oid]) => ({ name: `refs/remotes/${peer.name}/${name}`, oid }))
        .filter(({ name, oid }) => refs.get(name) !== oid);
    const tags = await followedTags(queries, refs, place, tips, accepted.map(([, oid]) => oid));
    // As long as something is held back, its objects are kept, so that it isn't fetched again each time.
    const left = accepted.length < tips.branches.size ? [] : [...refs.keys()].filter(name => name.startsWith(`${place}/`));
    await updateRefs(context, [...changes, ...tags, ...left.map(name => ({ name, oid: undefined }))]);
}

/** The tags that `git fetch` would follow: new ones on accepted commits, none whose name would pass for a branch's. */
async function followedTags(queries: GitQueries, refs: Refs, place: string, tips: PeerTips, accepted: readonly string[]): Promise<readonly Ref[]> {
    if (tips.tags.size === 0) {
        return [];
    }
    const taken = new Set([...[...refs.keys()].map(name => name.replace(/^refs\/(?:tags|heads)\//u, '')), ...tips.branches.keys(), 'HEAD']);
    const fresh = [...tips.tags].filter(([name]) => !taken.has(name) && name.split('/').at(-1) !== 'git-annex');
    if (fresh.length === 0 || accepted.length === 0) {
        return [];
    }
    const reachable = new Set((await Promise.all(accepted.map(async oid => queries.ask(['for-each-ref', `--merged=${oid}`, '--format=%(refname)', `${place}/tags`])))).flatMap(output => output.split('\n')));
    return fresh.filter(([name]) => reachable.has(`${place}/tags/${name}/tip`)).map(([name, oid]) => ({ name: `refs/tags/${name}`, oid }));
}

/** Takes references out of git-annex's sight without losing what they point to. */
export async function park(context: RepositoryContext, refs: readonly Ref[]): Promise<void> {
    await updateRefs(context, refs.flatMap(({ name, oid }) => [
        { name: `${parking}/${name.replace(/^refs\//u, '')}/tip`, oid },
        { name, oid: undefined },
    ]));
}
