/** A part of a page under its own heading, which gets the focus when what it says is new. */
import type { ComponentChildren, JSX } from 'preact';
import { useFocusOn } from './focus';

interface Props {
    /** Of the heading; the part is named by it. */
    readonly id: string;
    readonly title: string;
    /** The heading gets the focus whenever this changes. */
    readonly focusOn: unknown;
    /** How something ended. */
    readonly outcome?: 'good' | 'bad' | 'neither';
    /** Work is under way. */
    readonly busy?: boolean;
    readonly children?: ComponentChildren;
}

export function TitledSection({ id, title, focusOn, outcome, busy, children }: Props): JSX.Element {
    const heading = useFocusOn<HTMLHeadingElement>(focusOn);
    return (
        <section aria-labelledby={id} {...(busy ? { 'aria-busy': 'true' as const } : {})} {...(outcome === undefined ? {} : { class: outcome === 'neither' ? 'outcome' : `outcome ${outcome}` })}>
            <h2 id={id} tabIndex={-1} ref={heading}>
                {busy ? <span class="ring" aria-hidden="true" /> : null}
                {title}
            </h2>
            {children}
        </section>
    );
}
