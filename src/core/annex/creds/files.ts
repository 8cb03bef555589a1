/**
 * The files below `annex/creds/`: whom this repository lets in (`p2pauth`), where it is reached (`p2paddrs`), and what it says to get in
 * elsewhere (`<onion>.onion`). git-annex: P2P/Auth.hs, P2P/Address.hs, Creds.hs.
 */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { AnnexPeersError } from '../../errors';
import { parsePeerAddress, peerTokenFile, type PeerAddress } from './address';
import { editLines } from './editLines';
import { parseToken } from './tokens';

export type CredsErrorReason = 'unreadable' | 'unwritable';

/** A line of `p2pauth`. */
export interface AcceptedToken {
    readonly token: string;
    /** The network's address that it is for; absent in lines that hold for Tor and for every older git-annex. */
    readonly address?: string;
}

export function credsFolder(gitDir: string): string {
    return path.join(gitDir, 'annex', 'creds');
}

/** The tokens that this repository accepts, in the file's order. Lines that are none are left out. @throws {AnnexPeersError<CredsErrorReason>} */
export async function readAcceptedTokens(gitDir: string): Promise<AcceptedToken[]> {
    const text = await readCreds(gitDir, 'p2pauth');
    return text.split('\n').flatMap(line => parseAcceptedLine(line) ?? []);
}

/** Reads one line of `p2pauth`: `TOKEN` or `TOKEN ADDRESS`. */
export function parseAcceptedLine(line: string): AcceptedToken | undefined {
    const [first = '', ...rest] = line.trim().split(/[ \t]+/u);
    const token = parseToken(first);
    if (token === undefined) {
        return undefined;
    }
    return rest.length === 0 ? { token } : { token, address: rest.join(' ') };
}

/**
 * Takes away the tokens for which `remove` says so; every other line stays as it is, byte for byte. A new connection is refused from
 * then on, an open one stays. Gives back how many lines went.
 * @throws {AnnexPeersError<CredsErrorReason>}
 */
export async function removeAcceptedTokens(gitDir: string, remove: (token: AcceptedToken) => boolean): Promise<number> {
    const file = path.join(credsFolder(gitDir), 'p2pauth');
    try {
        return await editLines(file, line => {
            const accepted = parseAcceptedLine(line);
            return accepted === undefined || !remove(accepted);
        });
    } catch (error) {
        throw new AnnexPeersError<CredsErrorReason>('unwritable', `${file} could not be changed`, String(error), { cause: error });
    }
}

/** This repository's own addresses, newest first. @throws {AnnexPeersError<CredsErrorReason>} */
export async function readOwnAddresses(gitDir: string): Promise<PeerAddress[]> {
    const text = await readCreds(gitDir, 'p2paddrs');
    return text.split('\n').flatMap(line => parsePeerAddress(line.trim()) ?? []);
}

/** Takes away own addresses; every other line stays as it is. Gives back how many lines went. @throws {AnnexPeersError<CredsErrorReason>} */
export async function removeOwnAddresses(gitDir: string, remove: (address: PeerAddress) => boolean): Promise<number> {
    const file = path.join(credsFolder(gitDir), 'p2paddrs');
    try {
        return await editLines(file, line => {
            const address = parsePeerAddress(line.trim());
            return address === undefined || !remove(address);
        });
    } catch (error) {
        throw new AnnexPeersError<CredsErrorReason>('unwritable', `${file} could not be changed`, String(error), { cause: error });
    }
}

/** The token that is sent to the peer at `address`; undefined where there is none. @throws {AnnexPeersError<CredsErrorReason>} */
export async function readSentToken(gitDir: string, address: PeerAddress): Promise<string | undefined> {
    const text = await readCreds(gitDir, peerTokenFile(address));
    return parseToken(text.split('\n')[0]?.trim() ?? '');
}

/** All tokens that are sent to Tor peers, by onion host name. @throws {AnnexPeersError<CredsErrorReason>} */
export async function readSentTokens(gitDir: string): Promise<Map<string, string>> {
    const names = await readdir(credsFolder(gitDir)).catch((error: unknown) => onlyIfMissing(error, credsFolder(gitDir), []));
    const tokens = new Map<string, string>();
    for (const name of names.filter(candidate => /^[a-z2-7]{16,56}\.onion$/iu.test(candidate))) {
        const token = parseToken((await readCreds(gitDir, name)).split('\n')[0]?.trim() ?? '');
        if (token !== undefined) {
            tokens.set(name.toLowerCase(), token);
        }
    }
    return tokens;
}

async function readCreds(gitDir: string, name: string): Promise<string> {
    const file = path.join(credsFolder(gitDir), name);
    return readFile(file, 'latin1').catch((error: unknown) => onlyIfMissing(error, file, ''));
}

function onlyIfMissing<T>(error: unknown, file: string, missing: T): T {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
        return missing;
    }
    throw new AnnexPeersError<CredsErrorReason>('unreadable', `${file} could not be read`, String(error), { cause: error });
}
