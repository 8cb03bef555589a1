/**
 * Keeps one repository's findings: looks a moment after something has changed, at one thing at a time.
 */
import type { RepositoryContext } from '../../annex/context';
import { CancelledError, messageOf } from '../../errors';
import { collectFacts, type Known } from './collect';
import { findingsOf } from './findings';
import type { Finding } from './types';

/** What there is to know of the computer and the settings; the same for all repositories. */
export type Computer = Pick<Known, 'gitAnnex' | 'wormholeProgram' | 'pairingOverTor'>;

export interface FindingsWatchOptions {
    /** undefined while git-annex is not set up in the repository. */
    readonly context: () => RepositoryContext | undefined;
    /** Whether a daemon of ours serves it now, or is about to. */
    readonly served: () => boolean;
    readonly onFindings: (findings: readonly Finding[]) => void;
    readonly delayMs?: number;
}

/** Not in the way of the start, and after what comes in bursts. */
const usualDelayMs = 1000;

export class FindingsWatch {
    #computer: Computer = { gitAnnex: undefined, wormholeProgram: undefined, pairingOverTor: undefined };
    #timer: NodeJS.Timeout | undefined;
    #looking: Promise<void> | undefined;
    #again = false;
    #disposed = false;
    readonly #abort = new AbortController();

    constructor(private readonly options: FindingsWatchOptions) {}

    setComputer(computer: Computer): void {
        this.#computer = computer;
        this.lookSoon();
    }

    /** Something has changed that a finding may come of. */
    lookSoon(): void {
        if (this.#disposed || this.#timer !== undefined) {
            return;
        }
        this.#timer = setTimeout(() => {
            this.#timer = undefined;
            void this.look();
        }, this.options.delayMs ?? usualDelayMs);
        this.#timer.unref();
    }

    /** Looks now; resolves when what there was at the time of the call is known. */
    async look(): Promise<void> {
        if (this.#looking !== undefined) {
            this.#again = true;
            return this.#looking;
        }
        this.#looking = this.#lookOnce();
        try {
            await this.#looking;
        } finally {
            this.#looking = undefined;
        }
    }

    async dispose(): Promise<void> {
        this.#disposed = true;
        clearTimeout(this.#timer);
        this.#abort.abort();
        await this.#looking;
    }

    async #lookOnce(): Promise<void> {
        const { signal } = this.#abort;
        const context = this.options.context();
        this.#again = false;
        if (context === undefined || signal.aborted) {
            return;
        }
        try {
            this.#tell(findingsOf(await collectFacts(context, { ...this.#computer, served: this.options.served(), signal })));
        } catch (error) {
            if (!(error instanceof CancelledError)) {
                context.log.warn(`What is to be warned of in ${context.root} could not be found out: ${messageOf(error)}`);
            }
        }
        await (this.#isWantedAgain() ? this.#lookOnce() : undefined);
    }

    #tell(findings: readonly Finding[]): void {
        if (!this.#disposed) {
            this.options.onFindings(findings);
        }
    }

    #isWantedAgain(): boolean {
        return this.#again;
    }
}
