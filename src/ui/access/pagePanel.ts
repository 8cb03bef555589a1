/** The page for addresses and verifying in an editor tab. Closing the tab forgets what was shown on it. */
import * as vscode from 'vscode';
import type { Log } from '../../core/log';
import { pageHtml } from '../pages/pageHtml';
import type { AccessDesk } from './desk';
import { AccessPageProtocol } from './pageProtocol';
import { accessTexts } from './texts';

export interface PanelEvents {
    closed(): void;
    useInputBox(): void;
}

export class AccessPagePanel {
    readonly #panel: vscode.WebviewPanel;

    constructor(readonly desk: AccessDesk, extensionUri: vscode.Uri, events: PanelEvents, log: Log) {
        const texts = accessTexts();
        const scripts = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
        this.#panel = vscode.window.createWebviewPanel('annexPeers.access', texts.title, vscode.ViewColumn.Active, { enableScripts: true, enableForms: true, localResourceRoots: [scripts] });
        const { webview } = this.#panel;
        const protocol = new AccessPageProtocol(desk, { post: message => void webview.postMessage(message), useInputBox: () => events.useInputBox() }, texts, log);
        webview.onDidReceiveMessage((message: unknown) => protocol.receive(message));
        this.#panel.onDidDispose(() => {
            protocol.dispose();
            desk.dispose();
            events.closed();
        });
        webview.html = pageHtml(webview.asWebviewUri(vscode.Uri.joinPath(scripts, 'access.js')).toString(), vscode.env.language, texts.title);
    }

    reveal(): void {
        this.#panel.reveal();
    }

    close(): void {
        this.#panel.dispose();
    }
}
