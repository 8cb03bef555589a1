/**
 * The namespaces of one machine: processes, mounts, network, host name and IPC of its own, with a root of its own.
 *
 * They have no name anywhere in the system: they live as long as their first process, and that one ends when the pipe
 * from this process closes. So nothing outlives the rig's owner, not even after `kill -9`.
 */
import { readFileSync } from 'node:fs';
import { AnnexPeersError, messageOf } from '../../../src/core/errors';
import type { Log } from '../../../src/core/log';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { RigError } from '../errors';
import { rigScript } from '../paths';

const startLimitMs = 15_000;

/** A process that can't be mistaken for a later one with the same number. */
export interface ProcessIdentity {
    readonly pid: number;
    /** Start time in clock ticks since boot: field 22 of /proc/<pid>/stat (proc(5)). */
    readonly startTime: string;
}

/** Who `pid` is; undefined if there is no such process (or only its zombie). */
export function identityOf(pid: number): ProcessIdentity | undefined {
    try {
        // The second field is the program's name in parentheses and may hold anything.
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const [state] = fields;
        const startTime = fields[19];
        return startTime === undefined || state === 'Z' || state === 'X' ? undefined : { pid, startTime };
    } catch {
        return undefined;
    }
}

/** Whether that very process still runs. */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
    return identityOf(pid)?.startTime === startTime;
}

/** Arguments of nsenter that lead a program into all of a machine, with its root and as its root user. */
export function enterMachine(initPid: number): readonly string[] {
    return ['/usr/bin/nsenter', `--target=${initPid}`, '--mount', '--net', '--pid', '--uts', '--ipc', '--root', '--wd=/'];
}

export class Namespaces {
    private constructor(
        private readonly keeper: ManagedProcess,
        /** The first process inside, as the host numbers it. */
        readonly init: ProcessIdentity,
    ) {}

    /**
     * Makes the namespaces; see root.sh for what `folder` must hold.
     * @throws {RigError} `machine-failed` with the script's own words.
     */
    static async create(folder: string, hostName: string, log: Log): Promise<Namespaces> {
        const script = rigScript('computers/root.sh');
        const keeper = await ManagedProcess.start({
            file: '/usr/bin/unshare',
            args: ['--fork', '--kill-child=KILL', '--pid', '--mount', '--net', '--uts', '--ipc', '/bin/sh', script, folder, hostName],
            cwd: '/',
        }, { log });
        const words: string[] = [];
        keeper.onStderrLine.on(line => words.push(line));
        try {
            const pid = await new Promise<number>((resolve, reject) => {
                const timer = setTimeout(() => reject(new RigError('time-limit', `the machine ${hostName} was not made in ${startLimitMs} ms`)), startLimitMs);
                keeper.onStdoutLine.on(line => {
                    const ready = /^ready (\d+)$/u.exec(line)?.[1];
                    if (ready !== undefined) {
                        clearTimeout(timer);
                        resolve(Number(ready));
                    }
                });
                void keeper.exited.then(() => {
                    clearTimeout(timer);
                    reject(new RigError('machine-failed', `the machine ${hostName} could not be made: ${words.join('; ')}`, words.join('\n')));
                });
            });
            const init = identityOf(pid);
            if (init === undefined) {
                throw new RigError('machine-failed', `the machine ${hostName} ended at once: ${words.join('; ')}`);
            }
            return new Namespaces(keeper, init);
        } catch (error) {
            keeper.kill();
            throw error instanceof AnnexPeersError ? error : new RigError('machine-failed', messageOf(error));
        }
    }

    /** Arguments of nsenter that lead a program of the host into the machine's network alone. */
    get enterNetwork(): readonly string[] {
        return ['/usr/bin/nsenter', `--target=${this.init.pid}`, '--net'];
    }

    /** As {@link enterNetwork}, but the program ends with the machine: for what runs long. */
    get enterNetworkAndProcesses(): readonly string[] {
        return [...this.enterNetwork, '--pid'];
    }

    get alive(): boolean {
        return this.keeper.exit === undefined;
    }

    /** Kills the first process, and with it everything inside; resolves when all of it has gone. */
    async end(): Promise<void> {
        this.endNow();
        await this.keeper.exited;
    }

    /** As {@link end}, for a process that is about to exit itself and can't wait. */
    endNow(): void {
        if (this.alive && isAlive(this.init)) {
            process.kill(this.init.pid, 'SIGKILL');
        }
    }
}
