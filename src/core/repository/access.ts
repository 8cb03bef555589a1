/**
 * Who has access to a repository, and which peers were verified, as the repository's snapshot has it.
 */
import { messageOf } from '../errors';
import type { Log } from '../log';
import { readAccessList, verifiedAt, type AccessEntry } from '../peers/access';
import type { Peer } from '../peers/peer';
import type { TorAddress } from '../tor/address';

export interface RepositoryAccess {
    /** Everybody who gets in. */
    readonly entries: readonly AccessEntry[];
    /** When each peer was verified, by the remote's name; milliseconds since the epoch. */
    readonly verified: ReadonlyMap<string, number>;
}

export const noAccess: RepositoryAccess = { entries: [], verified: new Map() };

/** Reads some small files, no program. What can't be read counts as nothing, and is logged. */
export async function readAccess(gitDir: string, own: { readonly uuid: string; readonly address: TorAddress | undefined }, peers: readonly Peer[], log: Log): Promise<RepositoryAccess> {
    try {
        const verified = new Map<string, number>();
        for (const { name, address, uuid } of peers) {
            const at = own.address === undefined || uuid === undefined ? undefined : await verifiedAt(gitDir, { onion: own.address.onion, uuid: own.uuid }, { onion: address.onion, uuid });
            if (at !== undefined) {
                verified.set(name, at);
            }
        }
        return { entries: await readAccessList(gitDir, peers), verified };
    } catch (error) {
        log.warn(`Who has access to ${gitDir} could not be read: ${messageOf(error)}`);
        return noAccess;
    }
}
