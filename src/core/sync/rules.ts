/**
 * What the repository's configuration allows with a remote (git-annex's documentation, "remote.<name>.annex-…").
 */
import type { GitQueries } from '../git/queries';
import type { SyncPeer } from './types';

export interface PeerRules {
    readonly pull: boolean;
    readonly push: boolean;
    /** The remote holds content that git-annex may use. */
    readonly content: boolean;
    readonly readOnly: boolean;
}

export async function readPeerRules(queries: GitQueries, { name }: SyncPeer): Promise<PeerRules> {
    const flag = async (setting: string): Promise<boolean | undefined> => queries.configFlag(`remote.${name}.annex-${setting}`);
    const readOnly = await flag('readonly') === true;
    return { pull: await flag('pull') !== false, push: await flag('push') !== false && !readOnly, content: await flag('ignore') !== true, readOnly };
}
