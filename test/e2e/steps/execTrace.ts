/**
 * Every program that an editor's extension hosts and their descendants start, as strace(1) saw it from the editor's start:
 * nothing that was started in between two looks is missed.
 */
import { ownerVariable } from '../../../src/core/process/guardian/ownerMark';
import type { Computer } from '../../rig/computers/computer';
import type { RunAs } from '../../rig/editor/computerHost';
import { waitFor } from '../../rig/wait';

export const traceFile = '/root/editor.strace';

/**
 * Runs the editor's command line. A filter in the kernel (seccomp) keeps all other system calls at full speed; the price is
 * that nothing below it can gain rights, by sudo for one. The trace is root's, where the editor's person doesn't see it.
 */
export const traceEditor: RunAs = user => ['strace', '-u', user, '-f', '--seccomp-bpf', '-qq', '-A', '-s', '4096', '-v', '-e', 'trace=execve,execveat,clone,clone3,fork,vfork', '-e', 'signal=none', '-o', traceFile];

export interface Started {
    readonly pid: number;
    /** The nearest process above that was an extension host; undefined if none was. */
    readonly extensionHost: number | undefined;
    /** Whether that extension host started it itself, and not a program that it had started. */
    readonly direct: boolean;
    /** Whether it carries the extension's mark in its environment. */
    readonly marked: boolean;
    readonly program: string;
    readonly args: readonly string[];
}

/** A C string as strace writes it. */
function unquote(text: string): string {
    return text.replace(/\\(?:([0-7]{1,3})|x([0-9a-f]{2})|(.))/gsu, (_all, octal?: string, hex?: string, plain?: string) => {
        if (octal !== undefined) {
            return String.fromCharCode(Number.parseInt(octal, 8));
        }
        return hex !== undefined ? String.fromCharCode(Number.parseInt(hex, 16)) : ({ n: '\n', t: '\t', r: '\r', v: '\v', f: '\f' })[plain ?? ''] ?? plain ?? '';
    });
}

const quoted = /"((?:[^"\\]|\\.)*)"(?:\.\.\.)?/gsu;

/** Calls whose line was interrupted by another process's are put together again. */
function wholeCalls(trace: string): { readonly pid: number; readonly call: string }[] {
    const calls: { pid: number; call: string }[] = [];
    const open = new Map<number, { pid: number; call: string }>();
    for (const line of trace.split('\n')) {
        const [, number, text] = /^(\d+) +(.*)$/su.exec(line) ?? [];
        if (number === undefined || text === undefined) {
            continue;
        }
        const pid = Number(number);
        const resumed = /^<\.\.\. \w+ resumed>(.*)$/su.exec(text)?.[1];
        const begun = open.get(pid);
        if (resumed !== undefined && begun !== undefined) {
            begun.call += resumed;
            open.delete(pid);
            continue;
        }
        const entry = { pid, call: text.replace(/ ?<unfinished \.\.\.>$/u, '') };
        calls.push(entry);
        if (entry.call !== text) {
            open.set(pid, entry);
        }
    }
    return calls;
}

/** The programs that were started, in order, in a trace made with {@link traceEditor}; tries that failed are left out. */
export function startedIn(trace: string): Started[] {
    const calls = wholeCalls(trace);
    const parents = new Map<number, number>();
    for (const { pid, call } of calls) {
        const child = /^(?:clone|clone3|fork|vfork)\(.*\)\s+= (\d+)$/su.exec(call)?.[1];
        if (child !== undefined) {
            parents.set(Number(child), pid);
        }
    }
    const hosts = new Set<number>();
    const hostOf = (pid: number): number | undefined => {
        for (let at: number | undefined = pid; at !== undefined; at = parents.get(at)) {
            if (hosts.has(at)) {
                return at;
            }
        }
        return undefined;
    };
    const executed = new Set<number>();
    const isDirect = (pid: number): boolean => {
        let at = executed.has(pid) ? undefined : parents.get(pid);
        while (at !== undefined && !executed.has(at)) {
            at = parents.get(at);
        }
        return at !== undefined && hosts.has(at);
    };
    const started: Started[] = [];
    for (const { pid, call } of calls) {
        const [, program, list] = /^execve(?:at\([^"]*|\()"((?:[^"\\]|\\.)*)", \[((?:"(?:[^"\\]|\\.)*"(?:\.\.\.)?(?:, )?)*)(?:\.\.\.)?\], .*\)\s+= 0$/su.exec(call) ?? [];
        if (program === undefined || list === undefined) {
            if (/^execve.*\s= 0$/su.test(call)) {
                throw new Error(`a program was started, and its line is not understood: ${call.slice(0, 500)}`);
            }
            continue;
        }
        const args = [...list.matchAll(quoted)].map(([, text = '']) => unquote(text));
        started.push({ pid, extensionHost: hostOf(pid), direct: isDirect(pid), marked: call.includes(`"${ownerVariable}=`), program: unquote(program), args });
        executed.add(pid);
        if (args.includes('--type=extensionHost')) {
            hosts.add(pid);
        }
    }
    return started;
}

export class ExecTrace {
    #seen = 0;

    constructor(private readonly computer: Computer) {}

    /** Everything that was written down, environments too. */
    async text(): Promise<string> {
        return this.computer.readFile(traceFile);
    }

    /** What extension hosts and their descendants have started since the last look; `all` also counts what was seen before. */
    async started(all = false): Promise<readonly Started[]> {
        const everything = startedIn(await this.computer.readFile(traceFile)).filter(({ extensionHost }) => extensionHost !== undefined);
        const from = all ? 0 : this.#seen;
        this.#seen = everything.length;
        return everything.slice(from);
    }

    /** Resolves once an extension host runs: what it starts is traced. */
    async watchesExtensionHost(): Promise<void> {
        await waitFor(async () => startedIn(await this.computer.readFile(traceFile)).some(({ args }) => args.includes('--type=extensionHost')), { what: 'an extension host in the trace', limitMs: 30_000 });
    }
}
