/**
 * Name and e-mail address in commits, which every peer gets: an anonymous identity for one repository, and what past
 * commits still show.
 */
import type { RepositoryContext } from '../../annex/context';
import { readOnlyGit } from '../../git/readOnly';
import { run, runOrThrow } from '../../process/run';
import { configValue, readConfig } from '../../repository/config';
import type { ConfigEntry } from '../runnableConfig';
import type { Identity } from './types';

/** ".invalid" is nobody's (RFC 2606). */
export const anonymous: Identity = { name: 'anonymous', email: 'anonymous@anonymous.invalid' };

export function isAnonymous(identity: Identity): boolean {
    return identity.name === anonymous.name && identity.email === anonymous.email;
}

/** `author` and `committer` outdo `user` where they are set (git-config(1)). */
const sections = ['author', 'committer', 'user'] as const;
const parts = ['name', 'email'] as const;

/** Whom a commit made now would name, as the configuration says; empty where it says nothing, and git makes something up. */
export function identitiesIn(config: readonly ConfigEntry[]): readonly Identity[] {
    const part = (section: 'author' | 'committer', key: keyof Identity): string => configValue(config, `${section}.${key}`) ?? configValue(config, `user.${key}`) ?? '';
    return (['author', 'committer'] as const).map(section => ({ name: part(section, 'name'), email: part(section, 'email') }));
}

/** What this repository's own configuration said before; without a value: nothing, then the user's own holds. */
export type PreviousIdentity = readonly { readonly key: string; readonly value?: string | undefined }[];

/**
 * Makes later commits of this repository anonymous; its git-annex branch too. They still carry the time and the time zone.
 * @returns what {@link restoreIdentity} takes
 */
export async function setAnonymousIdentity(repository: RepositoryContext): Promise<PreviousIdentity> {
    const config = await readConfig(repository.programs, repository.root, repository.log);
    const own = config.filter(({ origin }) => isOwnOrigin(origin, repository));
    const wanted = sections.filter(section => section === 'user' || parts.some(part => configValue(config, `${section}.${part}`) !== undefined));
    const keys = wanted.flatMap(section => parts.map(part => ({ key: `${section}.${part}`, value: anonymous[part] })));
    const previous = keys.map(({ key }) => ({ key, value: configValue(own, key) }));
    await restoreIdentity(repository, keys);
    return previous;
}

export async function restoreIdentity(repository: RepositoryContext, identity: PreviousIdentity): Promise<void> {
    const { programs, root, log } = repository;
    for (const { key, value } of identity) {
        if (value === undefined) {
            // Exit code 5: it was not set (git-config(1)).
            await run({ file: programs.git, args: ['config', '--local', '--unset-all', key], cwd: root }, { log, timeLimitMs: 10_000 });
        } else {
            await runOrThrow({ file: programs.git, args: ['config', '--local', '--replace-all', key, value], cwd: root }, { log, timeLimitMs: 10_000 });
        }
    }
}

/** Takes an anonymous identity away where what was before is not known: the user's own holds again. */
export const noOwnIdentity: PreviousIdentity = sections.flatMap(section => parts.map(part => ({ key: `${section}.${part}` })));

/** Whom git itself would name now, environment and all; undefined where it refuses to commit. */
export async function identityNow({ programs, root, log }: RepositoryContext): Promise<Identity | undefined> {
    const { stdout } = await run({ file: programs.git, args: ['var', 'GIT_AUTHOR_IDENT'], cwd: root }, { log, timeLimitMs: 10_000 });
    const match = /^(.*) <(.*)> \d+ [+-]\d+$/mu.exec(stdout);
    return match === null ? undefined : { name: match[1] ?? '', email: match[2] ?? '' };
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
        { file: repository.programs.git, args: ['log', '--all', `--max-count=${maxCommits}`, '--format=%an%x00%ae%x00%cn%x00%ce'], cwd: repository.root, env: readOnlyGit },
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
