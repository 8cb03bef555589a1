/** Somebody who has the plain git-annex command line and no editor. */
import type { ManagedProcess } from '../../../src/core/process/managedProcess';
import { shimEnvironment } from '../../../src/core/daemon/shim/install';
import { shimScript } from '../../../src/core/daemon/shim/script';
import type { Computer } from '../../rig/computers/computer';
import { systemPath } from '../../rig/paths';
import { waitFor } from '../../rig/wait';

export class CommandLine {
    #daemon: ManagedProcess | undefined;

    constructor(readonly computer: Computer) {}

    /** Enables Tor and serves, as the tutorial of git-annex says. */
    async serve(): Promise<void> {
        await this.enableTor();
        await this.startDaemon();
    }

    async enableTor(cwd = this.computer.repository): Promise<void> {
        const { computer } = this;
        await computer.execOrThrow(['sudo', '--stdin', 'git-annex', 'enable-tor', String(computer.user.uid)], { cwd, input: `${computer.user.password}\n`, timeLimitMs: 60_000 });
    }

    /** With `shim`, which {@link installShim} gives, fetches from here don't hang. */
    async startDaemon(shim?: Readonly<Record<string, string>>): Promise<void> {
        this.#daemon = await this.computer.spawn(['git-annex', 'remotedaemon', '--foreground'], { cwd: this.computer.repository, ...(shim === undefined ? {} : { env: shim }) });
    }

    async stopDaemon(): Promise<void> {
        await this.#daemon?.end();
    }

    /** What this extension serves with, so that a test of something else needn't wait for a fetch that git-annex has left hanging. */
    async installShim(): Promise<Readonly<Record<string, string>>> {
        const { computer } = this;
        const folder = `${computer.user.home}/shim`;
        await computer.execOrThrow(['mkdir', folder]);
        await computer.writeFile(`${folder}/git`, shimScript);
        await computer.execOrThrow(['chmod', '700', `${folder}/git`]);
        return shimEnvironment(folder, '/usr/bin/git', systemPath);
    }

    /** An address with a token, for somebody to link to. */
    async address(): Promise<string> {
        return (await this.computer.execOrThrow(['git-annex', 'p2p', '--gen-addresses'], { cwd: this.computer.repository })).trim();
    }

    /** Makes the repository at an address a peer; again and again until Tor has published it. */
    async link(address: string, name: string): Promise<void> {
        const { computer } = this;
        await waitFor(async () => (await computer.exec(['git-annex', 'p2p', '--link', '--name', name], { cwd: computer.repository, input: `${address}\n`, timeLimitMs: 60_000 })).code === 0, { what: `${computer.name} to link to ${name}`, limitMs: 120_000, everyMs: 1000 });
    }

    /** The daemon reads which peers there are. */
    reload(): void {
        this.#daemon?.write('RELOAD\n');
    }

    /** Starts a pairing; resolves with the code that it shows. `env` is added to the environment. */
    async pair(name: string, env: Readonly<Record<string, string>> = {}): Promise<{ readonly code: string; readonly process: ManagedProcess }> {
        const process = await this.computer.spawn(['git', 'annex', 'p2p', '--pair', '--name', name], { cwd: this.computer.repository, env });
        const words: string[] = [];
        process.onStderrLine.on(line => words.push(line));
        const code = await new Promise<string>((resolve, reject) => {
            process.onStdoutLine.on(line => {
                words.push(line);
                const shown = /pairing code is: (\S+)/u.exec(line)?.[1];
                if (shown !== undefined) {
                    resolve(shown);
                }
            });
            void process.exited.then(() => reject(new Error(words.join('\n'))));
        });
        return { code, process };
    }

    async git(...args: readonly string[]): Promise<string> {
        return this.computer.execOrThrow(['git', ...args], { cwd: this.computer.repository, timeLimitMs: 60_000 });
    }

    async end(): Promise<void> {
        await this.stopDaemon();
    }
}
