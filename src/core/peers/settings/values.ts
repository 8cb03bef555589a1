/**
 * What can be set for a peer, and what each value means to git-annex. What is recorded in the git-annex branch holds for
 * everybody who shares the repository, once synced; what is in git's configuration holds for this copy alone.
 */

/** git-annex-trust(1), git-annex-untrust(1), git-annex-dead(1). */
export const trustLevels = ['semitrusted', 'untrusted', 'trusted', 'dead'] as const;
export type TrustLevel = (typeof trustLevels)[number];

/** git-annex's standard groups, each with its own standard expression (doc/preferred_content/standard_groups). */
export const standardGroups = ['client', 'transfer', 'backup', 'incrementalbackup', 'smallarchive', 'archive', 'source', 'manual', 'public', 'unwanted'] as const;
export type StandardGroup = (typeof standardGroups)[number];

/** Expressions that are offered; any other can be typed (git-annex-preferred-content(1)). */
export const standardExpressions = ['', 'standard', 'anything', 'nothing', 'present', 'groupwanted', 'include=*.jpg or include=*.jpeg', 'largerthan=100mb', 'not copies=2'] as const;
export type StandardExpression = (typeof standardExpressions)[number];

/**
 * What goes to a peer and comes from it (git-annex(1), `annex-pull`, `annex-push`, `annex-readonly`):
 * - `both`: everything
 * - `pull-only`: git-annex changes nothing there: no push, and no content is sent or dropped
 * - `no-push`: commits are only fetched; content goes both ways
 * - `push-only`: commits are only sent
 */
export const directions = ['both', 'pull-only', 'no-push', 'push-only'] as const;
export type Direction = (typeof directions)[number];

export interface PeerSettings {
    readonly description: string;
    readonly trust: TrustLevel | undefined;
    readonly groups: readonly string[];
    /** The expression; '' for none. */
    readonly wanted: string;
    readonly required: string;
    /** As it stands in the configuration; undefined where git-annex's own holds. */
    readonly cost: number | undefined;
    /** What git-annex reckons with. */
    readonly effectiveCost: number | undefined;
    /** undefined: a mixture that has no name here. */
    readonly direction: Direction | undefined;
}

/** What git-annex gives a peer over Tor (git-annex, Config/Cost.hs, `veryExpensiveRemoteCost`). */
export const torCost = 1000;

export const maxDescriptionLength = 200;

/** A description as the git-annex branch can hold it: one line (a line break would end the record, and begin another). */
export function plainDescription(text: string): string {
    return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim().slice(0, maxDescriptionLength);
}

/** A group's name is one word; undefined for what is none. */
export function groupName(text: string): string | undefined {
    return /^[^\s\p{C}]{1,50}$/u.test(text) ? text : undefined;
}

/** An expression as git-annex can store it: one line. */
export function plainExpression(text: string): string {
    return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** A cost; undefined for what is none. */
export function parseCost(text: string): number | undefined {
    return /^\d{1,7}(?:\.\d{1,3})?$/u.test(text.trim()) ? Number(text) : undefined;
}

interface DirectionFlags {
    readonly readonly: boolean;
    readonly pull: boolean;
    readonly push: boolean;
}

export function directionOf({ readonly, pull, push }: DirectionFlags): Direction | undefined {
    if (readonly) {
        return pull ? 'pull-only' : undefined;
    }
    return pull && push ? 'both' : pull ? 'no-push' : push ? 'push-only' : undefined;
}

/** The configuration for a direction; undefined: unset. */
export function directionSettings(direction: Direction): Readonly<Record<'annex-readonly' | 'annex-pull' | 'annex-push', string | undefined>> {
    return {
        'annex-readonly': direction === 'pull-only' ? 'true' : undefined,
        'annex-pull': direction === 'push-only' ? 'false' : undefined,
        'annex-push': direction === 'no-push' ? 'false' : undefined,
    };
}
