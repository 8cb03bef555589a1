/**
 * Read-only questions to git with fixed arguments, by simple-git; for repositories in trusted workspaces only.
 *
 * Every question runs with optional locks off (it never writes the index), without fetching, without a file system monitor and without
 * hooks, both of which a repository's own configuration could use to run a program. What takes input, runs long or
 * changes anything goes through core/process instead.
 */
import { simpleGit, type SimpleGit } from 'simple-git';
import * as v from 'valibot';
import { AnnexPeersError, CancelledError, messageOf, throwIfCancelled } from '../errors';
import type { RepositoryContext } from '../annex/context';
import { parseRawDiff, type RawChange } from './rawDiff';
import { readOnlyGit } from './readOnly';
import { parseStatus, type WorkTreeStatus } from './status';

/** A git query ended with an exit code other than 0; `detail` has git's own words. */
export class GitQueryError extends AnnexPeersError<'git-failed'> {
    override readonly name = 'GitQueryError';

    /** @param stdout what git printed all the same */
    constructor(readonly args: readonly string[], readonly exitCode: number, words: string, readonly stdout = '') {
        super('git-failed', `git ${args[0] ?? ''} ended with exit code ${exitCode}`, words);
    }
}

const configuration = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'core.quotePath=false', 'submodule.recurse=false', 'color.ui=false', 'log.showSignature=false'];

/** Of git's own variables only those that say where its configuration is; an inherited GIT_DIR would ask elsewhere. */
const passedOn = ['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM'] as const;

function queryEnvironment(own: Readonly<Record<string, string>>): Record<string, string> {
    const environment: Record<string, string> = {};
    for (const name of ['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'XDG_CONFIG_HOME', 'SYSTEMROOT', ...passedOn]) {
        const value = process.env[name];
        if (value !== undefined) {
            environment[name] = value;
        }
    }
    return { ...environment, LC_ALL: 'C.UTF-8', ...readOnlyGit, ...own };
}

/** A git reference: its full name and what it points to. */
export interface Ref {
    readonly name: string;
    readonly oid: string;
}

/** What each reference pointed to at one moment, by its full name. */
export type Refs = ReadonlyMap<string, string>;

/** The name of the tree without files, in the hash that names `oid`. */
export function emptyTreeLike(oid: string): string {
    return oid.length === 64 ? '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321' : '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
}

const objectId = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u;

export function isObjectId(text: string): boolean {
    return objectId.test(text);
}

type QueryContext = Pick<RepositoryContext, 'root' | 'programs' | 'log' | 'registry'>;

export class GitQueries {
    readonly #git: SimpleGit;
    readonly #context: QueryContext;
    /** What two commits have in common never changes: each pair is asked about once. */
    readonly #mergeBases = new Map<string, string | undefined>();
    readonly #contained = new Map<string, boolean>();

    constructor(context: QueryContext, private readonly signal?: AbortSignal) {
        this.#context = context;
        // The mark by which the guardian knows whose child it is.
        const own = context.registry?.environment ?? {};
        this.#git = simpleGit({
            baseDir: context.root,
            binary: context.programs.git,
            maxConcurrentProcesses: 4,
            trimmed: false,
            config: configuration,
            // These permit exactly the configuration above, which switches the dangerous features off.
            unsafe: { allowUnsafeFsMonitor: true, allowUnsafeHooksPath: true, allowUnsafeCustomBinary: true, allowUnsafeConfigPaths: true },
            allowEnvironment: [...Object.keys(readOnlyGit), ...Object.keys(own), ...passedOn],
            errors: (_error, result) => result.exitCode === 0 ? undefined : describeExit(result),
            completion: { onClose: true, onExit: false },
            ...(signal === undefined ? {} : { abort: signal }),
        }).env(queryEnvironment(own)).outputHandler((_command, _stdout, stderr) => {
            // simple-git waits 50 ms more for a program that printed nothing, as many of these rightly do.
            stderr.once('end', () => stderr.emit('data', Buffer.alloc(0)));
        });
    }

    /** Standard output of one query. @throws {GitQueryError} on an exit code other than 0. */
    async ask(args: readonly string[]): Promise<string> {
        throwIfCancelled(this.signal);
        const started = Date.now();
        try {
            const output = await this.#git.raw([...args]);
            this.#logEnd(args, started, 'ended with exit code 0');
            return output;
        } catch (error) {
            if (this.signal?.aborted === true) {
                this.#logEnd(args, started, 'was cancelled');
                throw new CancelledError('git');
            }
            const exit = exitOf(error);
            this.#logEnd(args, started, exit === undefined || exit.exitCode < 0 ? `could not be started: ${(exit?.words ?? messageOf(error)).split('\n')[0] ?? ''}` : `ended with exit code ${exit.exitCode}`);
            throw new GitQueryError(args, exit?.exitCode ?? -1, exit?.words ?? messageOf(error), exit?.stdout);
        }
    }

    #logEnd(args: readonly string[], started: number, how: string): void {
        const { log, programs, root } = this.#context;
        log.info(`${programs.git} ${args.join(' ')} (in ${root}) ${how} after ${Date.now() - started} ms`);
    }

    /** As {@link ask}, but undefined where git ends with one of the exit codes that mean "no". */
    async askOptional(args: readonly string[], noes: readonly number[] = [1]): Promise<string | undefined> {
        try {
            return await this.ask(args);
        } catch (error) {
            if (error instanceof GitQueryError && noes.includes(error.exitCode)) {
                return undefined;
            }
            throw error;
        }
    }

    /** The commit that a reference or expression stands for; undefined if there is none. */
    async commit(expression: string): Promise<string | undefined> {
        return (await this.askOptional(['rev-parse', '--quiet', '--verify', '--end-of-options', `${expression}^{commit}`], [1, 128]))?.trim();
    }

    /** The object that an expression such as `<commit>:<path>` stands for; undefined if there is none. */
    async object(expression: string): Promise<string | undefined> {
        return (await this.askOptional(['rev-parse', '--quiet', '--verify', '--end-of-options', expression], [1, 128]))?.trim();
    }

    /** The branch that is checked out, as `refs/heads/…`, whether or not it has a commit; undefined if HEAD is detached. */
    async headBranch(): Promise<string | undefined> {
        return (await this.askOptional(['symbolic-ref', '--quiet', 'HEAD'], [1]))?.trim();
    }

    /** All references, read at once. */
    async refs(): Promise<Refs> {
        const output = await this.ask(['for-each-ref', '--format=%(objectname) %(refname)']);
        return new Map(output.split('\n').flatMap(line => {
            const space = line.indexOf(' ');
            return space < 0 ? [] : [[line.slice(space + 1), line.slice(0, space)] as const];
        }));
    }

    /** Whether everything in `commit` is already in `into`; both by the commits' object names. */
    async isMergedInto(commit: string, into: string): Promise<boolean> {
        return commit === into || (this.#contained.get(`${commit} ${into}`) ?? (await this.mergeBase(commit, into)) === commit);
    }

    /** Finds out at once which of these references, read before, are merged into a commit: {@link isMergedInto} then knows. */
    async learnMerged(refs: readonly Ref[], into: string): Promise<void> {
        const asked = refs.filter(({ oid }) => oid !== into && !this.#contained.has(`${oid} ${into}`));
        // One commit is as well asked about alone; a tag has to be led back to its commit first, which this does.
        if (asked.length === 0 || (new Set(asked.map(({ oid }) => oid)).size < 2 && !asked.some(({ name }) => name.startsWith('refs/tags/')))) {
            return;
        }
        const output = await this.ask(['for-each-ref', `--merged=${into}`, '--format=%(objectname)', ...asked.map(({ name }) => name)]);
        const merged = new Set(output.split('\n'));
        for (const { oid } of asked) {
            this.#contained.set(`${oid} ${into}`, merged.has(oid));
        }
    }

    /** A best common ancestor of two commits, given by their object names; undefined if the histories are unrelated. */
    async mergeBase(a: string, b: string): Promise<string | undefined> {
        const pair = [a, b].sort().join(' ');
        if (this.#mergeBases.has(pair)) {
            return this.#mergeBases.get(pair);
        }
        const base = (await this.askOptional(['merge-base', a, b]))?.split('\n')[0]?.trim();
        this.#mergeBases.set(pair, base);
        return base;
    }

    /** Which paths differ between two trees or commits; a rename is one path gone and one come. */
    async diffTrees(from: string, to: string, ...paths: string[]): Promise<readonly RawChange[]> {
        return parseRawDiff(await this.ask(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--full-index', from, to, '--', ...paths.map(path => `:(literal,top)${path}`)]));
    }

    /** What git would make of merging `theirs` into `ours`, as a tree, conflicts included; undefined if this git can't say (before 2.38). */
    async mergedTree(ours: string, theirs: string): Promise<string | undefined> {
        let output;
        try {
            output = await this.ask(['merge-tree', '--write-tree', '--allow-unrelated-histories', '--no-messages', '-z', ours, theirs]);
        } catch (error) {
            if (!(error instanceof GitQueryError)) {
                throw error;
            }
            // Exit code 1: the tree is there, with conflicts in it.
            output = error.exitCode === 1 ? error.stdout : '';
        }
        const tree = output.split('\0')[0]?.trim() ?? '';
        return isObjectId(tree) ? tree : undefined;
    }

    /** The work tree's changes and untracked files; undefined limits nothing. */
    async status(untracked: 'all' | 'no'): Promise<WorkTreeStatus> {
        return parseStatus(await this.ask(['status', '--porcelain=v2', '-z', `--untracked-files=${untracked}`, '--ignore-submodules=dirty', '--no-renames']));
    }

    /** What is staged against HEAD (against nothing before the first commit). */
    async staged(): Promise<readonly RawChange[]> {
        const base = await this.commit('HEAD') ?? (await this.ask(['hash-object', '-t', 'tree', '/dev/null'])).trim();
        return parseRawDiff(await this.ask(['diff-index', '--cached', '-z', '--raw', '--no-renames', '--full-index', base]));
    }

    /** A setting's last value; undefined if it isn't set. */
    async config(key: string): Promise<string | undefined> {
        return (await this.askOptional(['config', '--null', '--get', key]))?.replace(/\0$/u, '');
    }

    /** All settings with their last values, read at once. */
    async settings(): Promise<Settings> {
        return new Settings(await this.ask(['config', '--null', '--list']));
    }

    /** A blob's content as text; bytes that are not UTF-8 come as U+FFFD. */
    async blob(oid: string): Promise<string> {
        return this.ask(['cat-file', 'blob', oid]);
    }

    /** A file's content on a branch; undefined if it isn't there. */
    async fileAt(commit: string, path: string): Promise<string | undefined> {
        const oid = await this.object(`${commit}:${path}`);
        return oid === undefined ? undefined : this.blob(oid);
    }

    /** The entries of a tree at exactly these paths. */
    async treeEntries(tree: string, paths: readonly string[]): Promise<readonly { readonly path: string; readonly mode: string; readonly oid: string }[]> {
        if (paths.length === 0) {
            return [];
        }
        const output = await this.ask(['ls-tree', '-z', '--full-tree', tree, '--', ...paths]);
        return output.split('\0').flatMap(line => {
            const match = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/su.exec(line);
            return match === null ? [] : [{ mode: match[1] ?? '', oid: match[2] ?? '', path: match[3] ?? '' }];
        });
    }

    /** The path of a file in the git folder, made absolute. */
    async gitPath(name: string): Promise<string> {
        return (await this.ask(['rev-parse', '--path-format=absolute', '--git-path', name])).replace(/\n$/u, '');
    }
}

/** git's configuration at one moment. */
export class Settings {
    readonly #values = new Map<string, string | undefined>();

    /** @param listing the output of `git config --null --list`: name, line break, value; a name alone means true */
    constructor(listing: string) {
        for (const entry of listing.split('\0').filter(text => text !== '')) {
            const end = entry.indexOf('\n');
            this.#values.set(end < 0 ? entry : entry.slice(0, end), end < 0 ? undefined : entry.slice(end + 1));
        }
    }

    /** A boolean as git takes it; undefined if it isn't set or is none. `name` in git's form: section and key in lower case. */
    flag(name: string): boolean | undefined {
        if (!this.#values.has(name)) {
            return undefined;
        }
        const value = this.#values.get(name)?.toLowerCase();
        if (value === undefined || ['true', 'yes', 'on', '1'].includes(value)) {
            return true;
        }
        return ['false', 'no', 'off', '0', ''].includes(value) ? false : undefined;
    }

    /** Names of the remotes, sorted. */
    remotes(): readonly string[] {
        return [...new Set([...this.#values.keys()].flatMap(name => /^remote\.(.+)\.[^.]+$/su.exec(name)?.[1] ?? []))].sort();
    }
}

interface Exit {
    readonly exitCode: number;
    readonly words: string;
    readonly stdout: string;
}

const exitSchema = v.object({ exitCode: v.number(), words: v.string(), stdout: v.string() });

/** simple-git carries nothing but a message from its `errors` option to the error that it throws. */
function describeExit({ exitCode, stdErr, stdOut }: { readonly exitCode: number; readonly stdErr: readonly Buffer[]; readonly stdOut: readonly Buffer[] }): Buffer {
    const exit: Exit = { exitCode, words: Buffer.concat(stdErr).toString('utf8').trim(), stdout: Buffer.concat(stdOut).toString('utf8') };
    return Buffer.from(JSON.stringify(exit));
}

function exitOf(error: unknown): Exit | undefined {
    const message = messageOf(error);
    if (!message.startsWith('{')) {
        return undefined;
    }
    try {
        const exit = v.safeParse(exitSchema, JSON.parse(message));
        return exit.success ? exit.output : undefined;
    } catch {
        return undefined;
    }
}
