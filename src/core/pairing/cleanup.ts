/**
 * What is undone when a pairing does not succeed: the token that git-annex accepted in advance, and a remote that was begun.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { acceptedForSent, readAcceptedTokens, readSentTokens, removeAcceptedTokens, tokenLength } from '../annex/creds';
import type { RepositoryContext } from '../annex/context';
import { messageOf } from '../errors';
import { notePairing } from '../peers/access/records';
import { removeRemote, storedPeer, type Expected, type StoredPeer } from './remotes';

/** The accepted tokens before a pairing. */
export async function acceptedTokens(repository: RepositoryContext): Promise<ReadonlySet<string>> {
    return new Set((await readAcceptedTokens(repository.gitDir)).map(({ token }) => token));
}

/**
 * Takes exactly this pairing's token out of `p2pauth`: it begins with our half, which nobody else has. A token that was there before,
 * one that another program added meanwhile, and one that a peer's remote uses, all stay.
 *
 * Gives back whether a token of this pairing may remain: where our half was never seen, new tokens can't be told apart and are left alone.
 */
export async function removeToken(repository: RepositoryContext, before: ReadonlySet<string>, ourHalf: string | undefined): Promise<boolean> {
    try {
        const peers = new Set([...(await readSentTokens(repository.gitDir)).values()].map(acceptedForSent));
        const isNew = (token: string): boolean => !before.has(token) && !peers.has(token) && token.length === tokenLength;
        if (ourHalf === undefined) {
            return (await readAcceptedTokens(repository.gitDir)).some(({ token }) => isNew(token));
        }
        const removed = await removeAcceptedTokens(repository.gitDir, ({ token }) => token.startsWith(ourHalf) && isNew(token));
        repository.log.info(`pairing: ${removed} token line(s) removed`);
        return false;
    } catch (error) {
        repository.log.error(`pairing: the token could not be removed: ${messageOf(error)}`);
        return true;
    }
}

/**
 * Notes whom the tokens that this pairing has left are for, so that they can be told apart later: the peer's own, and those of a pairing
 * that failed. Never throws: a list of who has access is still right without it.
 */
export async function noteTokens(repository: RepositoryContext, before: ReadonlySet<string>, ourHalf: string | undefined, name: string): Promise<void> {
    try {
        const tokens = (await readAcceptedTokens(repository.gitDir)).map(({ token }) => token);
        const isOurs = (token: string): boolean => !before.has(token) && token.length === tokenLength && (ourHalf === undefined || token.startsWith(ourHalf));
        await notePairing(repository.gitDir, tokens.filter(isOurs), name);
    } catch (error) {
        repository.log.warn(`pairing: whom the token is for could not be noted: ${messageOf(error)}`);
    }
}

/**
 * Waits until git-annex has stored this pairing's token, for at most `limitMs`. It rewrites the file in place right after it has said that
 * the exchange worked; ended in the middle of that, it would lose every token.
 */
export async function tokenStored(repository: RepositoryContext, ourHalf: string | undefined, limitMs = 1000): Promise<void> {
    const end = performance.now() + limitMs;
    while (ourHalf !== undefined && performance.now() < end) {
        const tokens = await readAcceptedTokens(repository.gitDir).catch(() => []);
        if (tokens.some(({ token }) => token.startsWith(ourHalf) && token.length === tokenLength)) {
            return;
        }
        await wait(10);
    }
}

/** What the ended pairing left of the remote; one that is not whole is taken away. Never throws. */
export async function settleRemote(repository: RepositoryContext, expected: Expected): Promise<StoredPeer> {
    try {
        const stored = await storedPeer(repository, expected);
        if (stored.kind === 'partial') {
            await removeRemote(repository, expected.name);
        }
        return stored;
    } catch (error) {
        repository.log.warn(`pairing: the remote could not be checked: ${messageOf(error)}`);
        return { kind: 'absent' };
    }
}

/** Waits until no process of the group is left, for at most `limitMs`. */
export async function groupGone(group: number, limitMs = 2000): Promise<boolean> {
    const end = performance.now() + limitMs;
    while (performance.now() < end) {
        try {
            process.kill(-group, 0);
        } catch {
            return true;
        }
        await wait(20);
    }
    return false;
}
