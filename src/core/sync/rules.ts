/**
 * What the repository's configuration allows with a remote (git-annex's documentation, "remote.<name>.annex-…").
 */
import type { Settings } from '../git/queries';
import type { SyncPeer } from './types';

export interface PeerRules {
    readonly pull: boolean;
    readonly push: boolean;
    /** The remote holds content that git-annex may use. */
    readonly content: boolean;
    readonly readOnly: boolean;
}

export function peerRules(settings: Settings, { name }: SyncPeer): PeerRules {
    const flag = (key: string): boolean | undefined => settings.flag(`remote.${name}.annex-${key}`);
    const readOnly = flag('readonly') === true;
    return { pull: flag('pull') !== false, push: flag('push') !== false && !readOnly, content: flag('ignore') !== true, readOnly };
}
