/** The items of the quick inputs that a pairing shows, made from its texts. */
import * as vscode from 'vscode';
import { codeCheckText } from '../../shared/pairing/checkText';
import { checkCode, completeCode, usableCode } from '../../shared/pairing/code';
import type { PairingSnapshot } from '../../shared/pairing/snapshot';
import { fill, type Texts } from '../../shared/pairing/texts';

/** What choosing an item does; items without it only say something. */
export type QuickAction =
    | 'go-on'
    | 'page'
    | 'copy'
    | 'cancel'
    | 'keep-trying'
    | 'start-again'
    | 'sync-now'
    | 'enable-tor'
    | 'start-tor'
    | 'show-log'
    | 'close'
    | { readonly submit: string }
    | { readonly fillIn: string };

export interface QuickItem extends vscode.QuickPickItem {
    readonly action?: QuickAction;
}

function heading(label: string): QuickItem {
    return { label, kind: vscode.QuickPickItemKind.Separator };
}

/** What is read, and agreed to, before a pairing begins. */
export function beforeItems(snapshot: Extract<PairingSnapshot, { state: 'choosing' }>, texts: Texts): QuickItem[] {
    const givesAway =
        snapshot.privacy === 'tor'
            ? [vscode.l10n.t('Nothing: the pairing goes through Tor as well')]
            : [
                  vscode.l10n.t('The mailbox server and the relay learn your IP address'),
                  vscode.l10n.t('The other person learns it too'),
                  vscode.l10n.t('Only while pairing: afterwards the peers talk over Tor'),
              ];
    return [
        { label: `$(check) ${snapshot.privacy === 'tor' ? vscode.l10n.t('Go on') : vscode.l10n.t('Agree that they learn my IP address, and go on')}`, action: 'go-on' },
        { label: `$(browser) ${texts.usePage}`, action: 'page' },
        heading(texts.allowsTitle),
        ...[vscode.l10n.t('read the whole history and all content'), texts.allowsUpload, texts.allowsRemove, texts.allowsIdentity, texts.allowsTrust].map(label => ({ label })),
        heading(texts.privacyTitle),
        ...givesAway.map(label => ({ label })),
        heading(texts.howTitle),
        ...[texts.howInPerson, texts.howEncrypted, texts.howVoice, texts.howNot].map(label => ({ label })),
    ];
}

/** What can be done with the text typed as the other's code: use it, complete it, correct it. */
export function codeItems(text: string, ownCode: string, texts: Texts): QuickItem[] {
    const check = checkCode(text, ownCode);
    const found = codeCheckText(check, texts, false);
    const code = usableCode(check);
    const items: QuickItem[] = [];
    if (found.suggestion !== undefined) {
        items.push({ label: `$(lightbulb) ${fill(texts.codeUseSuggestion, found.suggestion)}`, detail: found.text, action: { fillIn: found.suggestion } });
    }
    if (check.kind === 'ok' && code !== undefined) {
        items.push({ label: `$(check) ${texts.pair}: ${code}`, action: { submit: code } });
    }
    for (const completion of completeCode(text)) {
        items.push({ label: completion.replace(/-$/u, ''), description: texts.completions, action: { fillIn: completion } });
    }
    if (check.kind === 'unknown-words' && code !== undefined && found.severity === 'warning') {
        // The code stands in the description: a label that holds what is typed would be sorted to the top, above the correction.
        items.push({ label: `$(warning) ${texts.pairAnyway}`, description: code, detail: found.suggestion === undefined ? `${found.text} ${texts.codeCompare}` : texts.codeCompare, action: { submit: code } });
    } else if (found.severity === 'error' && found.suggestion === undefined) {
        items.push({ label: `$(error) ${found.text}` });
    } else if (items.length === 0) {
        items.push({ label: `$(info) ${found.text === '' ? texts.codeEmpty : found.text}` });
    }
    // The list is not a filter over what is typed.
    return items.map(item => ({ ...item, alwaysShow: true }));
}

/** What can be done while it works by itself. */
export function runningItems(snapshot: PairingSnapshot, texts: Texts): QuickItem[] {
    const items: QuickItem[] = [];
    if (snapshot.state === 'connecting' && snapshot.overdue) {
        items.push({ label: `$(sync) ${texts.keepTrying}`, detail: texts.overdueText, action: 'keep-trying' });
    }
    if ('slow' in snapshot && snapshot.slow) {
        items.push({ label: `$(info) ${texts.waitingSlow}` });
    }
    if ('ownCode' in snapshot) {
        items.push({ label: `$(copy) ${texts.copy}: ${snapshot.ownCode}`, detail: texts.yourCodeHint, action: 'copy' });
    }
    if (snapshot.state !== 'ending') {
        items.push({ label: `$(browser) ${texts.usePage}`, action: 'page' }, { label: `$(close) ${texts.cancel}`, action: 'cancel' });
    }
    // Whatever was being typed when this came up doesn't hide them.
    return items.map(item => ({ ...item, alwaysShow: true }));
}

/** What can be done when it is over. */
export function outcomeItems(snapshot: Extract<PairingSnapshot, { state: 'paired' | 'failed' }>, texts: Texts): QuickItem[] {
    if (snapshot.state === 'paired') {
        return [
            { label: `$(sync) ${texts.syncNow}`, detail: texts.pairedNext, action: 'sync-now' },
            { label: `$(close) ${texts.close}`, action: 'close' },
        ];
    }
    return [
        ...(snapshot.reason === 'no-address' ? [{ label: `$(gear) ${texts.enableTor}`, action: 'enable-tor' as const }] : []),
        ...(snapshot.reason === 'tor-down' ? [{ label: `$(debug-start) ${texts.startTor}`, action: 'start-tor' as const }] : []),
        { label: `$(refresh) ${texts.startAgain}`, detail: texts[`next-${snapshot.reason}`], action: 'start-again' },
        ...(snapshot.tokenMayRemain ? [{ label: `$(warning) ${texts.tokenMayRemain}` }] : []),
        { label: `$(output) ${texts.showLog}`, action: 'show-log' },
        { label: `$(browser) ${texts.usePage}`, action: 'page' },
        { label: `$(close) ${texts.close}`, action: 'close' },
    ];
}

/** The heading and the sentence of a state that has no input of its own. */
export function stateWords(snapshot: PairingSnapshot, texts: Texts): { title: string; text: string } {
    switch (snapshot.state) {
        case 'choosing':
        case 'code-ready':
        case 'cancelled':
            return { title: texts.title, text: '' };
        case 'preparing':
            return { title: `1/6 ${texts.preparingTitle}`, text: texts.preparingText };
        case 'waiting':
            return { title: `3/6 ${texts.waitingTitle}`, text: snapshot.peerEntered ? texts.waitingEntered : texts.waitingText };
        case 'exchanging':
            return { title: `4/6 ${texts.exchangingTitle}`, text: texts.exchangingText };
        case 'connecting':
            return { title: `5/6 ${snapshot.overdue ? texts.overdueTitle : fill(texts.connectingTitle, snapshot.name)}`, text: texts.connectingText };
        case 'ending':
            return { title: texts.endingTitle, text: texts.endingText };
        case 'paired':
            return { title: `6/6 ${fill(texts.pairedTitle, snapshot.name)}`, text: fill(texts.pairedText, snapshot.name) };
        case 'failed':
            return { title: texts.failedTitle, text: texts[`fail-${snapshot.reason}`] };
    }
}
