/**
 * The monitor's way to the real network: a repository's own uuid, its tokens, Tor.
 */
import { readSentToken } from '../../annex/creds';
import type { RepositoryContext } from '../../annex/context';
import { probe, type ProbeOutcome } from '../../p2p';
import { isSocksProxy, systemTor, type SocksEndpoint } from '../../tor/socks';
import type { MonitoredPeer, PresenceDependencies } from './entries';

/** Reads the token from its file for each probe: it is never kept in memory. */
export function probingOf(repository: Pick<RepositoryContext, 'gitDir' | 'uuid'>, endpoint: SocksEndpoint = systemTor): Pick<PresenceDependencies, 'probe' | 'torAnswers'> {
    return {
        probe: async (peer: MonitoredPeer, signal: AbortSignal): Promise<ProbeOutcome> => {
            const token = await readSentToken(repository.gitDir, { kind: 'tor', ...peer.address });
            return probe(peer, { ownUuid: repository.uuid, token, signal, endpoint });
        },
        torAnswers: () => isSocksProxy(endpoint),
    };
}
