/** The whole page for one snapshot: heading, steps, and the part that belongs to the state. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { HostMessage, PageMessage } from '../../src/shared/pairing/messages';
import type { Advice } from '../../src/shared/pairing/advice';
import type { PairingSnapshot } from '../../src/shared/pairing/snapshot';
import { fill, type Texts } from '../../src/shared/pairing/texts';
import { Choosing } from './choosing';
import { CodeReady } from './codeReady';
import { Cancelled, Failed, Paired } from './outcome';
import { Connecting, Working } from './progress';
import { Steps } from './steps';

/** Everything that the extension has sent, newest only. */
export interface Received {
    readonly texts: Texts | undefined;
    readonly snapshot: PairingSnapshot | undefined;
    readonly nameChecked: Extract<HostMessage, { type: 'name-checked' }> | undefined;
    readonly advice: readonly Advice[];
    /** How often the code was copied. */
    readonly copies: number;
}

/** What every part of the page needs. */
export interface PartProps<S extends PairingSnapshot = PairingSnapshot> {
    readonly snapshot: S;
    readonly texts: Texts;
    readonly send: (message: PageMessage) => void;
}

interface AppProps {
    readonly received: Received;
    readonly send: (message: PageMessage) => void;
}

export function App({ received, send }: AppProps): JSX.Element | null {
    const { texts, snapshot } = received;
    return texts === undefined || snapshot === undefined ? null : <Page received={received} texts={texts} snapshot={snapshot} send={send} />;
}

function Page({ received, texts, snapshot, send }: PartProps & { readonly received: Received }): JSX.Element {
    return (
        <div class="page">
            <header>
                <p class="muted">{fill(texts.repository, snapshot.repository)}</p>
                <h1>{texts.title}</h1>
            </header>
            <nav aria-label={texts.progress}>
                <Steps snapshot={snapshot} texts={texts} />
            </nav>
            <main data-state={snapshot.state}>
                <Part received={received} texts={texts} snapshot={snapshot} send={send} />
            </main>
            <Announcer snapshot={snapshot} texts={texts} copies={received.copies} />
        </div>
    );
}

function Part({ received, snapshot, ...rest }: PartProps & { readonly received: Received }): JSX.Element {
    switch (snapshot.state) {
        case 'choosing':
            return <Choosing snapshot={snapshot} nameChecked={received.nameChecked} advice={received.advice} {...rest} />;
        case 'preparing':
            return <Working title={rest.texts.preparingTitle} text={rest.texts.preparingText} snapshot={snapshot} {...rest} />;
        case 'code-ready':
            return <CodeReady snapshot={snapshot} copies={received.copies} {...rest} />;
        case 'waiting':
            return <Working title={rest.texts.waitingTitle} text={snapshot.peerEntered ? rest.texts.waitingEntered : rest.texts.waitingText} snapshot={snapshot} copies={received.copies} {...rest} />;
        case 'exchanging':
            return <Working title={rest.texts.exchangingTitle} text={rest.texts.exchangingText} snapshot={snapshot} copies={received.copies} {...rest} />;
        case 'connecting':
            return <Connecting snapshot={snapshot} {...rest} />;
        case 'ending':
            return <Working title={rest.texts.endingTitle} text={rest.texts.endingText} snapshot={snapshot} {...rest} />;
        case 'paired':
            return <Paired snapshot={snapshot} {...rest} />;
        case 'failed':
            return <Failed snapshot={snapshot} {...rest} />;
        case 'cancelled':
            return <Cancelled snapshot={snapshot} {...rest} />;
    }
}

/** Says aloud what has changed, for those who don't see it. */
function Announcer({ snapshot, texts, copies }: { readonly snapshot: PairingSnapshot; readonly texts: Texts; readonly copies: number }): JSX.Element {
    const news = announcement(snapshot, texts);
    const [copied, setCopied] = useState(false);
    useEffect(() => {
        if (copies === 0) {
            return undefined;
        }
        // Emptied after a while, so that a second copying is said as well.
        setCopied(true);
        const timer = setTimeout(() => setCopied(false), 2000);
        return () => clearTimeout(timer);
    }, [copies]);
    return (
        <div class="hidden" data-role="announcer">
            <div aria-live="polite">{news}</div>
            <div aria-live="polite">{copied ? texts.copiedAnnounce : ''}</div>
        </div>
    );
}

function announcement(snapshot: PairingSnapshot, texts: Texts): string {
    switch (snapshot.state) {
        case 'choosing':
            return '';
        case 'preparing':
            return texts.preparingTitle;
        case 'code-ready':
            return snapshot.peerEntered ? texts.peerEntered : fill(texts.codeAnnounce, snapshot.ownCode);
        case 'waiting':
            return snapshot.slow ? texts.waitingSlow : snapshot.peerEntered ? texts.waitingEntered : texts.waitingTitle;
        case 'exchanging':
            return texts.exchangingTitle;
        case 'connecting':
            return snapshot.overdue ? texts.overdueTitle : fill(texts.connectingTitle, snapshot.name);
        case 'ending':
            return texts.endingTitle;
        case 'paired':
            return fill(texts.pairedTitle, snapshot.name);
        case 'failed':
            return `${texts.failedTitle}. ${texts[`fail-${snapshot.reason}`]}`;
        case 'cancelled':
            return texts.cancelledTitle;
    }
}
