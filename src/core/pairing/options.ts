/** What a pairing is told before it begins. */
import type { Privacy } from '../../shared/pairing/snapshot';
import type { RepositoryContext } from '../annex/context';

/** Time limits, in milliseconds. */
export interface PairingLimits {
    /** Until there must be a code. */
    readonly code: number;
    /** Until waiting for the other person counts as slow. */
    readonly slow: number;
    /** From the code on, until everything must have been exchanged. */
    readonly unanswered: number;
    /** Until connecting counts as overdue. */
    readonly connect: number;
    /** Between two looks at the wormholes. */
    readonly look: number;
    /** Between SIGTERM and SIGKILL, and between "failed" and the end of git-annex. */
    readonly grace: number;
}

export const defaultLimits: PairingLimits = { code: 60_000, slow: 60_000, unanswered: 3_600_000, connect: 180_000, look: 400, grace: 1500 };

export interface PairingOptions {
    readonly repository: RepositoryContext;
    /** The repository's name for people. */
    readonly repositoryName: string;
    /** The name to suggest for the peer if it is free, as after a pairing that failed. */
    readonly name?: string;
    /** Absolute path of the `wormhole` program, whatever it is called; without it git-annex looks on the PATH. */
    readonly wormhole?: string;
    /** That program is our own, which says how it ended. */
    readonly ownWormhole?: boolean;
    /** Which way that program goes. */
    readonly privacy: Privacy;
    /** Added to the programs' environment. */
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly limits?: Partial<PairingLimits>;
}

export type PairingErrorReason = 'busy' | 'no-consent' | 'not-now';
