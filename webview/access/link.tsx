/** Linking to an address that somebody gave: the field is checked while it is typed. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { maxAddressLength, type LinkState } from '../../src/shared/access/snapshot';
import { fill } from '../../src/shared/fill';
import { ProgramWords } from '../common/programWords';
import { TitledSection } from '../common/titledSection';
import { TextField } from '../common/textField';
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
            <TitledSection id="link" title={texts.linkTitle} focusOn="idle">
                <p>{texts.linkIntro}</p>
                <p class="notice">{texts.linkOneWay}</p>
            </TitledSection>
            <TextField
                id="address"
                label={texts.linkAddress}
                hint={texts.linkHint}
                value={address}
                maxLength={maxAddressLength}
                rows={4}
                onText={setAddress}
                found={check?.kind === 'ok' ? { severity: 'ok', text: fill(texts.linkOk, check.onion) } : aboutName ? { severity: 'ok', text: '' } : { severity: wrong === undefined ? 'none' : 'error', text: words }}
            />
            <TextField
                id="name"
                label={texts.linkName}
                hint={texts.linkNameHint}
                value={name}
                maxLength={100}
                onText={setName}
                found={aboutName ? { severity: 'error', text: words } : { severity: changed === '' ? 'none' : 'hint', text: changed }}
            />
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
    return (
        <div class="parts">
            <TitledSection id="link" title={fill(texts.linkingTitle, link.name)} focusOn={link.state} busy>
                <p>{texts.linkingText}</p>
            </TitledSection>
            <div class="actions">
                <button type="button" onClick={() => send({ type: 'cancel-link' })}>
                    {texts.cancel}
                </button>
            </div>
        </div>
    );
}

function Linked({ texts, send, link, snapshot }: In<'linked'>): JSX.Element {
    return (
        <div class="parts">
            <TitledSection id="link" title={fill(texts.linkedTitle, link.name)} focusOn={link.state} outcome="good">
                <p>{fill(texts.linkedText, link.name)}</p>
                {link.sameAs === undefined ? null : <p>{fill(texts.linkedSame, link.sameAs)}</p>}
                <p>{fill(texts.linkedMutual, link.name)}</p>
            </TitledSection>
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
    return (
        <div class="parts">
            <TitledSection id="link" title={fill(texts.linkFailed, link.name)} focusOn={link.state} outcome="bad">
                <p>{fill(texts[`why-${link.reason}`], link.detail)}</p>
                <p>
                    <strong>{texts[`next-${link.reason}`]}</strong>
                </p>
                <ProgramWords label={texts.detail} text={link.detail} />
            </TitledSection>
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
