/**
 * Moves content as `git annex sync --content` does: for every file of the work tree, get it if it is wanted here, send
 * it to each peer that wants it, drop it from each peer and then from here where it isn't wanted (git-annex,
 * Command/Sync.hs, syncFile). Done action by action in place of file by file; git-annex's decisions are each about one
 * key, so that their order between keys makes no difference.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { annexInvocation, isFaithful, type AnnexCommand } from '../annex/commands/command';
import { findWorkCommand } from '../annex/commands/find';
import { copyCommand, dropCommand, getCommand } from '../annex/commands/transfer';
import type { RepositoryContext } from '../annex/context';
import type { ActionProgress, ActionResult, FoundFile } from '../annex/json';
import { runOrThrow } from '../process/run';
import type { ProgressCounter } from './progress';
import { together } from './together';
import { transfer, type TransferResult } from './transfer';
import type { FailureReason, FileFailure, MovedFiles, SyncPeer } from './types';
import type { Patience } from './watchdog';

export interface ContentPeer extends SyncPeer {
    /** Content may be sent there and dropped there. */
    readonly writable: boolean;
}

export interface PeerContent {
    readonly received: MovedFiles;
    readonly sent: MovedFiles;
    readonly dropped: number;
    readonly failed: readonly FileFailure[];
    readonly problem: { readonly reason: FailureReason; readonly words: string } | undefined;
}

export interface ContentResult {
    readonly peers: ReadonlyMap<string, PeerContent>;
    readonly droppedHere: number;
    /** Something was received or sent. */
    readonly moved: boolean;
}

export interface ContentOptions {
    readonly peers: readonly ContentPeer[];
    readonly hasWanted: (uuid: string) => boolean;
    /** Let the first command merge what git-annex finds into its branch. */
    readonly mergeAnnexBranches: boolean;
    readonly patience: Patience;
    readonly jobs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly progress: ProgressCounter;
}

/** A key as the name of its object (git-annex, Annex/Locations.hs, keyFile). */
function objectName(key: string): string {
    return key.replaceAll('&', '&a').replaceAll('%', '&s').replaceAll(':', '&c').replaceAll('/', '%');
}

async function isHere(context: RepositoryContext, file: FoundFile): Promise<boolean> {
    const name = objectName(file.key);
    for (const folder of file.objectFolders) {
        if (await stat(path.join(context.gitDir, 'annex', 'objects', folder, name, name)).then(() => true, () => false)) {
            return true;
        }
    }
    return false;
}

/** Looks for files at once: enough to keep the file system busy, few enough to leave threads to the others. */
const looksAtOnce = 16;

function sumOf(files: readonly FoundFile[]): MovedFiles {
    return { files: files.length, bytes: files.reduce((sum, { size }) => sum + (size ?? 0), 0) };
}

async function findWork(context: RepositoryContext, options: ContentOptions): Promise<{ readonly here: readonly FoundFile[]; readonly absent: readonly FoundFile[] }> {
    const command = findWorkCommand(
        { hasWanted: options.hasWanted(context.uuid) },
        options.peers.map(({ uuid }) => ({ uuid, hasWanted: options.hasWanted(uuid) })),
        { mergeAnnexBranches: options.mergeAnnexBranches },
    );
    const found: FoundFile[] = [];
    await runOrThrow(annexInvocation(context, command), {
        log: context.log,
        ...(context.registry === undefined ? {} : { registry: context.registry }),
        signal: options.signal,
        keepStdout: false,
        onStdoutLine: line => {
            const file = command.parse(line);
            if (file !== undefined) {
                found.push(file);
            }
        },
    });
    const here = new Set<FoundFile>();
    await together(options.signal, found.map(file => async () => {
        if (await isHere(context, file)) {
            here.add(file);
        }
    }), looksAtOnce);
    return { here: found.filter(file => here.has(file)), absent: found.filter(file => !here.has(file)) };
}

/** The last problem counts; a file that failed once and came later did not fail. */
class PeerTally {
    received: FoundFile[] = [];
    sent: FoundFile[] = [];
    dropped = 0;
    notReceived: readonly FileFailure[] = [];
    notSent: FileFailure[] = [];
    problem: PeerContent['problem'];

    receive(result: TransferResult): readonly FoundFile[] {
        this.received.push(...result.done);
        this.notReceived = result.failed;
        this.problem ??= result.problem;
        return result.done;
    }

    send(result: TransferResult): void {
        this.sent.push(...result.done);
        this.notSent.push(...result.failed);
        this.problem ??= result.problem;
    }

    result(arrived: ReadonlySet<string>): PeerContent {
        // Got from another peer in the end: not a failure to tell of.
        const failed = [...this.notReceived.filter(({ path: file }) => !arrived.has(file)), ...this.notSent];
        return { received: sumOf(this.received), sent: sumOf(this.sent), dropped: this.dropped, failed, problem: this.problem };
    }
}

export async function syncFiles(context: RepositoryContext, options: ContentOptions): Promise<ContentResult> {
    options.progress.phase('planning');
    const { here, absent } = await findWork(context, options);
    return new ContentSync(context, options, here, absent).run();
}

class ContentSync {
    readonly #tallies: ReadonlyMap<string, PeerTally>;
    readonly #sendable: readonly ContentPeer[];
    #received: readonly FoundFile[] = [];
    #missing: readonly FoundFile[];

    constructor(private readonly context: RepositoryContext, private readonly options: ContentOptions, private readonly here: readonly FoundFile[], absent: readonly FoundFile[]) {
        this.#missing = absent;
        this.#sendable = options.peers.filter(({ writable }) => writable);
        this.#tallies = new Map(options.peers.map(peer => [peer.name, new PeerTally()]));
        options.progress.plan(absent.length + here.length * this.#sendable.length, sumOf(absent).bytes + sumOf(here).bytes * this.#sendable.length);
    }

    async run(): Promise<ContentResult> {
        // Neither waits for the other: a connection carries both ways, and each file takes round trips.
        await together(this.options.signal, [signal => this.#receive(signal), signal => this.#send(this.here, signal)]);
        if (this.#sendable.length > 1 && this.#received.length > 0) {
            await this.#send(this.#received, this.options.signal);
        }
        const droppedHere = await this.#drop();
        const arrived = new Set(this.#received.map(({ file }) => file));
        const results = new Map([...this.#tallies].map(([name, tally]) => [name, tally.result(arrived)] as const));
        return { peers: results, droppedHere, moved: [...results.values()].some(peer => peer.received.files + peer.sent.files > 0) };
    }

    #transfer(phase: 'receiving' | 'sending', peer: string, files: readonly FoundFile[], signal: AbortSignal | undefined, command: (files: readonly string[]) => AnnexCommand<ActionResult | ActionProgress>): Promise<TransferResult> {
        const { progress, patience } = this.options;
        return transfer({
            context: this.context,
            files,
            command,
            patience,
            signal,
            onMoving: (file, done, total) => progress.movingBetween(phase, peer, file, done, total),
            onFinished: ({ size }) => progress.finished(phase, size ?? 0),
            onAway: () => progress.phase('waiting', peer),
        });
    }

    async #receive(signal: AbortSignal): Promise<void> {
        const { peers, hasWanted, jobs, progress } = this.options;
        for (const { name } of peers) {
            const tally = this.#tallies.get(name);
            if (this.#missing.length > 0 && tally !== undefined) {
                progress.phase('receiving', name);
                const got = tally.receive(await this.#transfer('receiving', name, this.#missing, signal, files => getCommand({ files, remote: name, hasWanted: hasWanted(this.context.uuid), jobs })));
                this.#received = [...this.#received, ...got];
                this.#missing = without(this.#missing, got);
            }
        }
    }

    async #send(files: readonly FoundFile[], signal: AbortSignal | undefined): Promise<void> {
        const { hasWanted, jobs, progress } = this.options;
        for (const { name, uuid } of this.#sendable) {
            const tally = this.#tallies.get(name);
            // What came from a peer need not be offered to it.
            const offered = without(files, tally?.received ?? []);
            if (offered.length > 0 && tally !== undefined && tally.problem === undefined) {
                progress.phase('sending', name);
                tally.send(await this.#transfer('sending', name, offered, signal, names => copyCommand({ files: names, remote: name, uuid, hasWanted: hasWanted(uuid), jobs })));
            }
        }
    }

    /** At the peers first and here last, as sync does: the content here vouches for what is dropped there. */
    async #drop(): Promise<number> {
        const { hasWanted, progress } = this.options;
        const present = [...this.here, ...this.#received];
        for (const { name, uuid } of this.#sendable) {
            const tally = this.#tallies.get(name);
            const candidates = [...present, ...this.#missing];
            if (hasWanted(uuid) && candidates.length > 0 && tally !== undefined && tally.problem === undefined) {
                progress.phase('dropping', name);
                tally.dropped += (await dropQuietly(this.context, this.options, candidates, name)).length;
            }
        }
        if (!hasWanted(this.context.uuid) || present.length === 0) {
            return 0;
        }
        progress.phase('dropping');
        return (await dropQuietly(this.context, this.options, present, undefined)).length;
    }
}

/** Not being allowed to drop is no failure of a sync, as it is none of git-annex's own. */
async function dropQuietly(context: RepositoryContext, options: ContentOptions, files: readonly FoundFile[], remote: string | undefined): Promise<readonly FoundFile[]> {
    const result = await transfer({
        context,
        files,
        patience: { ...options.patience, awayMs: 0 },
        signal: options.signal,
        command: names => dropCommand({ files: names, remote }),
        onMoving: () => undefined,
        onFinished: () => undefined,
    });
    return result.done;
}

function without(files: readonly FoundFile[], gone: readonly FoundFile[]): readonly FoundFile[] {
    const names = new Set(gone.map(({ file }) => file));
    // A name that is not UTF-8 may stand for several files: it stays, and git-annex knows better.
    return files.filter(({ file }) => !names.has(file) || !isFaithful(file));
}
