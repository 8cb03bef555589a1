/**
 * Finds the repositories in the workspace's folders by looking at the file system alone: no program runs.
 */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

export interface FoundRepository {
    /** Real path of the work tree. */
    readonly root: string;
    /** Real path of the git folder that all linked work trees share. */
    readonly gitDir: string;
}

const skipped = new Set(['node_modules', '.git', '.venv', '__pycache__']);
const maxFolders = 2000;

async function isFolder(file: string): Promise<boolean> {
    return stat(file).then(
        info => info.isDirectory(),
        () => false,
    );
}

/** The git folder of a work tree; a `.git` file (linked work tree, submodule) is followed (gitrepository-layout(5)). */
export async function gitDirOf(root: string): Promise<string | undefined> {
    const dotGit = path.join(root, '.git');
    const info = await stat(dotGit).catch(() => undefined);
    if (info === undefined) {
        return undefined;
    }
    let gitDir = dotGit;
    if (info.isFile()) {
        const pointer = /^gitdir: (.+)$/mu.exec(await readFile(dotGit, 'utf8').catch(() => ''))?.[1];
        if (pointer === undefined) {
            return undefined;
        }
        gitDir = path.resolve(root, pointer.trim());
    }
    // git-annex turns the `.git` file of a linked work tree into a symbolic link; `commondir` counts from where it leads.
    gitDir = await realpath(gitDir).catch(() => gitDir);
    const common = (await readFile(path.join(gitDir, 'commondir'), 'utf8').catch(() => '')).trim();
    const resolved = common === '' ? gitDir : path.resolve(gitDir, common);
    return (await isFolder(resolved)) ? realpath(resolved) : undefined;
}

/** The repository that `folder` lies in: itself or the nearest folder above with a `.git`. */
export async function enclosingRepository(folder: string): Promise<FoundRepository | undefined> {
    for (let current = await realpath(folder).catch(() => folder); ; current = path.dirname(current)) {
        const gitDir = await gitDirOf(current);
        if (gitDir !== undefined) {
            return { root: current, gitDir };
        }
        if (path.dirname(current) === current) {
            return undefined;
        }
    }
}

/** All repositories at or above, and up to `depth` levels below, each of the folders; each once, in a stable order. */
export async function discoverRepositories(folders: readonly string[], depth: number, signal?: AbortSignal): Promise<readonly FoundRepository[]> {
    const found = new Map<string, FoundRepository>();
    let looked = 0;
    const walk = async (folder: string, left: number): Promise<void> => {
        if (signal?.aborted === true || ++looked > maxFolders) {
            return;
        }
        const gitDir = await gitDirOf(folder);
        if (gitDir !== undefined) {
            found.set(folder, { root: folder, gitDir });
        }
        if (left > 0) {
            const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
            for (const entry of entries.filter(candidate => candidate.isDirectory() && !skipped.has(candidate.name))) {
                await walk(path.join(folder, entry.name), left - 1);
            }
        }
    };
    for (const folder of folders) {
        const real = await realpath(folder).catch(() => undefined);
        if (real !== undefined) {
            const enclosing = await enclosingRepository(real);
            if (enclosing !== undefined) {
                found.set(enclosing.root, enclosing);
            }
            await walk(real, depth);
        }
    }
    return [...found.values()].sort((a, b) => a.root.localeCompare(b.root));
}
