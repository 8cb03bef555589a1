/**
 * The one command of Enable Tor that runs as root, and the ways to become root.
 *
 * `git-annex enable-tor <uid>` as root edits the torrc, reloads Tor and waits for the onion address (git-annex,
 * Command/EnableTor.hs). It must run in the repository's folder. All ways pass an argument list, no shell in between:
 * `su -s PROGRAM` runs the program itself in place of a shell.
 */
import { findProgram } from '../process/findProgram';

export type RootMethod = 'root' | 'sudo' | 'su' | 'pkexec';

export interface RootCommand {
    readonly method: RootMethod;
    readonly file: string;
    readonly args: readonly string[];
    /** The same, as a person would type it. */
    readonly shown: string;
}

/** Quotes for display only; nothing is ever run from it. */
export function display(args: readonly string[]): string {
    return args.map(arg => (/^[\w@%+=:,./-]+$/u.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`)).join(' ');
}

function rootCommand(method: RootMethod, file: string, args: readonly string[]): RootCommand {
    return { method, file, args, shown: display([file, ...args]) };
}

export interface RootEnvironment {
    readonly uid: number;
    /** Whether a graphical session can show pkexec's question. */
    readonly hasDesktop: boolean;
    /** Linux if left out. */
    readonly platform?: NodeJS.Platform;
    readonly find: (program: string) => Promise<string | undefined>;
}

export function currentRootEnvironment(environment = process.env): RootEnvironment {
    return {
        uid: process.getuid?.() ?? -1,
        hasDesktop: environment['DISPLAY'] !== undefined || environment['WAYLAND_DISPLAY'] !== undefined,
        platform: process.platform,
        find: findProgram,
    };
}

/** The ways to run `program args` as root in the folder `cwd`, best first; empty if there is none. */
export async function rootCommands(program: string, args: readonly string[], cwd: string, environment: RootEnvironment): Promise<readonly RootCommand[]> {
    if (environment.uid === 0) {
        return [rootCommand('root', program, args)];
    }
    const [sudo, su, pkexec, env] = await Promise.all(['sudo', 'su', 'pkexec', 'env'].map(name => environment.find(name)));
    const commands: RootCommand[] = [];
    if (sudo !== undefined) {
        commands.push(rootCommand('sudo', sudo, ['--', program, ...args]));
    }
    if (pkexec !== undefined && env !== undefined && environment.hasDesktop) {
        // pkexec leaves the folder; env goes back to it.
        commands.push(rootCommand('pkexec', pkexec, [env, '-C', cwd, program, ...args]));
    }
    // The su of macOS and the BSDs has no -s.
    if (su !== undefined && (environment.platform ?? 'linux') === 'linux') {
        commands.push(rootCommand('su', su, ['-s', program, 'root', ...args]));
    }
    return commands;
}

/** As {@link rootCommands}, for `git-annex enable-tor`. */
export function enableTorCommands(gitAnnex: string, repository: string, environment = currentRootEnvironment()): Promise<readonly RootCommand[]> {
    return rootCommands(gitAnnex, ['enable-tor', String(environment.uid)], repository, environment);
}
