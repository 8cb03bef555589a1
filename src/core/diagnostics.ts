/**
 * A text that somebody can show to others when asking for help: what there is and how it stands, with nothing in it that says
 * who they are, whom they know, where they are reached or what lets somebody in.
 *
 * In English whatever the editor's language, as those who help read it.
 */
import { redact, type Trouble } from './log';
import type { Preflight } from './preflight/preflight';
import type { PeerSnapshot, RepositorySnapshot } from './repository/repository';

export interface DiagnosticsFacts {
    /** Of this extension, and of the editor. */
    readonly versions: { readonly extension: string; readonly editor: string };
    readonly preflight: Preflight | undefined;
    readonly repositories: readonly RepositorySnapshot[];
    readonly troubles: readonly Trouble[];
    readonly home: string;
    /** The user's name on this computer. */
    readonly user: string;
    readonly now: number;
}

function ago(at: number | undefined, now: number): string {
    if (at === undefined) {
        return 'never';
    }
    const seconds = Math.max(0, Math.round((now - at) / 1000));
    return seconds < 120 ? `${seconds} s ago` : seconds < 7200 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`;
}

function peerLines(peer: PeerSnapshot, index: number, now: number): readonly string[] {
    const { presence, lastSync } = peer;
    const { status } = presence;
    const detail = status.kind === 'online' ? ` (by ${status.via}${status.roundTripMs === undefined ? '' : `, ${Math.round(status.roundTripMs)} ms`})` : status.kind === 'offline' ? (status.certain ? ' (Tor says so)' : ' (no answer)') : '';
    return [
        `  peer ${index + 1}: ${status.kind}${detail}${presence.since === 0 ? '' : `, since ${ago(presence.since, now)}`}; last seen ${ago(presence.lastSeen, now)}; link of the daemon: ${peer.link}`,
        `    uuid ${peer.uuid === undefined ? 'not known' : 'known'}; syncs: ${peer.syncs ? 'yes' : 'no'}; last sync: ${lastSync === undefined ? 'never' : `${lastSync.result}, ${ago(lastSync.at, now)}, ${lastSync.received} received, ${lastSync.sent} sent, ${lastSync.failed} failed`}`,
    ];
}

function daemonLine({ daemon, fetchGuard }: RepositorySnapshot, now: number): string {
    const state = daemon.kind === 'running' || daemon.kind === 'external' || (daemon.kind === 'boot' && daemon.serving) ? `${daemon.kind}, up since ${ago(daemon.since, now)}` : daemon.kind === 'waiting' ? `waiting, ${daemon.attempt} tries, last said: ${daemon.lastError}` : daemon.kind;
    return `  remote daemon: ${state}; guard against hanging fetches: ${fetchGuard.kind}${fetchGuard.kind === 'off' ? ` (${fetchGuard.reason})` : ''}`;
}

function repositoryLines(repository: RepositorySnapshot, index: number, now: number): readonly string[] {
    const { network, service, peers } = repository;
    return [
        `repository ${index + 1}: ${repository.uuid === undefined ? 'without git-annex' : 'git-annex'}; onion service: ${service.kind}`,
        `  from outside: ${network.service ?? 'not known'} (${ago(network.at, now)}); tor ${network.torVersion ?? 'of unknown version'}; SOCKS ${network.socks === undefined ? 'not looked at' : network.socks ? 'answers' : 'silent'}; how far tor has come is not known to a user`,
        daemonLine(repository, now),
        `  connections of the daemon: ${peers.filter(({ link }) => link === 'connected' || link === 'fetching').length} of ${peers.length}`,
        ...peers.flatMap((peer, at) => peerLines(peer, at, now)),
    ];
}

/** Takes out of a text what tells who and where: addresses, ids, names, folders, and what {@link redact} strikes out. */
function anonymous(text: string, facts: DiagnosticsFacts): string {
    const names: [string, string][] = facts.repositories.flatMap(({ root, name, peers }, at) => [
        [root, `<repository ${at + 1}>`] as [string, string],
        ...peers.map(({ name: peer }, index): [string, string] => [peer, `<peer ${index + 1}>`]),
        [name, `<repository ${at + 1}>`] as [string, string],
    ]);
    names.push([facts.home, '~'], [facts.user, '<user>']);
    const plain = redact(text)
        .replace(/[a-z2-7]{56}(?:\.onion)?/giu, '<onion>')
        .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/giu, '<uuid>')
        .replace(/[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+/gu, '<e-mail>');
    return names
        .filter(([name]) => name !== '')
        .sort(([one], [other]) => other.length - one.length)
        .reduce((sum, [name, instead]) => sum.replace(new RegExp(`(?<![\\p{L}\\p{N}])${name.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu'), instead), plain);
}

export function diagnosticsText(facts: DiagnosticsFacts): string {
    const { versions, preflight, repositories, troubles, now } = facts;
    const gitAnnex = preflight?.gitAnnex;
    const facing = [
        `Annex Peers ${versions.extension}, editor ${versions.editor}, ${preflight?.system.name ?? 'system not known'}${preflight?.system.sandbox === undefined ? '' : ` in ${preflight.system.sandbox}`}`,
        `git-annex: ${gitAnnex === undefined ? 'not known' : gitAnnex.kind === 'ready' || gitAnnex.kind === 'too-old' ? `${gitAnnex.version.text} (${gitAnnex.kind})` : gitAnnex.kind}; git: ${preflight?.git === undefined ? 'missing' : 'found'}; tor: ${preflight?.tor.kind ?? 'not known'}; wormhole: ${preflight?.wormhole.kind ?? 'not known'}`,
    ];
    // What others chose or programs said; our own words above them need no change.
    const said = troubles.map(({ at, severity, message }) => `  ${ago(at, now)}, ${severity}: ${anonymous(message.split('\n').slice(0, 3).join(' / '), facts)}`);
    const state = repositories.flatMap((repository, index) => repositoryLines(repository, index, now)).map(line => (line.includes('last said:') ? anonymous(line, facts) : line));
    return [...facing, ...state, troubles.length === 0 ? 'no warnings or errors' : 'last warnings and errors:', ...said, ''].join('\n');
}
