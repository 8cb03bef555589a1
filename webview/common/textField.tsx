/** A text field with its label, a hint, and what was found out about what is typed, which is read aloud. */
import type { JSX } from 'preact';

export type Severity = 'none' | 'hint' | 'ok' | 'warning' | 'error';

interface Props {
    readonly id: string;
    readonly label: string;
    readonly hint: string;
    readonly value: string;
    readonly maxLength: number;
    readonly onText: (text: string) => void;
    readonly found: { readonly severity: Severity; readonly text: string };
    /** More than one line, of so many rows. */
    readonly rows?: number;
}

export function TextField({ id, label, hint, value, maxLength, onText, found, rows }: Props): JSX.Element {
    const common = {
        id,
        value,
        maxLength,
        autocomplete: 'off',
        autocapitalize: 'none',
        spellcheck: false,
        'aria-describedby': `${id}-hint ${id}-found`,
        'aria-invalid': found.severity === 'error',
    } as const;
    return (
        <section aria-labelledby={`${id}-label`}>
            <label id={`${id}-label`} class="label" for={id}>
                {label}
            </label>
            {rows === undefined ? (
                <input type="text" {...common} onInput={event => onText(event.currentTarget.value)} />
            ) : (
                <textarea rows={rows} {...common} onInput={event => onText(event.currentTarget.value)} />
            )}
            <p id={`${id}-hint`} class="muted small">
                {hint}
            </p>
            <p id={`${id}-found`} class={`found ${found.severity}`} aria-live="polite">
                <span>{found.text}</span>
            </p>
        </section>
    );
}
