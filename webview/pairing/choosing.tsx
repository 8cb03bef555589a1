/** Before anything runs: what pairing allows and gives away, the peer's name, and how codes are exchanged. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { nameCheckText } from '../../src/shared/pairing/checkText';
import type { PairingSnapshot } from '../../src/shared/pairing/snapshot';
import { useFocusOn } from '../common/focus';
import type { PartProps, Received } from './app';
import { HowToExchange } from './howToExchange';

type Props = PartProps<Extract<PairingSnapshot, { state: 'choosing' }>> & { readonly nameChecked: Received['nameChecked'] };

export function Choosing({ snapshot, texts, send, nameChecked }: Props): JSX.Element {
    const [name, setName] = useState(snapshot.suggestedName);
    const [consent, setConsent] = useState(false);
    const [missing, setMissing] = useState(false);
    const heading = useFocusOn<HTMLHeadingElement>('choosing');
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
            <section aria-labelledby="allows">
                <h2 id="allows" tabIndex={-1} ref={heading}>
                    {texts.allowsTitle}
                </h2>
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
            </section>
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
            <section aria-labelledby="name-label">
                <label id="name-label" class="label" for="name">
                    {texts.nameLabel}
                </label>
                <input
                    id="name"
                    type="text"
                    value={name}
                    spellcheck={false}
                    autocomplete="off"
                    maxLength={100}
                    aria-describedby="name-found name-hint"
                    aria-invalid={nameWrong}
                    onInput={event => setName(event.currentTarget.value)}
                />
                <p id="name-hint" class="muted small">
                    {texts.nameHint}
                </p>
                <p id="name-found" class={`found ${found?.severity ?? 'none'}`} aria-live="polite">
                    {found?.text ?? ''}
                </p>
            </section>
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
