/**
 * The extension's side of the pairing page: answers its messages and sends it every snapshot. It knows no editor, so that a browser in a
 * test can stand in for the webview.
 */
import { messageOf } from '../../core/errors';
import type { Subscription } from '../../core/event';
import type { Log } from '../../core/log';
import { parsePageMessage, type HostMessage, type PageMessage } from '../../shared/pairing/messages';
import type { Remedy } from '../../shared/pairing/remedy';
import type { Texts } from '../../shared/pairing/texts';
import type { ActivePairing } from './activePairing';

export interface PageActions {
    post(message: HostMessage): void;
    /** Closes the page; a pairing that runs ends with it. */
    close(): void;
    useInputBox(): void;
}

export class PageProtocol {
    readonly #subscription: Subscription;
    readonly #advice: Subscription | undefined;
    /** Only the newest name is looked up. */
    #wantedName: string | undefined;
    #checking = false;

    constructor(
        private readonly pairing: ActivePairing,
        private readonly page: PageActions,
        private readonly texts: Texts,
        private readonly log: Log,
    ) {
        this.#subscription = pairing.onSnapshot.on(snapshot => page.post({ type: 'snapshot', snapshot }));
        this.#advice = pairing.actions.advice?.onDidChange(() => this.#advise());
    }

    dispose(): void {
        this.#subscription.dispose();
        this.#advice?.dispose();
    }

    /** Takes whatever the page has sent. */
    receive(value: unknown): void {
        const message = parsePageMessage(value);
        if (message === undefined) {
            this.log.warn('pairing: the page sent something that is not a message');
            return;
        }
        this.#answer(message).catch((error: unknown) => this.log.error(`pairing: ${message.type}: ${messageOf(error)}`));
    }

    async #answer(message: PageMessage): Promise<void> {
        const { pairing, page } = this;
        switch (message.type) {
            case 'ready':
                page.post({ type: 'texts', texts: this.texts });
                this.#advise();
                page.post({ type: 'snapshot', snapshot: pairing.snapshot });
                return;
            case 'check-name':
                return this.#checkName(message.text);
            case 'begin': {
                const check = await pairing.begin(message.name, message.consent);
                if (check !== undefined) {
                    page.post({ type: 'name-checked', text: message.name, check });
                }
                return;
            }
            case 'submit-code':
                pairing.submitCode(message.code);
                return;
            case 'copy-code':
                if (await pairing.copyCode()) {
                    page.post({ type: 'copied' });
                }
                return;
            case 'keep-trying':
                pairing.keepTrying();
                return;
            case 'cancel':
                return pairing.cancel();
            case 'start-again':
                return pairing.startAgain();
            case 'mend':
                return pairing.actions.advice?.mend(message.id);
            case 'use-input-box':
                page.useInputBox();
                return;
            case 'sync-now':
                if (pairing.snapshot.state === 'paired') {
                    pairing.actions.syncNow(pairing.snapshot.name);
                    page.close();
                }
                return;
            case 'remedy':
                await this.#remedy(message.remedy);
                return;
            case 'show-log':
                pairing.actions.showLog();
                return;
            case 'close':
                page.close();
                return;
        }
    }

    /** The page stays, as its next step is to start again; Enable Tor leads to a new pairing by itself. */
    async #remedy(remedy: Remedy): Promise<void> {
        const done = this.pairing.actions.remedy(remedy);
        if (remedy === 'enable-tor') {
            this.page.close();
        }
        await done;
    }

    #advise(): void {
        const advice = this.pairing.actions.advice?.current() ?? [];
        this.page.post({ type: 'advice', advice: [...advice] });
    }

    async #checkName(text: string): Promise<void> {
        this.#wantedName = text;
        if (this.#checking) {
            return;
        }
        this.#checking = true;
        try {
            for (let name: string | undefined = text; name !== undefined; name = this.#wantedName) {
                this.#wantedName = undefined;
                this.page.post({ type: 'name-checked', text: name, check: await this.pairing.checkName(name) });
            }
        } finally {
            this.#checking = false;
        }
    }
}
