/**
 * What this process tells its guardian: what is to be undone if it dies. One JSON object a line, through a pipe; no secret is among it.
 */
import * as v from 'valibot';

/** A pairing under way: its token is taken back and its half-made remote removed, unless it has succeeded in the meantime. */
const pairingCleanup = v.pipe(
    v.object({
        root: v.string(),
        gitDir: v.string(),
        /** Absolute path of git. */
        git: v.string(),
        /** The remote's name. */
        name: v.string(),
        /** The pairing's own temporary folder, where git-annex writes our half of the token. */
        folder: v.string(),
        /** SHA-256 (hex) of each token that was accepted before. */
        tokensBefore: v.pipe(v.array(v.string()), v.readonly()),
        /** SHA-256 (hex) of our half of the token, once it is known. */
        ourHalf: v.optional(v.string()),
        /** The other's addresses, once they are known. */
        theirAddresses: v.pipe(v.array(v.string()), v.readonly()),
    }),
    v.readonly(),
);

/** An add under way: files that git-annex has locked are given back (see core/sync/addLeftovers). */
const addingCleanup = v.pipe(
    v.object({
        root: v.string(),
        gitDir: v.string(),
        /** Relative to the root. */
        paths: v.pipe(v.array(v.string()), v.readonly()),
    }),
    v.readonly(),
);

const cleanup = v.pipe(
    v.object({
        /** The id of a process group (its leader's process id). */
        processGroup: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2))),
        /** Absolute paths, removed with all they hold. */
        folders: v.optional(v.pipe(v.array(v.string()), v.readonly())),
        /** Absolute paths of sockets by which this process owns something (see core/daemon/ownership). */
        ownedSockets: v.optional(v.pipe(v.array(v.string()), v.readonly())),
        pairing: v.optional(pairingCleanup),
        adding: v.optional(addingCleanup),
    }),
    v.readonly(),
);

const message = v.variant('type', [
    /** The first: the mark that all children carry. */
    v.object({ type: v.literal('owner'), mark: v.string() }),
    v.object({ type: v.literal('set'), id: v.number(), cleanup }),
    v.object({ type: v.literal('drop'), id: v.number() }),
]);

export type PairingCleanup = v.InferOutput<typeof pairingCleanup>;
export type Cleanup = v.InferOutput<typeof cleanup>;
export type GuardianMessage = v.InferOutput<typeof message>;

export function formatGuardianMessage(value: GuardianMessage): string {
    return `${JSON.stringify(value)}\n`;
}

/** Reads a line; undefined where it is none of the above. */
export function parseGuardianMessage(line: string): GuardianMessage | undefined {
    try {
        const result = v.safeParse(message, JSON.parse(line));
        return result.success ? result.output : undefined;
    } catch {
        return undefined;
    }
}
