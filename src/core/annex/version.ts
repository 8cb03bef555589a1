/**
 * git-annex's version and what it can do, by feature.
 *
 * Versions read `10.20230126` or `10.20250416-g1a2b3c`; the second part is the release date, and orders them.
 */

export interface GitAnnexVersion {
    readonly text: string;
    readonly major: number;
    /** yyyymmdd of the release. */
    readonly date: number;
}

/** The first version whose pairing works with present wormholes (git-annex's CHANGELOG, 10.20220927). */
export const minimumVersionDate = 20220927;

/** Reads the first line of `git-annex version`; undefined if it is not one. */
export function parseVersion(output: string): GitAnnexVersion | undefined {
    const match = /^git-annex version: ((\d+)\.(\d{8})\S*)/mu.exec(output);
    if (match === null) {
        return undefined;
    }
    return { text: match[1] ?? '', major: Number(match[2]), date: Number(match[3]) };
}

/**
 * What is used of git-annex, and the release that brought it (git-annex's CHANGELOG). All of it is there from the oldest
 * version that is supported on, so nothing has to be asked for or left out; a unit test holds that. Where versions say the
 * same thing in other words, both are read (test/unit/versions).
 */
export const usedFeatures: Readonly<Record<string, number>> = {
    'json-error-messages': 20180227,
    'annex.merge-annex-branches': 20180227,
    'pairing with a wormhole of 0.8.2 or newer': 20180719,
    'add --force-large': 20200202,
    'merge --allow-unrelated-histories': 20210803,
    'find --want-get-by and --want-drop-by': 20220822,
    'a wormhole that is given its application first': 20220927,
};

export function isSupported(version: GitAnnexVersion): boolean {
    return version.date >= minimumVersionDate;
}
