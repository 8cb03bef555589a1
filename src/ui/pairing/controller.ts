/**
 * Opens pairings: one for each repository at a time, as a page or as input boxes, which can be swapped midway.
 */
import * as vscode from 'vscode';
import type { RepositoryContext } from '../../core/annex/context';
import { AnnexPeersError, messageOf } from '../../core/errors';
import type { Log } from '../../core/log';
import { PairingSession } from '../../core/pairing/session';
import { inert } from '../../shared/inert';
import type { Remedy } from '../../shared/pairing/remedy';
import { isRunning, type Privacy } from '../../shared/pairing/snapshot';
import type { AdviceSource } from '../security/advice';
import { ActivePairing } from './activePairing';
import { PagePanel } from './pagePanel';
import { QuickFlow } from './quickFlow';
import { pairingTexts } from './texts';
import type { PairingView } from './view';

/** A repository as pairing needs it. */
export interface PairingRepository {
    readonly context: RepositoryContext;
    /** Its name for people. */
    readonly name: string;
}

/** Which `wormhole` a pairing uses, and which way that one goes. */
export interface WormholeChoice {
    /** Absolute path; undefined lets git-annex look on the PATH. */
    readonly program: string | undefined;
    readonly privacy: Privacy;
    /** The program is our own, which says how it ended. */
    readonly ownWormhole?: boolean;
    /** Added to the environment, such as WORMHOLE_RELAY_URL. */
    readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface PairingDependencies {
    readonly extensionUri: vscode.Uri;
    readonly log: Log;
    /** Asked anew for each pairing. */
    wormhole(): Promise<WormholeChoice> | WormholeChoice;
    /** Called once when a peer has been added: reload the daemon, show the peer. */
    onPaired(repository: PairingRepository, peer: string): void;
    /** The user wants the first sync. */
    syncNow(repository: PairingRepository, peer: string): void;
    /** Carries out what mends a failure. */
    remedy(repository: PairingRepository, remedy: Remedy): Thenable<unknown>;
    showLog(): void;
    /** What to look at before pairing. */
    advice?(repository: PairingRepository): AdviceSource | undefined;
}

interface Entry {
    readonly repository: PairingRepository;
    readonly pairing: ActivePairing;
    view: PairingView | undefined;
}

export class PairingController implements vscode.Disposable {
    readonly #entries = new Map<string, Entry>();
    /** Pairings that are being prepared or ended, by git folder. */
    readonly #pending = new Map<string, Promise<unknown>>();
    #disposed = false;

    constructor(private readonly deps: PairingDependencies) {}

    /** Shows the repository's pairing as a page; starts one if there is none. @throws {RunError} if git can't say which remotes there are. */
    openPage(repository: PairingRepository): Promise<void> {
        return this.#open(repository, 'page');
    }

    /** Shows the repository's pairing as input boxes; starts one if there is none. @throws {RunError} as above. */
    openQuick(repository: PairingRepository): Promise<void> {
        return this.#open(repository, 'quick');
    }

    /** Whether a pairing of this repository has begun and is not over. */
    isPairing(gitDir: string): boolean {
        const entry = this.#entries.get(gitDir);
        return entry !== undefined && isRunning(entry.pairing.snapshot);
    }

    /** Whether a pairing of this repository is shown, in whatever state. */
    isOpen(gitDir: string): boolean {
        return this.#entries.has(gitDir);
    }

    dispose(): void {
        void this.shutDown();
    }

    /** Ends every pairing; resolves when nothing of them is left. */
    async shutDown(): Promise<void> {
        this.#disposed = true;
        await Promise.all([...this.#pending.values(), ...[...this.#entries.values()].map(entry => this.#end(entry))]);
    }

    async #open(repository: PairingRepository, kind: PairingView['kind']): Promise<void> {
        const key = repository.context.gitDir;
        await this.#pending.get(key);
        const existing = this.#entries.get(key);
        if (existing !== undefined) {
            this.#show(existing, kind);
            return;
        }
        const created = this.#create(repository);
        this.#pending.set(key, created.catch(() => undefined));
        try {
            const entry = await created;
            if (!this.#disposed) {
                this.#entries.set(key, entry);
                this.#show(entry, kind);
            }
        } finally {
            this.#pending.delete(key);
        }
    }

    async #create(repository: PairingRepository): Promise<Entry> {
        const { deps } = this;
        const makeSession = async (name?: string): Promise<PairingSession> => {
            const { program, privacy, env, ownWormhole } = await deps.wormhole();
            return PairingSession.create({
                repository: repository.context,
                repositoryName: inert(repository.name),
                privacy,
                ...(name === undefined ? {} : { name }),
                ...(program === undefined ? {} : { wormhole: program }),
                ...(env === undefined ? {} : { env }),
                ...(ownWormhole === undefined ? {} : { ownWormhole }),
            });
        };
        const pairing = await ActivePairing.create(
            makeSession,
            {
                copy: async text => vscode.env.clipboard.writeText(text),
                paired: peer => deps.onPaired(repository, peer),
                syncNow: peer => deps.syncNow(repository, peer),
                remedy: remedy => deps.remedy(repository, remedy),
                trouble: error => void this.#sayTrouble(error),
                showLog: () => deps.showLog(),
                advice: deps.advice?.(repository),
            },
            deps.log,
        );
        return { repository, pairing, view: undefined };
    }

    #show(entry: Entry, kind: PairingView['kind']): void {
        if (entry.view?.kind === kind) {
            entry.view.reveal();
            return;
        }
        entry.view?.detach();
        const events = {
            closed: () => void this.#end(entry),
            swap: () => this.#show(entry, kind === 'page' ? 'quick' : 'page'),
        };
        entry.view = kind === 'page' ? new PagePanel(entry.pairing, this.deps.extensionUri, events, this.deps.log) : new QuickFlow(entry.pairing, events, this.deps.log);
    }

    async #end(entry: Entry): Promise<void> {
        const key = entry.repository.context.gitDir;
        if (this.#entries.get(key) !== entry) {
            return;
        }
        this.#entries.delete(key);
        entry.view?.detach();
        const wasRunning = isRunning(entry.pairing.snapshot);
        const ended = entry.pairing.cancel().then(() => {
            const { snapshot } = entry.pairing;
            if (wasRunning && 'tokenMayRemain' in snapshot && snapshot.tokenMayRemain) {
                // Nobody sees the page any more.
                void this.#warnOfToken(entry.repository);
            }
        }).catch((error: unknown) => this.deps.log.error(`pairing: ${messageOf(error)}`));
        this.#pending.set(key, ended);
        await ended;
        if (this.#pending.get(key) === ended) {
            this.#pending.delete(key);
        }
    }

    async #sayTrouble(error: unknown): Promise<void> {
        const showLog = vscode.l10n.t('Show Log');
        const isBusy = error instanceof AnnexPeersError && error.reason === 'busy';
        const text = isBusy ? vscode.l10n.t('Another pairing of this repository is running.') : vscode.l10n.t('The pairing could not begin: a program that it needs did not answer as it should. The log has what it said.');
        if ((await vscode.window.showErrorMessage(text, showLog)) === showLog) {
            this.deps.showLog();
        }
    }

    async #warnOfToken(repository: PairingRepository): Promise<void> {
        const { tokenMayRemain, 'remedy-show-access': show } = pairingTexts();
        if ((await vscode.window.showWarningMessage(tokenMayRemain, show)) === show) {
            await this.deps.remedy(repository, 'show-access');
        }
    }
}
