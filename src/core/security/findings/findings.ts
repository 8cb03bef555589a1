/**
 * From facts to findings: pure, most severe first.
 */
import type { GitAnnexVersion } from '../../annex/version';
import type { AccessEntry } from '../../peers/access';
import type { ConfigEntry } from '../runnableConfig';
import { missingDefences, type TorSupport } from './defences';
import { identitiesIn, isAnonymous } from './identity';
import type { Finding, SecretFile, Severity, SyncedFolder } from './types';
import { isVulnerableWormhole } from './wormholeVersion';

/** undefined: not known, and then nothing is said about it. */
export interface Facts {
    readonly config: readonly ConfigEntry[];
    readonly gitAnnex: GitAnnexVersion | undefined;
    /** What the wormhole program on the PATH calls itself, where pairing uses that one. */
    readonly wormhole: string | undefined;
    readonly pairingOverTor: boolean | undefined;
    readonly access: readonly AccessEntry[];
    /** Credential files that others than their owner can read. */
    readonly readable: readonly SecretFile[];
    readonly copiedBy: { readonly by: SyncedFolder; readonly folder: string } | undefined;
    /** Remote daemons that run in this repository. */
    readonly daemons: readonly number[];
    /** This repository's address, if it has an onion service, and whether something serves it. */
    readonly service: { readonly address: string; readonly served: boolean } | undefined;
    readonly torrc: { readonly path: string; readonly text: string; readonly uid: number; readonly uuid: string } | undefined;
    readonly tor: TorSupport | undefined;
    /** This repository's description, as its peers see it. */
    readonly description: string | undefined;
}

const dropsAreSafe = 20240731;
const controlCharactersAreEscaped = 20230407;
const rank: Readonly<Record<Severity, number>> = { danger: 0, warning: 1, info: 2 };

export function findingsOf(facts: Facts): readonly Finding[] {
    const findings: Finding[] = [...dangers(facts), ...accessFindings(facts), ...versionFindings(facts), ...serviceFindings(facts), ...identityFindings(facts), ...toBeKnown];
    return findings.sort((a, b) => rank[a.severity] - rank[b.severity]);
}

function* dangers({ readable, wormhole, config, copiedBy }: Facts): Iterable<Finding> {
    if (readable.length > 0) {
        yield { id: 'credentials-readable', severity: 'danger', data: { files: readable }, mend: 'tighten-modes' };
    }
    if (wormhole !== undefined && isVulnerableWormhole(wormhole)) {
        yield { id: 'wormhole-vulnerable', severity: 'danger', data: { version: wormhole }, mend: 'use-own-wormhole' };
    }
    const remotes = config.flatMap(({ key, value }) => {
        const name = /^remote\.(.+)\.(?:push)?url$/su.exec(key)?.[1];
        return name !== undefined && /^(?:tor|p2p)-annex::.*:[a-z0-9]{64,}$/iu.test(value) ? [name] : [];
    });
    if (remotes.length > 0) {
        yield { id: 'token-in-address', severity: 'danger', data: { remotes: [...new Set(remotes)] }, mend: 'show-config' };
    }
    if (copiedBy !== undefined) {
        yield { id: 'folder-is-copied', severity: 'danger', data: copiedBy, mend: undefined };
    }
}

function* accessFindings({ access }: Facts): Iterable<Finding> {
    const count = (...kinds: readonly string[]): number => access.filter(({ holder }) => kinds.includes(holder.kind)).length;
    // One that the user has given a name is known to the user.
    const unknown = access.filter(({ holder }) => holder.kind === 'unknown' && holder.label === undefined).length;
    if (unknown > 0) {
        yield { id: 'unknown-access', severity: 'warning', data: { count: unknown }, mend: 'review-access' };
    }
    const forgotten = count('removed-peer', 'failed-pairing');
    if (forgotten > 0) {
        yield { id: 'forgotten-access', severity: 'warning', data: { count: forgotten }, mend: 'review-access' };
    }
}

function* versionFindings({ gitAnnex, pairingOverTor }: Facts): Iterable<Finding> {
    if (pairingOverTor === false) {
        yield { id: 'pairing-without-tor', severity: 'warning', data: {}, mend: 'pair-over-tor' };
    }
    if (gitAnnex === undefined) {
        return;
    }
    const version = gitAnnex.text;
    if (gitAnnex.date < dropsAreSafe) {
        yield { id: 'git-annex-drops', severity: 'warning', data: { version }, mend: 'update-git-annex' };
    }
    if (gitAnnex.date < controlCharactersAreEscaped) {
        yield { id: 'git-annex-control-characters', severity: 'warning', data: { version }, mend: 'update-git-annex' };
    }
}

function* serviceFindings({ daemons, service, torrc, tor }: Facts): Iterable<Finding> {
    if (daemons.length > 1) {
        yield { id: 'daemons-compete', severity: 'warning', data: { pids: daemons }, mend: 'restart-daemon' };
    }
    if (service?.served === false) {
        yield { id: 'service-without-daemon', severity: 'warning', data: { address: service.address }, mend: 'start-daemon' };
    }
    const lines = torrc === undefined || tor === undefined ? [] : missingDefences(torrc.text, torrc.uid, torrc.uuid, tor);
    if (torrc !== undefined && lines.length > 0) {
        yield { id: 'service-can-be-flooded', severity: 'info', data: { lines, torrc: torrc.path }, mend: 'show-lines' };
    }
}

function* identityFindings({ config, description }: Facts): Iterable<Finding> {
    const identity = identitiesIn(config).find(candidate => !isAnonymous(candidate));
    if (identity !== undefined) {
        yield { id: 'identity-in-commits', severity: 'info', data: identity, mend: 'anonymous-identity' };
    }
    // What `git annex init` makes up by itself: user@computer:folder.
    if (description !== undefined && /^[^\s@]+@[^\s:]+:[~/]/u.test(description)) {
        yield { id: 'description-reveals', severity: 'info', data: { description }, mend: 'describe' };
    }
}

const toBeKnown: readonly Finding[] = (['peer-rights', 'limits-of-tor', 'code-interception', 'ways-a-token-leaks'] as const).map(id => ({ id, severity: 'info', data: {}, mend: 'read-more' }));
