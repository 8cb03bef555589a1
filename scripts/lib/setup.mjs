// Brings a fresh clone to where it can be built and run: Node.js dependencies, system packages, compiled tests and rig,
// the tests' VS Code. What was done already is not done again, and what will be installed is said first.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandError, projectRoot, run, timed } from './tools.mjs';

const oldestNode = [20, 19, 0];

/** Throws unless this Node.js is new enough, in words that a user of an old one can act on. */
export function checkNode(version = process.versions.node) {
    const parts = version.split('.').map(Number);
    const difference = oldestNode.map((oldest, index) => (parts[index] ?? 0) - oldest).find(value => value !== 0) ?? 0;
    if (difference < 0) {
        throw new CommandError(`Node.js ${oldestNode.join('.')} or newer is needed; this is ${version}.`);
    }
}

/** Installs the dependencies if package-lock.json says something else than what was installed last. */
export async function installDependencies() {
    const lock = await readFile(path.join(projectRoot, 'package-lock.json'));
    const wanted = createHash('sha256').update(lock).digest('hex');
    const stamp = path.join(projectRoot, 'node_modules/.annex-peers-installed');
    if (await readFile(stamp, 'utf8').catch(() => '') === wanted) {
        return;
    }
    if (await matchesInstalled(lock)) {
        await writeFile(stamp, wanted);
        return;
    }
    console.log('Installing the Node.js dependencies: npm ci');
    await timed('npm ci', () => run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']));
    await writeFile(stamp, wanted);
}

/** Whether npm's own record of what is installed says the same versions as the lock file (optional ones aside). */
async function matchesInstalled(lock) {
    try {
        const installed = JSON.parse(await readFile(path.join(projectRoot, 'node_modules/.package-lock.json'), 'utf8')).packages;
        const wanted = Object.entries(JSON.parse(lock).packages).filter(([name, entry]) => name !== '' && !entry.optional);
        return wanted.every(([name, entry]) => installed[name]?.version === entry.version && existsSync(path.join(projectRoot, name)));
    } catch {
        return false;
    }
}

/** Type checks and compiles everything but the pages into out/. Gives back whether it was free of errors. */
export async function compile() {
    await mkdir(path.join(projectRoot, '.rig'), { recursive: true });
    return await timed('type check', () => run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], { allowFailure: true })) === 0;
}

/** Removes compiled files whose source is gone, so that no test of the past is run. */
export async function removeStale() {
    const out = path.join(projectRoot, 'out');
    for (const name of await readdir(out, { recursive: true }).catch(() => [])) {
        const source = /^(.*)\.js(?:\.map)?$/u.exec(name)?.[1];
        if (source !== undefined && !existsSync(path.join(projectRoot, `${source}.ts`))) {
            await rm(path.join(out, name));
        }
    }
}

/** The command line that runs `args` as root, through sudo if this isn't root; `env` goes with it. */
export function privileges(asRoot, args, env = {}) {
    if (!asRoot || process.getuid?.() === 0) {
        return args;
    }
    // sudo keeps its own environment.
    const kept = Object.entries({ PATH: process.env.PATH, CI: process.env.CI, CHROMIUM: process.env.CHROMIUM, ...env }).filter(([, value]) => value !== undefined);
    return ['sudo', 'env', ...kept.map(([name, value]) => `${name}=${value}`), ...args];
}

/** Compiled code of the project. */
export async function compiled(file) {
    const module = await import(path.join(projectRoot, 'out', file));
    return module.default ?? module;
}

/**
 * What the rig needs from the system: installs Debian's packages (as root or through sudo) and the editors.
 * Gives back undefined, or why the rig can't run on this system.
 */
export async function prepareRig(versions) {
    const cannot = await prepareSystem();
    if (cannot === undefined) {
        await prepareEditors(versions);
    }
    return cannot;
}

/** Installs the system's packages that are missing; gives back why it can't, in words, where it can't. */
export async function prepareSystem() {
    const { rigSupport } = await compiled('test/rig/system/support.js');
    const support = await rigSupport();
    if (support.kind === 'none') {
        return support.why;
    }
    const { installPackages } = await compiled('test/rig/system/packages.js');
    await installPackages(line => console.log(line));
    return undefined;
}

async function prepareEditors(versions) {
    const { installEditor, editorVersions } = await compiled('test/rig/editor/install.js');
    const log = { debug() {}, info: line => line.startsWith('Installing') && console.log(line), warn: console.warn, error: console.error };
    await timed('VS Code for the tests', () => Promise.all((versions ?? Object.values(editorVersions)).map(version => installEditor(version, log))));
}
