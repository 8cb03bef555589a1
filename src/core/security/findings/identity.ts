/**
 * Name and e-mail address in commits, which every peer gets: an anonymous identity for one repository, and what past
 * commits still show.
 */
import type { RepositoryContext } from '../../annex/context';
import { run, runOrThrow } from '../../process/run';
import { configValue, readConfig } from '../../repository/config';
import type { Identity } from './types';

/** ".invalid" is nobody's (RFC 2606). */
export const anonymous: Identity = { name: 'anonymous', email: 'anonymous@anonymous.invalid' };

export function isAnonymous(identity: Identity): boolean {
    return identity.name === anonymous.name && identity.email === anonymous.email;
}

/** What this repository's own configuration said before; undefined: nothing, then the user's own holds. */
export type PreviousIdentity = { readonly [P in keyof Identity]: Identity[P] | undefined };

/**
 * Makes later commits of this repository anonymous; its git-annex branch too. They still carry the time and the time zone.
 * @returns what {@link restoreIdentity} takes
 */
export async function setAnonymousIdentity(repository: RepositoryContext): Promise<PreviousIdentity> {
    const config = (await readConfig(repository.programs, repository.root, repository.log)).filter(({ origin }) => isOwnOrigin(origin, repository));
    const previous = { name: configValue(config, 'user.name'), email: configValue(config, 'user.email') };
    await restoreIdentity(repository, anonymous);
    return previous;
}

export async function restoreIdentity(repository: RepositoryContext, identity: PreviousIdentity): Promise<void> {
    const { programs, root, log } = repository;
    for (const [key, value] of [['user.name', identity.name], ['user.email', identity.email]] as const) {
        if (value === undefined) {
            // Exit code 5: it was not set (git-config(1)).
            await run({ file: programs.git, args: ['config', '--local', '--unset-all', key], cwd: root }, { log, timeLimitMs: 10_000 });
        } else {
            await runOrThrow({ file: programs.git, args: ['config', '--local', '--replace-all', key, value], cwd: root }, { log, timeLimitMs: 10_000 });
        }
    }
}

/** `git config --show-origin` names the repository's own file relative to the work tree, or whole. */
function isOwnOrigin(origin: string, { gitDir }: RepositoryContext): boolean {
    return origin === 'file:.git/config' || origin === 'file:config' || origin === `file:${gitDir}/config`;
}

export interface PastIdentity extends Identity {
    readonly commits: number;
}

/** Newest commits that are looked at: enough to know who shows, and quick in a large history. */
const maxCommits = 5000;

/** Who authored or committed, in all branches, most commits first. */
export async function pastIdentities(repository: RepositoryContext, signal?: AbortSignal): Promise<readonly PastIdentity[]> {
    const { stdout } = await runOrThrow(
        { file: repository.programs.git, args: ['log', '--all', `--max-count=${maxCommits}`, '--format=%an%x00%ae%x00%cn%x00%ce'], cwd: repository.root },
        { log: repository.log, signal, timeLimitMs: 30_000 },
    );
    const found = new Map<string, PastIdentity>();
    for (const line of stdout.split('\n').filter(text => text !== '')) {
        const [authorName = '', authorEmail = '', committerName = '', committerEmail = ''] = line.split('\0');
        const both = new Map([[authorName, authorEmail], [committerName, committerEmail]].map(([name = '', email = '']) => [`${name}\0${email}`, { name, email }]));
        for (const [key, identity] of both) {
            found.set(key, { ...identity, commits: (found.get(key)?.commits ?? 0) + 1 });
        }
    }
    return [...found.values()].sort((a, b) => b.commits - a.commits);
}
