/**
 * The repositories that location logs speak of: what they are called, and how far each is trusted, as git-annex decides it
 * (Logs/Trust.hs, Logs/UUID.hs): by the logs on its branch, overridden by the configuration of the remotes here.
 */

/** `dead` ones count for nothing, and `git annex whereis` doesn't list them; `untrusted` ones it lists apart. */
export type Trust = 'trusted' | 'semitrusted' | 'untrusted' | 'dead';

export interface KnownRepository {
    readonly uuid: string;
    /** What its owners call it; text that others chose. */
    readonly description: string;
    readonly trust: Trust;
}

/** Parts of the branch that this needs. */
export const repositoryLogs = ['trust.log', 'uuid.log', 'remote.log', 'numcopies.log'] as const;
export type RepositoryLogs = Readonly<Record<(typeof repositoryLogs)[number], Buffer>>;

interface Entry {
    readonly value: string;
    readonly seconds: number;
    readonly fraction: string;
}

/** The newest value for each uuid in a log of lines `<uuid> <value> timestamp=<time>s`; a line without a time is the oldest. */
export function newestByUuid(log: Buffer): ReadonlyMap<string, string> {
    const newest = new Map<string, Entry>();
    for (const line of log.toString('utf8').split(/[\r\n]+/u)) {
        const stamp = / timestamp=(-?\d+)(?:\.(\d+))?s?$/u.exec(line);
        const text = stamp === null ? line : line.slice(0, stamp.index);
        const space = text.indexOf(' ');
        const uuid = space < 0 ? text : text.slice(0, space);
        if (uuid === '') {
            continue;
        }
        const entry: Entry = { value: space < 0 ? '' : text.slice(space + 1), seconds: stamp === null ? -Infinity : Number(stamp[1]), fraction: (stamp?.[2] ?? '').padEnd(12, '0') };
        const before = newest.get(uuid);
        if (before === undefined || entry.seconds > before.seconds || (entry.seconds === before.seconds && entry.fraction >= before.fraction)) {
            newest.set(uuid, entry);
        }
    }
    return new Map([...newest].map(([uuid, { value }]) => [uuid, value]));
}

const logged: Readonly<Record<string, Trust>> = { 1: 'trusted', 0: 'untrusted', X: 'dead' };
const configured: Readonly<Record<string, Trust>> = { trusted: 'trusted', trust: 'trusted', semitrusted: 'semitrusted', semitrust: 'semitrusted', untrusted: 'untrusted', untrust: 'untrusted', dead: 'dead' };

/** `key=value` words of a special remote's line. */
function settingsOf(line: string): ReadonlyMap<string, string> {
    return new Map(line.split(' ').map(word => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
}

function isYes(value: string | undefined): boolean {
    return value === 'yes' || value === 'true';
}

/** Special remotes in which others may change what git-annex stored: it trusts them with nothing. */
function isUntrustworthy(settings: ReadonlyMap<string, string>): boolean {
    if (settings.get('type') === 'borg') {
        return !isYes(settings.get('appendonly'));
    }
    return (isYes(settings.get('exporttree')) || isYes(settings.get('importtree'))) && !isYes(settings.get('versioning'));
}

/** Git's configuration, each name with its last value. */
export type Config = ReadonlyMap<string, string>;

/** Reads `git config --list -z`: name, line break, value. */
export function parseConfig(listing: Buffer): Config {
    return new Map(listing.toString('utf8').split('\0').filter(entry => entry !== '').map(entry => {
        const end = entry.indexOf('\n');
        return end < 0 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)];
    }));
}

/** A boolean setting as git takes it. */
export function flag(config: Config, name: string, otherwise: boolean): boolean {
    const value = config.get(name)?.toLowerCase();
    return value === undefined ? otherwise : ['true', 'yes', 'on', '1'].includes(value) ? true : ['false', 'no', 'off', '0', ''].includes(value) ? false : otherwise;
}

/**
 * How many copies of a content there ought to be, by git-annex's global setting; what `.gitattributes` say of single
 * files is not looked at (git-annex, Logs/NumCopies.hs, Annex/NumCopies.hs).
 */
export function numCopies(log: Buffer, config: Config): number {
    let newest: { readonly seconds: number; readonly fraction: string; readonly value: number } | undefined;
    for (const line of log.toString('latin1').split(/[\r\n]+/u)) {
        const found = /^(\d+)(?:\.(\d+))?s? (\d+)$/u.exec(line);
        if (found !== null) {
            const entry = { seconds: Number(found[1]), fraction: (found[2] ?? '').padEnd(12, '0'), value: Number(found[3]) };
            if (newest === undefined || entry.seconds > newest.seconds || (entry.seconds === newest.seconds && entry.fraction >= newest.fraction)) {
                newest = entry;
            }
        }
    }
    const configured = Number(config.get('annex.numcopies') ?? NaN);
    return newest?.value ?? (Number.isInteger(configured) ? configured : 1);
}

/** What is known of each repository that has a name, a trust or a remote. */
export function knownRepositories(logs: RepositoryLogs, config: Config): readonly KnownRepository[] {
    const trust = new Map<string, Trust>();
    for (const [uuid, value] of newestByUuid(logs['trust.log'])) {
        trust.set(uuid, value === '' ? 'trusted' : logged[value.split(' ')[0] ?? ''] ?? 'semitrusted');
    }
    const special = newestByUuid(logs['remote.log']);
    for (const [name, uuid] of config) {
        const remote = /^remote\.(.+)\.annex-uuid$/su.exec(name)?.[1];
        if (remote === undefined) {
            continue;
        }
        const level = configured[config.get(`remote.${remote}.annex-trustlevel`) ?? ''];
        if (level !== undefined) {
            trust.set(uuid, level);
        }
        const settings = special.get(config.get(`remote.${remote}.annex-config-uuid`) ?? uuid);
        if (settings !== undefined && isUntrustworthy(settingsOf(settings)) && trust.get(uuid) !== 'dead') {
            trust.set(uuid, 'untrusted');
        }
    }
    const descriptions = newestByUuid(logs['uuid.log']);
    return [...new Set([...descriptions.keys(), ...trust.keys()])].map(uuid => ({ uuid, description: descriptions.get(uuid) ?? '', trust: trust.get(uuid) ?? 'semitrusted' }));
}
