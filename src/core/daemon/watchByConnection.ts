/**
 * The watch's way to the real network and repository: Tor, our token, and the other program's fetches.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { readSentToken } from '../annex/creds';
import type { RepositoryContext } from '../annex/context';
import { throwIfCancelled } from '../errors';
import { GitQueries, isObjectId } from '../git/queries';
import { P2PError } from '../p2p/errors';
import { openConnection, socksIdentity } from '../p2p/open';
import { peersOf, type Peer } from '../peers/peer';
import { runOrThrow } from '../process/run';
import { parseConfigList } from '../security/runnableConfig';
import { fetchToQuarantine } from '../sync/quarantine';
import { gitPatience } from '../sync/watchdog';
import { formatTorAddress } from '../tor/address';
import type { SocksEndpoint } from '../tor/socks';
import type { ChangeWatchDependencies } from './changeWatch';
import { servingConfig } from './servingConfig';

const connectLimitMs = 60_000;
/** How long the other program gets to fetch before it is done here, in milliseconds. */
const patienceMs = 15_000;
const lookMs = 500;
/** Of a peer that tells of more, some will do. */
const mostCommits = 32;

export interface WatchOptions {
    readonly endpoint?: SocksEndpoint;
    readonly patienceMs?: number;
}

export function watchingOf(context: RepositoryContext, options: WatchOptions = {}): ChangeWatchDependencies {
    return {
        log: context.log,
        peers: () => watchedPeers(context),
        open: async (peer, signal) => {
            const token = await readSentToken(context.gitDir, { kind: 'tor', ...peer.address });
            if (token === undefined) {
                throw new P2PError('refused', 'there is no token for it');
            }
            const { endpoint } = options;
            const connection = await openConnection(peer.address, { signal, timeLimitMs: connectLimitMs, identity: socksIdentity(peer.address, 'watch'), ...(endpoint === undefined ? {} : { endpoint }) });
            try {
                const uuid = await connection.authenticate(context.uuid, token, { signal });
                if (uuid !== peer.uuid) {
                    throw new P2PError('refused', 'another repository answers');
                }
                return connection;
            } catch (error) {
                connection.close();
                throw error;
            }
        },
        bring: async (peer, commits, signal) => {
            if (await areBrought(context, peer, commits, options.patienceMs ?? patienceMs, signal)) {
                return true;
            }
            if (peer.uuid === undefined) {
                return false;
            }
            // Whoever serves has not fetched it: git-annex tries again later and later after a lost connection, up to an hour.
            return (await fetchToQuarantine(context, { name: peer.name, uuid: peer.uuid }, { patience: gitPatience, signal })).ok;
        },
    };
}

/** Fetches from the peer at an address, to where nothing is merged from unseen; false if there is none. @throws {CancelledError} */
export async function fetchFrom(context: RepositoryContext, uri: string, signal: AbortSignal): Promise<boolean> {
    const peer = (await watchedPeers(context)).find(({ address }) => formatTorAddress(address) === uri);
    return peer?.uuid !== undefined && (await fetchToQuarantine(context, { name: peer.name, uuid: peer.uuid }, { patience: { ...gitPatience, attempts: 2 }, signal })).ok;
}

/** The addresses of those that are neither paused nor switched off. */
export async function watchedAddresses(context: RepositoryContext): Promise<ReadonlySet<string>> {
    return new Set((await watchedPeers(context)).map(({ address }) => formatTorAddress(address)));
}

/** As the remote daemon takes them, those that are paused left out (see pausedPeers.ts). */
async function watchedPeers({ programs, root, gitDir, log }: RepositoryContext): Promise<readonly Peer[]> {
    const { stdout } = await runOrThrow({ file: programs.git, args: ['config', '--list', '--show-origin', '-z'], cwd: root, env: servingConfig(process.env, gitDir) }, { log, timeLimitMs: 10_000 });
    return peersOf(parseConfigList(stdout)).filter(({ uuid, syncs }) => syncs && uuid !== undefined);
}

/** Waits until something of what was told of has come, or all of it is here; false if nothing comes in the time. */
async function areBrought(context: RepositoryContext, peer: Peer, commits: readonly string[], limitMs: number, signal: AbortSignal): Promise<boolean> {
    const queries = new GitQueries(context, signal);
    const known = commits.filter(isObjectId).slice(0, mostCommits);
    const missing = async (): Promise<number> => {
        const found = await Promise.all(known.map(commit => queries.askOptional(['cat-file', '-e', commit], [1, 128])));
        return found.filter(answer => answer === undefined).length;
    };
    const refs = (): Promise<string> => queries.ask(['for-each-ref', '--format=%(objectname)', `refs/remotes/${peer.name}/`]);
    const [atFirst, before] = [await missing(), await refs()];
    const end = performance.now() + limitMs;
    for (let left = atFirst; left > 0 && performance.now() < end; left = await missing()) {
        if (left < atFirst && (await refs()) !== before) {
            return true;
        }
        await delay(lookMs, undefined, { signal }).catch(() => undefined);
        throwIfCancelled(signal);
    }
    return (await missing()) === 0;
}
