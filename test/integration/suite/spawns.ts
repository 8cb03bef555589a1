/** Records the programs that the extension starts in this extension host; they start all the same. */
import childProcess from 'node:child_process';

const starters = ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'] as const;

export interface SpawnRecorder {
    /** File and arguments of each program that was started since. */
    readonly started: readonly string[];
    stop(): void;
}

/** Starts recording. The other extensions' programs are told apart by who called. */
export function recordSpawns(): SpawnRecorder {
    const started: string[] = [];
    const originals = new Map<string, PropertyDescriptor>();
    for (const name of starters) {
        const descriptor = Object.getOwnPropertyDescriptor(childProcess, name);
        if (descriptor === undefined) {
            throw new Error(`node:child_process has no ${name}`);
        }
        originals.set(name, descriptor);
        Object.defineProperty(childProcess, name, {
            ...descriptor,
            value: new Proxy(childProcess[name], {
                apply(target, self, args: unknown[]): unknown {
                    if (/[\\/]dist[\\/]extension\.js/u.test(new Error().stack ?? '')) {
                        started.push([args[0], ...(Array.isArray(args[1]) ? args[1] as unknown[] : [])].map(String).join(' '));
                    }
                    return Reflect.apply(target, self, args);
                },
            }),
        });
    }
    return {
        started,
        stop() {
            for (const [name, descriptor] of originals) {
                Object.defineProperty(childProcess, name, descriptor);
            }
        },
    };
}
