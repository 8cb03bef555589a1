/**
 * Undoes what its owner has begun, in an order that lets nothing come back: what must be known is read, the processes end, then goes what
 * they left.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { claim } from '../core/daemon/ownership/claim';
import type { Cleanup } from '../core/process/guardian/messages';
import { mendCutOffAdd } from '../core/sync/addLeftovers';
import { readHalf, undoPairing } from './undoPairing';

/** Never throws: each thing is undone whatever became of the others. */
export async function undo(cleanups: readonly Cleanup[], endProcesses: () => Promise<void>): Promise<void> {
    const pairings = cleanups.flatMap(({ pairing }) => pairing ?? []);
    const halves = await Promise.all(pairings.map(async pairing => ({ pairing, half: await readHalf(pairing) })));
    await endProcesses();
    const folders = [...new Set(cleanups.flatMap(({ folders: some, pairing }) => [...(some ?? []), ...(pairing === undefined ? [] : [pairing.folder])]))];
    await Promise.allSettled([
        ...cleanups.flatMap(({ adding }) => adding ?? []).map(({ root, gitDir, paths }) => mendCutOffAdd(root, gitDir, paths)),
        ...halves.map(({ pairing, half }) => undoPairing(pairing, half)),
        ...cleanups.flatMap(({ ownedSockets }) => ownedSockets ?? []).map(giveUp),
        ...folders.map(folder => rm(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 })),
    ]);
}

/** Where nobody has taken over what its owner held, nothing is left of it: it is taken over and let go. */
async function giveUp(link: string): Promise<void> {
    const claimed = await claim(path.dirname(link), path.basename(link));
    if (claimed.kind === 'owner') {
        await claimed.release();
    } else {
        claimed.socket.destroy();
    }
}
