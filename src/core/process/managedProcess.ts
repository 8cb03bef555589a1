/**
 * One running program: started with an argument array and never a shell, in a process group of its own, its output
 * read as lines, and ended together with all its descendants.
 *
 * `end()` asks with SIGTERM and, after `graceMs`, kills with SIGKILL, both to the whole group: git-annex and git start
 * helpers that don't notice that their parent has gone.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { StringDecoder } from 'node:string_decoder';
import { AnnexPeersError, messageOf } from '../errors';
import { Event } from '../event';
import type { Log } from '../log';
import type { Cleanup } from './guardian/messages';
import { LineSplitter } from './lines';

export interface Invocation {
    /** Absolute path of the program (see findProgram), never a name to be looked up. */
    readonly file: string;
    readonly args: readonly string[];
    readonly cwd: string;
    /** Added to, or with `undefined` removed from, the base environment. */
    readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Exit {
    /** The exit code, or null if a signal ended the program. */
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
}

/** Is told of every child's process group while it lives, so that it can be ended if this process dies first. */
export interface ChildRegistry {
    add(processGroup: number, temporaryFolder?: string): void;
    remove(processGroup: number): void;
    /** Set for every child, so that those that leave their group are known too. */
    readonly environment?: Readonly<Record<string, string>>;
    /** What else is to be undone if this process dies before it is released. */
    guard?(cleanup: Cleanup): Guarded;
}

/** Something that would be undone if this process died. */
export interface Guarded {
    update(cleanup: Cleanup): void;
    release(): void;
}

export interface StartOptions {
    readonly log: Log;
    readonly registry?: ChildRegistry;
    /** Ended and removed with the process: a private TMPDIR for programs that leave secrets behind. */
    readonly temporaryFolder?: string;
    /** Longest line kept, in characters; the rest of a longer line is dropped. */
    readonly maxLineLength?: number;
    /** Standard output comes as bytes, by {@link ManagedProcess.onStdoutBytes} alone: names in git need not be text. */
    readonly rawStdout?: boolean;
}

export type ProgramErrorReason = 'not-found' | 'not-executable' | 'spawn-failed';

const fixedEnvironment = { LC_ALL: 'C.UTF-8', LANGUAGE: undefined, GIT_TERMINAL_PROMPT: '0', GIT_PAGER: 'cat', GIT_EDITOR: 'true' } as const;

/** The environment for a program: this process's, a fixed locale, no prompts; `extra` wins. */
export function environmentFor(extra: Invocation['env'] = {}): NodeJS.ProcessEnv {
    const environment: NodeJS.ProcessEnv = { ...process.env, ...fixedEnvironment, ...extra };
    // The extension host's own variables would change what a child Electron or Node.js does.
    for (const name of Object.keys(environment)) {
        if (environment[name] === undefined || (/^(?:VSCODE_|ELECTRON_)/u.test(name) && !(name in extra))) {
            // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a fresh copy, made to be pruned
            delete environment[name];
        }
    }
    return environment;
}

export class ManagedProcess {
    readonly onStdoutLine = new Event<string>();
    readonly onStderrLine = new Event<string>();
    /** Raw text as it comes, for prompts that don't end with a line break. */
    readonly onStdoutText = new Event<string>();
    /** Standard output as it comes, where it was asked for as bytes. */
    readonly onStdoutBytes = new Event<Buffer>();
    /** Resolves once the program has ended and its output was read; never rejects after a successful spawn. */
    readonly exited: Promise<Exit>;
    readonly startedAt = performance.now();
    #child: ChildProcessWithoutNullStreams;
    #exit: Exit | undefined;

    private constructor(child: ChildProcessWithoutNullStreams, invocation: Invocation, options: StartOptions) {
        this.#child = child;
        const { log, registry } = options;
        const shown = [invocation.file, ...invocation.args].join(' ');
        const pid = child.pid ?? -1;
        registry?.add(pid, options.temporaryFolder);
        log.info(`[${pid}] ${shown} (in ${invocation.cwd})`);
        if (options.rawStdout === true) {
            child.stdout.on('data', (chunk: Buffer) => this.onStdoutBytes.fire(chunk));
            child.stdout.on('error', () => undefined);
        } else {
            readLines(child.stdout, this.onStdoutLine, this.onStdoutText, options.maxLineLength);
        }
        readLines(child.stderr, this.onStderrLine, undefined, options.maxLineLength);
        // A program that ends before it has read its input is not an error of ours.
        child.stdin.on('error', () => undefined);
        this.exited = new Promise(resolve => {
            child.on('close', (code, signal) => {
                this.#exit = { code, signal };
                registry?.remove(pid);
                log.info(`[${pid}] ended with ${signal ?? `exit code ${code ?? '?'}`} after ${Math.round(performance.now() - this.startedAt)} ms`);
                resolve(this.#exit);
            });
        });
    }

    /** Starts the program. @throws {AnnexPeersError<ProgramErrorReason>} if it can't be started. */
    static async start(invocation: Invocation, options: StartOptions): Promise<ManagedProcess> {
        try {
            return await ManagedProcess.#spawn(invocation, options);
        } catch (error) {
            const failure = error instanceof AnnexPeersError ? error : spawnError(error, invocation);
            options.log.warn(`${[invocation.file, ...invocation.args].join(' ')} (in ${invocation.cwd}) could not be started: ${failure.detail}`);
            throw failure;
        }
    }

    /** Some failures, such as arguments that are too long, are thrown, others come as an event. */
    static async #spawn(invocation: Invocation, options: StartOptions): Promise<ManagedProcess> {
        const { temporaryFolder, registry } = options;
        const child = spawn(invocation.file, [...invocation.args], {
            cwd: invocation.cwd,
            env: environmentFor({ ...invocation.env, ...(temporaryFolder === undefined ? {} : { TMPDIR: temporaryFolder }), ...registry?.environment }),
            stdio: ['pipe', 'pipe', 'pipe'],
            detached: true,
            shell: false,
        });
        const managed = child.pid === undefined ? undefined : new ManagedProcess(child, invocation, options);
        await once(child, 'spawn');
        if (managed === undefined) {
            throw new AnnexPeersError<ProgramErrorReason>('spawn-failed', `${invocation.file} could not be started`, 'it has no process id');
        }
        return managed;
    }

    get pid(): number {
        return this.#child.pid ?? -1;
    }

    get exit(): Exit | undefined {
        return this.#exit;
    }

    /** Writes to the program's input. */
    write(data: string | Uint8Array): void {
        if (this.#child.stdin.writable) {
            this.#child.stdin.write(data);
        }
    }

    /** Closes the program's input. */
    closeInput(): void {
        this.#child.stdin.end();
    }

    /** Ends the program and all its descendants; resolves when it has gone. */
    async end(graceMs = 2000): Promise<Exit> {
        this.#signal('SIGTERM');
        const timer = setTimeout(() => this.#signal('SIGKILL'), graceMs);
        try {
            return await this.exited;
        } finally {
            clearTimeout(timer);
            // Descendants that outlived the group's leader.
            this.#signal('SIGKILL');
        }
    }

    /** Kills the whole group at once. */
    kill(): void {
        this.#signal('SIGKILL');
    }

    #signal(signal: NodeJS.Signals): void {
        try {
            process.kill(-this.pid, signal);
        } catch {
            // ESRCH: nothing of the group is left.
        }
    }
}

function spawnError(error: unknown, invocation: Invocation): AnnexPeersError<ProgramErrorReason> {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reason = code === 'ENOENT' ? 'not-found' : code === 'EACCES' ? 'not-executable' : 'spawn-failed';
    return new AnnexPeersError<ProgramErrorReason>(reason, `${invocation.file} could not be started in ${invocation.cwd}`, messageOf(error), { cause: error });
}

function readLines(stream: NodeJS.ReadableStream, lines: Event<string>, text: Event<string> | undefined, maxLineLength?: number): void {
    const decoder = new StringDecoder('utf8');
    const splitter = new LineSplitter(line => lines.fire(line), maxLineLength);
    stream.on('data', (chunk: Buffer) => {
        const decoded = decoder.write(chunk);
        text?.fire(decoded);
        splitter.push(decoded);
    });
    stream.on('end', () => {
        splitter.push(decoder.end());
        splitter.end();
    });
    stream.on('error', () => splitter.end());
}
