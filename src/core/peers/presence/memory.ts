/**
 * What is kept of presence between sessions and shared by all windows: when each peer was last seen, and who is paused.
 *
 * A small private file in the git folder, which goes nowhere with the repository's content. It holds addresses, which are in the
 * git configuration beside it, and no token.
 */
import * as v from 'valibot';
import { changePrivate, privateFile, readPrivate } from '../access/privateFile';
import { parsePauses, storedPauses, type Pauses } from './pauses';

const fileSchema = v.object({
    version: v.literal(1),
    /** By the peer's address, in milliseconds since the epoch. */
    lastSeen: v.optional(v.record(v.string(), v.number()), {}),
    pauses: v.optional(v.unknown()),
});

export interface Remembered {
    readonly lastSeen: ReadonlyMap<string, number>;
    readonly pauses: Pauses;
}

export function presenceFile(gitDir: string): string {
    return privateFile(gitDir, 'presence.json');
}

/** Anything but what {@link change} wrote is nothing known. */
function parse(stored: unknown): Remembered {
    const file = v.safeParse(fileSchema, stored);
    return { lastSeen: new Map(Object.entries(file.success ? file.output.lastSeen : {})), pauses: parsePauses(file.success ? file.output.pauses : undefined) };
}

function change(gitDir: string, how: (before: Remembered) => Remembered, now: number): Promise<void> {
    return changePrivate(presenceFile(gitDir), stored => {
        const { lastSeen, pauses } = how(parse(stored));
        return { version: 1, lastSeen: Object.fromEntries(lastSeen), pauses: storedPauses(pauses, now) };
    });
}

export async function readRemembered(gitDir: string): Promise<Remembered> {
    return parse(await readPrivate(presenceFile(gitDir)));
}

/** Adds when peers were seen; another window may have seen one later. */
export function rememberSeen(gitDir: string, seen: ReadonlyMap<string, number>, now: number): Promise<void> {
    return change(gitDir, before => {
        const lastSeen = new Map(before.lastSeen);
        for (const [id, at] of seen) {
            lastSeen.set(id, Math.max(at, lastSeen.get(id) ?? 0));
        }
        return { ...before, lastSeen };
    }, now);
}

export function rememberPauses(gitDir: string, how: (before: Pauses) => Pauses, now: number): Promise<void> {
    return change(gitDir, before => ({ ...before, pauses: how(before.pauses) }), now);
}
