/**
 * This repository's own Tor addresses, which Enable Tor stores, newest first (git-annex, Creds.hs and P2P/Address.hs).
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseTorAddress, type TorAddress } from './address';

export async function readOwnAddresses(gitDir: string): Promise<readonly TorAddress[]> {
    const text = await readFile(path.join(gitDir, 'annex', 'creds', 'p2paddrs'), 'utf8').catch(() => '');
    return text.split('\n').flatMap(line => parseTorAddress(line) ?? []);
}
