/** The whole page for one snapshot: heading, what can be done here, and the part that was chosen. */
import type { JSX } from 'preact';
import type { HostMessage, PageMessage } from '../../src/shared/access/messages';
import { sections, type AccessPageSnapshot, type Section } from '../../src/shared/access/snapshot';
import type { AccessTexts } from '../../src/shared/access/texts';
import { fill } from '../../src/shared/fill';
import { useMoment } from '../common/moment';
import { Link } from './link';
import { Make } from './make';
import { Verify } from './verify';

/** Everything that the extension has sent, newest only. */
export interface Received {
    readonly texts: AccessTexts | undefined;
    readonly snapshot: AccessPageSnapshot | undefined;
    readonly linkChecked: Extract<HostMessage, { type: 'link-checked' }> | undefined;
    /** How often each was copied. */
    readonly copied: { readonly address: number; readonly instructions: number };
}

/** What every part of the page needs. */
export interface PartProps {
    readonly snapshot: AccessPageSnapshot;
    readonly texts: AccessTexts;
    readonly send: (message: PageMessage) => void;
    readonly received: Received;
}

interface AppProps {
    readonly received: Received;
    readonly send: (message: PageMessage) => void;
}

export function App({ received, send }: AppProps): JSX.Element | null {
    const { texts, snapshot } = received;
    return texts === undefined || snapshot === undefined ? null : <Page received={received} texts={texts} snapshot={snapshot} send={send} />;
}

function Page(props: PartProps): JSX.Element {
    const { snapshot, texts, send } = props;
    const names: Readonly<Record<Section, string>> = { make: texts.makeSection, link: texts.linkSection, verify: texts.verifySection };
    return (
        <div class="page">
            <header>
                <p class="muted">{fill(texts.repository, snapshot.repository)}</p>
                <h1>{texts.title}</h1>
            </header>
            <nav aria-label={texts.sections}>
                <ul class="sections">
                    {sections.map(section => (
                        <li key={section}>
                            <button type="button" class="choice" {...(section === snapshot.section ? { 'aria-current': 'page' as const } : {})} onClick={() => send({ type: 'show', section })}>
                                {names[section]}
                            </button>
                        </li>
                    ))}
                </ul>
            </nav>
            <main data-section={snapshot.section} data-state={snapshot[snapshot.section].state}>
                <Part {...props} />
            </main>
            <Announcer {...props} />
        </div>
    );
}

function Part(props: PartProps): JSX.Element {
    switch (props.snapshot.section) {
        case 'make':
            return <Make {...props} />;
        case 'link':
            return <Link {...props} />;
        case 'verify':
            return <Verify {...props} />;
    }
}

/** Says aloud what has changed, for those who don't see it. An address is not read out: it is a secret, and too long. */
function Announcer({ snapshot, texts, received }: PartProps): JSX.Element {
    const addressCopied = useMoment(received.copied.address);
    const instructionsCopied = useMoment(received.copied.instructions);
    return (
        <div class="hidden" data-role="announcer">
            <div aria-live="polite">{announcement(snapshot, texts)}</div>
            <div aria-live="polite">{addressCopied ? texts.copiedAnnounce : instructionsCopied ? texts.instructionsCopied : ''}</div>
        </div>
    );
}

function announcement({ section, make, link, verify }: AccessPageSnapshot, texts: AccessTexts): string {
    if (section === 'make') {
        switch (make.state) {
            case 'idle':
                return '';
            case 'making':
                return fill(texts.makingTitle, make.label);
            case 'made':
                return fill(texts.madeTitle, make.label);
            case 'failed':
                return `${texts.makeFailed}. ${texts[`why-${make.reason}`]}`;
        }
    }
    if (section === 'link') {
        switch (link.state) {
            case 'idle':
                return '';
            case 'linking':
                return fill(texts.linkingTitle, link.name);
            case 'linked':
                return fill(texts.linkedTitle, link.name);
            case 'failed':
                return `${fill(texts.linkFailed, link.name)}. ${texts[`why-${link.reason}`]}`;
        }
    }
    switch (verify.state) {
        case 'choosing':
            return '';
        case 'preparing':
            return fill(texts.preparingWords, verify.peer);
        case 'words':
            return fill(texts.wordsTitle, verify.peer);
        case 'agreed':
            return fill(texts.agreedTitle, verify.peer);
        case 'differ':
            return fill(texts.differTitle, verify.peer);
    }
}
