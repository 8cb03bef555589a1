/**
 * A text that must not get into a log, a notification, a setting or a state by accident: it only comes out where it is asked
 * for by name.
 */
import { inspect } from 'node:util';

const shown = '<secret>';

export class SecretText {
    readonly #text: string;

    constructor(text: string) {
        this.#text = text;
    }

    /** The text itself, for the clipboard or a program's standard input. */
    reveal(): string {
        return this.#text;
    }

    toString(): string {
        return shown;
    }

    toJSON(): string {
        return shown;
    }

    [inspect.custom](): string {
        return shown;
    }
}
