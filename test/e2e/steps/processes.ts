/** What runs on a computer because of the extension, and whether it still does. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ownerVariable } from '../../../src/core/process/guardian/ownerMark';
import type { Computer } from '../../rig/computers/computer';

export interface Seen {
    readonly pid: number;
    readonly parent: number;
    /** With the process id it names one process for ever. */
    readonly startTime: string;
    readonly args: string;
    readonly isMarked: boolean;
}

/** Everything that runs on the computer, root's too; process ids as the computer numbers them. */
async function everything(computer: Computer): Promise<readonly Seen[]> {
    const proc = computer.hostPath('/proc');
    const read = async (pid: string, name: string): Promise<string> => readFile(path.join(proc, pid, name), 'latin1').catch(() => '');
    const pids = (await readdir(proc)).filter(name => /^\d+$/u.test(name));
    const seen = await Promise.all(pids.map(async pid => {
        const [stat, args, environment] = await Promise.all([read(pid, 'stat'), read(pid, 'cmdline'), read(pid, 'environ')]);
        const [state = 'Z', parent = '', ...more] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        // A zombie has ended.
        return state === 'Z' || state === 'X' ? [] : [{ pid: Number(pid), parent: Number(parent), startTime: more[17] ?? '', args: args.replaceAll('\0', ' ').trim(), isMarked: environment.includes(`${ownerVariable}=`) }];
    }));
    return seen.flat();
}

/** The guardian, what carries its mark, what runs git-annex, and all their descendants: those of root in a terminal, too. */
export async function startedByExtension(computer: Computer): Promise<readonly Seen[]> {
    const all = await everything(computer);
    const found = new Set(all.filter(({ isMarked, args }) => isMarked || /\/dist\/(?:guardian|wormhole)\.js|git-annex|git-remote-tor-annex/u.test(args)));
    for (let before = -1; before < found.size;) {
        before = found.size;
        const pids = new Set([...found].map(({ pid }) => pid));
        all.filter(({ parent }) => pids.has(parent)).forEach(child => found.add(child));
    }
    return [...found];
}

/** Those of them that still run. */
export async function stillRunning(computer: Computer, processes: readonly Seen[]): Promise<readonly Seen[]> {
    const now = new Set((await everything(computer)).map(({ pid, startTime }) => `${pid} ${startTime}`));
    return processes.filter(({ pid, startTime }) => now.has(`${pid} ${startTime}`));
}

/** Process ids of the computer's programs whose command line matches. */
export async function running(computer: Computer, pattern: RegExp): Promise<readonly number[]> {
    return (await everything(computer)).filter(({ args }) => pattern.test(args)).map(({ pid }) => pid);
}

export async function kill(computer: Computer, pids: readonly number[], signal = 'KILL'): Promise<void> {
    if (pids.length === 0) {
        throw new Error(`${computer.name}: nothing to send ${signal} to`);
    }
    await computer.execOrThrow(['kill', `-${signal}`, ...pids.map(String)], { as: 'root' });
}
