/** Making an address for somebody, and showing it the one time. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { maxLabelLength, type MakeState } from '../../src/shared/access/snapshot';
import { fill } from '../../src/shared/fill';
import { useMoment } from '../common/moment';
import { TitledSection } from '../common/titledSection';
import { TextField } from '../common/textField';
import type { PartProps } from './app';
import { QrCode } from './qrCode';

export function Make(props: PartProps): JSX.Element {
    const { make, reachable } = props.snapshot;
    switch (make.state) {
        case 'idle':
            return reachable ? <Ask {...props} /> : <Unreachable {...props} />;
        case 'making':
            return <Making {...props} make={make} />;
        case 'made':
            return <Made {...props} make={make} />;
        case 'failed':
            return <Failed {...props} make={make} />;
    }
}

type In<S extends MakeState['state']> = PartProps & { readonly make: Extract<MakeState, { state: S }> };

function Unreachable({ texts, send }: PartProps): JSX.Element {
    return (
        <div class="parts">
            <TitledSection id="make" title={texts.makeTitle} focusOn="unreachable">
                <p class="notice">{texts.makeUnreachable}</p>
            </TitledSection>
            <div class="actions">
                <button type="button" class="primary" onClick={() => send({ type: 'enable-tor' })}>
                    {texts.enableTor}
                </button>
            </div>
        </div>
    );
}

function Ask({ texts, send }: PartProps): JSX.Element {
    const [label, setLabel] = useState('');
    const [missing, setMissing] = useState(false);
    const wrong = missing && label.trim() === '';
    const submit = (event: Event): void => {
        event.preventDefault();
        if (label.trim() === '') {
            setMissing(true);
            document.getElementById('label')?.focus();
            return;
        }
        send({ type: 'make', label: label.trim() });
    };
    return (
        <form class="parts" onSubmit={submit} noValidate>
            <TitledSection id="make" title={texts.makeTitle} focusOn="idle">
                <p>{texts.makeIntro}</p>
                <p>{texts.makeAllows}</p>
                <p class="notice">{texts.makeOneWay}</p>
            </TitledSection>
            <TextField
                id="label"
                label={texts.makeLabel}
                hint={texts.makeHint}
                value={label}
                maxLength={maxLabelLength}
                onText={setLabel}
                found={wrong ? { severity: 'error', text: texts.makeLabelMissing } : { severity: 'none', text: '' }}
            />
            <div class="actions">
                <button type="submit" class="primary">
                    {texts.makeButton}
                </button>
                <button type="button" class="link" onClick={() => send({ type: 'use-input-box' })}>
                    {texts.useInputBox}
                </button>
            </div>
        </form>
    );
}

function Making({ texts, make }: In<'making'>): JSX.Element {
    return (
        <TitledSection id="make" title={fill(texts.makingTitle, make.label)} focusOn={make.state} busy />
    );
}

function Made({ texts, send, make, received }: In<'made'>): JSX.Element {
    const copied = useMoment(received.copied.address);
    return (
        <div class="parts">
            <TitledSection id="make" title={fill(texts.madeTitle, make.label)} focusOn={make.address}>
                <p>
                    <strong>{texts.madeOnce}</strong>
                </p>
                <p>{texts.madeGive}</p>
            </TitledSection>
            <section aria-labelledby="address-label">
                <h3 id="address-label">{texts.address}</h3>
                <div class="code address">
                    <output data-role="address" aria-labelledby="address-label">
                        {make.address}
                    </output>
                    <button type="button" class="primary" onClick={() => send({ type: 'copy-address' })}>
                        {copied ? texts.copied : texts.copyAddress}
                    </button>
                </div>
                <p class="muted small">{texts.copyHint}</p>
                <p class="muted small">{texts.madeCommandLine}</p>
            </section>
            <section aria-labelledby="qr-label">
                <h3 id="qr-label">{texts.qr}</h3>
                <QrCode text={make.address} label={texts.qr} />
                <p class="muted small">{texts.qrHint}</p>
            </section>
            <p class="notice">{texts.makeOneWay}</p>
            <div class="actions">
                <button type="button" onClick={() => send({ type: 'forget-address' })}>
                    {texts.forget}
                </button>
            </div>
        </div>
    );
}

function Failed({ texts, send, make }: In<'failed'>): JSX.Element {
    return (
        <div class="parts">
            <TitledSection id="make" title={texts.makeFailed} focusOn={make.state} outcome="bad">
                <p>{texts[`why-${make.reason}`]}</p>
                <p>
                    <strong>{texts[`next-${make.reason}`]}</strong>
                </p>
            </TitledSection>
            <div class="actions">
                <button type="button" class="primary" onClick={() => send(make.reason === 'no-own-address' ? { type: 'enable-tor' } : { type: 'make', label: make.label })}>
                    {make.reason === 'no-own-address' ? texts.enableTor : texts.again}
                </button>
                <button type="button" class="link" onClick={() => send({ type: 'show-log' })}>
                    {texts.showLog}
                </button>
            </div>
        </div>
    );
}
