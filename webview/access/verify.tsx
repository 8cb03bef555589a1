/** Verifying a peer: the words of both ends, to be compared by voice. */
import type { JSX } from 'preact';
import type { VerifyState } from '../../src/shared/access/snapshot';
import { fill } from '../../src/shared/fill';
import { useMoment } from '../common/moment';
import { TitledSection } from '../common/titledSection';
import type { PartProps } from './app';

export function Verify(props: PartProps): JSX.Element {
    const { verify } = props.snapshot;
    switch (verify.state) {
        case 'choosing':
            return <Choosing {...props} />;
        case 'preparing':
            return <Preparing {...props} verify={verify} />;
        case 'words':
            return <Words {...props} verify={verify} />;
        case 'agreed':
            return <Agreed {...props} verify={verify} />;
        case 'differ':
            return <Differ {...props} verify={verify} />;
    }
}

type In<S extends VerifyState['state']> = PartProps & { readonly verify: Extract<VerifyState, { state: S }> };

function Choosing({ texts, send, snapshot }: PartProps): JSX.Element {
    return (
        <div class="parts">
            <TitledSection id="verify" title={texts.verifyTitle} focusOn="choosing">
                <p>{texts.verifyIntro}</p>
            </TitledSection>
            {snapshot.reachable ? (
                <section aria-labelledby="which">
                    <h3 id="which">{texts.verifyChoose}</h3>
                    {snapshot.peers.length === 0 ? <p class="notice">{texts.verifyNobody}</p> : null}
                    <ul class="peers">
                        {snapshot.peers.map(({ name, onion, known, verified }, index) => (
                            <li key={name}>
                                <button type="button" disabled={!known} aria-describedby={`state-${index} onion-${index}`} onClick={() => send({ type: 'verify', peer: name })}>
                                    {name}
                                </button>
                                <span>
                                    <span id={`state-${index}`} class={verified === '' ? '' : 'verified'}>
                                        {!known ? texts.verifyUnknown : verified === '' ? texts.notVerified : fill(texts.verifiedAt, verified)}
                                    </span>
                                    <span id={`onion-${index}`} class="muted small onion">
                                        {onion}
                                    </span>
                                </span>
                                {verified === '' ? null : (
                                    <button type="button" class="link" onClick={() => send({ type: 'take-back', peer: name })}>
                                        {texts.takeBack}
                                        <span class="hidden">: {name}</span>
                                    </button>
                                )}
                            </li>
                        ))}
                    </ul>
                </section>
            ) : (
                <>
                    <p class="notice">{texts.verifyUnreachable}</p>
                    <div class="actions">
                        <button type="button" class="primary" onClick={() => send({ type: 'enable-tor' })}>
                            {texts.enableTor}
                        </button>
                    </div>
                </>
            )}
        </div>
    );
}

function Preparing({ texts, verify }: In<'preparing'>): JSX.Element {
    return (
        <TitledSection id="verify" title={fill(texts.preparingWords, verify.peer)} focusOn={verify.state} busy />
    );
}

function Words({ texts, send, verify, received }: In<'words'>): JSX.Element {
    const copied = useMoment(received.copied.instructions);
    return (
        <div class="parts">
            <TitledSection id="verify" title={fill(texts.wordsTitle, verify.peer)} focusOn={verify.words.join(' ')}>
                <div class="code words">
                    <output data-role="words" aria-labelledby="verify">
                        {verify.words.map((word, index) => (
                            <span key={index}>{word} </span>
                        ))}
                    </output>
                </div>
                <p>{texts.wordsCompare}</p>
                <p>{texts.wordsHow}</p>
            </TitledSection>
            <div class="actions">
                <button type="button" class="primary" onClick={() => send({ type: 'compared', same: true })}>
                    {texts.same}
                </button>
                <button type="button" onClick={() => send({ type: 'compared', same: false })}>
                    {texts.differ}
                </button>
                <button type="button" class="link" onClick={() => send({ type: 'choose-peer' })}>
                    {texts.otherPeer}
                </button>
            </div>
            <section aria-labelledby="command-line">
                <h3 id="command-line">{texts.commandLineTitle}</h3>
                <p>{texts.commandLineText}</p>
                <div class="actions">
                    <button type="button" onClick={() => send({ type: 'copy-instructions' })}>
                        {copied ? texts.copied : texts.copyInstructions}
                    </button>
                </div>
            </section>
            <dl class="ends">
                <dt>{texts.wordsOwn}</dt>
                <dd>{verify.own.uuid}</dd>
                <dd>{verify.own.onion}</dd>
                <dt>{texts.wordsOther}</dt>
                <dd>{verify.other.uuid}</dd>
                <dd>{verify.other.onion}</dd>
            </dl>
        </div>
    );
}

function Agreed({ texts, send, verify }: In<'agreed'>): JSX.Element {
    return (
        <div class="parts">
            <TitledSection id="verify" title={fill(texts.agreedTitle, verify.peer)} focusOn={verify.state} outcome="good">
                <p>{texts.agreedText}</p>
            </TitledSection>
            <div class="actions">
                <button type="button" class="primary" onClick={() => send({ type: 'choose-peer' })}>
                    {texts.otherPeer}
                </button>
                <button type="button" onClick={() => send({ type: 'take-back', peer: verify.peer })}>
                    {texts.takeBack}
                </button>
            </div>
        </div>
    );
}

function Differ({ texts, send, verify }: In<'differ'>): JSX.Element {
    return (
        <div class="parts">
            <TitledSection id="verify" title={fill(texts.differTitle, verify.peer)} focusOn={verify.state} outcome="bad">
                <p>{texts.differText}</p>
                <p>
                    <strong>{texts.differWhy}</strong>
                </p>
            </TitledSection>
            <div class="actions">
                <button type="button" class="primary" onClick={() => send({ type: 'verify', peer: verify.peer })}>
                    {texts.compareAgain}
                </button>
                <button type="button" onClick={() => send({ type: 'revoke', peer: verify.peer })}>
                    {texts.revoke}
                </button>
            </div>
        </div>
    );
}
