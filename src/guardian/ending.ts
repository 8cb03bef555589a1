/**
 * Ends processes: those of the recorded groups, and those that carry the owner's mark, wherever they have gone.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { livingGroups, markedProcesses, orphans, startTime } from '../core/process/guardian/ownerMark';
import type { Group } from './ledger';

/** How long git and git-annex have to remove their locks and temporary files. */
const graceMs = 500;
const limitMs = 1500;
const pauseMs = 30;

/** Ends all, with SIGTERM first; resolves when none is left, or after {@link limitMs}. */
export async function endAll(mark: string, groups: readonly Group[]): Promise<void> {
    const ours = (await Promise.all(groups.map(async group => ((await isOurs(group)) ? [group.id] : [])))).flat();
    const start = performance.now();
    const asked = new Set<number>();
    for (const group of ours) {
        signal(-group, 'SIGTERM');
    }
    while (performance.now() - start < limitMs) {
        const marked = mark === '' ? [] : markedProcesses().filter(candidate => candidate.mark === mark);
        const kill = performance.now() - start >= graceMs;
        for (const { pid } of marked) {
            if (kill || !asked.has(pid)) {
                asked.add(pid);
                signal(pid, kill ? 'SIGKILL' : 'SIGTERM');
            }
        }
        const left = (livingGroups(ours) ?? ours).filter(group => signal(-group, kill ? 'SIGKILL' : 0));
        if (marked.length === 0 && left.length === 0) {
            return;
        }
        await wait(pauseMs);
    }
}

/** Ends what earlier owners left that died together with their guardian. */
export async function endOrphans(): Promise<void> {
    for (const name of ['SIGTERM', 'SIGKILL'] as const) {
        const found = await orphans(markedProcesses());
        if (found.length === 0) {
            return;
        }
        for (const { pid } of found) {
            signal(pid, name);
        }
        await wait(graceMs);
    }
}

/** A group whose leader is another process than the one that was recorded is not ours; without a leader it can't be another's. */
async function isOurs(group: Group): Promise<boolean> {
    const now = await startTime(group.id);
    const recorded = await group.leaderStarted;
    return now === undefined || recorded === undefined || now === recorded;
}

/** Whether there was somebody to signal. */
function signal(target: number, name: NodeJS.Signals | 0): boolean {
    try {
        process.kill(target, name);
        return true;
    } catch {
        return false;
    }
}
