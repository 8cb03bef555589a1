/** Waits for a condition, looking often; fails with `what` when the time is over. */
import { setTimeout as delay } from 'node:timers/promises';

export async function until(what: string, condition: () => boolean | Promise<boolean>, timeLimitMs = 10_000): Promise<void> {
    const end = Date.now() + timeLimitMs;
    while (!(await condition())) {
        if (Date.now() > end) {
            throw new Error(`not within ${timeLimitMs} ms: ${what}`);
        }
        await delay(20);
    }
}
