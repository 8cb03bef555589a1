/**
 * Who has access to this repository: every token that it accepts, and whom it was given to as far as that can be known.
 *
 * For a paired peer it follows from the token that we send: its halves, swapped, are what the peer sends us (git-annex,
 * Command/P2P.hs, `finishPairing`). For addresses made by hand there is only our own record. Any accepted token lets in with
 * all rights: read, write, remove, push (P2P/Protocol.hs, `ServeReadWrite`).
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { acceptedForSent, credsFolder, readAcceptedTokens, readSentTokens, type AcceptedToken } from '../../annex/creds';
import type { Peer } from '../peer';
import { readRecords, tokenId, updateRecords, type AccessRecord } from './records';

export type AccessHolder =
    /** A paired peer that is a remote of this repository. */
    | { readonly kind: 'peer'; readonly name: string; readonly uuid: string | undefined; readonly onion: string }
    /** A paired peer whose remote was removed: it still gets in. `label` is what it was called, if that was noted. */
    | { readonly kind: 'removed-peer'; readonly onion: string; readonly label: string | undefined }
    /** An address that was made by hand for somebody. */
    | { readonly kind: 'person'; readonly label: string }
    /** A pairing that stored its token and then did not succeed. */
    | { readonly kind: 'failed-pairing'; readonly label: string | undefined }
    | { readonly kind: 'unknown'; readonly label: string | undefined };

export interface AccessEntry {
    /** Names the token without giving it away; stays the same for as long as the token is accepted. */
    readonly id: string;
    readonly holder: AccessHolder;
    /** In milliseconds since the epoch. */
    readonly since: number;
    /** False: it was there already then, and may be older. */
    readonly sinceIsExact: boolean;
    /** The network's address that the token is for; undefined where it holds for Tor, and for all networks of older git-annex. */
    readonly network: string | undefined;
}

export interface AccessFacts {
    readonly accepted: readonly AcceptedToken[];
    /** Tokens that we send, by onion host name, and when each was stored. */
    readonly sent: ReadonlyMap<string, { readonly token: string; readonly storedAt: number | undefined }>;
    readonly peers: readonly Peer[];
    readonly records: ReadonlyMap<string, AccessRecord>;
    readonly now: number;
}

/** Pure: from what is on disk to the list, in the file's order, each token once. */
export function accessList({ accepted, sent, peers, records, now }: AccessFacts): readonly AccessEntry[] {
    const pairs = new Map([...sent].flatMap(([onion, { token, storedAt }]) => {
        const theirs = acceptedForSent(token);
        return theirs === undefined ? [] : [[theirs, { onion, storedAt }] as const];
    }));
    const entries = new Map<string, AccessEntry>();
    for (const { token, address } of accepted) {
        const id = tokenId(token);
        const record = records.get(id);
        const pair = pairs.get(token);
        const since = pair?.storedAt ?? record?.at ?? now;
        entries.set(id, {
            id,
            holder: pair === undefined ? holderFromRecord(record) : holderFromPair(pair.onion, peers, record),
            since,
            sinceIsExact: pair?.storedAt !== undefined || (record !== undefined && record.way !== 'found'),
            network: address,
        });
    }
    return [...entries.values()];
}

function holderFromPair(onion: string, peers: readonly Peer[], record: AccessRecord | undefined): AccessHolder {
    const peer = peers.find(candidate => candidate.address.onion === onion);
    return peer === undefined ? { kind: 'removed-peer', onion, label: record?.label } : { kind: 'peer', name: peer.name, uuid: peer.uuid, onion };
}

function holderFromRecord(record: AccessRecord | undefined): AccessHolder {
    switch (record?.way) {
        case 'address':
            return record.label === undefined ? { kind: 'unknown', label: undefined } : { kind: 'person', label: record.label };
        case 'pairing':
            return { kind: 'failed-pairing', label: record.label };
        case 'found':
        case undefined:
            return { kind: 'unknown', label: record?.label };
    }
}

/**
 * Reads the list, and notes the tokens that were never seen before, so that "since" is known from now on.
 * @throws {AnnexPeersError<CredsErrorReason>} if the credentials can't be read
 */
export async function readAccessList(gitDir: string, peers: readonly Peer[], now = Date.now()): Promise<readonly AccessEntry[]> {
    const [accepted, tokens, records] = await Promise.all([readAcceptedTokens(gitDir), readSentTokens(gitDir), readRecords(gitDir)]);
    const sent = new Map(await Promise.all([...tokens].map(async ([onion, token]) => [onion, { token, storedAt: await storedAt(gitDir, onion) }] as const)));
    const fresh = accepted.map(({ token }) => tokenId(token)).filter(id => !records.has(id));
    if (fresh.length > 0) {
        const at = await foundAt(gitDir, now, records.size === 0);
        const add = (known: Map<string, AccessRecord>): void => {
            for (const id of fresh.filter(candidate => !known.has(candidate))) {
                known.set(id, { id, way: 'found', at });
            }
        };
        add(records);
        // The list is right without it: a git folder that can't be written to must not hide who has access.
        await updateRecords(gitDir, add).catch(() => undefined);
    }
    return accessList({ accepted, sent, peers, records, now });
}

/** At the very first look the file's own time is the best guess: all its tokens are at least as old. */
async function foundAt(gitDir: string, now: number, firstLook: boolean): Promise<number> {
    if (!firstLook) {
        return now;
    }
    return (await modified(path.join(credsFolder(gitDir), 'p2pauth'))) ?? now;
}

function storedAt(gitDir: string, onion: string): Promise<number | undefined> {
    return modified(path.join(credsFolder(gitDir), onion));
}

async function modified(file: string): Promise<number | undefined> {
    try {
        return Math.floor((await stat(file)).mtimeMs);
    } catch {
        return undefined;
    }
}
