/**
 * A pairing by quick inputs alone: everything that the page can do, by keyboard and for screen readers. Escape asks before it ends a pairing
 * that runs.
 */
import * as vscode from 'vscode';
import { messageOf } from '../../core/errors';
import type { Log } from '../../core/log';
import { nameCheckText } from '../../shared/pairing/checkText';
import { remedies, type Remedy } from '../../shared/pairing/remedy';
import { isRunning, type PairingSnapshot } from '../../shared/pairing/snapshot';
import { fill, type Texts } from '../../shared/pairing/texts';
import type { ActivePairing } from './activePairing';
import { QuickInputs, type Left } from './quickInput';
import { codeHint, type CodeHint } from './codeInput';
import { beforeItems, outcomeItems, runningItems, stateWords, type QuickAction, type QuickItem } from './quickItems';
import { pairingTexts } from './texts';
import type { PairingView, ViewEvents } from './view';

type InState<S extends PairingSnapshot['state']> = Extract<PairingSnapshot, { state: S }>;

export class QuickFlow implements PairingView {
    readonly kind = 'quick';
    readonly #inputs: QuickInputs;
    readonly #texts: Texts = pairingTexts();

    constructor(
        private readonly pairing: ActivePairing,
        private readonly events: ViewEvents,
        private readonly log: Log,
    ) {
        this.#inputs = new QuickInputs(pairing);
        this.#run().catch((error: unknown) => {
            this.log.error(`pairing: ${messageOf(error)}`);
            this.events.closed();
        });
    }

    reveal(): void {
        this.#inputs.reveal();
    }

    detach(): void {
        this.#inputs.detach();
    }

    async #run(): Promise<void> {
        while (!this.#inputs.detached) {
            const action = await this.#step(this.pairing.snapshot);
            if (action !== undefined) {
                await this.#act(action);
            }
        }
    }

    async #step(snapshot: PairingSnapshot): Promise<QuickAction | undefined> {
        switch (snapshot.state) {
            case 'choosing':
                return this.#choose(snapshot);
            case 'code-ready':
                return this.#orAsk(await this.#enterCode(snapshot));
            case 'preparing':
            case 'waiting':
            case 'exchanging':
            case 'connecting':
            case 'ending':
                return this.#orAsk(await this.#wait(snapshot));
            case 'paired':
            case 'failed':
                return this.#showOutcome(snapshot);
            case 'cancelled':
                return 'close';
        }
    }

    async #act(action: QuickAction): Promise<void> {
        const { pairing, events } = this;
        if (isMending(action)) {
            await pairing.actions.advice?.mend(action.slice('mend:'.length));
            return;
        }
        const remedy = remedies.find(candidate => action === `remedy:${candidate}`);
        if (remedy !== undefined) {
            await this.#remedy(remedy);
            return;
        }
        switch (action as Exclude<QuickAction, `remedy:${Remedy}`>) {
            case 'go-on':
                return;
            case 'page':
                events.swap();
                return;
            case 'copy':
                await pairing.copyCode();
                return;
            case 'cancel':
                await pairing.cancel();
                return;
            case 'keep-trying':
                pairing.keepTrying();
                return;
            case 'start-again':
                await pairing.startAgain();
                return;
            case 'sync-now':
                if (pairing.snapshot.state === 'paired') {
                    pairing.actions.syncNow(pairing.snapshot.name);
                }
                this.#close();
                return;
            case 'show-log':
                // As the page does, it stays: its next step is to start again.
                pairing.actions.showLog();
                return;
            case 'close':
                this.#close();
                return;
        }
    }

    /** As the page does, it stays, for the next try; Enable Tor leads to a new pairing by itself. */
    async #remedy(remedy: Remedy): Promise<void> {
        const done = Promise.resolve(this.pairing.actions.remedy(remedy)).catch((error: unknown) => this.log.error(`pairing: ${remedy}: ${messageOf(error)}`));
        if (remedy === 'enable-tor') {
            this.#close();
        } else if (remedy === 'start-tor') {
            // The password is typed meanwhile.
            await done;
        }
    }

    #close(): void {
        this.#inputs.detach();
        this.events.closed();
    }

    /** What is agreed to, then the name; nothing runs yet, so Escape simply leaves. */
    async #choose(snapshot: InState<'choosing'>): Promise<QuickAction | undefined> {
        for (;;) {
            const agreed = await this.#pick(
                pick => {
                    pick.title = `${this.#texts.title} (1/2)`;
                    pick.placeholder = vscode.l10n.t('Read what pairing means, then go on');
                    pick.items = beforeItems(snapshot, this.#texts, this.pairing.actions.advice?.current());
                },
                current => current === snapshot,
            );
            if (agreed !== 'go-on') {
                return agreed === 'hidden' ? 'close' : asAction(agreed);
            }
            const named = await this.#askName(snapshot);
            if (named !== 'back') {
                return named === 'hidden' ? 'close' : undefined;
            }
        }
    }

    /** Begins the pairing once the name is one; `back` leads to what was agreed to. */
    #askName(snapshot: InState<'choosing'>): Promise<'back' | Left> {
        const input = vscode.window.createInputBox();
        input.title = `${this.#texts.nameLabel} (2/2)`;
        input.prompt = this.#texts.nameHint;
        input.value = snapshot.suggestedName;
        input.buttons = [vscode.QuickInputButtons.Back];
        let newest = 0;
        const check = async (text: string): Promise<void> => {
            const asked = ++newest;
            const found = nameCheckText(await this.pairing.checkName(text), this.#texts);
            if (asked === newest) {
                input.validationMessage = found.text === '' ? undefined : { message: found.text, severity: found.severity === 'error' ? vscode.InputBoxValidationSeverity.Error : vscode.InputBoxValidationSeverity.Info };
            }
        };
        const begin = async (): Promise<void> => {
            input.busy = true;
            const found = await this.pairing.begin(input.value, snapshot.privacy);
            input.busy = false;
            if (found?.kind === 'taken' || found?.kind === 'invalid') {
                input.validationMessage = nameCheckText(found, this.#texts).text;
            } else if (found === undefined) {
                input.validationMessage = vscode.l10n.t('The pairing could not begin; the message says why.');
            }
        };
        const report = (error: unknown): void => this.log.error(`pairing: ${messageOf(error)}`);
        return this.#inputs.show<'back'>(
            input,
            answer => [
                input.onDidChangeValue(text => void check(text).catch(report)),
                input.onDidAccept(() => void begin().catch(report)),
                input.onDidTriggerButton(() => answer('back')),
            ],
            current => current === snapshot,
        );
    }

    /** The own code in the title, the other's in the box, with what is found out about it below. */
    #enterCode({ ownCode }: InState<'code-ready'>): Promise<QuickAction | Left> {
        const texts = this.#texts;
        const copy: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('copy'), tooltip: texts.copy };
        const page: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('browser'), tooltip: texts.usePage };
        const input = vscode.window.createInputBox();
        let suggested: { readonly button: vscode.QuickInputButton; readonly code: string } | undefined;
        let confirming: string | undefined;
        const hint = (asked = false): CodeHint => {
            const found = codeHint(input.value, ownCode, texts, asked);
            input.validationMessage = found.text === '' ? undefined : { message: found.text, severity: severityOf(found) };
            suggested = found.suggestion === undefined ? undefined : { code: found.suggestion, button: { iconPath: new vscode.ThemeIcon('lightbulb'), tooltip: fill(texts.codeUseSuggestion, found.suggestion) } };
            input.buttons = [...(suggested === undefined ? [] : [suggested.button]), copy, page];
            return found;
        };
        const accept = (): void => {
            const found = hint(true);
            if (found.code === undefined || (found.enter === 'confirm' && confirming !== input.value)) {
                confirming = input.value;
                return;
            }
            input.enabled = false;
            input.busy = true;
            this.pairing.submitCode(found.code);
        };
        input.title = `2/6 ${texts.yourCode}: ${ownCode}`;
        hint();
        return this.#inputs.show<QuickAction>(
            input,
            answer => [
                input.onDidChangeValue(() => hint()),
                input.onDidAccept(accept),
                input.onDidTriggerButton(button => {
                    if (button === page) {
                        answer('page');
                    } else if (button === suggested?.button) {
                        input.value = suggested.code;
                        hint();
                    } else {
                        void this.pairing.copyCode().then(() => {
                            input.title = `2/6 ${texts.yourCode}: ${ownCode} (${texts.copied})`;
                        });
                    }
                }),
            ],
            current => {
                if (current.state === 'code-ready') {
                    input.prompt = `${current.peerEntered ? `${texts.peerEntered} ` : ''}${texts.theirCode}: ${texts.theirCodeHint}`;
                    if (current.refused) {
                        input.enabled = true;
                        input.busy = false;
                    }
                }
                return current.state === 'code-ready' && current.ownCode === ownCode;
            },
        );
    }

    #wait(first: PairingSnapshot): Promise<QuickAction | Left> {
        let shown: PairingSnapshot | undefined;
        return this.#pick(
            pick => {
                pick.busy = true;
            },
            (current, pick) => {
                const { title, text } = stateWords(current, this.#texts);
                pick.title = current.state === 'connecting' && current.attempts > 1 ? `${title} (${fill(this.#texts.connectingAttempts, current.attempts)})` : title;
                pick.placeholder = text;
                // New items take the selection away, so they are set only where they differ.
                if (shown === undefined || JSON.stringify(runningItems(shown, this.#texts)) !== JSON.stringify(runningItems(current, this.#texts))) {
                    pick.items = runningItems(current, this.#texts);
                }
                shown = current;
                return current.state === first.state || (isRunning(current) && current.state !== 'code-ready');
            },
        );
    }

    async #showOutcome(snapshot: InState<'paired' | 'failed'>): Promise<QuickAction | undefined> {
        const answer = await this.#pick(
            pick => {
                const { title, text } = stateWords(snapshot, this.#texts);
                pick.title = title;
                pick.placeholder = text;
                pick.items = outcomeItems(snapshot, this.#texts);
            },
            current => current === snapshot,
        );
        return answer === 'hidden' ? 'close' : asAction(answer);
    }

    /** The answer; for Escape, what the user says when asked. Escape once more goes on with the pairing. */
    async #orAsk(answer: QuickAction | Left): Promise<QuickAction | undefined> {
        if (answer !== 'hidden' || !isRunning(this.pairing.snapshot) || this.pairing.snapshot.state === 'ending') {
            return asAction(answer);
        }
        const asked = await this.#pick(
            pick => {
                pick.title = vscode.l10n.t('End the pairing?');
                pick.placeholder = vscode.l10n.t('A pairing that was ended can’t be taken up again: both of you would need new codes.');
                pick.items = [
                    { label: `$(arrow-left) ${vscode.l10n.t('Go on pairing')}`, action: 'go-on' },
                    { label: `$(browser) ${this.#texts.usePage}`, action: 'page' },
                    { label: `$(close) ${vscode.l10n.t('End the pairing')}`, action: 'cancel' },
                ];
            },
            isRunning,
        );
        return asAction(asked);
    }

    /** A list whose items act; items without an action only say something. */
    #pick(prepare: (pick: vscode.QuickPick<QuickItem>) => void, update: (snapshot: PairingSnapshot, pick: vscode.QuickPick<QuickItem>) => boolean): Promise<QuickAction | Left> {
        const pick = vscode.window.createQuickPick<QuickItem>();
        prepare(pick);
        return this.#inputs.show<QuickAction>(
            pick,
            answer => [
                pick.onDidAccept(() => {
                    const action = pick.selectedItems[0]?.action;
                    if (action !== undefined) {
                        answer(action);
                    }
                }),
            ],
            current => update(current, pick),
        );
    }
}

function asAction(answer: QuickAction | Left): QuickAction | undefined {
    return answer === 'hidden' || answer === 'moved' || answer === 'detached' ? undefined : answer;
}

function isMending(action: QuickAction): action is `mend:${string}` {
    return action.startsWith('mend:');
}

function severityOf({ severity }: CodeHint): vscode.InputBoxValidationSeverity {
    switch (severity) {
        case 'info':
            return vscode.InputBoxValidationSeverity.Info;
        case 'warning':
            return vscode.InputBoxValidationSeverity.Warning;
        case 'error':
            return vscode.InputBoxValidationSeverity.Error;
    }
}
