/**
 * Reads the index of a repository's content, and brings it up to date by reading what has changed. Runs in a worker:
 * reading takes seconds of processor time for a hundred thousand files.
 *
 * Nothing is written and nothing is locked, so that what is read may change meanwhile: what tells of a change (references,
 * journal, git's index) is looked at before and after, and what has changed is read again.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { RunError } from '../process/run';
import { readBranches, versionsOf, type BranchVersions } from './branchVersions';
import { readGit, type GitContext } from './gitBytes';
import { listJournal, type JournalListing } from './journal';
import { KeyTable } from './keyTable';
import type { HashLevels } from './keys';
import { LocationSets } from './locationSets';
import { LogReading, type BranchListing, type JournalFolders } from './logReading';
import { findObjects, hasObject, type ObjectLayout } from './objects';
import { flag, knownRepositories, numCopies, parseConfig, type Config, type KnownRepository } from './repositories';
import { listWorkTree, readPointers, WorkTreeFiles } from './workTreeFiles';

export interface ReadOptions {
    readonly signal?: AbortSignal | undefined;
    /** Look at every object again, not only at those whose log has changed: somebody may have moved some by hand. */
    readonly allObjects?: boolean;
    /** Look again which files are in the work tree, although git's index is the same. */
    readonly workTree?: boolean;
}

/** What tells that something has changed. */
export interface Stamps {
    readonly index: string;
    readonly versions: BranchVersions;
    readonly journal: JournalListing;
    readonly privateJournal: JournalListing;
    /** Settings about repositories. */
    readonly config: string;
    /** Settings that decide how the branch and the objects are laid out: with others, everything is read anew. */
    readonly layout: string;
}

/** All that is known; the cache keeps it. */
export interface ContentState {
    files: WorkTreeFiles;
    keys: KeyTable;
    sets: LocationSets;
    repositories: readonly KnownRepository[];
    /** How many copies of each content there ought to be. */
    copies: number;
    stamps: Stamps;
    /** Keys whose log is not the branch's own. */
    overlaid: Set<number>;
}

/** A repository that changes all the time is read as it was at one of those moments; the next change is told soon. */
const mostRounds = 4;

export class ContentReader {
    #state: ContentState | undefined;
    readonly #genuine = new Map<string, boolean>();

    /** @param state what was known before, from the cache; it is taken over */
    constructor(private readonly context: GitContext, state?: ContentState) {
        this.#state = state;
    }

    get state(): ContentState | undefined {
        return this.#state;
    }

    /** Reads what has changed, or everything the first time; whether anything has. */
    async update(options: ReadOptions = {}): Promise<boolean> {
        let changed = false;
        let { allObjects = false, workTree = false } = options;
        for (let round = 0; round < mostRounds; round++) {
            const { stamps, config } = await this.#readStamps(options.signal);
            const old = this.#state;
            if (old !== undefined && !allObjects && !workTree && isSame(old.stamps, stamps)) {
                break;
            }
            if (old !== undefined && old.stamps.layout !== stamps.layout) {
                this.#state = undefined;
            }
            try {
                changed = await this.#read(stamps, config, { signal: options.signal, allObjects, workTree }) || changed;
            } catch (error) {
                // Half of what has changed may have been taken in: it can't be told any more which half.
                this.#state = undefined;
                throw error;
            }
            allObjects = false;
            workTree = false;
        }
        return changed;
    }

    async #readStamps(signal?: AbortSignal): Promise<{ readonly stamps: Stamps; readonly config: Config }> {
        const { gitDir } = this.context;
        const folders = this.#journals();
        // The journal first: what is committed between the two looks is then seen twice, and not missed.
        const journal = listJournal(folders.journal);
        const privateJournal = listJournal(folders.privateJournal);
        const [listing, branches, indexFile] = await Promise.all([readGit(this.context, ['config', '--list', '-z'], { signal }), readBranches(this.context, signal), this.#indexFile(signal)]);
        const config = parseConfig(listing);
        const versions = await versionsOf(this.context, branches, { merges: flag(config, 'annex.merge-annex-branches', true), journalled: journal.size > 0, signal });
        return { stamps: { index: indexStamp(indexFile), versions, journal, privateJournal, config: relevant(config, remoteSettings), layout: `${gitDir}\0${relevant(config, layoutSettings)}` }, config };
    }

    async #read(stamps: Stamps, config: Config, { signal, allObjects = false, workTree = false }: ReadOptions): Promise<boolean> {
        const old = this.#state;
        const branchLevels: HashLevels = flag(config, 'annex.tune.branchhash1', false) ? 1 : 2;
        const layout: ObjectLayout = {
            gitDir: this.context.gitDir,
            levels: flag(config, 'annex.tune.objecthash1', false) ? 1 : 2,
            lowerOnly: flag(config, 'annex.tune.objecthashlower', false),
            genuine: flag(config, 'annex.thin', false) ? this.#genuine : undefined,
        };
        const isBare = flag(config, 'core.bare', false);
        const known = old ?? { keys: new KeyTable(), sets: new LocationSets(), overlaid: new Set<number>() };
        const keysBefore = known.keys.count;
        const logs = new LogReading(this.context, known, { levels: branchLevels, folders: this.#journals(), commits: flag(config, 'annex.alwayscommit', true), privately: hasPrivate(config), from: old?.stamps, to: stamps, signal });
        // The branch's list is asked for while the files are still being read: it takes as long.
        logs.prepare();
        let ahead: Promise<BranchListing> | undefined;
        let files = old?.files;
        let filesChanged = false;
        if (files === undefined || workTree || old?.stamps.index !== stamps.index) {
            const fresh = isBare ? new WorkTreeFiles(oidLengthOf(config)) : await listWorkTree(this.context, oidLengthOf(config), { known: workTree ? undefined : files, signal });
            if (files !== undefined && workTree) {
                fresh.learnFrom(files);
            }
            if (old === undefined) {
                ahead = logs.readAhead(fresh.count);
                ahead.catch(() => undefined);
            }
            await readPointers(this.context, fresh, known.keys, signal);
            filesChanged = files === undefined || !isSameFiles(files, fresh);
            files = fresh;
        }
        const isEverything = old === undefined || allObjects;
        const hereBefore = isEverything ? known.keys.here.slice(0, known.keys.count) : undefined;
        let touched: ReadonlySet<number>;
        try {
            // While git reads, the object folders are looked through.
            const [, found] = await Promise.all([isEverything ? findObjects(known.keys, layout, signal) : undefined, ahead]);
            touched = await logs.read(keysBefore, found);
        } catch (error) {
            if (old === undefined || !(error instanceof RunError)) {
                throw error;
            }
            // The commit that was read last is gone, as after `git annex forget`: everything is read anew.
            this.#state = undefined;
            return this.#read(stamps, config, { signal });
        }
        let objectsChanged = false;
        if (hereBefore !== undefined) {
            objectsChanged = hereBefore.some((value, index) => value !== known.keys.here[index]);
        } else {
            const looked = new Set(touched);
            for (let key = keysBefore; key < known.keys.count; key++) {
                looked.add(key);
            }
            for (const key of looked) {
                const isHere = hasObject(known.keys, key, layout) ? 1 : 0;
                objectsChanged ||= isHere !== known.keys.here[key];
                known.keys.here[key] = isHere;
            }
        }
        const repositories = knownRepositories(logs.repositoryLogs, config);
        const repositoriesChanged = JSON.stringify(repositories) !== JSON.stringify(old?.repositories);
        const copies = numCopies(logs.repositoryLogs['numcopies.log'], config);
        this.#state = { files, keys: known.keys, sets: known.sets, overlaid: known.overlaid, repositories, copies, stamps };
        return filesChanged || objectsChanged || repositoriesChanged || copies !== old?.copies || touched.size > 0;
    }

    #journals(): JournalFolders {
        const annex = path.join(this.context.gitDir, 'annex');
        return { journal: path.join(annex, 'journal'), privateJournal: path.join(annex, 'journal-private') };
    }

    #index: string | undefined;

    /** A linked work tree has an index of its own. */
    async #indexFile(signal?: AbortSignal): Promise<string> {
        this.#index ??= (await readGit(this.context, ['rev-parse', '--path-format=absolute', '--git-path', 'index'], { signal })).toString('utf8').replace(/\n$/u, '');
        return this.#index;
    }
}

function oidLengthOf(config: Config): number {
    return config.get('extensions.objectformat') === 'sha256' ? 32 : 20;
}

/** Whether some repository's information is kept out of the branch. */
function hasPrivate(config: Config): boolean {
    return [...config.keys()].some(name => name === 'annex.private' || /^remote\..*\.annex-private$/su.test(name));
}

/** Some of the settings, to tell whether one has changed. */
function relevant(config: Config, names: RegExp): string {
    return [...config].filter(([name]) => names.test(name)).map(entry => entry.join('=')).join('\0');
}

const remoteSettings = /^remote\..*\.annex-(?:uuid|trustlevel|config-uuid)$|^annex\.numcopies$/su;
const layoutSettings = /^(?:annex\.tune\..*|annex\.alwayscommit|annex\.thin|annex\.private|annex\.uuid|core\.bare|core\.worktree|extensions\.objectformat|remote\..*\.annex-private)$/su;

function isSameVersions(a: BranchVersions, b: BranchVersions): boolean {
    return a.base === b.base && a.unmerged.join() === b.unmerged.join();
}

function isSameListing(a: JournalListing, b: JournalListing): boolean {
    return a.size === b.size && [...a].every(([name, stamp]) => b.get(name) === stamp);
}

function isSame(a: Stamps, b: Stamps): boolean {
    return a.index === b.index && a.config === b.config && a.layout === b.layout && isSameVersions(a.versions, b.versions) && isSameListing(a.journal, b.journal) && isSameListing(a.privateJournal, b.privateJournal);
}

function isSameFiles(a: WorkTreeFiles, b: WorkTreeFiles): boolean {
    return a.count === b.count && Buffer.compare(a.paths.bytes, b.paths.bytes) === 0
        && a.keys.subarray(0, a.count).every((key, index) => key === b.keys[index]) && a.flags.subarray(0, a.count).every((value, index) => value === b.flags[index]);
}

/**
 * Changes whenever git writes its index: the file's state, and the checksum that it ends with (git's documentation,
 * "index format").
 */
function indexStamp(file: string): string {
    let descriptor;
    try {
        descriptor = openSync(file, 'r');
    } catch {
        return '';
    }
    try {
        const { size, mtimeNs, ino } = fstatSync(descriptor, { bigint: true });
        const checksum = Buffer.alloc(Math.min(32, Number(size)));
        readSync(descriptor, checksum, 0, checksum.length, Number(size) - checksum.length);
        return `${ino} ${size} ${mtimeNs} ${checksum.toString('hex')}`;
    } finally {
        closeSync(descriptor);
    }
}
