/**
 * The Content view put together: its tree, its message, its commands; it is read and followed while it can be seen.
 */
import * as vscode from 'vscode';
import type { Log } from '../../core/log';
import type { Workspace } from '../../core/repository/workspace';
import { ContentCommands } from './contentCommands';
import { ContentModels, type ContentOptions } from './contentModels';
import type { ContentElement } from './contentNodes';
import { ContentTree } from './contentTree';
import { ContentDecorations } from './decorations';

export interface ContentViewDependencies extends ContentOptions {
    readonly workspace: Workspace;
    readonly log: Log;
    showLog(): void;
}

export class ContentView implements vscode.Disposable {
    readonly commands: ContentCommands;
    readonly #models: ContentModels;
    readonly #view: vscode.TreeView<ContentElement>;
    readonly #disposables: { dispose(): unknown }[];

    constructor(dependencies: ContentViewDependencies) {
        const { workspace, log } = dependencies;
        this.#models = new ContentModels(workspace, dependencies);
        const tree = new ContentTree(this.#models);
        this.#view = vscode.window.createTreeView('annexPeers.content', { treeDataProvider: tree, showCollapseAll: true, canSelectMany: true });
        this.commands = new ContentCommands({ workspace, models: this.#models, tree, log, selection: () => this.#view.selection, showLog: () => dependencies.showLog() });
        const say = (): void => {
            // An undefined message would leave an empty line on some versions of the editor.
            this.#view.message = tree.message() ?? '';
        };
        // git-annex leaves out a file that is in git's index and not in the work tree; no file of git's tells of that.
        const files = vscode.workspace.createFileSystemWatcher('**/*', false, true, false);
        const note = ({ fsPath }: vscode.Uri): void => this.#models.noteFile(fsPath);
        this.#disposables = [files, files.onDidCreate(note), files.onDidDelete(note), tree, this.#view, new ContentDecorations(this.#models), tree.onDidChangeTreeData(say), this.#view.onDidChangeVisibility(({ visible }) => this.#models.watch(visible))];
        this.#models.watch(this.#view.visible);
        say();
    }

    dispose(): void {
        for (const disposable of this.#disposables) {
            disposable.dispose();
        }
    }

    /** Ends the workers, which keep what they know. */
    async shutDown(): Promise<void> {
        await this.#models.dispose();
    }
}
