/** The whole page: the sections one after the other, with a list that leads to each. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PageMessage, ProtectionContent, ProtectionSection, SectionId } from '../../src/shared/protection/messages';

/** Everything that the extension has sent, newest only. */
export interface Received {
    readonly content: ProtectionContent | undefined;
    readonly section: SectionId | undefined;
    /** How often it led to a section. */
    readonly shows: number;
}

interface AppProps {
    readonly received: Received;
    readonly send: (message: PageMessage) => void;
}

export function App({ received, send }: AppProps): JSX.Element | null {
    const { content } = received;
    return content === undefined ? null : <Page received={received} content={content} send={send} />;
}

function lead(section: SectionId): void {
    const heading = document.getElementById(section);
    heading?.scrollIntoView({ block: 'start' });
    heading?.focus({ preventScroll: true });
}

function Page({ received, content, send }: AppProps & { readonly content: ProtectionContent }): JSX.Element {
    const { section, shows } = received;
    const [current, setCurrent] = useState(section);
    const go = (id: SectionId): void => {
        setCurrent(id);
        lead(id);
    };
    useEffect(() => {
        if (section !== undefined) {
            go(section);
        }
    }, [section, shows]);
    return (
        <div class="page">
            <header>
                <h1>{content.title}</h1>
                <p>{content.intro}</p>
            </header>
            <nav aria-label={content.sectionsLabel}>
                <ul class="sections">
                    {content.sections.map(({ id, title }) => (
                        <li key={id}>
                            <button type="button" class="choice" {...(id === current ? { 'aria-current': 'true' as const } : {})} onClick={() => go(id)}>
                                {title}
                            </button>
                        </li>
                    ))}
                </ul>
            </nav>
            <main class="parts">
                {content.sections.map(part => (
                    <Part key={part.id} section={part} content={content} send={send} />
                ))}
            </main>
        </div>
    );
}

interface PartProps {
    readonly section: ProtectionSection;
    readonly content: ProtectionContent;
    readonly send: (message: PageMessage) => void;
}

function Part({ section, content, send }: PartProps): JSX.Element {
    return (
        <section aria-labelledby={section.id}>
            <h2 id={section.id} tabIndex={-1}>
                {section.title}
            </h2>
            <ul class="points">
                {section.points.map(({ holds, text }) => (
                    <li key={text} class={holds ? 'holds' : 'holds-not'}>
                        <span class="hidden">{holds ? content.holdsLabel : content.holdsNotLabel} </span>
                        <span>{text}</span>
                    </li>
                ))}
            </ul>
            {section.actions.length === 0 ? null : (
                <div class="actions">
                    {section.actions.map(({ id, label }) => (
                        <button key={id} type="button" onClick={() => send({ type: 'act', action: id })}>
                            {label}
                        </button>
                    ))}
                </div>
            )}
        </section>
    );
}
