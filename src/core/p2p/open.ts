/**
 * Opens a conversation with a peer through Tor.
 */
import { createHash } from 'node:crypto';
import type { TorAddress } from '../tor/address';
import { connectThroughTor, type SocksEndpoint } from '../tor/socks';
import { P2PConnection } from './connection';

export interface OpenOptions {
    readonly endpoint?: SocksEndpoint;
    readonly signal?: AbortSignal | undefined;
    readonly timeLimitMs: number;
    /** See {@link socksIdentity}; without one Tor uses the circuits that git-annex uses. */
    readonly identity?: string;
}

/** @throws {SocksError}, {CancelledError} */
export async function openConnection(address: TorAddress, options: OpenOptions): Promise<P2PConnection> {
    return new P2PConnection(await connectThroughTor(address.onion, address.port, options));
}

/**
 * A SOCKS user name that is always the same for a peer and a purpose, so that Tor keeps its circuits to this peer apart from
 * all others and uses them again. Only our own Tor sees it.
 */
export function socksIdentity(address: TorAddress, purpose: string): string {
    return createHash('sha256').update(`annex-peers ${purpose} ${address.onion}:${address.port}`).digest('hex').slice(0, 32);
}
