/**
 * Gathers the facts of one repository: some small files, two looks at git, and one for each program at what it is. Nothing runs over the network.
 */
import type { RepositoryContext } from '../../annex/context';
import { readOwnAddresses, formatPeerAddress } from '../../annex/creds';
import type { GitAnnexVersion } from '../../annex/version';
import { readOnlyGit } from '../../git/readOnly';
import { readAccessList } from '../../peers/access';
import { peersOf } from '../../peers/peer';
import { run } from '../../process/run';
import { readConfig } from '../../repository/config';
import { findStanza, readTorrc } from '../../tor/torrc';
import { copiedBy, readableCredentials } from './credentials';
import { daemonsOf } from './daemons';
import type { Facts } from './findings';
import { torSupport, wormholeVersion } from './installed';

/** What this module can't find out by itself. */
export interface Known {
    readonly gitAnnex: GitAnnexVersion | undefined;
    /** The wormhole program where pairing uses one in place of our own. */
    readonly wormholeProgram: string | undefined;
    readonly pairingOverTor: boolean | undefined;
    /** Whether a daemon of ours serves the repository. */
    readonly served: boolean;
    readonly torrcCandidates?: readonly string[];
    readonly signal?: AbortSignal | undefined;
}

export async function collectFacts(repository: RepositoryContext, known: Known): Promise<Facts> {
    const { gitDir, root, uuid } = repository;
    const config = await readConfig(repository.programs, root, repository.log, known.signal);
    const [access, readable, copied, daemons, addresses, torrc, tor, wormhole, description] = await Promise.all([
        readAccessList(gitDir, peersOf(config)),
        readableCredentials(gitDir),
        copiedBy(root),
        daemonsOf(root),
        readOwnAddresses(gitDir),
        readTorrc(known.torrcCandidates),
        torSupport(repository.log),
        known.wormholeProgram === undefined ? undefined : wormholeVersion(known.wormholeProgram, repository.log),
        ownDescription(repository, known.signal),
    ]);
    const uid = process.getuid?.() ?? -1;
    const stanza = torrc === undefined ? undefined : findStanza(torrc.text, uid, uuid);
    const [address] = addresses;
    return {
        config,
        gitAnnex: known.gitAnnex,
        wormhole,
        pairingOverTor: known.pairingOverTor,
        access,
        readable,
        copiedBy: copied,
        daemons,
        service: stanza === undefined || address === undefined ? undefined : { address: formatPeerAddress(address), served: known.served || daemons.length > 0 },
        torrc: torrc === undefined ? undefined : { ...torrc, uid, uuid },
        tor,
        description,
    };
}

/** From the git-annex branch: `UUID description timestamp=…s`, the newest line counts (git-annex, Logs/UUID.hs). */
async function ownDescription({ programs, root, uuid, log }: RepositoryContext, signal?: AbortSignal): Promise<string | undefined> {
    const result = await run({ file: programs.git, args: ['cat-file', 'blob', 'refs/heads/git-annex:uuid.log'], cwd: root, env: readOnlyGit }, { log, signal, timeLimitMs: 10_000 });
    return parseDescription(result.stdout, uuid);
}

export function parseDescription(uuidLog: string, uuid: string): string | undefined {
    const lines = uuidLog.split('\n').flatMap(line => {
        const match = /^(\S+) (.*?)(?: timestamp=(\d+(?:\.\d+)?)s)?$/u.exec(line);
        return match?.[1] === uuid && match[2] !== undefined ? [{ description: match[2], at: Number(match[3] ?? 0) }] : [];
    });
    return lines.reduce<(typeof lines)[number] | undefined>((newest, line) => (newest === undefined || line.at >= newest.at ? line : newest), undefined)?.description;
}
