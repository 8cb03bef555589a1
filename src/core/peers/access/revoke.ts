/**
 * Takes access away for real: the token goes, and the sessions that are open are cut. For a minute it can be undone.
 *
 * git-annex reads the accepted tokens at every incoming connection, so a new one is refused at once; a session that is open
 * stays until its remote daemon ends (measured). Nobody else loses access; what others transfer at that moment breaks once
 * and goes on where it was.
 */
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { credsFolder, parseAcceptedLine, removeAcceptedTokens, type AcceptedToken } from '../../annex/creds';
import { AccessError } from './errors';
import { tokenId } from './records';

/**
 * - `cut`: the daemon that serves this repository was restarted
 * - `none`: nothing serves it
 * - `may-live-on`: another program serves it, which could not be restarted from here
 */
export type Sessions = 'cut' | 'none' | 'may-live-on';

export interface RevokeDependencies {
    /** Restarts the daemon that serves this repository, through whoever owns it. */
    readonly cutSessions: () => Promise<Sessions>;
    readonly undoMs?: number;
}

export const undoMs = 60_000;

/** What was done, and the way back while there is one. */
export class Revocation {
    #tokens: readonly AcceptedToken[];
    readonly #timer: NodeJS.Timeout;
    readonly undoableUntil: number;

    constructor(
        private readonly gitDir: string,
        tokens: readonly AcceptedToken[],
        /** 0: none of them was accepted any more. */
        readonly revoked: number,
        readonly sessions: Sessions,
        limitMs: number,
    ) {
        this.#tokens = tokens;
        this.undoableUntil = Date.now() + limitMs;
        this.#timer = setTimeout(() => this.forget(), limitMs);
        this.#timer.unref();
    }

    get canUndo(): boolean {
        return this.#tokens.length > 0;
    }

    /** Accepts the tokens again. @throws {AccessError} `undo-expired` */
    async undo(): Promise<void> {
        const tokens = this.#tokens;
        if (tokens.length === 0) {
            throw new AccessError('undo-expired', 'what was revoked has been forgotten');
        }
        await acceptAgain(this.gitDir, tokens);
        this.forget();
    }

    /** Lets go of the tokens: from now on it can't be undone. */
    forget(): void {
        clearTimeout(this.#timer);
        this.#tokens = [];
    }
}

/**
 * Revokes the entries with these ids.
 * @throws {AnnexPeersError<CredsErrorReason>} if the credentials can't be changed; nothing is revoked then
 */
export async function revokeAccess(gitDir: string, ids: Iterable<string>, dependencies: RevokeDependencies): Promise<Revocation> {
    const wanted = new Set(ids);
    return revokeWhere(gitDir, ({ token }) => wanted.has(tokenId(token)), dependencies);
}

/** Revokes all access; part of starting afresh. @throws as {@link revokeAccess} */
export async function revokeAll(gitDir: string, dependencies: RevokeDependencies): Promise<Revocation> {
    return revokeWhere(gitDir, () => true, dependencies);
}

async function revokeWhere(gitDir: string, matches: (token: AcceptedToken) => boolean, { cutSessions, undoMs: limit = undoMs }: RevokeDependencies): Promise<Revocation> {
    const removed = new Map<string, AcceptedToken>();
    await removeAcceptedTokens(gitDir, token => {
        const match = matches(token);
        if (match) {
            removed.set(formatLine(token), token);
        }
        return match;
    });
    const tokens = [...removed.values()];
    const sessions = tokens.length === 0 ? 'none' : await cutSessions().catch((): Sessions => 'may-live-on');
    return new Revocation(gitDir, tokens, tokens.length, sessions, limit);
}

function formatLine({ token, address }: AcceptedToken): string {
    return address === undefined ? token : `${token} ${address}`;
}

const maxTries = 10;
/** How long git-annex may take to write its file anew, which would lose what was added meanwhile. */
const settleMs = 25;

async function acceptAgain(gitDir: string, tokens: readonly AcceptedToken[]): Promise<void> {
    const file = path.join(credsFolder(gitDir), 'p2pauth');
    for (let attempt = 0; attempt < maxTries; attempt++) {
        const text = await readFile(file, 'latin1').catch(() => '');
        const there = new Set(text.split('\n').flatMap(line => parseAcceptedLine(line) ?? []).map(formatLine));
        const missing = tokens.map(formatLine).filter(line => !there.has(line));
        if (missing.length === 0) {
            return;
        }
        const handle = await open(file, 'a', 0o600);
        try {
            await handle.write(`${text === '' || text.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`, null, 'latin1');
            await handle.sync();
        } finally {
            await handle.close();
        }
        await wait(settleMs);
    }
    throw new Error(`${file} keeps changing`);
}
