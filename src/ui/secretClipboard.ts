/**
 * Puts secrets into the clipboard and takes them out again after a minute, if they are still there. Where the clipboard can't be read
 * just then (a browser without the focus), it is tried again as soon as the window has the focus.
 */
import { createHash } from 'node:crypto';
import type { SecretText } from '../core/peers/access';

export interface Clipboard {
    readText(): Thenable<string>;
    writeText(text: string): Thenable<void>;
}

export const clearAfterMs = 60_000;

function markOf(text: string): string {
    return createHash('sha256').update(text).digest('hex');
}

export class SecretClipboard {
    /** What is to be taken out; the secret itself is not kept for that. */
    #mark: string | undefined;
    #timer: NodeJS.Timeout | undefined;
    #due = false;

    constructor(
        private readonly clipboard: Clipboard,
        private readonly afterMs = clearAfterMs,
    ) {}

    async copy(secret: SecretText): Promise<void> {
        await this.clipboard.writeText(secret.reveal());
        this.#mark = markOf(secret.reveal());
        this.#due = false;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
            this.#due = true;
            void this.#clear();
        }, this.afterMs);
        this.#timer.unref();
    }

    /** The window has the focus, so that the clipboard can be read. */
    focused(): void {
        if (this.#due) {
            void this.#clear();
        }
    }

    /** Takes it out at once: the editor goes. */
    async dispose(): Promise<void> {
        clearTimeout(this.#timer);
        await this.#clear();
    }

    async #clear(): Promise<void> {
        const mark = this.#mark;
        if (mark === undefined) {
            return;
        }
        try {
            const isStillOurs = markOf(await this.clipboard.readText()) === mark;
            if (this.#mark !== mark) {
                return;
            }
            if (isStillOurs) {
                await this.clipboard.writeText('');
            }
            this.#mark = undefined;
            this.#due = false;
        } catch {
            // It could not be read; focused() tries again.
        }
    }
}
