/** How it ended, why, and what to do next. */
import type { JSX } from 'preact';
import type { FailureReason, PairingSnapshot } from '../../src/shared/pairing/snapshot';
import { fill, type Texts } from '../../src/shared/pairing/texts';
import { ProgramWords } from '../common/programWords';
import { TitledSection } from '../common/titledSection';
import type { PartProps } from './app';

export function Paired({ snapshot, texts, send }: PartProps<Extract<PairingSnapshot, { state: 'paired' }>>): JSX.Element {
    return (
        <div class="parts">
            <TitledSection id="outcome" title={fill(texts.pairedTitle, snapshot.name)} focusOn={snapshot.state} outcome="good">
                <p>{fill(texts.pairedText, snapshot.name)}</p>
                <p>{texts.pairedNext}</p>
            </TitledSection>
            <div class="actions">
                <button type="button" class="primary" onClick={() => send({ type: 'sync-now' })}>
                    {texts.syncNow}
                </button>
                <button type="button" onClick={() => send({ type: 'close' })}>
                    {texts.close}
                </button>
            </div>
        </div>
    );
}

/** What has to be mended before another try makes sense. */
function remedyFor(reason: FailureReason, texts: Texts): { readonly type: 'enable-tor' | 'start-tor'; readonly label: string } | undefined {
    if (reason === 'no-address') {
        return { type: 'enable-tor', label: texts.enableTor };
    }
    return reason === 'tor-down' ? { type: 'start-tor', label: texts.startTor } : undefined;
}

export function Failed({ snapshot, texts, send }: PartProps<Extract<PairingSnapshot, { state: 'failed' }>>): JSX.Element {
    const remedy = remedyFor(snapshot.reason, texts);
    return (
        <div class="parts">
            <TitledSection id="outcome" title={texts.failedTitle} focusOn={snapshot.state} outcome="bad">
                <p>{texts[`fail-${snapshot.reason}`]}</p>
                <p>
                    <strong>{texts[`next-${snapshot.reason}`]}</strong>
                </p>
                {snapshot.tokenMayRemain ? <p class="notice">{texts.tokenMayRemain}</p> : null}
                <ProgramWords label={texts.detailLabel} text={snapshot.detail} />
            </TitledSection>
            <div class="actions">
                {remedy === undefined ? null : (
                    <button type="button" class="primary" onClick={() => send({ type: remedy.type })}>
                        {remedy.label}
                    </button>
                )}
                <button type="button" class={remedy === undefined ? 'primary' : ''} onClick={() => send({ type: 'start-again' })}>
                    {texts.startAgain}
                </button>
                <button type="button" onClick={() => send({ type: 'close' })}>
                    {texts.close}
                </button>
                <button type="button" class="link" onClick={() => send({ type: 'show-log' })}>
                    {texts.showLog}
                </button>
            </div>
        </div>
    );
}

export function Cancelled({ snapshot, texts, send }: PartProps<Extract<PairingSnapshot, { state: 'cancelled' }>>): JSX.Element {
    return (
        <div class="parts">
            <TitledSection id="outcome" title={texts.cancelledTitle} focusOn={snapshot.state} outcome="neither">
                <p>{snapshot.tokenMayRemain ? texts.tokenMayRemain : texts.cancelledText}</p>
            </TitledSection>
            <div class="actions">
                <button type="button" class="primary" onClick={() => send({ type: 'start-again' })}>
                    {texts.startAgain}
                </button>
                <button type="button" onClick={() => send({ type: 'close' })}>
                    {texts.close}
                </button>
            </div>
        </div>
    );
}
