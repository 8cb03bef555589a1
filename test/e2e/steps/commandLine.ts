/** Somebody who has the plain git-annex command line and no editor. */
import type { ManagedProcess } from '../../../src/core/process/managedProcess';
import type { Computer } from '../../rig/computers/computer';

export class CommandLine {
    #daemon: ManagedProcess | undefined;

    constructor(readonly computer: Computer) {}

    /** Enables Tor and serves, as the tutorial of git-annex says. */
    async serve(): Promise<void> {
        const { computer } = this;
        await computer.execOrThrow(['sudo', '--stdin', 'git-annex', 'enable-tor', String(computer.user.uid)], { cwd: computer.repository, input: `${computer.user.password}\n`, timeLimitMs: 60_000 });
        this.#daemon = await computer.spawn(['git-annex', 'remotedaemon', '--foreground'], { cwd: computer.repository });
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
        await this.#daemon?.end();
    }
}
