/** While it works by itself: one sentence on what happens, and the way out. */
import type { JSX } from 'preact';
import type { PairingSnapshot } from '../../src/shared/pairing/snapshot';
import { fill } from '../../src/shared/pairing/texts';
import { useFocusOn } from '../common/focus';
import type { PartProps } from './app';
import { OwnCode } from './ownCode';

type Working = Extract<PairingSnapshot, { state: 'preparing' | 'waiting' | 'exchanging' | 'ending' }>;

interface WorkingProps extends PartProps<Working> {
    readonly title: string;
    readonly text: string;
    readonly copies?: number;
}

export function Working({ snapshot, title, text, texts, send, copies = 0 }: WorkingProps): JSX.Element {
    const heading = useFocusOn<HTMLHeadingElement>(snapshot.state);
    return (
        <div class="parts">
            <section class="busy" aria-busy="true" aria-labelledby="working">
                <h2 id="working" tabIndex={-1} ref={heading}>
                    <span class="ring" aria-hidden="true" />
                    {title}
                </h2>
                <p>{text}</p>
                {'slow' in snapshot && snapshot.slow ? <p class="notice">{texts.waitingSlow}</p> : null}
            </section>
            {'ownCode' in snapshot ? <OwnCode code={snapshot.ownCode} texts={texts} copies={copies} send={send} /> : null}
            {snapshot.state === 'ending' ? null : (
                <div class="actions">
                    <button type="button" onClick={() => send({ type: 'cancel' })}>
                        {texts.cancel}
                    </button>
                    <button type="button" class="link" onClick={() => send({ type: 'use-input-box' })}>
                        {texts.useInputBox}
                    </button>
                </div>
            )}
        </div>
    );
}

export function Connecting({ snapshot, texts, send }: PartProps<Extract<PairingSnapshot, { state: 'connecting' }>>): JSX.Element {
    const heading = useFocusOn<HTMLHeadingElement>(snapshot.state);
    return (
        <div class="parts">
            <section class="busy" aria-busy="true" aria-labelledby="working">
                <h2 id="working" tabIndex={-1} ref={heading}>
                    <span class="ring" aria-hidden="true" />
                    {fill(texts.connectingTitle, snapshot.name)}
                </h2>
                <p>{texts.connectingText}</p>
                {snapshot.attempts > 1 ? <p class="muted small">{fill(texts.connectingAttempts, snapshot.attempts)}</p> : null}
            </section>
            {snapshot.overdue ? (
                <section class="notice" aria-labelledby="overdue">
                    <h3 id="overdue">{texts.overdueTitle}</h3>
                    <p>{texts.overdueText}</p>
                </section>
            ) : null}
            <div class="actions">
                {snapshot.overdue ? (
                    <button type="button" class="primary" onClick={() => send({ type: 'keep-trying' })}>
                        {texts.keepTrying}
                    </button>
                ) : null}
                <button type="button" onClick={() => send({ type: 'cancel' })}>
                    {snapshot.overdue ? texts.stop : texts.cancel}
                </button>
                <button type="button" class="link" onClick={() => send({ type: 'use-input-box' })}>
                    {texts.useInputBox}
                </button>
            </div>
        </div>
    );
}
