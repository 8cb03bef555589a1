/** What a program said, for those who want to know: folded away, and reached by the keyboard. */
import type { JSX } from 'preact';

export function ProgramWords({ label, text }: { readonly label: string; readonly text: string }): JSX.Element | null {
    return text === '' ? null : (
        <details>
            <summary>{label}</summary>
            <pre tabIndex={0} aria-label={label}>
                {text}
            </pre>
        </details>
    );
}
