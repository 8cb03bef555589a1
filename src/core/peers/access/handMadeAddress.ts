/**
 * Addresses by hand: makes one that lets somebody in, and reads one that somebody gave.
 */
import { readOwnAddresses } from '../../annex/creds';
import type { RepositoryContext } from '../../annex/context';
import { messageOf } from '../../errors';
import { runOrThrow, RunError } from '../../process/run';
import { parseTorAddress, type TorAddress } from '../../tor/address';
import { AccessError } from './errors';
import { noteToken, tokenId } from './records';
import { SecretText } from './secretText';

export interface HandMadeAddress {
    /** What to give to the person; shown once and kept nowhere. Newest network address first. */
    readonly addresses: readonly SecretText[];
    /** The ids that it has in the access list. */
    readonly ids: readonly string[];
}

/**
 * Makes an address with a new token that this repository accepts from now on, and notes whom it is for.
 * @param label whom it is for, in the user's words
 * @throws {AccessError} `no-own-address`, `unexpected-output`
 */
export async function makeAddress(repository: RepositoryContext, label: string, now = Date.now()): Promise<HandMadeAddress> {
    if ((await readOwnAddresses(repository.gitDir)).length === 0) {
        throw new AccessError('no-own-address', 'this repository has no address yet');
    }
    const { programs, root, log } = repository;
    let stdout: string;
    try {
        ({ stdout } = await runOrThrow({ file: programs.gitAnnex, args: ['p2p', '--gen-addresses'], cwd: root }, { log, timeLimitMs: 60_000 }));
    } catch (error) {
        // A RunError's detail may be what the program printed, which is the secret.
        throw new AccessError('unexpected-output', `git-annex made no address: ${error instanceof RunError ? error.reason : messageOf(error)}`, error instanceof RunError ? error.result.stderr : '');
    }
    const lines = stdout.split('\n').map(line => line.trim()).filter(line => /^(?:tor-annex|p2p-annex)::.+:[a-z0-9]{16,}$/iu.test(line));
    const tokens = [...new Set(lines.map(line => line.slice(line.lastIndexOf(':') + 1).toLowerCase()))];
    if (tokens.length === 0) {
        throw new AccessError('unexpected-output', 'git-annex printed no address');
    }
    for (const token of tokens) {
        await noteToken(repository.gitDir, token, { way: 'address', at: now, ...(label === '' ? {} : { label }) });
    }
    return { addresses: lines.map(line => new SecretText(line)), ids: tokens.map(tokenId) };
}

/** Reads an address with its token, as it was pasted: line breaks and quotes of a mail program don't matter. @throws {AccessError} */
export function parseHandMadeAddress(pasted: string): { readonly address: TorAddress; readonly text: SecretText } {
    const text = pasted.replace(/[\s\p{C}"'<>`]+/gu, '').toLowerCase();
    const match = /^tor-annex::([a-z2-7]+)\.onion:(\d{1,5})(?::([a-z0-9]*))?$/u.exec(text);
    if (match === null) {
        throw new AccessError('not-an-address', 'this is no address of git-annex');
    }
    if (match[1]?.length === 16) {
        throw new AccessError('old-onion', 'this is an onion address of version 2');
    }
    const address = parseTorAddress(text);
    if (address === undefined) {
        // Without a token, or with an empty one, it must still be an onion address.
        const bare = parseTorAddress(`tor-annex::${match[1] ?? ''}.onion:${match[2] ?? ''}`);
        throw new AccessError(bare === undefined ? 'not-an-address' : 'no-token', 'the address is not complete');
    }
    if ((match[3] ?? '') === '') {
        throw new AccessError('no-token', 'the address has no token at its end');
    }
    return { address, text: new SecretText(text) };
}
