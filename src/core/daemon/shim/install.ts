/**
 * Puts the `git` that outlives its pipes (see script.ts) where the remote daemon finds it first, and finds out whether it works here.
 *
 * It lives in this user's data folder, not in the extension's, whose name changes with every version: a daemon that runs on, or that was
 * started at boot, keeps a path that is there.
 */
import { randomBytes } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../errors';
import type { RepositoryContext } from '../../annex/context';
import { findProgram } from '../../process/findProgram';
import { dataFolder, ensurePrivateFolder } from '../../process/privateFolders';
import { run } from '../../process/run';
import { checkVariable, drainsLine, realGitVariable, seenLine, selfTestArgument, shimScript } from './script';

/**
 * Why peers' fetches from here may hang, as git-annex by itself lets them:
 * - `not-installed`: the program could not be written or started
 * - `no-perl`: there is no perl to ask the pipe
 * - `not-seen`: this system doesn't tell how much waits in a pipe
 * - `passed-by`: this git-annex uses a git of its own (its standalone builds do)
 */
export type ShimProblem = 'not-installed' | 'no-perl' | 'not-seen' | 'passed-by';

export type ShimState = { readonly kind: 'on'; readonly folder: string } | { readonly kind: 'off'; readonly reason: ShimProblem; readonly detail: string };

const timeLimitMs = 10_000;

/** Writes the program if it isn't there as it should be. Gives back its folder. @throws on a file system that refuses */
export async function installShim(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
    return installScript('git', shimScript, environment);
}

/** Writes one of our programs into the folder that the remote daemon finds first; gives back that folder. @throws on a file system that refuses */
export async function installScript(name: string, text: string, environment: NodeJS.ProcessEnv = process.env): Promise<string> {
    const folder = await ensurePrivateFolder(path.join(await dataFolder(environment), 'bin'));
    const file = path.join(folder, name);
    if ((await readFile(file, 'utf8').catch(() => '')) === text && ((await stat(file)).mode & 0o777) === 0o700) {
        return folder;
    }
    // Renamed into place: a daemon that is just starting it sees the old one or the new one, whole.
    const temporary = path.join(folder, `.${name}.${randomBytes(6).toString('hex')}`);
    try {
        const handle = await open(temporary, 'wx', 0o700);
        try {
            await handle.writeFile(text);
            await handle.chmod(0o700);
        } finally {
            await handle.close();
        }
        await rename(temporary, file);
    } finally {
        await rm(temporary, { force: true });
    }
    return folder;
}

/** What a child needs in its environment to find the shim before git. */
export function shimEnvironment(folder: string, git: string, searchPath = process.env['PATH'] ?? ''): Readonly<Record<string, string>> {
    return { PATH: [folder, ...searchPath.split(path.delimiter).filter(part => part !== folder && part !== '')].join(path.delimiter), [realGitVariable]: git };
}

/** What worked once is not tried again before each start of a daemon; by the programs that it was tried with. */
const worked = new Set<string>();

/** Installs the shim and tries it: on a pipe, and with this git-annex in this repository. Never throws. */
export async function prepareShim(context: RepositoryContext, environment: NodeJS.ProcessEnv = process.env): Promise<ShimState> {
    try {
        const folder = await installShim(environment);
        const tried = [folder, context.programs.git, context.programs.gitAnnex].join('\0');
        if (worked.has(tried)) {
            return { kind: 'on', folder };
        }
        const state = await tryShim(context, folder, environment);
        if (state.kind === 'on') {
            worked.add(tried);
        }
        return state;
    } catch (error) {
        return { kind: 'off', reason: 'not-installed', detail: messageOf(error) };
    }
}

async function tryShim(context: RepositoryContext, folder: string, environment: NodeJS.ProcessEnv): Promise<ShimState> {
    const off = (reason: ShimProblem, detail = ''): ShimState => ({ kind: 'off', reason, detail });
    const { git, gitAnnex } = context.programs;
    const file = path.join(folder, 'git');
    if ((await realpath(git)) === (await realpath(file))) {
        return off('not-installed', `${git} is the shim itself`);
    }
    if ((await findProgram('perl', environment['PATH'])) === undefined) {
        return off('no-perl');
    }
    const options = { log: context.log, timeLimitMs, ...(context.registry === undefined ? {} : { registry: context.registry }) };
    const env = shimEnvironment(folder, git, environment['PATH']);
    const [test, used] = await Promise.all([
        run({ file, args: [selfTestArgument], cwd: context.root, env }, options),
        run({ file: gitAnnex, args: ['version'], cwd: context.root, env: { ...env, [checkVariable]: '1' } }, options),
    ]);
    if (!test.stdout.includes(drainsLine)) {
        return off('not-seen', `${test.stdout}${test.stderr}`.trim());
    }
    return used.stderr.includes(seenLine) ? { kind: 'on', folder } : off('passed-by');
}
