/**
 * The pairing of one repository as its views use it: one session after the other ("Start again" is a new one), and what the user can do.
 *
 * Views come and go (page, input boxes); this stays until the user ends it. Nothing of the editor is needed here.
 */
import { AnnexPeersError, messageOf } from '../../core/errors';
import { Event, type Subscription } from '../../core/event';
import type { Log } from '../../core/log';
import type { PairingSession } from '../../core/pairing/session';
import type { AdviceSource } from '../security/advice';
import type { CodeCheck } from '../../shared/pairing/code';
import type { NameCheck } from '../../shared/pairing/name';
import type { Remedy } from '../../shared/pairing/remedy';
import { isOver, type PairingSnapshot, type Privacy } from '../../shared/pairing/snapshot';

/** What a pairing asks the rest of the extension for. */
export interface PairingActions {
    /** Puts text into the clipboard. */
    copy(text: string): Promise<void>;
    /** Called once for each pairing that succeeded. */
    paired(peer: string): void;
    syncNow(peer: string): void;
    /** Carries out what mends a failure; resolves when that is done. */
    remedy(remedy: Remedy): Thenable<unknown>;
    showLog(): void;
    /** Tells of what went wrong outside of the pairing itself, so that no snapshot has it. */
    trouble(error: unknown): void;
    /** What to look at before pairing. */
    readonly advice?: AdviceSource | undefined;
}

export class ActivePairing {
    readonly onSnapshot = new Event<PairingSnapshot>();
    #session: PairingSession;
    #subscription: Subscription;

    private constructor(
        session: PairingSession,
        private readonly makeSession: (name?: string) => Promise<PairingSession>,
        readonly actions: PairingActions,
        private readonly log: Log,
    ) {
        this.#session = session;
        this.#subscription = this.#listen(session);
    }

    static async create(makeSession: (name?: string) => Promise<PairingSession>, actions: PairingActions, log: Log): Promise<ActivePairing> {
        return new ActivePairing(await makeSession(), makeSession, actions, log);
    }

    get snapshot(): PairingSnapshot {
        return this.#session.snapshot;
    }

    /** @throws {RunError} */
    checkName(text: string): Promise<NameCheck> {
        return this.#session.checkName(text);
    }

    /** Starts it; gives back what is wrong with the name, and undefined where it can't start at all now, which is told. */
    async begin(name: string, consent: Privacy): Promise<NameCheck | undefined> {
        try {
            return await this.#session.begin(name, consent);
        } catch (error) {
            if (error instanceof AnnexPeersError) {
                this.log.warn(`pairing: ${messageOf(error)}`);
                this.actions.trouble(error);
                return undefined;
            }
            throw error;
        }
    }

    submitCode(code: string): CodeCheck {
        return this.#session.submitCode(code);
    }

    /** Puts the own code into the clipboard; false where there is none. */
    async copyCode(): Promise<boolean> {
        if (!('ownCode' in this.snapshot)) {
            return false;
        }
        await this.actions.copy(this.snapshot.ownCode);
        return true;
    }

    keepTrying(): void {
        this.#session.keepTrying();
    }

    /** Ends it; resolves when nothing of it is left. */
    cancel(): Promise<void> {
        return this.#session.cancel();
    }

    /** A new pairing with the same name, after one that is over. Where that can't be made, it is told. */
    async startAgain(): Promise<void> {
        const last = this.#session;
        if (!isOver(last.snapshot)) {
            return;
        }
        const name = 'name' in last.snapshot ? last.snapshot.name : undefined;
        let next: PairingSession;
        try {
            next = await this.makeSession(name);
        } catch (error) {
            this.log.error(`pairing: ${messageOf(error)}`);
            this.actions.trouble(error);
            return;
        }
        if (this.#session !== last) {
            return;
        }
        this.#subscription.dispose();
        this.#session = next;
        this.#subscription = this.#listen(next);
        this.onSnapshot.fire(next.snapshot);
    }

    #listen(session: PairingSession): Subscription {
        return session.onSnapshot.on(snapshot => {
            this.onSnapshot.fire(snapshot);
            if (snapshot.state === 'paired') {
                this.actions.paired(snapshot.name);
            }
        });
    }
}
