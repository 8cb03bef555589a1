/**
 * A git-annex command as a value: its arguments, what goes to its input, and how to read one line of its output.
 */
import type { Invocation } from '../../process/managedProcess';
import type { RepositoryContext } from '../context';

export interface AnnexCommand<Line> {
    /** The command's name and its arguments. */
    readonly args: readonly string[];
    /** Text for the program's input, if it reads any. */
    readonly input?: string;
    /** Reads a line of standard output; undefined for what says nothing. */
    readonly parse: (line: string) => Line | undefined;
}

/**
 * Left to itself, every git-annex command merges every reference whose name ends in `/git-annex` into the git-annex
 * branch, a remote's or one that a peer pushed (git-annex's `annex.merge-annex-branches`). This keeps a command from
 * it: what a peer sends is looked at first, and merged by the sync alone.
 */
export const withoutMerging: readonly string[] = ['-c', 'annex.merge-annex-branches=false'];
export const withMerging: readonly string[] = ['-c', 'annex.merge-annex-branches=true'];

/** JSON for every action, progress and error of a command. */
export const jsonOutput: readonly string[] = ['--json', '--json-progress', '--json-error-messages'];

/** How the command is run in a repository. */
export function annexInvocation(context: RepositoryContext, command: Pick<AnnexCommand<unknown>, 'args'>): Invocation {
    return { file: context.programs.gitAnnex, args: command.args, cwd: context.root };
}

/** Names for `--batch -z`. */
export function batchInput(files: readonly string[]): string {
    return files.map(file => `${file}\0`).join('');
}

/** Whether a name came through the text encoding unharmed, so that it can be handed back to git-annex. */
export function isFaithful(file: string): boolean {
    return !file.includes('\u{fffd}');
}

/**
 * Which files a command works on: a list, through its input, or all of the work tree. A list with a name that is not
 * UTF-8 can't be handed back, and one with a line break git-annex passes over without a word, `-z` or not (seen with
 * 10.20230126 and 10.20250416): the command then goes through all files, which its own conditions narrow.
 */
export function batchOrAll(files: readonly string[]): { readonly args: readonly string[]; readonly input?: string } {
    return files.every(file => isFaithful(file) && !file.includes('\n')) ? { args: ['--batch', '-z'], input: batchInput(files) } : { args: [] };
}
