/** Takes rigs down with the process that owns them: on a signal, on an exception that nobody caught, on exit. */

export interface Owned {
    down(): Promise<void>;
    /** Everything that can be done without waiting. */
    downNow(): void;
}

/** Rigs, and whether they want to be taken down on a signal. */
const owned = new Map<Owned, boolean>();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function endWithOwner(rig: Owned, handleSignals: boolean): void {
    owned.set(rig, handleSignals);
    listen();
}

export function noLongerOwned(rig: Owned): void {
    owned.delete(rig);
    listen();
}

function listen(): void {
    process.off('exit', onExit);
    signals.forEach(signal => process.off(signal, onSignal));
    if (owned.size > 0) {
        process.on('exit', onExit);
    }
    if ([...owned.values()].includes(true)) {
        signals.forEach(signal => process.on(signal, onSignal));
    }
}

function onExit(): void {
    for (const rig of owned.keys()) {
        rig.downNow();
    }
}

function onSignal(signal: NodeJS.Signals): void {
    const rigs = [...owned].filter(([, handleSignals]) => handleSignals).map(([rig]) => rig);
    void Promise.allSettled(rigs.map(rig => rig.down())).then(() => {
        // Nobody else wants the signal: let it do what it would have done without us.
        if (process.listenerCount(signal) === 0) {
            process.kill(process.pid, signal);
        }
    });
}
