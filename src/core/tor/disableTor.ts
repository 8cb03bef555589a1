/**
 * Disable Tor for one repository: what Enable Tor made goes, and nothing else. The stanza in Tor's configuration, the service's
 * folder with its key, git-annex's folder with the socket, our address in `p2paddrs`, and the tokens that let peers in.
 *
 * git-annex has no command for it. What the repository sends to reach its peers stays: it can still connect to them.
 */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RepositoryContext } from '../annex/context';
import { credsFolder, readAcceptedTokens, removeAcceptedTokens, removeOwnAddresses } from '../annex/creds';
import { CancelledError } from '../errors';
import type { TorAddress } from './address';
import { prepareTorrcStep, type TorrcStep, type TorrcStepOptions } from './changeTorrc';
import { readOwnAddresses } from './ownAddresses';
import { askService, type ServiceAnswer } from './serviceCheck';
import type { SocksEndpoint } from './socks';
import { findStanza, readTorrc, type Torrc } from './torrc';
import { removeService } from './torrcEdit';

export interface DisablePlan extends TorrcStep {
    readonly torrc: string;
    /** The lines that go. */
    readonly lines: readonly string[];
    /** The folders that go, those that git-annex made. */
    readonly folders: readonly string[];
    /** Folders of the service that somebody else made, and that stay. */
    readonly foreign: readonly string[];
    readonly address: TorAddress | undefined;
    /** The files of credentials that lose lines, and how many tokens go. */
    readonly creds: { readonly addresses: string; readonly tokens: string; readonly count: number };
}

export interface DisableOptions extends Pick<TorrcStepOptions, 'environment' | 'reload'> {
    readonly torrc?: Torrc | undefined;
    readonly uid?: number;
}

/** - `no-service`: there is no stanza of this repository - `by-hand`: it is not as git-annex makes it - `no-control`: Tor can't be told to read its configuration */
export type DisableObstacle = 'no-service' | 'by-hand' | 'no-control';

/** Changes nothing but two files in a private folder, which `dispose` removes. */
export async function planDisableTor(context: RepositoryContext, options: DisableOptions = {}): Promise<DisablePlan | DisableObstacle> {
    const { torrc = await readTorrc(undefined, 'latin1'), uid = process.getuid?.() ?? -1 } = options;
    const stanza = torrc && findStanza(torrc.text, uid, context.uuid);
    if (stanza === undefined) {
        return 'no-service';
    }
    const change = removeService(torrc?.text ?? '', uid, context.uuid);
    if (torrc === undefined || change === undefined) {
        return 'by-hand';
    }
    // What is removed as root must be just what git-annex made.
    const socketFolder = path.dirname(stanza.socket);
    const service = isPlain(stanza.directory, `tor-annex_${uid}_${context.uuid}`) ? stanza.directory : undefined;
    const socket = isPlain(socketFolder, `${uid}_${context.uuid}`) ? socketFolder : undefined;
    const [[address], tokens, step] = await Promise.all([
        readOwnAddresses(context.gitDir),
        readAcceptedTokens(context.gitDir),
        prepareTorrcStep(context, torrc.path, change, { ...options, folders: { service, socket } }),
    ]);
    if (step === undefined) {
        return 'no-control';
    }
    const creds = credsFolder(context.gitDir);
    return {
        ...step,
        torrc: torrc.path,
        lines: change.lines,
        folders: [service, socket].filter(folder => folder !== undefined),
        foreign: [...(service === undefined ? [stanza.directory] : []), ...(socket === undefined ? [socketFolder] : [])],
        address,
        creds: { addresses: path.join(creds, 'p2paddrs'), tokens: path.join(creds, 'p2pauth'), count: tokens.filter(token => token.address === undefined).length },
    };
}

function isPlain(folder: string, name: string): boolean {
    return path.isAbsolute(folder) && path.normalize(folder) === folder && path.basename(folder) === name;
}

/**
 * Takes away this repository's Tor addresses and the tokens that hold for Tor; lines for other networks stay. Gives back how many tokens went.
 * @throws {AnnexPeersError<CredsErrorReason>}
 */
export async function forgetService(context: RepositoryContext): Promise<number> {
    const tokens = await removeAcceptedTokens(context.gitDir, ({ address }) => address === undefined);
    await removeOwnAddresses(context.gitDir, ({ kind }) => kind === 'tor');
    return tokens;
}

export interface GoneOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeLimitMs: number;
    readonly endpoint?: SocksEndpoint;
}

/** Whether the address has stopped to answer, asked through Tor until it has or the time is over; the last answer. @throws {CancelledError} */
export async function waitUntilGone(address: TorAddress, { timeLimitMs, ...options }: GoneOptions): Promise<ServiceAnswer> {
    const end = performance.now() + timeLimitMs;
    for (;;) {
        const left = end - performance.now();
        const answer = await askService(address, { ...options, timeLimitMs: Math.max(1000, Math.min(60_000, left)) });
        if ((answer !== 'serving' && answer !== 'published') || performance.now() + 1000 >= end) {
            return answer;
        }
        await delay(1000, undefined, options.signal === undefined ? {} : { signal: options.signal }).catch(() => {
            throw new CancelledError('the check of the onion service');
        });
    }
}
