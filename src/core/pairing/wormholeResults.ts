/**
 * How our own `wormhole` tells the pairing that started git-annex, which started it, how it ended: git-annex waits for both
 * wormholes before it says that one has failed, and never says why.
 *
 * A folder of the pairing's own, named in the environment, gets one file for each of the two: one word, never a code, a payload
 * or a stranger's text. Both sides of that agreement are here.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WormholeErrorReason } from '../wormhole/errors';

/** The environment variable that names the folder, by an absolute path. */
export const resultsVariable = 'ANNEX_PEERS_WORMHOLE_RESULTS';

export type WormholeRole = 'send' | 'receive';
/** `unknown`: it failed in a way that has no name. One that was ended by a signal leaves no result. */
export type WormholeResult = 'ok' | 'unknown' | WormholeErrorReason;

export interface WormholeResults {
    readonly send: WormholeResult | undefined;
    readonly receive: WormholeResult | undefined;
}

/** A record, so that the compiler misses no reason. */
const known: Readonly<Record<WormholeResult, true>> = {
    'ok': true,
    'unknown': true,
    'invalid-code': true,
    'invalid-option': true,
    'tor-unreachable': true,
    'mailbox-unreachable': true,
    'mailbox-certificate': true,
    'mailbox-refused': true,
    'mailbox-permission': true,
    'mailbox-error': true,
    'mailbox-protocol': true,
    'crowded': true,
    'wrong-code': true,
    'hostile-key-exchange': true,
    'peer-absent': true,
    'peer-error': true,
    'peer-protocol': true,
    'peer-lost': true,
    'transit-failed': true,
    'offer-refused': true,
    'corrupted': true,
    'file-unreadable': true,
    'file-unwritable': true,
};

function isResult(text: string): text is WormholeResult {
    return Object.hasOwn(known, text);
}

/** Every result there is. */
export const wormholeResults: readonly WormholeResult[] = Object.keys(known).filter(isResult);

/** Writes a result, whole or not at all, for this user alone. A folder that can't be used is passed over: nobody waits for the result then. */
export async function writeResult(folder: string | undefined, role: WormholeRole, result: WormholeResult): Promise<void> {
    if (folder === undefined || !path.isAbsolute(folder)) {
        return;
    }
    const part = path.join(folder, `${role}.${process.pid}.part`);
    try {
        await writeFile(part, result, { mode: 0o600, flag: 'wx' });
        await rename(part, path.join(folder, role));
    } catch {
        // The pairing has ended meanwhile and has taken its folder away.
    }
}

/** The results so far; what is not a known word counts as `unknown`. Never throws. */
export async function readResults(folder: string): Promise<WormholeResults> {
    const [send, receive] = await Promise.all((['send', 'receive'] as const).map(async role => {
        const text = await readFile(path.join(folder, role), 'latin1').catch(() => undefined);
        return text === undefined ? undefined : isResult(text) ? text : 'unknown';
    }));
    return { send, receive };
}
