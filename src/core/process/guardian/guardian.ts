/**
 * This process's side of the guardian: a small program (src/guardian) that holds a pipe from here, and undoes what this process has begun
 * when the pipe closes, however it died. Editors never end an extension's children.
 *
 * The guardian is started with the first child. What is written to the pipe before it runs, or before we die, it reads all the same.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { messageOf } from '../../errors';
import type { Log } from '../../log';
import type { ChildRegistry, Guarded } from '../managedProcess';
import { formatGuardianMessage, type Cleanup } from './messages';
import { makeMark, ownerVariable } from './ownerMark';

export interface GuardianOptions {
    /** Absolute path of the guardian's bundle. */
    readonly program: string;
    /** What runs it: the editor's own runtime, which is Electron on a desktop and Node.js elsewhere. */
    readonly runtime?: string;
    readonly log: Log;
}

/** A guardian that dies is replaced after this long; twice as long each time, until one has lived for a minute. */
const firstWaitMs = 50;
const longestWaitMs = 30_000;
const goodLifeMs = 60_000;

export class Guardian implements ChildRegistry {
    readonly environment: Readonly<Record<string, string>>;
    readonly #mark = makeMark();
    readonly #records = new Map<number, Cleanup>();
    readonly #groups = new Map<number, number>();
    #nextId = 1;
    #child: ChildProcess | undefined;
    #waitMs = firstWaitMs;
    #timer: NodeJS.Timeout | undefined;
    #disposed = false;

    constructor(private readonly options: GuardianOptions) {
        this.environment = { [ownerVariable]: this.#mark };
    }

    /** The guardian's process id; undefined before the first child, and while it is being replaced. */
    get pid(): number | undefined {
        return this.#child?.pid;
    }

    add(processGroup: number, temporaryFolder?: string): void {
        this.#groups.set(processGroup, this.#set({ processGroup, ...(temporaryFolder === undefined ? {} : { folders: [temporaryFolder] }) }));
    }

    remove(processGroup: number): void {
        const id = this.#groups.get(processGroup);
        if (id !== undefined) {
            this.#groups.delete(processGroup);
            this.#drop(id);
        }
    }

    guard(cleanup: Cleanup): Guarded {
        const id = this.#set(cleanup);
        return { update: changed => void this.#set(changed, id), release: () => this.#drop(id) };
    }

    /** Lets go: what is still registered is undone by the guardian now. */
    dispose(): void {
        this.#disposed = true;
        clearTimeout(this.#timer);
        this.#child?.stdin?.end();
        this.#child = undefined;
    }

    #set(cleanup: Cleanup, id = this.#nextId++): number {
        this.#records.set(id, cleanup);
        if (this.#child === undefined) {
            // Sends all that is recorded.
            this.#start();
        } else {
            this.#child.stdin?.write(formatGuardianMessage({ type: 'set', id, cleanup }));
        }
        return id;
    }

    #drop(id: number): void {
        if (this.#records.delete(id)) {
            this.#child?.stdin?.write(formatGuardianMessage({ type: 'drop', id }));
        }
    }

    #start(): void {
        clearTimeout(this.#timer);
        this.#timer = undefined;
        if (this.#disposed) {
            return;
        }
        const { program, runtime = process.execPath, log } = this.options;
        const startedAt = performance.now();
        // A session of its own: neither a hang-up nor a signal to the editor's group reaches it.
        const child = spawn(runtime, [program], { cwd: '/', env: guardianEnvironment(), stdio: ['pipe', 'ignore', 'ignore'], detached: true, shell: false });
        this.#child = child;
        let isOver = false;
        const over = (why: string): void => {
            if (isOver || this.#child !== child) {
                return;
            }
            isOver = true;
            this.#child = undefined;
            this.#waitMs = performance.now() - startedAt > goodLifeMs ? firstWaitMs : this.#waitMs;
            log.warn(`The guardian ended (${why}); another is started in ${this.#waitMs} ms.`);
            this.#timer = setTimeout(() => this.#start(), this.#waitMs).unref();
            this.#waitMs = Math.min(longestWaitMs, this.#waitMs * 2);
        };
        child.on('error', error => over(messageOf(error)));
        child.on('exit', (code, signal) => over(signal ?? `exit code ${code ?? '?'}`));
        child.stdin.on('error', () => undefined);
        // Nothing of the guardian may keep this process alive.
        child.unref();
        if (child.stdin instanceof Socket) {
            child.stdin.unref();
        }
        if (child.pid !== undefined) {
            log.info(`[${child.pid}] ${runtime} ${program} (in /)`);
        }
        child.stdin.write(formatGuardianMessage({ type: 'owner', mark: this.#mark }));
        for (const [id, cleanup] of this.#records) {
            child.stdin.write(formatGuardianMessage({ type: 'set', id, cleanup }));
        }
    }
}

/** Little: the runtime must behave as Node.js, and the guardian must not carry the mark of those it ends. */
function guardianEnvironment(): NodeJS.ProcessEnv {
    const names = ['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'LD_LIBRARY_PATH'];
    const kept = names.flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
    return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1', LC_ALL: 'C.UTF-8' };
}
