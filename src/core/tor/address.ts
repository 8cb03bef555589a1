/**
 * git-annex's Tor addresses: `tor-annex::<56 characters>.onion:<port>`, which is also the URL of the git remote; a
 * token may follow (`…:<port>:<token>`), which this module never keeps (git-annex, P2P/Address.hs).
 */

export interface TorAddress {
    /** `<56 characters>.onion`, lower case. */
    readonly onion: string;
    readonly port: number;
}

const form = /^tor-annex::([a-z2-7]{56}\.onion):(\d{1,5})(?::[a-z0-9]+)?$/u;

/** Reads an address; undefined if it is not one of a version 3 onion service. */
export function parseTorAddress(text: string): TorAddress | undefined {
    const match = form.exec(text.trim().toLowerCase());
    const port = Number(match?.[2]);
    if (match === null || port < 1 || port > 65_535) {
        return undefined;
    }
    return { onion: match[1] ?? '', port };
}

/** The address without a token, as git-annex writes it. */
export function formatTorAddress(address: TorAddress): string {
    return `tor-annex::${address.onion}:${address.port}`;
}
