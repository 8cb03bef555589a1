/**
 * Reads the location logs of the keys that files stand for: all of them at first, from the branch's list of blobs; later
 * those that differ from what was read before, from git's list of differences.
 *
 * A key's log is made of several versions: the branch's, or what the journal has in its place; the unmerged branches',
 * merged into it as git-annex merges; and a private journal's, added.
 */
import { diffTrees, forEachChange, type BranchVersions } from './branchVersions';
import { readBlobs, readGit, type GitContext } from './gitBytes';
import { changedNames, journalFileOf, pathOfJournalFile, readJournalFile, type JournalListing } from './journal';
import type { KeyTable } from './keyTable';
import type { HashLevels } from './keys';
import { unionMerge } from './locationLog';
import type { LocationSets } from './locationSets';
import { repositoryLogs, type RepositoryLogs } from './repositories';

export interface JournalFolders {
    readonly journal: string;
    readonly privateJournal: string;
}

interface Versions {
    readonly versions: BranchVersions;
    readonly journal: JournalListing;
    readonly privateJournal: JournalListing;
}

interface LogOptions {
    readonly levels: HashLevels;
    readonly folders: JournalFolders;
    /** git-annex commits its journal before it answers (`annex.alwayscommit`). */
    readonly commits: boolean;
    /** A private journal counts, too. */
    readonly privately: boolean;
    /** What was read before; undefined the first time. */
    readonly from: Versions | undefined;
    readonly to: Versions;
    readonly signal?: AbortSignal | undefined;
}

interface Known {
    readonly keys: KeyTable;
    readonly sets: LocationSets;
    readonly overlaid: Set<number>;
}

/** The branch's list of blobs, and, if they were read already, the sets that its location logs tell, in its order. */
export interface BranchListing {
    readonly list: Buffer;
    readonly sets: Uint32Array | undefined;
}

const empty = Buffer.alloc(0);
const emptyTreeNames: Readonly<Record<number, string>> = { 40: '4b825dc642cb6eb9a060e54bf8d69288fbee4904', 64: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321' };
/** How many logs are looked up by their path; for more, the whole list is faster. */
const fewPaths = 5000;

export class LogReading {
    /** The logs about repositories, as they count now; empty before {@link read}. */
    repositoryLogs: RepositoryLogs = { 'trust.log': empty, 'uuid.log': empty, 'remote.log': empty, 'numcopies.log': empty };

    #listing: Promise<Buffer> | undefined;

    constructor(
        private readonly context: GitContext,
        private readonly known: Known,
        private readonly options: LogOptions,
    ) {}

    /** Starts asking git for what will be needed, while others read. */
    prepare(): void {
        const { from, to } = this.options;
        if (from === undefined) {
            this.listing().catch(() => undefined);
        } else if (from.versions.base !== to.versions.base) {
            this.#diff(from.versions.base, to.versions.base).catch(() => undefined);
        }
    }

    /** The names of all blobs on the branch: `<mode> blob <object>\t<path>`, each ended by a zero byte. */
    async listing(): Promise<Buffer> {
        const { to: { versions: { base } }, signal } = this.options;
        return this.#listing ??= base === undefined ? Promise.resolve(empty) : readGit(this.context, ['ls-tree', '-r', '-z', '--full-tree', base], { signal });
    }

    /**
     * Reads all location logs of the branch while the files are still being read, unless there are far more of them than
     * of files: then only those are worth reading that files stand for.
     */
    async readAhead(files: number): Promise<BranchListing> {
        const list = await this.listing();
        const oids: string[] = [];
        forEachLog(list, (start, tab) => oids.push(this.#oidBefore(list, tab)));
        if (oids.length > 2 * files + 1000) {
            return { list, sets: undefined };
        }
        const sets = new Uint32Array(oids.length);
        if (oids.length > 0) {
            await readBlobs(this.context, inPieces(oids), (place, content) => {
                sets[place] = content === undefined ? 0 : this.known.sets.ofLog(content);
            }, this.options.signal);
        }
        return { list, sets };
    }

    /**
     * Reads what has changed since the last time; every key that was looked at is in the answer.
     * @param keysBefore how many keys were known the last time: the later ones are new
     * @param listing the branch's list, the first time
     */
    async read(keysBefore: number, listing: BranchListing | undefined): Promise<ReadonlySet<number>> {
        const { from, to } = this.options;
        const { keys, overlaid } = this.known;
        const touched = new Set<number>();
        /** The branch's blob of those keys for which git has told it; null: it has none. */
        const oids = new Map<number, string | null>();
        let fullList = listing;
        if (from === undefined || keys.count - keysBefore > fewPaths) {
            fullList ??= { list: await this.listing(), sets: undefined };
        } else {
            for (let key = keysBefore; key < keys.count; key++) {
                touched.add(key);
            }
        }
        if (from !== undefined && from.versions.base !== to.versions.base) {
            await this.#differences(from.versions.base, to.versions.base, (key, { newOid }) => {
                touched.add(key);
                oids.set(key, newOid ?? null);
            });
        }
        const theirs = await this.#unmerged(oids);
        const stale = from !== undefined && isSame(from.versions, to.versions) ? this.#changedInJournal(from) : [...overlaid, ...this.#journalled(to)];
        for (const key of stale) {
            touched.add(key);
        }
        if (from === undefined || !isSame(from.versions, to.versions)) {
            for (const key of theirs.keys()) {
                touched.add(key);
            }
        }
        overlaid.clear();
        for (const key of [...theirs.keys(), ...this.#journalled(to)]) {
            overlaid.add(key);
        }
        if (fullList !== undefined) {
            await this.#readList(fullList, from === undefined ? 0 : keysBefore, touched, oids);
        }
        [this.repositoryLogs] = await Promise.all([this.#repositoryLogs(), this.#readOverlaid(touched, oids, theirs)]);
        return touched;
    }

    /** The logs of all keys from `first` on that are the branch's own; the others' blobs are noted. */
    async #readList({ list, sets: readSets }: BranchListing, first: number, touched: ReadonlySet<number>, oids: Map<number, string | null>): Promise<void> {
        const { keys, sets, overlaid } = this.known;
        const wanted: number[] = [];
        const requests: string[] = [];
        let place = 0;
        forEachLog(list, (start, tab, end) => {
            const key = keys.ofLogPath(list, tab + 1, end, this.options.levels);
            if (key >= first) {
                if (overlaid.has(key) || touched.has(key)) {
                    oids.set(key, this.#oidBefore(list, tab));
                } else if (readSets !== undefined) {
                    keys.sets[key] = readSets[place] ?? 0;
                } else {
                    wanted.push(key);
                    requests.push(this.#oidBefore(list, tab));
                }
            }
            place++;
        });
        if (wanted.length > 0) {
            await readBlobs(this.context, inPieces(requests), (index, content) => {
                keys.sets[wanted[index] ?? 0] = content === undefined ? 0 : sets.ofLog(content);
            }, this.options.signal);
        }
        for (const key of overlaid) {
            if (key >= first && !oids.has(key)) {
                oids.set(key, null);
            }
        }
    }

    #oidBefore(list: Buffer, tab: number): string {
        return list.toString('latin1', tab - (this.options.to.versions.base?.length ?? 0), tab);
    }

    /** Puts together the logs of which there are several versions, or that are few. */
    async #readOverlaid(touched: ReadonlySet<number>, oids: ReadonlyMap<number, string | null>, theirs: ReadonlyMap<number, readonly (string | undefined)[]>): Promise<void> {
        const { keys, sets } = this.known;
        const { to: { versions: { base } } } = this.options;
        const wanted = [...touched];
        /** For each request, the key that it is for, and whether it is the last one of that key. */
        const owners: { readonly key: number; readonly isLast: boolean; readonly isBase: boolean }[] = [];
        const requests: Buffer[] = [];
        const alone: number[] = [];
        for (const key of wanted) {
            const known = oids.get(key);
            const versions: (readonly [Buffer, boolean])[] = [];
            if (known !== undefined && known !== null) {
                versions.push([Buffer.from(known, 'latin1'), true]);
            } else if (known === undefined && base !== undefined) {
                versions.push([Buffer.concat([Buffer.from(`${base}:`), keys.logPath(key, this.options.levels)]), true]);
            }
            for (const oid of theirs.get(key) ?? []) {
                if (oid !== undefined) {
                    versions.push([Buffer.from(oid, 'latin1'), false]);
                }
            }
            if (versions.length === 0) {
                alone.push(key);
            }
            versions.forEach(([request, isBase], place) => {
                requests.push(request, newline);
                owners.push({ key, isLast: place === versions.length - 1, isBase });
            });
        }
        for (const key of alone) {
            keys.sets[key] = sets.ofLog(this.#withJournals(key, empty, [], theirs));
        }
        let branch: Buffer = empty;
        let others: Buffer[] = [];
        if (owners.length > 0) {
            await readBlobs(this.context, requests, (place, content) => {
                const owner = owners[place];
                if (owner === undefined) {
                    return;
                }
                const copy = content === undefined ? undefined : Buffer.from(content);
                if (owner.isBase) {
                    branch = copy ?? empty;
                } else if (copy !== undefined) {
                    others.push(copy);
                }
                if (owner.isLast) {
                    keys.sets[owner.key] = sets.ofLog(this.#withJournals(owner.key, branch, others, theirs));
                    branch = empty;
                    others = [];
                }
            }, this.options.signal);
        }
    }

    #withJournals(key: number, branch: Buffer, others: readonly Buffer[], theirs: ReadonlyMap<number, readonly (string | undefined)[]>): Buffer {
        // What an unmerged branch has is told where it differs from the branch's; the journal may have something else in its place.
        const isElsewhere = Object.keys(theirs.get(key) ?? []).length < this.options.to.versions.unmerged.length;
        return this.#together(this.known.keys.logPath(key, this.options.levels), branch, isElsewhere ? [branch, ...others] : others);
    }

    /** One file of the branch as it counts, from its versions. */
    #together(branchPath: Buffer, branch: Buffer, others: readonly Buffer[]): Buffer {
        const { to, folders, privately, commits } = this.options;
        let content = branch;
        let privateContent: Buffer | undefined;
        if (to.journal.size > 0 || to.privateJournal.size > 0) {
            const name = journalFileOf(branchPath).toString('latin1');
            privateContent = privately && to.privateJournal.has(name) ? readJournalFile(folders.privateJournal, name, true) : undefined;
            const journalled = to.journal.has(name) ? readJournalFile(folders.journal, name, !commits && to.versions.unmerged.length === 0) : undefined;
            content = journalled ?? branch;
        }
        for (const other of others) {
            content = content.length === 0 ? other : other.length === 0 ? content : unionMerge(other, content);
        }
        return privateContent === undefined ? content : Buffer.concat([content, privateContent]);
    }

    /** The blobs of the unmerged branches where they differ from the branch's, by key; the branch's own are noted in `oids`. */
    async #unmerged(oids: Map<number, string | null>): Promise<ReadonlyMap<number, readonly (string | undefined)[]>> {
        const { to: { versions: { base, unmerged } } } = this.options;
        const theirs = new Map<number, (string | undefined)[]>();
        for (const [place, commit] of unmerged.entries()) {
            await this.#differences(base, commit, (key, { oldOid, newOid }) => {
                oids.set(key, oldOid ?? null);
                const versions = theirs.get(key) ?? [];
                versions[place] = newOid;
                theirs.set(key, versions);
            });
        }
        return theirs;
    }

    async #differences(from: string | undefined, to: string | undefined, each: (key: number, change: { readonly oldOid: string | undefined; readonly newOid: string | undefined }) => void): Promise<void> {
        const { keys } = this.known;
        forEachChange(await this.#diff(from, to), ({ bytes, start, end, oldOid, newOid }) => {
            const key = keys.ofLogPath(bytes, start, end, this.options.levels);
            if (key >= 0) {
                each(key, { oldOid, newOid });
            }
        });
    }

    readonly #diffs = new Map<string, Promise<Buffer>>();

    #diff(from: string | undefined, to: string | undefined): Promise<Buffer> {
        const nothing = emptyTreeNames[(from ?? to ?? '').length];
        const [a, b] = [from ?? nothing, to ?? nothing];
        if (a === undefined || b === undefined) {
            return Promise.resolve(empty);
        }
        const known = this.#diffs.get(`${a} ${b}`) ?? diffTrees(this.context, a, b, this.options.signal);
        this.#diffs.set(`${a} ${b}`, known);
        return known;
    }

    *#journalled({ journal, privateJournal }: Versions): Generator<number> {
        yield* this.#keysOf(journal.keys());
        yield* this.#keysOf(privateJournal.keys());
    }

    #changedInJournal(from: Versions): readonly number[] {
        const { to } = this.options;
        return [...this.#keysOf([...changedNames(from.journal, to.journal), ...changedNames(from.privateJournal, to.privateJournal)])];
    }

    *#keysOf(names: Iterable<string>): Generator<number> {
        for (const name of names) {
            const branchPath = pathOfJournalFile(Buffer.from(name, 'latin1'));
            const key = this.known.keys.ofLogPath(branchPath, 0, branchPath.length, this.options.levels);
            if (key >= 0) {
                yield key;
            }
        }
    }

    async #repositoryLogs(): Promise<RepositoryLogs> {
        const { to: { versions: { base, unmerged } }, signal } = this.options;
        const commits = [...(base === undefined ? [] : [base]), ...unmerged];
        const contents = new Map<string, Buffer>();
        const requests = repositoryLogs.flatMap(log => commits.map(commit => `${commit}:${log}`));
        if (requests.length > 0) {
            await readBlobs(this.context, [`${requests.join('\n')}\n`], (place, content) => {
                contents.set(requests[place] ?? '', Buffer.from(content ?? empty));
            }, signal);
        }
        const read = (log: string): Buffer => this.#together(
            Buffer.from(log), base === undefined ? empty : contents.get(`${base}:${log}`) ?? empty,
            unmerged.flatMap(commit => contents.get(`${commit}:${log}`) ?? []).filter(({ length }) => length > 0),
        );
        return { 'trust.log': read('trust.log'), 'uuid.log': read('uuid.log'), 'remote.log': read('remote.log'), 'numcopies.log': read('numcopies.log') };
    }
}

const newline = Buffer.from('\n');
const dotLog = Buffer.from('.log');

/** Calls `each` for every entry of a listing whose name could be a location log's: where it starts, its tab, its end. */
function forEachLog(list: Buffer, each: (start: number, tab: number, end: number) => void): void {
    for (let start = 0; start < list.length;) {
        const end = list.indexOf(0, start);
        if (end < 0) {
            break;
        }
        const tab = list.indexOf(0x09, start);
        if (list.compare(dotLog, 0, dotLog.length, end - dotLog.length, end) === 0) {
            each(start, tab, end);
        }
        start = end + 1;
    }
}

/** Requests for `git cat-file --batch`, in pieces that are not too small. */
function* inPieces(requests: readonly string[]): Generator<string> {
    for (let at = 0; at < requests.length; at += 1000) {
        yield `${requests.slice(at, at + 1000).join('\n')}\n`;
    }
}

function isSame(a: BranchVersions, b: BranchVersions): boolean {
    return a.base === b.base && a.unmerged.join() === b.unmerged.join();
}
