/** The codes: this repository's, and the field for the other one. */
import type { JSX } from 'preact';
import type { PairingSnapshot } from '../../src/shared/pairing/snapshot';
import { useFocusOn } from '../common/focus';
import type { PartProps } from './app';
import { CodeEntry } from './codeEntry';
import { HowList } from './howToExchange';
import { OwnCode } from './ownCode';

type Props = PartProps<Extract<PairingSnapshot, { state: 'code-ready' }>> & { readonly copies: number };

export function CodeReady({ snapshot, texts, send, copies }: Props): JSX.Element {
    const heading = useFocusOn<HTMLHeadingElement>('code-ready');
    return (
        <div class="parts">
            <OwnCode code={snapshot.ownCode} texts={texts} copies={copies} send={send} heading={heading} />
            <details>
                <summary>{texts.howTitle}</summary>
                <HowList texts={texts} />
            </details>
            {snapshot.peerEntered ? <p class="notice">{texts.peerEntered}</p> : null}
            <CodeEntry ownCode={snapshot.ownCode} refused={snapshot.refused} texts={texts} send={send} />
            <div class="actions">
                <button type="submit" form="code-form" class="primary">
                    {texts.pair}
                </button>
                <button type="button" onClick={() => send({ type: 'cancel' })}>
                    {texts.cancel}
                </button>
                <button type="button" class="link" onClick={() => send({ type: 'use-input-box' })}>
                    {texts.useInputBox}
                </button>
            </div>
        </div>
    );
}
