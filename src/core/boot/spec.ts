/**
 * What is to be served at boot, and how that is told to the three kinds of service managers: pure values, so that what is shown before it is
 * written is what is written.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { RepositoryContext } from '../annex/context';
import { serveProgram } from './serveScript';

/**
 * - `systemd`: a service of the user's own systemd
 * - `launchd`: an agent of the user's own launchd (macOS)
 * - `cron`: an entry `@reboot` of the user's crontab
 */
export type BootMethod = 'systemd' | 'launchd' | 'cron';

export interface BootSpec {
    readonly root: string;
    /** The extension's own folder in the repository's git folder. */
    readonly privateFolder: string;
    readonly git: string;
    readonly gitAnnex: string;
    /** Where {@link serveProgram} lies. */
    readonly bin: string;
    /** What hooks and special remotes may need besides git and git-annex. */
    readonly searchPath: string;
}

/** Only absolute folders: a relative one would depend on where the service is started. */
export function specOf({ root, gitDir, programs }: Pick<RepositoryContext, 'root' | 'gitDir' | 'programs'>, bin: string, searchPath = process.env['PATH'] ?? ''): BootSpec {
    // The editor's own are not there when it is closed.
    const own = /\/remote-cli$|\/\.(?:vscode|cursor|windsurf)[^/]*\//u;
    const folders = [...searchPath.split(path.delimiter), '/usr/local/bin', '/usr/bin', '/bin'].filter(folder => path.isAbsolute(folder) && folder !== bin && !own.test(folder) && !/\n/u.test(folder));
    return { root, privateFolder: path.join(gitDir, 'annex-peers'), git: programs.git, gitAnnex: programs.gitAnnex, bin, searchPath: [...new Set(folders)].join(path.delimiter) };
}

/** The program and its arguments; started by `sh`, so that it need lie on no file system from which programs may be started. */
export function serveCommand({ root, privateFolder, git, gitAnnex, bin }: BootSpec, ...options: readonly string[]): readonly string[] {
    return ['/bin/sh', path.join(bin, serveProgram), ...options, root, privateFolder, git, gitAnnex];
}

/** The same for a repository each time; another for a copy of it. */
export function bootName({ root }: Pick<BootSpec, 'root'>): string {
    return `annex-peers-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`;
}

/** A line break, or something else that no line of a configuration can hold. */
export function hasControlCharacters({ root, privateFolder, git, gitAnnex, bin, searchPath }: BootSpec): boolean {
    return [root, privateFolder, git, gitAnnex, bin, searchPath].some(value => /[\u0000-\u001f\u007f]/u.test(value));
}
