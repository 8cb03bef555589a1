/** The page "What this protects, and what it doesn't" in an editor tab; there is one. */
import * as vscode from 'vscode';
import type { Log } from '../../core/log';
import type { FindingId } from '../../core/security/findings';
import { parsePageMessage, type ActionId, type HostMessage, type SectionId } from '../../shared/protection/messages';
import type { CommandId } from '../commands/ids';
import { pageHtml } from '../pages/pageHtml';
import { protectionContent } from './content';

export class ProtectionPage implements vscode.Disposable {
    #panel: vscode.WebviewPanel | undefined;
    /** Where to lead once the page is there. */
    #section: SectionId | undefined;
    #root: string | undefined;

    constructor(
        private readonly extensionUri: vscode.Uri,
        private readonly log: Log,
    ) {}

    /** @param root the repository that the buttons are about; asked for where it is left out and there are several */
    show(section?: SectionId, root?: string): void {
        this.#section = section;
        this.#root = root;
        if (this.#panel === undefined) {
            this.#panel = this.#open();
        } else {
            this.#panel.reveal();
            this.#lead();
        }
    }

    dispose(): void {
        this.#panel?.dispose();
    }

    #open(): vscode.WebviewPanel {
        const content = protectionContent();
        const scripts = vscode.Uri.joinPath(this.extensionUri, 'dist', 'webview');
        const panel = vscode.window.createWebviewPanel('annexPeers.protection', content.title, vscode.ViewColumn.Active, { enableScripts: true, localResourceRoots: [scripts] });
        panel.webview.onDidReceiveMessage((value: unknown) => {
            const message = parsePageMessage(value);
            switch (message?.type) {
                case 'ready':
                    this.#post({ type: 'content', content });
                    this.#lead();
                    return;
                case 'act':
                    this.#act(message.action);
                    return;
                case undefined:
                    this.log.warn('protection: the page sent something that is not a message');
            }
        });
        panel.onDidDispose(() => (this.#panel = undefined));
        panel.webview.html = pageHtml(panel.webview.asWebviewUri(vscode.Uri.joinPath(scripts, 'protection.js')).toString(), vscode.env.language, content.title);
        return panel;
    }

    #lead(): void {
        if (this.#section !== undefined) {
            this.#post({ type: 'show', section: this.#section });
        }
    }

    #act(action: ActionId): void {
        if (action === 'uninstall') {
            void vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.joinPath(this.extensionUri, 'docs', 'uninstall.md'));
            return;
        }
        void vscode.commands.executeCommand(commandOf(action), this.#root === undefined ? undefined : { root: this.#root });
    }

    #post(message: HostMessage): void {
        void this.#panel?.webview.postMessage(message);
    }
}

function commandOf(action: Exclude<ActionId, 'uninstall'>): CommandId {
    switch (action) {
        case 'anonymous-identity':
            return 'annexPeers.anonymousIdentity';
        case 'protect-service':
            return 'annexPeers.protectService';
        case 'disable-tor':
            return 'annexPeers.disableTor';
        case 'revoke':
            return 'annexPeers.revokeAccess';
        case 'verify':
            return 'annexPeers.verifyPeer';
    }
}

/** Where the page says more of a finding; undefined: at its beginning. */
export function sectionOf(finding: FindingId): SectionId | undefined {
    switch (finding) {
        case 'peer-rights':
        case 'unknown-access':
        case 'forgotten-access':
            return 'peer';
        case 'identity-in-commits':
        case 'description-reveals':
            return 'identity';
        case 'limits-of-tor':
        case 'pairing-without-tor':
            return 'tor';
        case 'code-interception':
        case 'wormhole-vulnerable':
            return 'codes';
        case 'ways-a-token-leaks':
        case 'credentials-readable':
        case 'folder-is-copied':
        case 'token-in-address':
            return 'tokens';
        case 'service-can-be-flooded':
        case 'service-without-daemon':
        case 'daemons-compete':
            return 'service';
        case 'git-annex-drops':
            return 'content';
        case 'git-annex-control-characters':
            return undefined;
    }
}
