// Brings a fresh clone to where it can be built and run: Node.js dependencies, system packages, compiled tests and rig,
// the tests' VS Code. What was done already is not done again, and what will be installed is said first.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { askForRoot, forTheRig } from './root.mjs';
import { CommandError, isStopping, projectRoot, run, timed } from './tools.mjs';

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

/** Compiled code of the project. */
export async function compiled(file) {
    const module = await import(path.join(projectRoot, 'out', file));
    return module.default ?? module;
}

/**
 * What the rig and the tests' VS Code need: Debian's packages, installed as root or through sudo, the editors, and unless it
 * is not `wanted` the rig's root. Gives back why the rig can't run here, and why the tests' VS Code can't, in words;
 * undefined for what can.
 */
export async function prepareRig({ wanted = true } = {}) {
    const missing = await prepareSystem();
    const editor = await prepareEditors();
    return { rig: wanted ? await rigRefused() ?? missing ?? editor : undefined, editor };
}

/** Installs the system's packages that are missing, wherever that can be done; says, and gives back, which stay missing elsewhere. */
export async function prepareSystem() {
    const { installPackages } = await compiled('test/rig/system/packages.js');
    try {
        await installPackages(line => console.log(line), installer);
        return undefined;
    } catch (error) {
        if (isStopping()) {
            throw error;
        }
        console.warn(error.message);
        return error.message;
    }
}

/** Why there can be no rig on this system. */
async function rigRefused() {
    const { rigSupport } = await compiled('test/rig/system/support.js');
    const support = await rigSupport();
    return support.kind === 'none' ? support.why : await askForRoot(forTheRig);
}

/** Runs an installer where it can ask for a password, and where Ctrl-C reaches it. */
async function installer([program, ...args]) {
    const cannot = await askForRoot('to install packages');
    if (cannot !== undefined) {
        throw new CommandError(cannot);
    }
    await run(program, args, { attached: process.getuid?.() !== 0 });
}

async function prepareEditors() {
    const { EditorUnsupportedError, installEditor, editorVersions } = await compiled('test/rig/editor/install.js');
    const log = { debug() {}, info: line => line.startsWith('Installing') && console.log(line), warn: console.warn, error: console.error };
    try {
        await timed('VS Code for the tests', () => Promise.all(Object.values(editorVersions).map(version => installEditor(version, log))));
        return undefined;
    } catch (error) {
        if (error instanceof EditorUnsupportedError) {
            return error.message;
        }
        throw error;
    }
}
