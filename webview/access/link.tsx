/** Linking to an address that somebody gave: the field is checked while it is typed. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { maxAddressLength, type LinkState } from '../../src/shared/access/snapshot';
import { fill } from '../../src/shared/fill';
import { useFocusOn } from '../common/focus';
import type { PartProps } from './app';

export function Link(props: PartProps): JSX.Element {
    const { link } = props.snapshot;
    switch (link.state) {
        case 'idle':
            return <Ask {...props} link={link} />;
        case 'linking':
            return <Linking {...props} link={link} />;
        case 'linked':
            return <Linked {...props} link={link} />;
        case 'failed':
            return <Failed {...props} link={link} />;
    }
}

type In<S extends LinkState['state']> = PartProps & { readonly link: Extract<LinkState, { state: S }> };

/** Numbers the questions, so that an answer to what was typed before is known for what it is. */
let questions = 0;

function Ask({ texts, send, link, received }: In<'idle'>): JSX.Element {
    const [address, setAddress] = useState('');
    const [name, setName] = useState(link.suggestedName);
    const [asked, setAsked] = useState(0);
    const heading = useFocusOn<HTMLHeadingElement>('idle');
    useEffect(() => {
        const id = ++questions;
        setAsked(id);
        send({ type: 'check-link', id, address, name });
    }, [address, name, send]);

    const check = received.linkChecked?.id === asked ? received.linkChecked.check : undefined;
    const wrong = check?.kind === 'wrong' ? check : undefined;
    const aboutName = wrong?.reason === 'invalid-name' || wrong?.reason === 'name-taken';
    const words = wrong === undefined ? '' : `${fill(texts[`why-${wrong.reason}`], wrong.detail)} ${texts[`next-${wrong.reason}`]}`;
    const changed = check?.kind === 'ok' && check.name !== name.trim() ? fill(texts.linkNameChanged, check.name) : '';
    const submit = (event: Event): void => {
        event.preventDefault();
        if (check?.kind === 'ok') {
            send({ type: 'link', address, name });
        } else {
            document.getElementById(aboutName ? 'name' : 'address')?.focus();
        }
    };
    return (
        <form class="parts" onSubmit={submit} noValidate>
            <section aria-labelledby="link">
                <h2 id="link" tabIndex={-1} ref={heading}>
                    {texts.linkTitle}
                </h2>
                <p>{texts.linkIntro}</p>
                <p class="notice">{texts.linkOneWay}</p>
            </section>
            <section aria-labelledby="address-label">
                <label id="address-label" class="label" for="address">
                    {texts.linkAddress}
                </label>
                <textarea
                    id="address"
                    rows={4}
                    value={address}
                    maxLength={maxAddressLength}
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck={false}
                    aria-describedby="address-hint address-found"
                    aria-invalid={wrong !== undefined && !aboutName}
                    onInput={event => setAddress(event.currentTarget.value)}
                />
                <p id="address-hint" class="muted small">
                    {texts.linkHint}
                </p>
                <div id="address-found" class={`found ${check?.kind === 'ok' || aboutName ? 'ok' : wrong === undefined ? 'none' : 'error'}`} aria-live="polite">
                    <span>{check?.kind === 'ok' ? fill(texts.linkOk, check.onion) : aboutName ? '' : words}</span>
                </div>
            </section>
            <section aria-labelledby="name-label">
                <label id="name-label" class="label" for="name">
                    {texts.linkName}
                </label>
                <input
                    id="name"
                    type="text"
                    value={name}
                    maxLength={100}
                    autocomplete="off"
                    spellcheck={false}
                    aria-describedby="name-hint name-found"
                    aria-invalid={aboutName}
                    onInput={event => setName(event.currentTarget.value)}
                />
                <p id="name-hint" class="muted small">
                    {texts.linkNameHint}
                </p>
                <p id="name-found" class={`found ${aboutName ? 'error' : changed === '' ? 'none' : 'hint'}`} aria-live="polite">
                    {aboutName ? words : changed}
                </p>
            </section>
            <div class="actions">
                <button type="submit" class="primary">
                    {texts.linkButton}
                </button>
                <button type="button" class="link" onClick={() => send({ type: 'use-input-box' })}>
                    {texts.useInputBox}
                </button>
            </div>
        </form>
    );
}

function Linking({ texts, send, link }: In<'linking'>): JSX.Element {
    const heading = useFocusOn<HTMLHeadingElement>(link.state);
    return (
        <div class="parts">
            <section aria-busy="true" aria-labelledby="link">
                <h2 id="link" tabIndex={-1} ref={heading}>
                    <span class="ring" aria-hidden="true" />
                    {fill(texts.linkingTitle, link.name)}
                </h2>
                <p>{texts.linkingText}</p>
            </section>
            <div class="actions">
                <button type="button" onClick={() => send({ type: 'cancel-link' })}>
                    {texts.cancel}
                </button>
            </div>
        </div>
    );
}

function Linked({ texts, send, link, snapshot }: In<'linked'>): JSX.Element {
    const heading = useFocusOn<HTMLHeadingElement>(link.state);
    return (
        <div class="parts">
            <section aria-labelledby="link" class="outcome good">
                <h2 id="link" tabIndex={-1} ref={heading}>
                    {fill(texts.linkedTitle, link.name)}
                </h2>
                <p>{fill(texts.linkedText, link.name)}</p>
                {link.sameAs === undefined ? null : <p>{fill(texts.linkedSame, link.sameAs)}</p>}
                <p>{fill(texts.linkedMutual, link.name)}</p>
            </section>
            <div class="actions">
                <button type="button" class="primary" onClick={() => send({ type: 'sync-now', peer: link.name })}>
                    {texts.syncNow}
                </button>
                {snapshot.reachable ? (
                    <button type="button" onClick={() => send({ type: 'verify', peer: link.name })}>
                        {fill(texts.verifyNow, link.name)}
                    </button>
                ) : null}
                <button type="button" onClick={() => send({ type: 'show', section: 'make' })}>
                    {fill(texts.linkedMake, link.name)}
                </button>
                <button type="button" class="link" onClick={() => send({ type: 'link-again' })}>
                    {texts.linkAnother}
                </button>
            </div>
        </div>
    );
}

function Failed({ texts, send, link }: In<'failed'>): JSX.Element {
    const heading = useFocusOn<HTMLHeadingElement>(link.state);
    return (
        <div class="parts">
            <section aria-labelledby="link" class="outcome bad">
                <h2 id="link" tabIndex={-1} ref={heading}>
                    {fill(texts.linkFailed, link.name)}
                </h2>
                <p>{fill(texts[`why-${link.reason}`], link.detail)}</p>
                <p>
                    <strong>{texts[`next-${link.reason}`]}</strong>
                </p>
                {link.detail === '' ? null : (
                    <details>
                        <summary>{texts.detail}</summary>
                        <pre tabIndex={0} aria-label={texts.detail}>
                            {link.detail}
                        </pre>
                    </details>
                )}
            </section>
            <div class="actions">
                {link.reason === 'tor-down' ? (
                    <button type="button" class="primary" onClick={() => send({ type: 'start-tor' })}>
                        {texts.startTor}
                    </button>
                ) : null}
                <button type="button" class={link.reason === 'tor-down' ? '' : 'primary'} onClick={() => send({ type: 'link-again' })}>
                    {texts.again}
                </button>
                <button type="button" class="link" onClick={() => send({ type: 'show-log' })}>
                    {texts.showLog}
                </button>
            </div>
        </div>
    );
}
