/**
 * What is asked of a service manager, whichever it is, and how its programs are run.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../log';
import { findProgram } from '../process/findProgram';
import { run, type RunResult } from '../process/run';
import { BootError } from './errors';
import type { BootMethod, BootSpec } from './spec';

export interface ServiceManager {
    readonly method: BootMethod;
    /** Where it is written; for cron the words for the user's crontab are the view's. */
    file(spec: BootSpec): string | undefined;
    /** What is written there. */
    text(spec: BootSpec): string;
    /** From files alone where that can be. */
    isInstalled(spec: Pick<BootSpec, 'root'>): Promise<boolean>;
    isRunning(spec: BootSpec): Promise<boolean>;
    /** Writes it, so that it starts with the computer from now on; starts nothing. @throws {BootError} */
    install(spec: BootSpec): Promise<void>;
    start(spec: BootSpec): Promise<void>;
    /** Until the next start of the computer. */
    stop(spec: BootSpec): Promise<void>;
    restart(spec: BootSpec): Promise<void>;
    /** Stops it, and leaves nothing of it. */
    remove(spec: BootSpec): Promise<void>;
}

const timeLimitMs = 30_000;

/** Programs in the environment of the user's own service manager. They are none of this editor's children: what they start stays. */
export class SystemPrograms {
    constructor(
        private readonly log: Log,
        readonly environment: NodeJS.ProcessEnv = process.env,
    ) {}

    async find(name: string): Promise<string | undefined> {
        return (await findProgram(name, this.environment['PATH'])) ?? findProgram(name, '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin');
    }

    /** Whatever its exit code; undefined if there is no such program. */
    async try(name: string, args: readonly string[], input?: string): Promise<RunResult | undefined> {
        const file = await this.find(name);
        const env = { ...this.environment, XDG_RUNTIME_DIR: this.environment['XDG_RUNTIME_DIR'] ?? `/run/user/${process.getuid?.() ?? 0}` };
        return file === undefined ? undefined : run({ file, args, cwd: '/', env }, { log: this.log, timeLimitMs, ...(input === undefined ? {} : { input }) });
    }

    /** Its standard output. @throws {BootError} `refused` with the program's words, if it ends with anything but 0 */
    async do(name: string, args: readonly string[], input?: string): Promise<string> {
        const result = await this.try(name, args, input);
        if (result?.code !== 0) {
            throw new BootError('refused', `${name} ${args.join(' ')} failed`, result === undefined ? `${name}: not found` : result.stderr || result.stdout);
        }
        return result.stdout;
    }
}

/** Replaces a configuration that others may read. */
export async function writeConfiguration(file: string, text: string): Promise<void> {
    await mkdir(path.dirname(file), { recursive: true });
    const draft = `${file}.new`;
    await writeFile(draft, text, { mode: 0o644 });
    await rename(draft, file);
}
