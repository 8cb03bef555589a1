/** Before anything runs: what pairing allows and gives away, the peer's name, and how codes are exchanged. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { nameCheckText } from '../../src/shared/pairing/checkText';
import type { PairingSnapshot } from '../../src/shared/pairing/snapshot';
import { TitledSection } from '../common/titledSection';
import { TextField } from '../common/textField';
import type { PartProps, Received } from './app';
import { HowToExchange } from './howToExchange';

type Props = PartProps<Extract<PairingSnapshot, { state: 'choosing' }>> & { readonly nameChecked: Received['nameChecked']; readonly advice: Received['advice'] };

export function Choosing({ snapshot, texts, send, nameChecked, advice }: Props): JSX.Element {
    const [name, setName] = useState(snapshot.suggestedName);
    const [consent, setConsent] = useState(false);
    const [missing, setMissing] = useState(false);
    const needsConsent = snapshot.privacy === 'clear-net';
    useEffect(() => send({ type: 'check-name', text: name }), [name, send]);

    const found = nameChecked !== undefined && nameChecked.text === name ? nameCheckText(nameChecked.check, texts) : undefined;
    const nameWrong = found?.severity === 'error';
    const begin = (event: Event): void => {
        event.preventDefault();
        if (needsConsent && !consent) {
            setMissing(true);
            document.getElementById('consent')?.focus();
        } else if (nameWrong) {
            document.getElementById('name')?.focus();
        } else {
            send({ type: 'begin', name, consent: snapshot.privacy });
        }
    };
    return (
        <form class="parts" onSubmit={begin} noValidate>
            <TitledSection id="allows" title={texts.allowsTitle} focusOn="choosing">
                <p>{texts.allowsIntro}</p>
                <ul class="plain">
                    <li>{texts.allowsRead}</li>
                    <li>{texts.allowsUpload}</li>
                    <li>{texts.allowsRemove}</li>
                    <li>{texts.allowsIdentity}</li>
                </ul>
                <p>
                    <strong>{texts.allowsTrust}</strong>
                </p>
            </TitledSection>
            <section aria-labelledby="how">
                <HowToExchange texts={texts} />
            </section>
            <section aria-labelledby="privacy">
                <h2 id="privacy">{texts.privacyTitle}</h2>
                <p>{needsConsent ? texts.clearNetText : texts.torText}</p>
                {needsConsent ? (
                    <>
                        <label class="check">
                            <input
                                id="consent"
                                type="checkbox"
                                checked={consent}
                                aria-describedby="consent-missing"
                                aria-invalid={missing && !consent}
                                onChange={event => setConsent(event.currentTarget.checked)}
                            />
                            <span>{texts.clearNetConsent}</span>
                        </label>
                        <p id="consent-missing" class="found error" role="alert">
                            {missing && !consent ? texts.consentMissing : ''}
                        </p>
                    </>
                ) : null}
            </section>
            {advice.length === 0 ? null : (
                <section aria-labelledby="advice" aria-live="polite">
                    <h2 id="advice">{texts.adviceTitle}</h2>
                    <ul class="advice">
                        {advice.map(({ id, severity, label, why, action }) => (
                            <li key={id} class={severity}>
                                <h3 id={`advice-${id}`}>{label}</h3>
                                <p id={`why-${id}`}>{why}</p>
                                <button type="button" aria-describedby={`advice-${id} why-${id}`} onClick={() => send({ type: 'mend', id })}>
                                    {action}
                                </button>
                            </li>
                        ))}
                    </ul>
                </section>
            )}
            <TextField id="name" label={texts.nameLabel} hint={texts.nameHint} value={name} maxLength={100} onText={setName} found={found ?? { severity: 'none', text: '' }} />
            <div class="actions">
                <button type="submit" class="primary">
                    {texts.showCode}
                </button>
                <button type="button" onClick={() => send({ type: 'close' })}>
                    {texts.cancel}
                </button>
                <button type="button" class="link" onClick={() => send({ type: 'use-input-box' })}>
                    {texts.useInputBox}
                </button>
            </div>
        </form>
    );
}
