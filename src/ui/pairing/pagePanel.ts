/** The pairing page in an editor tab. Closing the tab ends the pairing. */
import * as vscode from 'vscode';
import type { Log } from '../../core/log';
import type { ActivePairing } from './activePairing';
import { pageHtml } from '../pages/pageHtml';
import { PageProtocol } from './pageProtocol';
import { pairingTexts } from './texts';
import type { PairingView, ViewEvents } from './view';

export class PagePanel implements PairingView {
    readonly kind = 'page';
    readonly #panel: vscode.WebviewPanel;
    #detached = false;

    constructor(pairing: ActivePairing, extensionUri: vscode.Uri, events: ViewEvents, log: Log) {
        const texts = pairingTexts();
        const scripts = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
        this.#panel = vscode.window.createWebviewPanel('annexPeers.pairing', texts.title, vscode.ViewColumn.Active, {
            enableScripts: true,
            enableForms: true,
            localResourceRoots: [scripts],
        });
        const { webview } = this.#panel;
        const protocol = new PageProtocol(
            pairing,
            {
                post: message => {
                    void webview.postMessage(message);
                },
                close: () => {
                    this.#panel.dispose();
                },
                useInputBox: () => events.swap(),
            },
            texts,
            log,
        );
        webview.onDidReceiveMessage((message: unknown) => protocol.receive(message));
        this.#panel.onDidDispose(() => {
            protocol.dispose();
            if (!this.#detached) {
                events.closed();
            }
        });
        webview.html = pageHtml(webview.asWebviewUri(vscode.Uri.joinPath(scripts, 'pairing.js')).toString(), vscode.env.language, texts.title);
    }

    reveal(): void {
        this.#panel.reveal();
    }

    detach(): void {
        this.#detached = true;
        this.#panel.dispose();
    }
}
