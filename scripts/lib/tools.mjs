// What the project's commands share. Plain Node.js without dependencies: it runs before they are installed.
import { spawn } from 'node:child_process';
import path from 'node:path';

export const projectRoot = path.resolve(import.meta.dirname, '../..');

/** Within this time two signals are one. */
const sameSignalMs = 1000;

/** Names an expected failure: its message is printed without a stack. */
export class CommandError extends Error {}

/** Process groups of the children that are running now. */
const groups = new Set();
/** Standard inputs of children that end when they are closed: all that this command can do to root's. */
const lifelines = new Set();
let stopping = false;

/** Whether Ctrl-C or a signal has asked this command to end. */
export function isStopping() {
    return stopping;
}

/**
 * Runs a program in the project's folder to its end, its output going where this command's goes.
 *
 * - `quiet` keeps the output back unless it fails
 * - `allowFailure` gives back the exit code instead of throwing
 * - `attached` leaves it in the terminal's foreground, where it can ask for a password and where Ctrl-C reaches it by itself
 * - `lifeline` gives it a standard input that ends when it is to end (see lifeline.cjs)
 */
export async function run(file, args, { env = {}, quiet = false, allowFailure = false, attached = false, lifeline = false } = {}) {
    if (stopping) {
        throw new CommandError('Stopped');
    }
    const output = quiet ? 'pipe' : 'inherit';
    const child = spawn(file, args, { cwd: projectRoot, env: { ...process.env, ...env }, stdio: [lifeline ? 'pipe' : attached ? 'inherit' : 'ignore', output, output], detached: !attached });
    const kept = [];
    child.stdout?.on('data', chunk => kept.push(chunk));
    child.stderr?.on('data', chunk => kept.push(chunk));
    // A child that has ended already can't be told to.
    child.stdin?.on('error', () => undefined);
    const group = attached ? undefined : child.pid;
    if (group !== undefined) {
        groups.add(group);
    }
    if (child.stdin !== null) {
        lifelines.add(child.stdin);
    }
    const code = await new Promise((resolve, reject) => {
        child.once('error', error => reject(new CommandError(`${file} could not be started: ${error.message}`)));
        child.once('close', (exitCode, signal) => resolve(exitCode ?? signal ?? 1));
    }).finally(() => {
        lifelines.delete(child.stdin);
        if (group !== undefined) {
            // Whatever of its group outlived it.
            signalGroup(group, 'SIGKILL');
            groups.delete(group);
        }
    });
    // sudo may take Ctrl-C from the terminal for its program alone.
    stopping ||= attached && (code === 'SIGINT' || code === 130);
    if (code !== 0 && (!allowFailure || stopping)) {
        process.stderr.write(Buffer.concat(kept));
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
    let since = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
        process.on(signal, () => {
            // npm passes on the Ctrl-C that the terminal has given to this command already.
            const again = stopping && performance.now() - since > sameSignalMs;
            since = performance.now();
            stopping = true;
            lifelines.forEach(lifeline => lifeline.end());
            groups.forEach(group => signalGroup(group, again ? 'SIGKILL' : 'SIGTERM'));
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
