// What the project's commands share. Plain Node.js without dependencies: it runs before they are installed.
import { spawn } from 'node:child_process';
import path from 'node:path';

export const projectRoot = path.resolve(import.meta.dirname, '../..');

/** Names an expected failure: its message is printed without a stack. */
export class CommandError extends Error {}

/** Process groups of the children that are running now. */
const groups = new Set();
let stopping = false;

/** Whether Ctrl-C or a signal has asked this command to end. */
export function isStopping() {
    return stopping;
}

/**
 * Runs a program in the project's folder to its end, its output going where this command's goes.
 * `quiet` keeps the output back unless it fails; `allowFailure` gives back the exit code instead of throwing.
 */
export async function run(file, args, { env = {}, quiet = false, allowFailure = false } = {}) {
    if (stopping) {
        throw new CommandError('Stopped');
    }
    const child = spawn(file, args, { cwd: projectRoot, env: { ...process.env, ...env }, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'], detached: true });
    const output = [];
    child.stdout?.on('data', chunk => output.push(chunk));
    child.stderr?.on('data', chunk => output.push(chunk));
    if (child.pid !== undefined) {
        groups.add(child.pid);
    }
    const code = await new Promise((resolve, reject) => {
        child.once('error', error => reject(new CommandError(`${file} could not be started: ${error.message}`)));
        child.once('close', (exitCode, signal) => resolve(exitCode ?? signal ?? 1));
    }).finally(() => {
        if (child.pid !== undefined) {
            // Whatever of its group outlived it.
            signalGroup(child.pid, 'SIGKILL');
            groups.delete(child.pid);
        }
    });
    if (code !== 0 && (!allowFailure || stopping)) {
        process.stderr.write(Buffer.concat(output));
        throw new CommandError(stopping ? 'Stopped' : `${path.basename(file)} ${args.join(' ')} ended with ${code}`);
    }
    return code;
}

/** Does something, and says how long it took. */
export async function timed(what, action) {
    const start = performance.now();
    const result = await action();
    console.log(`[${((performance.now() - start) / 1000).toFixed(1)} s] ${what}`);
    return result;
}

/** Ends the children on Ctrl-C and signals; they get `graceMs` to take down what they have built. */
export function endChildrenWithThisCommand(graceMs = 20_000) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
        process.on(signal, () => {
            const again = stopping;
            stopping = true;
            for (const group of groups) {
                signalGroup(group, again ? 'SIGKILL' : 'SIGTERM');
            }
            setTimeout(() => groups.forEach(group => signalGroup(group, 'SIGKILL')), graceMs).unref();
        });
    }
    process.on('exit', () => groups.forEach(group => signalGroup(group, 'SIGKILL')));
}

function signalGroup(group, signal) {
    try {
        process.kill(-group, signal);
    } catch {
        // Nothing of it is left.
    }
}

/** Runs a command's main function; an expected failure is printed as a sentence. */
export async function command(main) {
    try {
        process.exitCode = await main() ?? 0;
    } catch (error) {
        console.error(error instanceof CommandError ? error.message : error);
        process.exitCode = 1;
    }
}
