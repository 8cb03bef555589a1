/**
 * The peers of a repository: its git remotes whose address is an onion service.
 */
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

/** Reads the peers from git's configuration, sorted by name. */
export function peersOf(config: readonly ConfigEntry[]): readonly Peer[] {
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
    const peers: Peer[] = [];
    for (const [name, settings] of remotes) {
        const address = parseTorAddress(settings.get('url') ?? '');
        if (address !== undefined) {
            peers.push({ name, address, uuid: settings.get('annex-uuid'), syncs: !/^(?:false|no|off|0)$/iu.test(settings.get('annex-sync') ?? 'true') });
        }
    }
    return peers.sort((a, b) => a.name.localeCompare(b.name));
}

/** All remotes' names, for checks that a new one is free. */
export function remoteNames(config: readonly ConfigEntry[]): readonly string[] {
    return [...new Set(config.flatMap(({ key }) => remoteOf(key)?.name ?? []))];
}
