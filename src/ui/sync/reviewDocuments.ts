/**
 * Read-only documents that show what a merge would change, before it is merged: both versions of a file, straight from
 * git's object store.
 */
import * as vscode from 'vscode';
import type { RepositoryContext } from '../../core/annex/context';
import { GitQueries } from '../../core/git/queries';
import type { Finding, Version } from '../../core/sync';
import { inert } from '../../shared/inert';

const scheme = 'annex-peers-review';
const maxCharacters = 500_000;

export class ReviewDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
    readonly #contexts = new Map<string, RepositoryContext>();
    readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);

    /** Opens all the findings' changes side by side. */
    async open(context: RepositoryContext, title: string, findings: readonly Finding[]): Promise<void> {
        this.#contexts.set(context.uuid, context);
        const changes = findings.map(({ path, before, after }) => [
            this.#uri(context, path, after ?? before, 'label'),
            this.#uri(context, path, before, 'before'),
            this.#uri(context, path, after, 'after'),
        ]);
        await vscode.commands.executeCommand('vscode.changes', inert(title), changes);
    }

    async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
        const context = this.#contexts.get(uri.authority);
        const [mode, oid] = uri.query.split(':');
        if (context === undefined || oid === undefined || !/^[0-9a-f]{40,64}$/u.test(oid)) {
            return '';
        }
        if (mode === '160000') {
            return vscode.l10n.t('Submodule at commit {0}', oid);
        }
        const text = await new GitQueries(context).blob(oid);
        const shown = text.length > maxCharacters ? `${text.slice(0, maxCharacters)}\n…` : text;
        switch (mode) {
            case '120000':
                return vscode.l10n.t('Symbolic link to:\n{0}', shown);
            case '100755':
                return vscode.l10n.t('[executable]\n{0}', shown);
            default:
                return shown;
        }
    }

    dispose(): void {
        this.#registration.dispose();
    }

    #uri(context: RepositoryContext, path: string, version: Version | undefined, side: string): vscode.Uri {
        return vscode.Uri.from({ scheme, authority: context.uuid, path: `/${inert(path, 500)}`, query: version === undefined ? '' : `${version.mode}:${version.oid}`, fragment: side });
    }
}
