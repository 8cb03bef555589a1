/** A person's computer: a machine with a user who knows a sudo password, a tor of its own, and a cable to the network. */
import path from 'node:path';
import type { Invocation, ManagedProcess } from '../../../src/core/process/managedProcess';
import { RigError } from '../errors';
import { computerTorrc, type TorNode } from '../network/torrc';
import { waitFor } from '../wait';
import type { Person } from './accounts';
import type { Cable } from './cable';
import { root, type ExecOptions, type ExecResult, type InsideOptions, type InsideUser, type Machine } from './machine';
import { bootstrapProgress, torControl } from './torControl';

/** Who runs a program: the computer's person, or root. */
export type As = 'user' | 'root';

export interface User extends InsideUser {
    /** What sudo asks this user for, and su for root. */
    readonly password: string;
}

export interface RepositoryOptions {
    /** Make it a git-annex repository with the computer's name as description; true if left out. */
    readonly annex?: boolean;
    /** Files to add (to the annex, or to plain git without one) and commit; path in the repository to content. */
    readonly files?: Readonly<Record<string, string | Uint8Array>>;
    /** Path inside; the computer's own repository if left out. */
    readonly folder?: string;
}

const torLimitMs = 60_000;

export class Computer {
    readonly user: User;
    /** Where its repository is or will be, as a path inside. */
    readonly repository: string;

    constructor(readonly name: string, readonly machine: Machine, person: Person, private readonly cable: Cable) {
        this.user = { ...person, home: `/home/${person.name}` };
        this.repository = `${this.user.home}/annex`;
    }

    /** Address on the rig's network. */
    get address(): string {
        return this.cable.ends.address;
    }

    /** Runs a program inside to its end, as the person if not told otherwise; its exit code is not judged. */
    async exec(args: readonly string[], options: ExecOptions<As> = {}): Promise<ExecResult> {
        return this.machine.exec(args, this.#inside(options));
    }

    /** As {@link exec}, gives back standard output. @throws {RigError} `command-failed` */
    async execOrThrow(args: readonly string[], options: ExecOptions<As> = {}): Promise<string> {
        return this.machine.execOrThrow(args, this.#inside(options));
    }

    /** Starts a long-lived program inside; see {@link Machine.spawn}. */
    async spawn(args: readonly string[], options: InsideOptions<As> = {}): Promise<ManagedProcess> {
        return this.machine.spawn(args, this.#inside(options));
    }

    /** What to run on the host, as root, to run `args` inside: for who wants the streams or a terminal himself. */
    invocation(args: readonly string[], options: InsideOptions<As> = {}): Invocation {
        return this.machine.invocation(args, this.#inside(options));
    }

    /** As {@link invocation}, as one list. */
    commandLine(args: readonly string[], options: InsideOptions<As> = {}): readonly string[] {
        return this.machine.commandLine(args, this.#inside(options));
    }

    /** See {@link Machine.hostPath}. */
    hostPath(pathInside: string): string {
        return this.machine.hostPath(pathInside);
    }

    async readFile(pathInside: string): Promise<string> {
        return this.machine.readFile(pathInside);
    }

    async writeFile(pathInside: string, content: string | Uint8Array, as: As = 'user'): Promise<void> {
        await this.machine.writeFile(pathInside, content, this.#who(as));
    }

    async bind(hostFolder: string, insideFolder: string, readOnly = true): Promise<void> {
        await this.machine.bind(hostFolder, insideFolder, readOnly);
    }

    /**
     * Makes the git-annex in a folder of the host the one of this computer, for whoever runs it there, root too.
     * The names under which git finds it (git-annex-shell, git-remote-tor-annex) are links to it.
     */
    async useGitAnnex(hostBin: string): Promise<void> {
        await this.machine.bindFile(path.join(hostBin, 'git-annex'), '/usr/bin/git-annex');
    }

    /** Pulls the network cable out. */
    async disconnect(): Promise<void> {
        await this.cable.disconnect();
    }

    async connect(): Promise<void> {
        await this.cable.connect();
    }

    /** Delay of the cable in each direction, in ms; 0 for none. */
    async setDelay(delayMs: number): Promise<void> {
        await this.cable.setDelay(delayMs);
    }

    /** Writes torrc for the private network and gives the person a git identity. */
    async setUp(nodes: readonly TorNode[]): Promise<void> {
        await this.writeFile('/etc/tor/torrc', computerTorrc(nodes), 'root');
        const { name, home } = this.user;
        const displayName = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
        await this.writeFile(`${home}/.gitconfig`, `[user]\n\tname = ${displayName}\n\temail = ${name}@example.invalid\n[init]\n\tdefaultBranch = main\n`);
    }

    /** Starts tor as Debian does and waits until it has built a circuit, unless `wait` is false. */
    async startTor(options: { readonly wait?: boolean; readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
        await this.execOrThrow(['service', 'tor', 'start'], { as: 'root', signal: options.signal });
        if (options.wait !== false) {
            await this.waitForTor(options.signal);
        }
    }

    async stopTor(): Promise<void> {
        await this.execOrThrow(['service', 'tor', 'stop'], { as: 'root' });
    }

    /** Makes tor read its configuration again, as git-annex does after adding an onion service. */
    async reloadTor(): Promise<void> {
        await this.execOrThrow(['service', 'tor', 'reload'], { as: 'root' });
    }

    /**
     * Moves the clock that tor reads, against the machine's: `+0`, `+1h`, `-3d` (libfaketime(1)). The first call starts tor again with a
     * clock that can be moved; what measures time without a date goes on as it was. (With libfaketime's own mending of waits by such a
     * clock, tor's threads would not start.)
     */
    async setTorClock(offset: string): Promise<void> {
        const file = '/etc/tor/clock';
        const isFirst = (await this.exec(['test', '-e', file])).code !== 0;
        await this.writeFile(file, `${offset}\n`, 'root');
        if (isFirst) {
            const defaults = await this.readFile('/etc/default/tor');
            const variables = { LD_PRELOAD: '/usr/$LIB/faketime/libfaketime.so.1', FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1', FAKETIME_FORCE_MONOTONIC_FIX: '0' };
            const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'\n`).join('');
            await this.stopTor();
            await this.writeFile('/etc/default/tor', `${defaults}\n${lines}`, 'root');
            await this.startTor();
        }
    }

    /** Resolves once tor says that it is fully started. @throws {RigError} `tor-network-failed` with tor's own words */
    async waitForTor(signal?: AbortSignal): Promise<void> {
        try {
            await waitFor(async () => bootstrapProgress(await this.torControl('GETINFO status/bootstrap-phase').catch(() => [])) === 100,
                { what: `tor of ${this.name}`, limitMs: torLimitMs, signal });
        } catch (error) {
            if (error instanceof RigError && error.reason === 'time-limit') {
                throw new RigError('tor-network-failed', error.message, await this.readFile('/var/log/tor/notices.log').catch(() => ''), { cause: error });
            }
            throw error;
        }
    }

    /** Asks this computer's tor over its control port; the lines of the answer. */
    async torControl(command: string): Promise<string[]> {
        return torControl(this.hostPath('/run/tor/control'), this.hostPath('/run/tor/control.authcookie'), command);
    }

    /** Makes a repository with one commit if there are files; gives back its path inside. */
    async createRepository(options: RepositoryOptions = {}): Promise<string> {
        const { annex = true, files = {}, folder = this.repository } = options;
        await this.execOrThrow(['mkdir', '-p', folder]);
        await this.execOrThrow(['git', 'init', '--quiet'], { cwd: folder });
        if (annex) {
            await this.execOrThrow(['git', 'annex', 'init', '--quiet', this.name], { cwd: folder });
        }
        const names = Object.keys(files);
        for (const name of names) {
            await this.writeFile(path.posix.join(folder, name), files[name] ?? '');
        }
        if (names.length > 0) {
            await this.execOrThrow(annex ? ['git', 'annex', 'add', '--quiet', '--', ...names] : ['git', 'add', '--', ...names], { cwd: folder });
            await this.execOrThrow(['git', 'commit', '--quiet', '--message', `Add files of ${this.name}`], { cwd: folder });
        }
        return folder;
    }

    #who(as: As | undefined): InsideUser {
        return as === 'root' ? root : this.user;
    }

    #inside<Options extends InsideOptions<As>>({ as, ...options }: Options): Omit<Options, 'as'> & { readonly as: InsideUser } {
        return { ...options, as: this.#who(as) };
    }
}
