/** Waiting for a condition with a time limit: never a fixed sleep. */
import assert from 'node:assert/strict';

/** Polls until `condition` gives something; fails with `what` at the limit. */
export async function until<T>(what: string, condition: () => T | undefined | false | Promise<T | undefined | false>, limitMs = 10_000): Promise<T> {
    const deadline = Date.now() + limitMs;
    for (;;) {
        const value = await condition();
        if (value !== undefined && value !== false) {
            return value;
        }
        assert.ok(Date.now() < deadline, `timed out: ${what}`);
        await new Promise(resolve => setTimeout(resolve, 10));
    }
}
