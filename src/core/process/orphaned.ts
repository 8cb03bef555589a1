/**
 * Notices that whoever started this process has gone. An extension host lives on for seconds when its editor is killed, and some live for
 * ever; a process's parent changes at once.
 */

const lookMs = 300;

/** Calls `gone` once, at most {@link lookMs} after the parent of this process has ended. Keeps no process alive. */
export function onOrphaned(gone: () => void): { dispose(): void } {
    const parent = process.ppid;
    const timer = setInterval(() => {
        if (process.ppid !== parent) {
            clearInterval(timer);
            gone();
        }
    }, lookMs).unref();
    return { dispose: () => clearInterval(timer) };
}
