/**
 * A read-only document that shows what is about to be written, before it is.
 */
import * as vscode from 'vscode';

const scheme = 'annex-peers-preview';

export class PreviewDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
    readonly #texts = new Map<string, string>();
    readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
    readonly #changed = new vscode.EventEmitter<vscode.Uri>();
    readonly onDidChange = this.#changed.event;

    /** Opens it, with the name as its title. */
    async show(name: string, text: string): Promise<void> {
        const uri = vscode.Uri.from({ scheme, path: `/${name}` });
        this.#texts.set(uri.path, text);
        this.#changed.fire(uri);
        const document = await vscode.languages.setTextDocumentLanguage(await vscode.workspace.openTextDocument(uri), 'shellscript');
        await vscode.window.showTextDocument(document, { preview: true });
    }

    /** Closes it, where it is still open. */
    async close(name: string): Promise<void> {
        const path = `/${name}`;
        this.#texts.delete(path);
        const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs).filter(({ input }) => input instanceof vscode.TabInputText && input.uri.scheme === scheme && input.uri.path === path);
        await vscode.window.tabGroups.close(tabs);
    }

    provideTextDocumentContent(uri: vscode.Uri): string {
        return this.#texts.get(uri.path) ?? '';
    }

    dispose(): void {
        this.#registration.dispose();
        this.#changed.dispose();
    }
}
