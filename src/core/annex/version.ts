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

export function isSupported(version: GitAnnexVersion): boolean {
    return version.date >= minimumVersionDate;
}
