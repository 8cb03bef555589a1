/**
 * Undoes what its owner has begun, in an order that lets nothing come back: what must be known is read, the processes end, then goes what
 * they left.
 */
import { rm } from 'node:fs/promises';
import type { Cleanup } from '../core/process/guardian/messages';
import { readHalf, undoPairing } from './undoPairing';

/** Never throws: each thing is undone whatever became of the others. */
export async function undo(cleanups: readonly Cleanup[], endProcesses: () => Promise<void>): Promise<void> {
    const pairings = cleanups.flatMap(({ pairing }) => pairing ?? []);
    const halves = await Promise.all(pairings.map(async pairing => ({ pairing, half: await readHalf(pairing) })));
    await endProcesses();
    const folders = [...new Set(cleanups.flatMap(({ folders: some, pairing }) => [...(some ?? []), ...(pairing === undefined ? [] : [pairing.folder])]))];
    await Promise.allSettled([
        ...halves.map(({ pairing, half }) => undoPairing(pairing, half)),
        ...folders.map(folder => rm(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 })),
    ]);
}
