/** How it ended, why, and what to do next. */
import type { JSX } from 'preact';
import { remediesFor } from '../../src/shared/pairing/remedy';
import type { PairingSnapshot } from '../../src/shared/pairing/snapshot';
import { fill } from '../../src/shared/pairing/texts';
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

export function Failed({ snapshot, texts, send }: PartProps<Extract<PairingSnapshot, { state: 'failed' }>>): JSX.Element {
    const remedies = remediesFor(snapshot.reason, snapshot.tokenMayRemain);
    // The token that may remain is mended beside the next try, not before it.
    const isMendedFirst = remedies.some(remedy => remedy !== 'show-access');
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
                {remedies.map((remedy, index) => (
                    <button type="button" key={remedy} class={index === 0 && isMendedFirst ? 'primary' : ''} onClick={() => send({ type: 'remedy', remedy })}>
                        {texts[`remedy-${remedy}`]}
                    </button>
                ))}
                <button type="button" class={isMendedFirst ? '' : 'primary'} onClick={() => send({ type: 'start-again' })}>
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
                {snapshot.tokenMayRemain ? (
                    <button type="button" onClick={() => send({ type: 'remedy', remedy: 'show-access' })}>
                        {texts['remedy-show-access']}
                    </button>
                ) : null}
                <button type="button" onClick={() => send({ type: 'close' })}>
                    {texts.close}
                </button>
            </div>
        </div>
    );
}
