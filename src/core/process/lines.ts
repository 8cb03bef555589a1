/**
 * Splits text that comes in pieces into lines.
 *
 * A carriage return ends a line as well, so that progress meters come through; a line longer than the limit is cut,
 * so that a hostile program can't fill the memory.
 */

const defaultMaxLineLength = 1 << 20;

export class LineSplitter {
    #rest = '';
    #lastWasReturn = false;

    constructor(
        private readonly onLine: (line: string) => void,
        private readonly maxLineLength = defaultMaxLineLength,
    ) {}

    push(text: string): void {
        let start = 0;
        for (let index = 0; index < text.length; index++) {
            const character = text.charCodeAt(index);
            if (character !== 10 && character !== 13) {
                this.#lastWasReturn = false;
                continue;
            }
            const isSecondHalf = character === 10 && this.#lastWasReturn;
            this.#lastWasReturn = character === 13;
            if (!isSecondHalf) {
                this.#keep(text.slice(start, index));
                this.#emit();
            }
            start = index + 1;
        }
        this.#keep(text.slice(start));
    }

    /** Gives out what is left as a last line. */
    end(): void {
        if (this.#rest !== '') {
            this.#emit();
        }
    }

    #keep(text: string): void {
        const room = this.maxLineLength - this.#rest.length;
        if (room > 0) {
            this.#rest += text.length > room ? text.slice(0, room) : text;
        }
    }

    #emit(): void {
        const line = this.#rest;
        this.#rest = '';
        this.onLine(line);
    }
}
