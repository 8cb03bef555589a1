/**
 * The remote daemons that run in a repository, whoever started them. Only where there is a /proc; elsewhere none are seen.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';

/** Process ids, in ascending order; those of other users can't be looked at. */
export async function daemonsOf(root: string, proc = '/proc'): Promise<readonly number[]> {
    const names = await readdir(proc).catch(() => []);
    const pids = await Promise.all(
        names.filter(name => /^\d+$/u.test(name)).map(async name => {
            const args = await argumentsOf(Number(name), proc);
            if (!isRemoteDaemon(args)) {
                return [];
            }
            const cwd = await readlink(path.join(proc, name, 'cwd')).catch(() => '');
            return cwd !== '' && belongsTo(root, cwd) ? [Number(name)] : [];
        }),
    );
    return pids.flat().sort((a, b) => a - b);
}

/** Whether a folder is of the repository at `root`, and not of another one that lies in it. */
function belongsTo(root: string, folder: string): boolean {
    for (let current = folder; ; current = path.dirname(current)) {
        if (current === root) {
            return true;
        }
        if (current === path.dirname(current) || existsSync(path.join(current, '.git'))) {
            return false;
        }
    }
}

/** `git-annex remotedaemon`, also by `git annex` and in the bundle's own folder. */
export function isRemoteDaemon(args: readonly string[]): boolean {
    return path.basename(args[0] ?? '').startsWith('git-annex') && args[1] === 'remotedaemon';
}

/** The command line of the process that started this one; empty where that can't be seen. */
export async function startedBy(pid: number, proc = '/proc'): Promise<readonly string[]> {
    const status = await readFile(path.join(proc, String(pid), 'status'), 'utf8').catch(() => '');
    const parent = Number(/^PPid:\s*(\d+)$/mu.exec(status)?.[1] ?? 0);
    return parent === 0 ? [] : argumentsOf(parent, proc);
}

async function argumentsOf(pid: number, proc: string): Promise<readonly string[]> {
    const command = await readFile(path.join(proc, String(pid), 'cmdline'), 'utf8').catch(() => '');
    return command.replace(/\0$/u, '').split('\0');
}
