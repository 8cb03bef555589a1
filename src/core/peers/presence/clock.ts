/**
 * Time as a thing that a test can hold in its hands.
 */
export interface Clock {
    /** Milliseconds since the epoch. */
    now(): number;
    /** Milliseconds of a clock that only goes on, whoever sets the time of day: for waits. */
    steady(): number;
    /** Calls back once after `ms`; disposing of it before that keeps it from happening. */
    after(ms: number, callback: () => void): { dispose(): void };
}

export const systemClock: Clock = {
    now: () => Date.now(),
    steady: () => performance.now(),
    after: (ms, callback) => {
        const timer = setTimeout(callback, ms);
        return { dispose: () => clearTimeout(timer) };
    },
};
