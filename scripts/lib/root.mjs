// Runs programs as root, through sudo where this command's user isn't root: the password is asked for once, and sudo is kept
// from forgetting it while this command runs.
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, open } from 'node:fs/promises';
import path from 'node:path';
import { CommandError, projectRoot, run } from './tools.mjs';

/** Less than the shortest time that systems let sudo remember a password (5 minutes in sudo's own settings). */
const keepMs = 120_000;
/** What root is needed for, as the end of a sentence. */
export const forTheRig = 'for computers on a network of their own on this machine';
/** What was found of sudo: undefined if it lets this user be root, else why it doesn't, in words. */
let answer;

/**
 * Sees to it that programs can be run as root: asks for the password of sudo in the terminal, if sudo wants one, and says
 * what for. Gives back undefined, or why it can't be, in a sentence. Asks once; later calls give back the same.
 */
export function askForRoot(what) {
    answer ??= ask(what);
    return answer;
}

async function ask(what) {
    if (process.getuid?.() === 0) {
        return undefined;
    }
    if (!await isThere('sudo')) {
        return 'This needs root, and there is no sudo here to become root with.';
    }
    if (await sudoRemembers()) {
        keepRemembering();
        return undefined;
    }
    if (!await hasTerminal()) {
        return 'This needs root, sudo asks for a password, and there is no terminal to type it in. Run it in a terminal, or as root.';
    }
    console.log(`Root is needed ${what}: sudo asks for your password, once.`);
    if (await run('sudo', ['--', 'true'], { allowFailure: true, attached: true }) !== 0) {
        return 'This needs root, and sudo did not let you become root.';
    }
    keepRemembering();
    return undefined;
}

/** Runs a Node.js program as root to its end, as `run` does; it ends when this command does. */
export async function runAsRoot(args, { env = {}, ...options } = {}) {
    const why = await askForRoot(forTheRig);
    if (why !== undefined) {
        throw new CommandError(why);
    }
    const command = [process.execPath, '--require', path.join(projectRoot, 'scripts/lib/lifeline.cjs'), ...args];
    const [program, ...rest] = throughSudo(command, env);
    return await run(program, rest, { env, ...options, attached: program === 'sudo', lifeline: true });
}

/** The command line that runs `command` as root, through sudo if this isn't root; `env` goes with it. */
export function throughSudo(command, env = {}, uid = process.getuid?.()) {
    if (uid === 0) {
        return command;
    }
    // sudo keeps its own environment.
    const kept = Object.entries({ PATH: process.env.PATH, CI: process.env.CI, CHROMIUM: process.env.CHROMIUM, ...env }).filter(([, value]) => value !== undefined);
    return ['sudo', '--', 'env', ...kept.map(([name, value]) => `${name}=${value}`), ...command];
}

async function isThere(name) {
    const folders = (process.env.PATH ?? '').split(path.delimiter).filter(folder => folder !== '');
    return (await Promise.all(folders.map(folder => access(path.join(folder, name), constants.X_OK).then(() => true, () => false)))).includes(true);
}

/** Whether sudo runs something without asking now; a terminal's other commands may have told it the password. */
async function sudoRemembers() {
    const child = spawn('sudo', ['--non-interactive', '--', 'true'], { stdio: 'ignore' });
    return await new Promise(resolve => child.once('error', () => resolve(false)).once('close', code => resolve(code === 0)));
}

function keepRemembering() {
    setInterval(() => void sudoRemembers(), keepMs).unref();
}

async function hasTerminal() {
    // Where sudo asks: the terminal that this process belongs to, wherever its input and output go.
    const terminal = await open('/dev/tty', 'r+').catch(() => undefined);
    await terminal?.close();
    return terminal !== undefined || process.env.SUDO_ASKPASS !== undefined;
}
