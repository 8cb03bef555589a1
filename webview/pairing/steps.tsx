/** The steps of a pairing: what is done, where it is now, what comes. */
import type { JSX } from 'preact';
import type { FailureReason, PairingSnapshot } from '../../src/shared/pairing/snapshot';
import type { Texts } from '../../src/shared/pairing/texts';

const steps = ['stepPreparing', 'stepCodeReady', 'stepWaiting', 'stepExchanging', 'stepConnecting', 'stepPaired'] as const;

interface Position {
    readonly index: number;
    readonly kind: 'current' | 'failed' | 'stopped' | 'complete';
}

function positionOf(snapshot: PairingSnapshot): Position {
    switch (snapshot.state) {
        case 'choosing':
        case 'preparing':
            return { index: 0, kind: 'current' };
        case 'code-ready':
            return { index: 1, kind: 'current' };
        case 'waiting':
            return { index: 2, kind: 'current' };
        case 'exchanging':
            return { index: 3, kind: 'current' };
        case 'connecting':
            return { index: 4, kind: 'current' };
        case 'paired':
            return { index: steps.length, kind: 'complete' };
        case 'failed': {
            const index = failedStep(snapshot.reason);
            return index === undefined ? { index: 0, kind: 'stopped' } : { index, kind: 'failed' };
        }
        case 'ending':
        case 'cancelled':
            return { index: 0, kind: 'stopped' };
    }
}

/** The step at which a failure happens; undefined where that is not known. */
function failedStep(reason: FailureReason): number | undefined {
    switch (reason) {
        case 'no-address':
        case 'no-wormhole':
        case 'mailbox-unreachable':
        case 'no-code':
        case 'not-started':
        case 'tor-down':
        case 'mailbox-certificate':
        case 'mailbox-refused':
        case 'bad-setting':
            return 0;
        case 'unexpected':
            return undefined;
        case 'wrong-code-here':
        case 'wrong-code-there':
        case 'crowded':
        case 'hostile-key':
        case 'peer-absent':
            return 2;
        case 'peer-gone':
        case 'exchange-failed':
            return 3;
        case 'not-connected':
        case 'not-stored':
        case 'name-taken':
            return 4;
    }
}

export function Steps({ snapshot, texts }: { readonly snapshot: PairingSnapshot; readonly texts: Texts }): JSX.Element {
    const position = positionOf(snapshot);
    return (
        <ol class="steps">
            {steps.map((step, index) => {
                const kind = index < position.index ? 'done' : index === position.index && position.kind !== 'stopped' ? position.kind : 'coming';
                return (
                    <li key={step} class={kind} {...(kind === 'current' || kind === 'failed' ? { 'aria-current': 'step' as const } : {})}>
                        <Mark kind={kind} />
                        <span>
                            {texts[step]}
                            {kind === 'done' ? <span class="hidden">, {texts.stepDone}</span> : null}
                            {kind === 'failed' ? <span class="hidden">, {texts.stepFailed}</span> : null}
                        </span>
                    </li>
                );
            })}
        </ol>
    );
}

function Mark({ kind }: { readonly kind: string }): JSX.Element {
    return (
        <svg class="mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <circle cx="8" cy="8" r="6.5" />
            {kind === 'done' ? <path d="M4.8 8.2l2.2 2.2 4.3-4.7" /> : null}
            {kind === 'current' ? <circle class="dot" cx="8" cy="8" r="2.6" /> : null}
            {kind === 'failed' ? <path d="M5.5 5.5l5 5m0-5l-5 5" /> : null}
        </svg>
    );
}
