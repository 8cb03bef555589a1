/**
 * Addresses by hand and verifying in input boxes, for those who don't want a page.
 */
import * as vscode from 'vscode';
import { CancelledError, messageOf } from '../../core/errors';
import { redact, type Log } from '../../core/log';
import { linkPeer, makeAddress, setVerified, verifyCommand, verifyWords, type HandMadeAddress } from '../../core/peers/access';
import type { PeerSnapshot, Repository } from '../../core/repository/repository';
import type { LinkCheck } from '../../shared/access/messages';
import { maxLabelLength } from '../../shared/access/snapshot';
import type { AccessTexts } from '../../shared/access/texts';
import { fill } from '../../shared/fill';
import { inert, inertForNotification } from '../../shared/inert';
import { suggestName } from '../../shared/pairing/name';
import { abortSignalOf } from '../cancellation';
import type { SecretClipboard } from '../secretClipboard';
import { whenWords } from '../words/when';
import { checkTyped, endsOf } from './desk';
import { accessTexts, shownReason } from './texts';

export interface QuickDependencies {
    readonly clipboard: SecretClipboard;
    readonly log: Log;
    /** The message for somebody at a command line; {0} is the line. */
    readonly instructions: string;
    syncNow(repository: Repository, peer: string): void;
    revoke(repository: Repository, peer: string): void;
    showOnPage(repository: Repository, made: HandMadeAddress, label: string): void;
    verifyOnPage(repository: Repository, peer: PeerSnapshot): void;
}

interface Choice extends vscode.QuickPickItem {
    readonly run?: () => unknown;
    /** The list stays open after it. */
    readonly stays?: boolean;
}

export class QuickAccess {
    readonly #texts: AccessTexts = accessTexts();

    constructor(private readonly deps: QuickDependencies) {}

    /** Makes an address for somebody; it can be copied, or shown on the page with its picture. */
    async make(repository: Repository): Promise<void> {
        const texts = this.#texts;
        const { context } = repository;
        if (context === undefined) {
            return;
        }
        if (!('address' in repository.snapshot.service)) {
            const choice = await vscode.window.showWarningMessage(texts.makeUnreachable, texts.enableTor);
            await (choice === undefined ? undefined : vscode.commands.executeCommand('annexPeers.enableTor', { root: context.root }));
            return;
        }
        const typed = await vscode.window.showInputBox({
            title: texts.makeTitle,
            prompt: `${texts.makeLabel} ${texts.makeHint} ${texts.makeAllows}`,
            ignoreFocusOut: true,
            validateInput: value => (value.trim() === '' ? { message: texts.makeLabelMissing, severity: vscode.InputBoxValidationSeverity.Info } : value.length > maxLabelLength ? texts.makeLabelMissing : undefined),
        });
        const label = typed?.trim() ?? '';
        if (label === '') {
            return;
        }
        const made = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: fill(texts.makingTitle, inert(label)) }, async () => {
            const address = await makeAddress(context, label);
            await repository.refresh();
            return address;
        });
        const [secret] = made.addresses;
        await this.#choose(fill(texts.madeTitle, inert(label)), `${texts.madeOnce} ${texts.madeGive}`, [
            { label: `$(copy) ${texts.copyAddress}`, detail: texts.copyHint, stays: true, run: () => (secret === undefined ? undefined : this.deps.clipboard.copy(secret)) },
            { label: `$(browser) ${vscode.l10n.t('Show it on the page')}`, detail: texts.qr, run: () => this.deps.showOnPage(repository, made, label) },
            { label: `$(check) ${texts.forget}`, detail: texts.makeOneWay },
        ]);
    }

    /** Links to an address that somebody gave. */
    async link(repository: Repository): Promise<void> {
        const texts = this.#texts;
        const { context } = repository;
        if (context === undefined) {
            return;
        }
        const suggested = suggestName(repository.snapshot.remotes);
        const words = (check: LinkCheck): string | undefined =>
            check.kind === 'wrong' ? `${fill(texts[`why-${check.reason}`], check.detail)} ${texts[`next-${check.reason}`]}` : undefined;
        const address = await vscode.window.showInputBox({
            title: texts.linkTitle,
            prompt: `${texts.linkHint} ${texts.linkOneWay}`,
            placeHolder: 'tor-annex::…',
            password: true,
            ignoreFocusOut: true,
            validateInput: async value => words(await checkTyped(context, value, suggested)),
        });
        if (address === undefined || address.trim() === '') {
            return;
        }
        const name = await vscode.window.showInputBox({
            title: texts.linkName,
            prompt: texts.linkNameHint,
            value: suggested,
            ignoreFocusOut: true,
            validateInput: async value => {
                const check = await checkTyped(context, address, value);
                return check.kind === 'ok' && check.name !== value.trim() ? { message: fill(texts.linkNameChanged, check.name), severity: vscode.InputBoxValidationSeverity.Info } : words(check);
            },
        });
        if (name === undefined) {
            return;
        }
        try {
            const linked = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: fill(texts.linkingTitle, inertForNotification(name)), cancellable: true }, async (progress, token) => {
                progress.report({ message: texts.linkingText });
                return linkPeer(context, { address, name, signal: abortSignalOf(token) });
            });
            repository.daemon?.reload();
            await repository.refresh();
            await this.#linked(repository, linked.name);
        } catch (error) {
            if (error instanceof CancelledError) {
                return;
            }
            this.deps.log.warn(`addresses: link: ${redact(messageOf(error))}`);
            const reason = shownReason(error);
            const choice = await vscode.window.showErrorMessage(
                `${fill(texts.linkFailed, inertForNotification(name))}: ${fill(texts[`why-${reason}`])} ${texts[`next-${reason}`]}`,
                ...(reason === 'tor-down' ? [texts.startTor] : []),
                texts.again,
            );
            if (choice === texts.startTor) {
                await vscode.commands.executeCommand('annexPeers.startTor');
            } else if (choice === texts.again) {
                await this.link(repository);
            }
        }
    }

    /** Shows the words for a peer, and notes what the user found. */
    async verify(repository: Repository, peer: PeerSnapshot): Promise<void> {
        const texts = this.#texts;
        const { context } = repository;
        const ends = context === undefined ? undefined : endsOf({ context, snapshot: repository.snapshot }, peer);
        if (context === undefined || ends === undefined) {
            await vscode.window.showWarningMessage('address' in repository.snapshot.service ? `${inertForNotification(peer.name)}: ${texts.verifyUnknown}` : texts.verifyUnreachable);
            return;
        }
        const words = (await verifyWords(ends.own, ends.other)).join('  ');
        const note = async (same: boolean): Promise<void> => {
            await setVerified(context.gitDir, ends.own, ends.other, same ? Date.now() : undefined);
            await repository.refresh();
        };
        const state = peer.verified === undefined ? texts.notVerified : fill(texts.verifiedAt, whenWords(peer.verified));
        await this.#choose(`${inert(peer.name)} (${state}): ${words}`, `${texts.wordsCompare} ${texts.wordsHow}`, [
            { label: `$(check) ${texts.same}`, description: words, run: () => note(true) },
            { label: `$(error) ${texts.differ}`, detail: texts.differText, run: () => note(false).then(() => this.#differ(repository, peer)) },
            { label: `$(copy) ${texts.copyInstructions}`, detail: texts.commandLineText, stays: true, run: async () => vscode.env.clipboard.writeText(fill(this.deps.instructions, verifyCommand)) },
            { label: `$(browser) ${vscode.l10n.t('Show them on the page')}`, run: () => this.deps.verifyOnPage(repository, peer) },
        ]);
    }

    async #linked(repository: Repository, name: string): Promise<void> {
        const texts = this.#texts;
        const shown = inertForNotification(name);
        const [sync, verify, make] = [texts.syncNow, fill(texts.verifyNow, shown), fill(texts.linkedMake, shown)];
        const choice = await vscode.window.showInformationMessage(`${fill(texts.linkedTitle, shown)}. ${fill(texts.linkedMutual, shown)}`, sync, verify, make);
        const peer = repository.snapshot.peers.find(candidate => candidate.name === name);
        if (choice === sync) {
            this.deps.syncNow(repository, name);
        } else if (choice === verify && peer !== undefined) {
            await this.verify(repository, peer);
        } else if (choice === make) {
            await this.make(repository);
        }
    }

    async #differ(repository: Repository, peer: PeerSnapshot): Promise<void> {
        const texts = this.#texts;
        const choice = await vscode.window.showWarningMessage(fill(texts.differTitle, inertForNotification(peer.name)), { modal: true, detail: `${texts.differText}\n\n${texts.differWhy}` }, texts.compareAgain, texts.revoke);
        if (choice === texts.compareAgain) {
            await this.verify(repository, peer);
        } else if (choice === texts.revoke) {
            this.deps.revoke(repository, peer.name);
        }
    }

    /** A list whose entries act; it stays open until one of those is chosen that end it. */
    async #choose(title: string, placeholder: string, items: readonly Choice[]): Promise<void> {
        const pick = vscode.window.createQuickPick<Choice>();
        pick.title = title;
        pick.placeholder = placeholder;
        pick.items = [...items];
        pick.ignoreFocusOut = true;
        const chosen = await new Promise<Choice | undefined>(resolve => {
            pick.onDidAccept(() => {
                const [item] = pick.selectedItems;
                if (item?.stays !== true) {
                    resolve(item);
                    return;
                }
                void Promise.resolve(item.run?.()).then(() => {
                    pick.items = items.map(other => (other === item ? { ...item, description: this.#texts.copied } : other));
                });
            });
            pick.onDidHide(() => resolve(undefined));
            pick.show();
        });
        pick.dispose();
        await chosen?.run?.();
    }
}
