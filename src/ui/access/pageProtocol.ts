/**
 * The extension's side of the page for addresses and verifying: answers its messages and sends it every snapshot. It knows no editor, so
 * that a browser in a test can stand in for the webview.
 */
import { messageOf } from '../../core/errors';
import type { Subscription } from '../../core/event';
import { redact, type Log } from '../../core/log';
import { parsePageMessage, type HostMessage, type PageMessage } from '../../shared/access/messages';
import type { AccessTexts } from '../../shared/access/texts';
import type { AccessDesk } from './desk';

export interface PageActions {
    post(message: HostMessage): void;
    useInputBox(): void;
}

export class AccessPageProtocol {
    readonly #subscription: Subscription;
    /** Only the newest of what is typed is looked up. */
    #wanted: Extract<PageMessage, { type: 'check-link' }> | undefined;
    #checking = false;

    constructor(
        private readonly desk: AccessDesk,
        private readonly page: PageActions,
        private readonly texts: AccessTexts,
        private readonly log: Log,
    ) {
        this.#subscription = desk.onSnapshot.on(snapshot => page.post({ type: 'snapshot', snapshot }));
    }

    dispose(): void {
        this.#subscription.dispose();
    }

    /** Takes whatever the page has sent. */
    receive(value: unknown): void {
        const message = parsePageMessage(value);
        if (message === undefined) {
            this.log.warn('addresses: the page sent something that is not a message');
            return;
        }
        this.#answer(message).catch((error: unknown) => this.log.error(`addresses: ${message.type}: ${redact(messageOf(error))}`));
    }

    async #answer(message: PageMessage): Promise<void> {
        const { desk, page } = this;
        switch (message.type) {
            case 'ready':
                page.post({ type: 'texts', texts: this.texts });
                page.post({ type: 'snapshot', snapshot: desk.snapshot });
                return;
            case 'show':
                desk.show(message.section);
                return;
            case 'make':
                return desk.make(message.label);
            case 'copy-address':
                if (await desk.copyAddress()) {
                    page.post({ type: 'copied', what: 'address' });
                }
                return;
            case 'forget-address':
                desk.forgetAddress();
                return;
            case 'check-link':
                return this.#checkLink(message);
            case 'link':
                return desk.link(message.address, message.name);
            case 'cancel-link':
                desk.cancelLink();
                return;
            case 'link-again':
                desk.linkAgain();
                return;
            case 'verify':
                return desk.verify(message.peer);
            case 'choose-peer':
                desk.choosePeer();
                return;
            case 'compared':
                return desk.compared(message.same);
            case 'take-back':
                return desk.takeBack(message.peer);
            case 'revoke':
                desk.revoke(message.peer);
                return;
            case 'copy-instructions':
                await desk.copyInstructions();
                page.post({ type: 'copied', what: 'instructions' });
                return;
            case 'sync-now':
                desk.syncNow(message.peer);
                return;
            case 'enable-tor':
                desk.actions.enableTor();
                return;
            case 'start-tor':
                desk.actions.startTor();
                return;
            case 'use-input-box':
                page.useInputBox();
                return;
            case 'show-log':
                desk.actions.showLog();
                return;
        }
    }

    async #checkLink(asked: Extract<PageMessage, { type: 'check-link' }>): Promise<void> {
        this.#wanted = asked;
        if (this.#checking) {
            return;
        }
        this.#checking = true;
        try {
            for (let next: Extract<PageMessage, { type: 'check-link' }> | undefined = asked; next !== undefined; next = this.#wanted) {
                this.#wanted = undefined;
                this.page.post({ type: 'link-checked', id: next.id, check: await this.desk.checkLink(next.address, next.name) });
            }
        } finally {
            this.#checking = false;
        }
    }
}
