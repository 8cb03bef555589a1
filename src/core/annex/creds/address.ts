/**
 * A peer-to-peer address as git-annex writes it: `tor-annex::ONION.onion:PORT` (P2P/Address.hs). It is the git remote's URL as well.
 */

export interface TorAddress {
    readonly kind: 'tor';
    /** Host name, 56 base32 characters and `.onion` for the services of today. */
    readonly onion: string;
    readonly port: number;
}

/** An address of another network (git-annex 10.20250828 and newer: `p2p-annex::NET:ADDRESS`). */
export interface OtherAddress {
    readonly kind: 'other';
    readonly network: string;
    readonly address: string;
}

export type PeerAddress = TorAddress | OtherAddress;

/** Reads an address without a token; undefined where the text is none. */
export function parsePeerAddress(text: string): PeerAddress | undefined {
    const tor = /^tor-annex::([a-z2-7]{16,56}\.onion):(\d{1,5})$/iu.exec(text);
    if (tor?.[1] !== undefined && tor[2] !== undefined) {
        const port = Number(tor[2]);
        return port >= 1 && port <= 65535 ? { kind: 'tor', onion: tor[1].toLowerCase(), port } : undefined;
    }
    const other = /^p2p-annex::([A-Za-z0-9][A-Za-z0-9_.-]{0,63}):([^\s\p{C}]{1,1000})$/u.exec(text);
    return other?.[1] !== undefined && other[2] !== undefined ? { kind: 'other', network: other[1], address: other[2] } : undefined;
}

/** The address as git-annex writes it. */
export function formatPeerAddress(address: PeerAddress): string {
    return address.kind === 'tor' ? `tor-annex::${address.onion}:${address.port}` : `p2p-annex::${address.network}:${address.address}`;
}

/**
 * The name, below `annex/creds/`, of the file with the token that is sent to this peer (P2P/Auth.hs, addressCredsFile): the onion's
 * host name without the port; for other networks `NET:ADDRESS` with everything but letters and digits escaped as in a URI.
 */
export function peerTokenFile(address: PeerAddress): string {
    if (address.kind === 'tor') {
        return address.onion;
    }
    return encodeURIComponent(`${address.network}:${address.address}`).replace(/[!'()*]/gu, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
