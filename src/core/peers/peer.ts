/**
 * The peers of a repository: its git remotes whose address is an onion service.
 */
import { asUuid } from '../annex/uuid';
import type { ConfigEntry } from '../security/runnableConfig';
import { parseTorAddress, type TorAddress } from '../tor/address';

export interface Peer {
    /** The git remote's name. */
    readonly name: string;
    readonly address: TorAddress;
    /** The peer repository's uuid, once known. */
    readonly uuid: string | undefined;
    /** False where `annex-sync` is switched off: neither sync nor the remote daemon touches it. */
    readonly syncs: boolean;
}

function remoteOf(key: string): { readonly name: string; readonly setting: string } | undefined {
    const match = /^remote\.(.+)\.([^.]+)$/su.exec(key);
    return match === null ? undefined : { name: match[1] ?? '', setting: match[2] ?? '' };
}

function isFalse(value: string | undefined): boolean {
    return value !== undefined && /^(?:false|no|off|0)$/iu.test(value);
}

/** Each remote's settings by name. */
function remotesOf(config: readonly ConfigEntry[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
    const remotes = new Map<string, Map<string, string>>();
    for (const { key, value } of config) {
        const remote = remoteOf(key);
        if (remote !== undefined) {
            const settings = remotes.get(remote.name) ?? new Map<string, string>();
            // For `url` the first value counts, as git takes it; for the rest the last.
            if (remote.setting !== 'url' || !settings.has('url')) {
                settings.set(remote.setting, value);
            }
            remotes.set(remote.name, settings);
        }
    }
    return remotes;
}

/** Reads the peers from git's configuration, sorted by name. */
export function peersOf(config: readonly ConfigEntry[]): readonly Peer[] {
    const peers: Peer[] = [];
    for (const [name, settings] of remotesOf(config)) {
        const address = parseTorAddress(settings.get('url') ?? '');
        if (address !== undefined) {
            peers.push({ name, address, uuid: asUuid(settings.get('annex-uuid')), syncs: !isFalse(settings.get('annex-sync')) });
        }
    }
    return peers.sort((a, b) => a.name.localeCompare(b.name));
}

/** A git remote with git-annex that is not reached over Tor. */
export interface OtherRemote {
    readonly name: string;
    readonly uuid: string;
}

/** The remotes besides the peers that take part in a sync of all (git-annex(1), `annex-sync` and `annex-ignore`). */
export function otherRemotesOf(config: readonly ConfigEntry[]): readonly OtherRemote[] {
    const peers = new Set(peersOf(config).map(({ name }) => name));
    return [...remotesOf(config)].flatMap(([name, settings]) => {
        const uuid = asUuid(settings.get('annex-uuid'));
        const takesPart = !peers.has(name) && !isFalse(settings.get('annex-sync')) && !/^(?:true|yes|on|1)$/iu.test(settings.get('annex-ignore') ?? 'false');
        return takesPart && uuid !== undefined && settings.has('url') ? [{ name, uuid }] : [];
    });
}

/** All remotes' names, for checks that a new one is free. */
export function remoteNames(config: readonly ConfigEntry[]): readonly string[] {
    return [...new Set(config.flatMap(({ key }) => remoteOf(key)?.name ?? []))];
}
