/**
 * Real repositories on this disk for the tests of sync: made with the real git and git-annex, thrown away afterwards.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { RepositoryContext } from '../../../../src/core/annex/context';
import { silentLog, type Log } from '../../../../src/core/log';
import { findProgram } from '../../../../src/core/process/findProgram';
import type { SyncPeer } from '../../../../src/core/sync';

const execute = promisify(execFile);

/** A program's output; a failure has it, too, in the error's message. */
export async function sh(folder: string, file: string, ...args: string[]): Promise<string> {
    const { stdout } = await execute(file, args, { cwd: folder, maxBuffer: 1 << 28, env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    return stdout;
}

export async function git(folder: string, ...args: string[]): Promise<string> {
    return sh(folder, 'git', ...args);
}

export async function annex(folder: string, ...args: string[]): Promise<string> {
    return sh(folder, 'git', 'annex', ...args);
}

/** Runs it, whatever its exit code. */
export async function attempt(work: Promise<unknown>): Promise<boolean> {
    return work.then(() => true, () => false);
}

export async function temporaryFolder(): Promise<string> {
    return realpath(await mkdtemp(path.join(tmpdir(), 'annex-peers-sync-')));
}

/** git-annex makes its objects read-only. */
export async function removeFolder(folder: string): Promise<void> {
    await sh('/', 'chmod', '-R', 'u+w', folder);
    await rm(folder, { recursive: true, force: true });
}

async function configure(folder: string, name: string): Promise<void> {
    await git(folder, 'config', 'user.name', name);
    await git(folder, 'config', 'user.email', `${name}@example.org`);
    await git(folder, 'config', 'commit.gpgsign', 'false');
    await git(folder, 'config', 'gc.auto', '0');
}

/** A new repository with git-annex set up and no commit. */
export async function newRepository(parent: string, name: string): Promise<string> {
    const folder = path.join(parent, name);
    await git(parent, 'init', '--quiet', '--initial-branch=master', folder);
    await configure(folder, name);
    await annex(folder, 'init', '--quiet', name);
    return folder;
}

/** A clone with git-annex set up; the remote is called as the folder it came from. */
export async function cloneRepository(parent: string, from: string, name: string): Promise<string> {
    const folder = path.join(parent, name);
    await git(parent, 'clone', '--quiet', '--origin', path.basename(from), from, folder);
    await configure(folder, name);
    await annex(folder, 'init', '--quiet', name);
    return folder;
}

/** Makes the two each other's remote. */
export async function introduce(a: string, b: string): Promise<void> {
    for (const [here, there] of [[a, b], [b, a]] as const) {
        const name = path.basename(there);
        if (!await attempt(git(here, 'remote', 'get-url', name))) {
            await git(here, 'remote', 'add', name, there);
        }
        await git(here, 'config', `remote.${name}.annex-uuid`, await uuidOf(there));
    }
}

export async function uuidOf(folder: string): Promise<string> {
    return (await git(folder, 'config', 'annex.uuid')).trim();
}

export async function contextOf(folder: string, log: Log = silentLog): Promise<RepositoryContext> {
    const [gitPath, annexPath] = await Promise.all([findProgram('git'), findProgram('git-annex')]);
    if (gitPath === undefined || annexPath === undefined) {
        throw new Error('these tests need git and git-annex');
    }
    const gitDir = (await git(folder, 'rev-parse', '--path-format=absolute', '--git-common-dir')).trim();
    return { root: folder, gitDir, uuid: await uuidOf(folder), programs: { git: gitPath, gitAnnex: annexPath }, log };
}

export async function peerOf(folder: string): Promise<SyncPeer> {
    return { name: path.basename(folder), uuid: await uuidOf(folder) };
}

export async function put(folder: string, file: string, content: string | Buffer): Promise<void> {
    const full = path.join(folder, file);
    await sh(folder, 'mkdir', '-p', path.dirname(full));
    await rm(full, { force: true });
    await writeFile(full, content);
}

/** A file's content, through git-annex's link; undefined if it isn't there. */
export async function contentOf(folder: string, file: string): Promise<string | undefined> {
    return readFile(path.join(folder, file), 'utf8').catch(() => undefined);
}

/** Adds, commits. */
export async function addAndCommit(folder: string, message: string): Promise<void> {
    await annex(folder, 'add', '--quiet', '.');
    await git(folder, 'commit', '--quiet', '--allow-empty', '-m', message);
}
