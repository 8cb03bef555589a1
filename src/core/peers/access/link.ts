/**
 * Links to a peer by an address that it made by hand: what `git annex p2p --link` does, with everything looked at first that
 * git-annex doesn't look at. It goes one way: the peer gets no access to this repository by it.
 */
import { readOwnAddresses } from '../../annex/creds';
import type { RepositoryContext } from '../../annex/context';
import { run } from '../../process/run';
import { configValue, readConfig } from '../../repository/config';
import { checkName } from '../../../shared/pairing/name';
import { peersOf, remoteNames } from '../peer';
import { AccessError, type AccessReason } from './errors';
import { parseHandMadeAddress } from './handMadeAddress';

export interface LinkOptions {
    /** As it was pasted; goes to git-annex's standard input and nowhere else. */
    readonly address: string;
    readonly name: string;
    readonly signal?: AbortSignal | undefined;
    /** Tor may look for a way for up to two minutes. */
    readonly timeLimitMs?: number;
}

export interface Linked {
    readonly name: string;
    readonly uuid: string | undefined;
    /** Another remote for the same repository, if there is one. */
    readonly sameAs: string | undefined;
}

/** Whether the address could be linked to under this name: nothing runs but a look at the configuration. @throws {AccessError} */
export async function checkLink(repository: RepositoryContext, options: Pick<LinkOptions, 'address' | 'name' | 'signal'>): Promise<{ readonly name: string; readonly line: string }> {
    const { address, text } = parseHandMadeAddress(options.address);
    const [own, config] = await Promise.all([readOwnAddresses(repository.gitDir), readConfig(repository.programs, repository.root, repository.log, options.signal)]);
    if (own.some(candidate => candidate.kind === 'tor' && candidate.onion === address.onion)) {
        throw new AccessError('own-address', "this is this repository's own address");
    }
    const linked = peersOf(config).find(peer => peer.address.onion === address.onion);
    if (linked !== undefined) {
        throw new AccessError('already-linked', 'there is a remote for this address', linked.name);
    }
    const check = checkName(options.name, remoteNames(config));
    if (check.kind === 'invalid' || check.kind === 'taken') {
        throw new AccessError(check.kind === 'taken' ? 'name-taken' : 'invalid-name', 'the name can not be used');
    }
    return { name: check.name, line: text.reveal() };
}

/** @throws {AccessError}; {RunError} `time-limit`; {CancelledError}. Whatever was begun is taken back. */
export async function linkPeer(repository: RepositoryContext, options: LinkOptions): Promise<Linked> {
    const { name, line } = await checkLink(repository, options);
    const { programs, root, log, registry } = repository;
    const result = await run(
        { file: programs.gitAnnex, args: ['p2p', '--link', '--name', name], cwd: root },
        { log, signal: options.signal, timeLimitMs: options.timeLimitMs ?? 180_000, input: `${line}\n`, ...(registry === undefined ? {} : { registry }) },
    );
    if (result.code !== 0) {
        throw new AccessError(failure(result.stderr), 'git-annex could not link', result.stderr);
    }
    const config = await readConfig(programs, root, log);
    const uuid = configValue(config, `remote.${name}.annex-uuid`);
    if (!remoteNames(config).includes(name) || uuid === repository.uuid) {
        if (uuid === repository.uuid) {
            // Reached by an address that it doesn't know itself: a copy of this repository, or an old address.
            await run({ file: programs.git, args: ['remote', 'remove', '--', name], cwd: root }, { log, timeLimitMs: 15_000 });
            throw new AccessError('own-address', 'this repository itself answers at the address');
        }
        throw new AccessError('link-failed', 'git-annex said ok, but stored no remote', result.stderr);
    }
    return { name, uuid, sameAs: peersOf(config).find(peer => peer.name !== name && uuid !== undefined && peer.uuid === uuid)?.name };
}

/** Command/P2P.hs, `linkRemote` and `setupLink`; the words in brackets are those of the socks library and of the network. */
export function failure(stderr: string): AccessReason {
    if (/Unable to authenticate with peer/iu.test(stderr)) {
        return 'refused';
    }
    if (/SocksErrorConnectionRefused/u.test(stderr)) {
        return 'daemon-down';
    }
    if (/Network\.Socket\.connect|\(Connection refused\)/u.test(stderr)) {
        return 'tor-down';
    }
    if (/Unable to connect (?:with|to) peer|SocksError/iu.test(stderr)) {
        return 'unreachable';
    }
    return 'link-failed';
}
