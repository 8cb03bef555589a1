/**
 * One pairing, from the choice of a name to its end: the one state machine that drives the real `git-annex p2p --pair`.
 *
 * It knows no editor. Views render its snapshots and call its methods; however it ends, no process, temporary folder or token of a
 * pairing that did not succeed is left.
 */
import path from 'node:path';
import { inert } from '../../shared/inert';
import { checkCode, usableCode, type CodeCheck } from '../../shared/pairing/code';
import { checkName, suggestName, type NameCheck } from '../../shared/pairing/name';
import type { FailureReason, PairingSnapshot, Privacy } from '../../shared/pairing/snapshot';
import type { RepositoryContext } from '../annex/context';
import { AnnexPeersError, messageOf } from '../errors';
import { Event } from '../event';
import { redact, redactingLog } from '../log';
import { pairingCleanup } from '../process/guardian/pairing';
import { ManagedProcess, type Guarded } from '../process/managedProcess';
import { acceptedTokens, groupGone, noteTokens, removeToken, settleRemote, tokenStored } from './cleanup';
import { observe, type Observation } from './observer';
import { defaultLimits, type PairingErrorReason, type PairingLimits, type PairingOptions } from './options';
import { PairingOutput, type PairingEvent } from './output';
import { makePrivateFolder, type PrivateFolder } from './privateFolder';
import { remoteNames, type StoredPeer } from './remotes';
import { afterEvent, afterLook, failureReason, type FailureSaid, type Named } from './transitions';
import { readResults, resultsVariable } from './wormholeResults';

/** Repositories with a running pairing, by git folder. */
const running = new Set<string>();

export type { PairingErrorReason, PairingLimits, PairingOptions };

type Outcome = { readonly state: 'ok' } | { readonly state: 'failed'; readonly reason: FailureReason } | { readonly state: 'cancelled' };

export class PairingSession {
    readonly onSnapshot = new Event<PairingSnapshot>();
    readonly #options: PairingOptions;
    readonly #repository: RepositoryContext;
    readonly #limits: PairingLimits;
    readonly #output = new PairingOutput();
    /** What git-annex said that is not understood, for the one who has to find out. */
    readonly #said: string[] = [];
    #snapshot: PairingSnapshot;
    #name: string;
    #beginning = false;
    #starting: Promise<void> | undefined;
    #process: ManagedProcess | undefined;
    #folder: PrivateFolder | undefined;
    #guarded: Guarded | undefined;
    #tokensBefore: ReadonlySet<string> = new Set();
    #ourHalf: string | undefined;
    #theirAddresses: readonly string[] = [];
    #submitted = false;
    #ok = false;
    #failure: FailureSaid | undefined;
    #lastLook: Observation | undefined;
    #limitTimer: NodeJS.Timeout | undefined;
    #lookTimer: NodeJS.Timeout | undefined;
    #unansweredTimer: NodeJS.Timeout | undefined;
    #end: Promise<void> | undefined;

    private constructor(options: PairingOptions, suggestedName: string) {
        this.#options = options;
        this.#repository = { ...options.repository, log: redactingLog(options.repository.log) };
        this.#limits = { ...defaultLimits, ...options.limits };
        this.#name = suggestedName;
        const { repository, privacy } = this.#named;
        this.#snapshot = Object.freeze({ repository, privacy, state: 'choosing', suggestedName });
    }

    /** A pairing that has not begun; nothing but a look at the remotes has run. @throws {RunError} */
    static async create(options: PairingOptions, signal?: AbortSignal): Promise<PairingSession> {
        const existing = await remoteNames(options.repository, signal);
        const wished = options.name === undefined ? undefined : checkName(options.name, existing);
        return new PairingSession(options, wished?.kind === 'ok' ? wished.name : suggestName(existing));
    }

    get snapshot(): PairingSnapshot {
        return this.#snapshot;
    }

    /** Which name the text would become, and whether it is free. @throws {RunError} */
    async checkName(text: string): Promise<NameCheck> {
        return checkName(text, await remoteNames(this.#repository));
    }

    /**
     * Starts git-annex if the name is free; else says why not, and nothing has run. `consent`: the way of pairing that the user agreed to.
     * @throws {AnnexPeersError<PairingErrorReason>}
     */
    async begin(name: string, consent: Privacy): Promise<NameCheck> {
        if (this.#beginning || this.#snapshot.state !== 'choosing') {
            throw new AnnexPeersError<PairingErrorReason>('not-now', 'this pairing has begun already');
        }
        if (consent !== this.#options.privacy) {
            throw new AnnexPeersError<PairingErrorReason>('no-consent', `the user agreed to ${consent}, the pairing goes by ${this.#options.privacy}`);
        }
        this.#beginning = true;
        try {
            const check = await this.checkName(name);
            if (this.#end !== undefined || check.kind === 'taken' || check.kind === 'invalid') {
                return check;
            }
            if (running.has(this.#repository.gitDir)) {
                throw new AnnexPeersError<PairingErrorReason>('busy', 'another pairing of this repository is running');
            }
            running.add(this.#repository.gitDir);
            this.#name = check.name;
            this.#starting = this.#start();
            this.#publish({ ...this.#named, state: 'preparing' });
            await this.#starting.catch(async (error: unknown) => {
                this.#said.push(inert(redact(messageOf(error)), 500));
                await this.#finish({ state: 'failed', reason: 'not-started' });
            });
            return check;
        } finally {
            this.#beginning = false;
        }
    }

    /** Gives git-annex the other's code if it can be one; the check says what is wrong otherwise. */
    submitCode(text: string): CodeCheck {
        const check = checkCode(text, 'ownCode' in this.#snapshot ? this.#snapshot.ownCode : undefined);
        const code = usableCode(check);
        if (code !== undefined && this.#snapshot.state === 'code-ready' && !this.#submitted) {
            this.#submitted = true;
            this.#process?.write(`${code}\n`);
        }
        return check;
    }

    /** Goes on connecting for another time limit. */
    keepTrying(): void {
        if (this.#snapshot.state === 'connecting') {
            this.#publish({ ...this.#snapshot, overdue: false });
            this.#limitConnecting();
        }
    }

    /** Ends the pairing; resolves when nothing of it is left. One that has succeeded in the meantime stays. */
    cancel(): Promise<void> {
        return this.#finish({ state: 'cancelled' });
    }

    get #named(): Named {
        return { repository: this.#options.repositoryName, privacy: this.#options.privacy, name: this.#name };
    }

    #publish(snapshot: PairingSnapshot): void {
        this.#snapshot = Object.freeze(snapshot);
        this.onSnapshot.fire(this.#snapshot);
    }

    async #start(): Promise<void> {
        const repository = this.#repository;
        const env = this.#options.env ?? {};
        this.#tokensBefore = await acceptedTokens(repository);
        const folder = await makePrivateFolder(this.#options.wormhole);
        this.#folder = folder;
        this.#guard(folder);
        const searchPath = [folder.bin, env['PATH'] ?? process.env['PATH']].filter(part => part !== undefined).join(path.delimiter);
        const started = await ManagedProcess.start(
            {
                file: repository.programs.gitAnnex,
                args: ['p2p', '--pair', '--name', this.#name],
                cwd: repository.root,
                // Newer wormholes print a picture of the code to standard error.
                env: { ...env, PATH: searchPath, WORMHOLE_QR: '0', ...(this.#options.ownWormhole === true ? { [resultsVariable]: folder.results } : {}) },
            },
            { log: repository.log, temporaryFolder: folder.path, ...(repository.registry === undefined ? {} : { registry: repository.registry }) },
        );
        this.#process = started;
        started.onStdoutText.on(text => this.#output.push(text).forEach(event => this.#take(event)));
        started.onStderrLine.on(line => this.#output.pushError(line).forEach(event => this.#take(event)));
        void started.exited.then(async ({ code }) => this.#finish(this.#ok && code === 0 && this.#failure === undefined ? { state: 'ok' } : await this.#failed()));
        if (this.#end === undefined) {
            this.#limit(this.#limits.code, () => void this.#finish({ state: 'failed', reason: 'no-code' }));
            this.#lookLater();
        }
    }

    #take(event: PairingEvent): void {
        this.#repository.log.debug(`pairing: git-annex says: ${event.type}${'why' in event ? ` (${event.why})` : ''}`);
        if (this.#end !== undefined) {
            return;
        }
        const next = afterEvent(this.#snapshot, this.#named, event);
        if (next !== this.#snapshot) {
            this.#publish(next);
        }
        switch (event.type) {
            case 'code':
                clearTimeout(this.#limitTimer);
                this.#unansweredTimer = setTimeout(() => void this.#finish({ state: 'failed', reason: 'peer-absent' }), this.#limits.unanswered);
                void this.#look();
                break;
            case 'refused':
                this.#submitted = false;
                break;
            case 'exchanging':
                this.#limit(this.#limits.slow, () => this.#slow());
                break;
            case 'exchanged':
                clearTimeout(this.#unansweredTimer);
                void this.#look();
                this.#limitConnecting();
                break;
            case 'ok':
                this.#ok = true;
                break;
            case 'failure':
                this.#failure = event.why;
                // A name that is taken is noticed only after everything else has worked, and git-annex goes on to its end.
                this.#endSoon();
                break;
            case 'failed':
                this.#endSoon();
                break;
            case 'unknown':
                this.#said.push(inert(redact(event.text), 500));
                this.#said.splice(0, this.#said.length - 20);
                break;
            case 'started':
            case 'prompt':
            case 'retrying':
                break;
        }
    }

    /** git-annex ends by itself after a failure; if it doesn't, it is ended. */
    #endSoon(): void {
        this.#limit(this.#limits.grace, () => void this.#failed().then(outcome => this.#finish(outcome)));
    }

    /** What has failed, once it has: our own wormholes have said why before git-annex says that they have. */
    async #failed(): Promise<Outcome> {
        const results = this.#resultsFolder === undefined ? undefined : await readResults(this.#resultsFolder);
        return { state: 'failed', reason: failureReason(this.#snapshot, this.#failure, results) };
    }

    get #resultsFolder(): string | undefined {
        return this.#options.ownWormhole === true ? this.#folder?.results : undefined;
    }

    #limit(ms: number, over: () => void): void {
        clearTimeout(this.#limitTimer);
        this.#limitTimer = setTimeout(over, ms);
    }

    #slow(): void {
        if (this.#snapshot.state === 'waiting' || this.#snapshot.state === 'exchanging') {
            this.#publish({ ...this.#snapshot, slow: true });
        }
    }

    #limitConnecting(): void {
        this.#limit(this.#limits.connect, () => {
            if (this.#snapshot.state === 'connecting') {
                this.#publish({ ...this.#snapshot, overdue: true });
            }
        });
    }

    #lookLater(): void {
        this.#lookTimer = setTimeout(() => {
            void this.#look().then(seen => {
                if (seen === undefined || this.#end !== undefined || this.#snapshot.state === 'connecting') {
                    return;
                }
                const next = this.#failure === undefined ? afterLook(this.#snapshot, this.#lastLook, seen) : this.#snapshot;
                this.#lastLook = seen;
                if (typeof next === 'string') {
                    void this.#finish({ state: 'failed', reason: next });
                } else if (next !== this.#snapshot) {
                    this.#publish(next);
                }
                this.#lookLater();
            });
        }, this.#limits.look);
    }

    /** Looks at the wormholes, and keeps what must be known to clean up. */
    async #look(): Promise<Observation | undefined> {
        if (this.#process === undefined || this.#folder === undefined) {
            return undefined;
        }
        const seen = await observe(this.#folder.path, this.#process.pid, this.#resultsFolder);
        const isNews = (this.#ourHalf === undefined && seen.ourHalf !== undefined) || seen.theirAddresses.length > this.#theirAddresses.length;
        this.#ourHalf ??= seen.ourHalf;
        this.#theirAddresses = seen.theirAddresses.length > 0 ? seen.theirAddresses : this.#theirAddresses;
        if (isNews) {
            this.#guard(this.#folder);
        }
        return seen;
    }

    /** Should the editor die, the guardian does what {@link #cleanUp} does. */
    #guard(folder: PrivateFolder): void {
        const cleanup = pairingCleanup(this.#repository, { name: this.#name, folder: folder.path, tokensBefore: this.#tokensBefore, ourHalf: this.#ourHalf, theirAddresses: this.#theirAddresses });
        if (this.#guarded === undefined) {
            this.#guarded = this.#repository.registry?.guard?.(cleanup);
        } else {
            this.#guarded.update(cleanup);
        }
    }

    #finish(outcome: Outcome): Promise<void> {
        this.#end ??= this.#cleanUp(outcome);
        return this.#end;
    }

    async #cleanUp(outcome: Outcome): Promise<void> {
        clearTimeout(this.#limitTimer);
        clearTimeout(this.#lookTimer);
        clearTimeout(this.#unansweredTimer);
        if (this.#starting === undefined) {
            this.#publish({ ...this.#named, state: 'cancelled', tokenMayRemain: false });
            return;
        }
        const wasConnecting = this.#snapshot.state === 'connecting';
        if (outcome.state === 'cancelled') {
            this.#publish({ ...this.#named, state: 'ending' });
        }
        await this.#starting.catch(() => undefined);
        if (this.#ourHalf === undefined || wasConnecting) {
            await this.#look();
        }
        if (wasConnecting && this.#process?.exit === undefined) {
            await tokenStored(this.#repository, this.#ourHalf);
        }
        if (this.#process !== undefined) {
            await this.#process.end(this.#limits.grace);
            await groupGone(this.#process.pid);
        }
        const expected = { name: this.#name, ourHalf: this.#ourHalf, theirAddresses: this.#theirAddresses };
        const stored: StoredPeer = wasConnecting && this.#failure !== 'name-taken' ? await settleRemote(this.#repository, expected) : { kind: 'absent' };
        const tokenMayRemain = stored.kind === 'whole' || this.#process === undefined ? false : await removeToken(this.#repository, this.#tokensBefore, this.#ourHalf);
        if (this.#process !== undefined) {
            await noteTokens(this.#repository, this.#tokensBefore, this.#ourHalf, this.#name);
        }
        if (this.#folder !== undefined && !(await this.#folder.remove())) {
            this.#repository.log.error(`pairing: ${this.#folder.path} could not be removed`);
        }
        this.#guarded?.release();
        this.#guarded = undefined;
        running.delete(this.#repository.gitDir);
        this.#ourHalf = undefined;
        this.#publish(this.#last(outcome, stored, tokenMayRemain));
    }

    #last(outcome: Outcome, stored: StoredPeer, tokenMayRemain: boolean): PairingSnapshot {
        if (stored.kind === 'whole') {
            return { ...this.#named, state: 'paired', uuid: stored.uuid };
        }
        if (outcome.state === 'cancelled') {
            return { ...this.#named, state: 'cancelled', tokenMayRemain };
        }
        const reason = outcome.state === 'ok' ? 'not-stored' : outcome.reason;
        return { ...this.#named, state: 'failed', reason, detail: this.#said.join('\n'), tokenMayRemain };
    }
}
