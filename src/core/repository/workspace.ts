/**
 * The model of a workspace: what this computer has, and the repositories in the workspace's folders.
 */
import { CancelledError, messageOf, throwIfCancelled } from '../errors';
import { Event } from '../event';
import type { Log } from '../log';
import { checkPreflight, programsOf, type Preflight, type ProgramSettings } from '../preflight/preflight';
import type { ChildRegistry } from '../process/managedProcess';
import { discoverRepositories } from './discovery';
import { defaultPolicy, type Attention, type Policy } from '../peers/presence';
import type { Computer } from '../security/findings';
import { Repository, type RepositorySnapshot, type SyncHistory } from './repository';

export type WorkspaceSnapshot =
    | { readonly kind: 'no-folder' }
    | { readonly kind: 'untrusted' }
    | { readonly kind: 'loading' }
    | { readonly kind: 'ready'; readonly preflight: Preflight; readonly repositories: readonly RepositorySnapshot[]; readonly hasGitRepository: boolean };

export interface WorkspaceInput {
    readonly folders: readonly string[];
    readonly trusted: boolean;
    readonly scanDepth: number;
    readonly programs: ProgramSettings;
    /** Whether the user's settings let pairings go without Tor. */
    readonly pairsWithoutTor: boolean;
}

export class Workspace {
    readonly onDidChange = new Event<WorkspaceSnapshot>();
    readonly onDidAdd = new Event<Repository>();
    #snapshot: WorkspaceSnapshot = { kind: 'loading' };
    #preflight: Preflight | undefined;
    #repositories = new Map<string, Repository>();
    #loading: AbortController | undefined;
    #turn: Promise<void> = Promise.resolve();
    #attention: Attention = 'hidden';
    #presencePolicy: Policy = defaultPolicy;

    constructor(
        private readonly log: Log,
        private readonly history: SyncHistory,
        private readonly registry?: ChildRegistry,
    ) {}

    get snapshot(): WorkspaceSnapshot {
        return this.#snapshot;
    }

    get preflight(): Preflight | undefined {
        return this.#preflight;
    }

    get repositories(): readonly Repository[] {
        return [...this.#repositories.values()];
    }

    /** Who looks at the peers of all repositories, and how often they may be probed while somebody does. */
    watchPeers(attention: Attention, policy: Policy): void {
        this.#attention = attention;
        this.#presencePolicy = policy;
        for (const repository of this.repositories) {
            repository.watchPeers(attention, policy);
        }
    }

    /** Looks at everything again. Starts no program while the workspace isn't trusted. A later call overtakes this one. */
    refresh(input: WorkspaceInput): Promise<void> {
        this.#loading?.abort();
        const loading = new AbortController();
        this.#loading = loading;
        this.#turn = this.#turn.then(async () => {
            if (loading.signal.aborted) {
                return;
            }
            try {
                await this.#load(input, loading.signal);
            } catch (error) {
                if (!(error instanceof CancelledError)) {
                    this.log.error(`Could not look at the workspace: ${messageOf(error)}`);
                }
            }
        });
        return this.#turn;
    }

    /** Resolves when every look that was asked for so far has ended. */
    async settled(): Promise<void> {
        for (let turn: Promise<void> | undefined; turn !== this.#turn;) {
            turn = this.#turn;
            await turn;
        }
    }

    async dispose(): Promise<void> {
        this.#loading?.abort();
        this.onDidChange.clear();
        this.onDidAdd.clear();
        await this.#forget([...this.#repositories.keys()]);
    }

    async #load(input: WorkspaceInput, signal: AbortSignal): Promise<void> {
        if (!input.trusted || input.folders.length === 0) {
            await this.#forget([...this.#repositories.keys()]);
            this.#publish({ kind: input.folders.length === 0 ? 'no-folder' : 'untrusted' });
            return;
        }
        const [preflight, found] = await Promise.all([checkPreflight(input.programs, this.log, signal), discoverRepositories(input.folders, input.scanDepth, signal)]);
        throwIfCancelled(signal);
        this.#preflight = preflight;
        const programs = programsOf(preflight);
        const roots = new Set(programs === undefined ? [] : found.map(({ root }) => root));
        await this.#forget([...this.#repositories.keys()].filter(root => !roots.has(root)));
        if (programs !== undefined) {
            for (const repository of found.filter(({ root }) => !this.#repositories.has(root))) {
                const added = new Repository(repository, { programs, log: this.log, history: this.history, ...(this.registry === undefined ? {} : { registry: this.registry }) });
                this.#repositories.set(repository.root, added);
                added.watchPeers(this.#attention, this.#presencePolicy);
                added.onDidChange.on(() => this.#publishRepositories());
                this.onDidAdd.fire(added);
            }
            for (const repository of this.repositories) {
                repository.setComputer(computerOf(preflight, input));
            }
            await Promise.all(
                this.repositories.map(repository =>
                    repository.refresh(signal).catch((error: unknown) => {
                        if (!(error instanceof CancelledError)) {
                            this.log.warn(`Could not read ${repository.found.root}: ${messageOf(error)}`);
                            repository.refreshLater();
                        }
                    }),
                ),
            );
        }
        throwIfCancelled(signal);
        this.#publish({ kind: 'ready', preflight, repositories: this.repositories.map(({ snapshot }) => snapshot), hasGitRepository: found.length > 0 });
    }

    #publishRepositories(): void {
        if (this.#snapshot.kind === 'ready') {
            this.#publish({ ...this.#snapshot, repositories: this.repositories.map(({ snapshot }) => snapshot) });
        }
    }

    #publish(snapshot: WorkspaceSnapshot): void {
        this.#snapshot = snapshot;
        this.onDidChange.fire(snapshot);
    }

    async #forget(roots: readonly string[]): Promise<void> {
        const gone = roots.flatMap(root => this.#repositories.get(root) ?? []);
        for (const root of roots) {
            this.#repositories.delete(root);
        }
        await Promise.all(gone.map(repository => repository.dispose()));
    }
}

function computerOf({ gitAnnex, wormhole }: Preflight, { pairsWithoutTor }: WorkspaceInput): Computer {
    return {
        gitAnnex: gitAnnex.kind === 'ready' ? gitAnnex.version : undefined,
        wormholeProgram: wormhole.kind === 'program' ? wormhole.path : undefined,
        // git-annex never passes --tor on to another program.
        pairingOverTor: wormhole.kind === 'built-in' && !pairsWithoutTor,
    };
}
