/**
 * What Tor can do for an onion service that is flooded, and which of it is not switched on for ours.
 */

export interface TorSupport {
    /** `tor --version`, as "0.4.9.11". */
    readonly version: string;
    /** Built with the proof-of-work module (`tor --list-modules`), which is GPL. */
    readonly proofOfWork: boolean;
}

/** A peer's git-annex opens some streams on one circuit at the same time, one for each job. */
const maxStreams = 32;

/** Reads `tor --version` and `tor --list-modules`; undefined if the first is not tor's. */
export function parseTorSupport(version: string, modules: string): TorSupport | undefined {
    const match = /^Tor version (\d+(?:\.\d+)+)/mu.exec(version);
    return match?.[1] === undefined ? undefined : { version: match[1], proofOfWork: /^pow: yes\s*$/mu.test(modules) };
}

/** Whether `version` is at least `other`, both as "0.4.8". */
export function atLeast(version: string, other: string): boolean {
    const [a, b] = [version, other].map(text => text.split('.').map(Number));
    for (let index = 0; index < (b?.length ?? 0); index++) {
        const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
        if (difference !== 0) {
            return difference > 0;
        }
    }
    return true;
}

/**
 * The lines to add below our service's two lines in Tor's configuration (tor's manual, ONION SERVICE OPTIONS). They must
 * come after the HiddenServicePort line: git-annex finds its service only where that follows the HiddenServiceDir line at once.
 */
export function missingDefences(torrc: string, uid: number, uuid: string, tor: TorSupport): readonly string[] {
    const options = stanzaOptions(torrc, `${uid}_${uuid}`);
    if (options === undefined) {
        return [];
    }
    return [
        ...(tor.proofOfWork && atLeast(tor.version, '0.4.8') ? [['HiddenServicePoWDefensesEnabled', '1']] : []),
        ...(atLeast(tor.version, '0.2.7') ? [['HiddenServiceMaxStreams', String(maxStreams)], ['HiddenServiceMaxStreamsCloseCircuit', '1']] : []),
    ].flatMap(([name = '', value = '']) => (options.has(name.toLowerCase()) ? [] : [`${name} ${value}`]));
}

/** The names of the options in our service's stanza, in lower case; undefined if there is no such stanza. */
function stanzaOptions(torrc: string, ending: string): ReadonlySet<string> | undefined {
    let options: Set<string> | undefined;
    for (const line of torrc.split('\n')) {
        const [name = '', value = ''] = line.trim().split(/\s+/u);
        if (name.toLowerCase() === 'hiddenservicedir') {
            if (options !== undefined) {
                break;
            }
            options = value.endsWith(ending) ? new Set() : undefined;
        } else {
            options?.add(name.toLowerCase());
        }
    }
    return options;
}
