/** Whether a process runs; one that has ended and is not yet waited for (by a slow init, say) does not. */
import { readFileSync } from 'node:fs';

export function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
    } catch {
        return false;
    }
    try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
        return !/^[ZX]/u.test(stat.slice(stat.lastIndexOf(')') + 2));
    } catch {
        // No /proc, or gone in between.
        return process.platform !== 'linux';
    }
}
