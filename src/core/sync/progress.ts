/**
 * Counts what a sync has moved, and tells it in immutable snapshots.
 */
import type { SyncPhase, SyncProgress, SyncQuestions } from './types';

export class ProgressCounter {
    #phase: SyncPhase = 'checking';
    #peer: string | undefined;
    #questions = 0;
    /** The files under way, by direction: both can go on at the same time. */
    readonly #moving = new Map<string, NonNullable<SyncProgress['file']>>();
    #file: SyncProgress['file'];
    #files = { done: 0, total: 0 };
    #bytes = { done: 0, total: 0 };

    constructor(private readonly tell: (progress: SyncProgress) => void) {}

    phase(phase: SyncPhase, peer?: string): void {
        this.#phase = phase;
        this.#peer = peer;
        this.#file = undefined;
        if (phase !== 'receiving' && phase !== 'sending') {
            this.#moving.clear();
        }
        this.#emit();
    }

    /** While a question is open that is what is told, whatever goes on beside it. */
    async whileAsking<T>(question: Promise<T>): Promise<T> {
        this.#questions++;
        this.#emit();
        try {
            return await question;
        } finally {
            this.#questions--;
            this.#emit();
        }
    }

    /** Sets what is to be moved in all. */
    plan(files: number, bytes: number): void {
        this.#files = { done: 0, total: files };
        this.#bytes = { done: 0, total: bytes };
        this.#emit();
    }

    /** A file of the present phase is under way; `done` of its bytes are there. */
    moving(path: string, done: number, total: number | undefined): void {
        this.movingBetween(this.#phase, this.#peer, path, done, total);
    }

    /** As {@link moving}, in a phase that may be one of two. */
    movingBetween(phase: SyncPhase, peer: string | undefined, path: string, done: number, total: number | undefined): void {
        this.#phase = phase;
        this.#peer = peer;
        this.#file = { path, done, total };
        this.#moving.set(phase, this.#file);
        this.#emit();
    }

    /** A file is finished, moved or not. */
    finished(phase: SyncPhase, size: number): void {
        this.#file = undefined;
        this.#moving.delete(phase);
        this.#files = { done: this.#files.done + 1, total: Math.max(this.#files.total, this.#files.done + 1) };
        this.#bytes = { done: this.#bytes.done + size, total: Math.max(this.#bytes.total, this.#bytes.done + size) };
        this.#emit();
    }

    #emit(): void {
        const moving = [...this.#moving.values()].reduce((sum, { done }) => sum + done, 0);
        const current = Math.min(moving, Math.max(0, this.#bytes.total - this.#bytes.done));
        const shown = this.#questions > 0 ? { phase: 'asking' as const, peer: undefined, file: undefined } : { phase: this.#phase, peer: this.#peer, file: this.#file };
        this.tell({ ...shown, files: this.#files, bytes: { done: this.#bytes.done + current, total: this.#bytes.total } });
    }
}

/** The same questions, with the wait for their answers told. */
export function askedVisibly(questions: SyncQuestions, progress: ProgressCounter): SyncQuestions {
    return {
        commit: async plan => progress.whileAsking(questions.commit(plan)),
        plainGitFiles: async files => progress.whileAsking(questions.plainGitFiles(files)),
        hostileMerge: async question => progress.whileAsking(questions.hostileMerge(question)),
        unrelatedHistories: async source => progress.whileAsking(questions.unrelatedHistories(source)),
    };
}
