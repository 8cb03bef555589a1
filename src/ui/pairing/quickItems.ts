/** The items of the quick inputs that a pairing shows, made from its texts. */
import * as vscode from 'vscode';
import type { Advice } from '../../shared/pairing/advice';
import { remediesFor, type Remedy } from '../../shared/pairing/remedy';
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
    | `remedy:${Remedy}`
    | 'show-log'
    | 'close'
    /** By what it is about. */
    | `mend:${string}`;

export interface QuickItem extends vscode.QuickPickItem {
    readonly action?: QuickAction;
}

function heading(label: string): QuickItem {
    return { label, kind: vscode.QuickPickItemKind.Separator };
}

/** What is read, and agreed to, before a pairing begins. */
export function beforeItems(snapshot: Extract<PairingSnapshot, { state: 'choosing' }>, texts: Texts, advice: readonly Advice[] = []): QuickItem[] {
    const throughTor = snapshot.privacy === 'tor';
    const givesAway = throughTor
        ? [vscode.l10n.t('Nothing: the pairing goes through Tor as well')]
        : [
              vscode.l10n.t('The mailbox server and the relay learn your IP address'),
              vscode.l10n.t('The other person learns it too'),
              vscode.l10n.t('Only while pairing: afterwards the peers talk over Tor'),
          ];
    const privacy = [heading(texts.privacyTitle), ...givesAway.map(label => ({ label }))];
    return [
        // What is chosen at first only says something then: Enter alone is no consent.
        ...(throughTor ? [] : privacy),
        { label: `$(check) ${throughTor ? vscode.l10n.t('Go on') : vscode.l10n.t('Agree that they learn my IP address, and go on')}`, action: 'go-on' },
        { label: `$(browser) ${texts.usePage}`, action: 'page' },
        ...(advice.length === 0 ? [] : [heading(texts.adviceTitle)]),
        ...advice.map(({ id, severity, label, why, action }): QuickItem => ({ label: `${severity === 'info' ? '$(info)' : '$(warning)'} ${label}`, description: action, detail: why, action: `mend:${id}` })),
        heading(texts.allowsTitle),
        ...[vscode.l10n.t('read the whole history and all content'), texts.allowsUpload, texts.allowsRemove, texts.allowsIdentity, texts.allowsTrust].map(label => ({ label })),
        ...(throughTor ? privacy : []),
        heading(texts.howTitle),
        ...[texts.howInPerson, texts.howEncrypted, texts.howVoice, texts.howNot].map(label => ({ label })),
    ];
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
        ...remediesFor(snapshot.reason, false).map(remedy => ({ label: `$(wrench) ${texts[`remedy-${remedy}`]}`, action: `remedy:${remedy}` as const })),
        { label: `$(refresh) ${texts.startAgain}`, detail: texts[`next-${snapshot.reason}`], action: 'start-again' },
        ...(snapshot.tokenMayRemain ? [{ label: `$(shield) ${texts['remedy-show-access']}`, detail: texts.tokenMayRemain, action: 'remedy:show-access' as const }] : []),
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
