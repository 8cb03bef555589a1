/**
 * A machine of the rig: namespaces, a root of its own, and ways to run programs in it and to reach its files.
 * The computers of people, the Tor network and the servers are all such machines.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../../../src/core/log';
import { ManagedProcess, type Invocation } from '../../../src/core/process/managedProcess';
import { run } from '../../../src/core/process/run';
import { RigError } from '../errors';
import { systemPath } from '../paths';
import { makeDisk, type DiskOptions } from './disk';
import { enterMachine, Namespaces, type ProcessIdentity } from './namespaces';

export interface InsideUser {
    readonly name: string;
    readonly uid: number;
    readonly gid: number;
    /** Path inside the machine. */
    readonly home: string;
}

export const root: InsideUser = { name: 'root', uid: 0, gid: 0, home: '/root' };

export interface InsideOptions<As = InsideUser> {
    /** Who runs it; the machine's own default if left out. */
    readonly as?: As | undefined;
    /** Path inside the machine; the user's home if left out. */
    readonly cwd?: string | undefined;
    /** Added to the user's environment; nothing of this process's environment gets in. */
    readonly env?: Readonly<Record<string, string>> | undefined;
}

export interface ExecOptions<As = InsideUser> extends InsideOptions<As> {
    /** Text for the program's standard input, which is closed after it. */
    readonly input?: string | undefined;
    readonly timeLimitMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
}

export interface ExecResult {
    /** null if a signal ended the program. */
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
}

/** What to run on the host, as root, to run `args` inside the machine whose first process is `initPid`. */
export function insideCommandLine(initPid: number, args: readonly string[], options: InsideOptions): readonly string[] {
    const user = options.as ?? root;
    const environment: Record<string, string> = {
        PATH: systemPath,
        HOME: user.home,
        USER: user.name,
        LOGNAME: user.name,
        SHELL: '/bin/bash',
        LANG: 'C.UTF-8',
        ...options.env,
    };
    const become = user.uid === 0 ? [] : ['/usr/bin/setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--init-groups', '--'];
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    return [...enterMachine(initPid), '--', ...become, '/usr/bin/env', '--ignore-environment', `--chdir=${options.cwd ?? user.home}`, ...variables, ...args];
}

export class Machine {
    private constructor(
        readonly hostName: string,
        /** The machine's folder on the host. */
        readonly folder: string,
        readonly namespaces: Namespaces,
        private readonly environment: Readonly<Record<string, string>>,
        private readonly log: Log,
    ) {}

    /** Makes the disk and the namespaces. @throws {RigError} `machine-failed` */
    static async create(options: DiskOptions): Promise<Machine> {
        await makeDisk(options);
        const namespaces = await Namespaces.create(options.folder, options.hostName, options.log);
        return new Machine(options.hostName, options.folder, namespaces, options.environment, options.log);
    }

    /** The machine's first process, as the host numbers it. */
    get init(): ProcessIdentity {
        return this.namespaces.init;
    }

    /** What to run on the host (as root) to run `args` inside: an absolute program and its arguments. */
    invocation(args: readonly string[], options: InsideOptions = {}): Invocation {
        const [file = '', ...rest] = this.commandLine(args, options);
        return { file, args: rest, cwd: '/' };
    }

    /** As {@link invocation}, as one list. The program is looked up on the PATH inside. */
    commandLine(args: readonly string[], options: InsideOptions = {}): readonly string[] {
        return insideCommandLine(this.init.pid, args, { ...options, env: { ...this.environment, ...options.env } });
    }

    /** Runs a program inside to its end. @throws {RunError} on the time limit; {CancelledError} on the signal. */
    async exec(args: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
        const { code, stdout, stderr } = await run(this.invocation(args, options), {
            log: this.log,
            signal: options.signal,
            ...(options.input === undefined ? {} : { input: options.input }),
            ...(options.timeLimitMs === undefined ? {} : { timeLimitMs: options.timeLimitMs }),
        });
        return { code, stdout, stderr };
    }

    /** As {@link exec}, gives back what it printed. @throws {RigError} `command-failed` if its exit code isn't 0. */
    async execOrThrow(args: readonly string[], options: ExecOptions = {}): Promise<string> {
        const { code, stdout, stderr } = await this.exec(args, options);
        if (code !== 0) {
            throw new RigError('command-failed', `${this.hostName}: ${args.join(' ')}: exit code ${code ?? 'none'}: ${stderr || stdout}`, stderr);
        }
        return stdout;
    }

    /**
     * Starts a long-lived program inside. It ends with the machine at the latest. `end()` and `kill()` reach the
     * program and its process group; what made a session of its own ends with the machine.
     */
    async spawn(args: readonly string[], options: InsideOptions = {}): Promise<ManagedProcess> {
        return ManagedProcess.start(this.invocation(args, options), { log: this.log });
    }

    /**
     * An absolute path inside as the host (root) reaches it: files, and sockets too. Absolute symbolic links in it lead to the
     * host's files, so follow none.
     */
    hostPath(pathInside: string): string {
        return path.join('/proc', String(this.init.pid), 'root', path.posix.normalize(`/${pathInside}`));
    }

    async readFile(pathInside: string): Promise<string> {
        return readFile(this.hostPath(pathInside), 'utf8');
    }

    /**
     * Writes a file, which belongs to root unless `as` is given, and makes the folders above it. As an editor that saves,
     * it replaces what was there: a link (to annexed content, say) is not written through.
     */
    async writeFile(pathInside: string, content: string | Uint8Array, as: InsideUser = root): Promise<void> {
        const draft = `${pathInside}.rig-draft`;
        await this.execOrThrow(['mkdir', '-p', '--', path.posix.dirname(pathInside)], { as });
        await this.execOrThrow(['touch', '--', draft], { as });
        await writeFile(this.hostPath(draft), content);
        await this.execOrThrow(['mv', '--force', '--no-target-directory', '--', draft, pathInside], { as });
    }

    /** Makes a folder of the host visible inside, with the mounts below it (which `readOnly` does not cover). */
    async bind(hostFolder: string, insideFolder: string, readOnly = true): Promise<void> {
        await this.execOrThrow(['mkdir', '-p', insideFolder]);
        await this.execOrThrow(['mount', '--rbind', path.join('/.rig/host', path.resolve(hostFolder)), insideFolder]);
        if (readOnly) {
            await this.execOrThrow(['mount', '-o', 'remount,bind,ro', insideFolder]);
        }
    }

    /** Puts a file of the host in the place of one inside, for this machine alone. */
    async bindFile(hostFile: string, insideFile: string): Promise<void> {
        await this.execOrThrow(['mount', '--bind', path.join('/.rig/host', path.resolve(hostFile)), insideFile]);
        await this.execOrThrow(['mount', '-o', 'remount,bind,ro', insideFile]);
    }

    /** Runs a program of the host in the machine's network (as root): `ip`, `tcpdump`. */
    async execInNetwork(args: readonly string[], input?: string): Promise<string> {
        const [file = '', ...rest] = this.namespaces.enterNetwork;
        const { code, stdout, stderr } = await run({ file, args: [...rest, '--', ...args], cwd: '/', env: { PATH: systemPath } }, { log: this.log, ...(input === undefined ? {} : { input }) });
        if (code !== 0) {
            throw new RigError('machine-failed', `${this.hostName}: ${args.join(' ')}: exit code ${code ?? 'none'}: ${stderr || stdout}`, stderr);
        }
        return stdout;
    }

    /** Ends everything inside and removes the disk. */
    async end(): Promise<void> {
        await this.namespaces.end();
        await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
    }
}
