/**
 * Marks annexed files in the Explorer and wherever else the editor shows them. It is asked for what is visible only, and
 * each answer is a search in memory; folders carry no mark, so that nothing has to be added up.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import type { ContentSnapshot } from '../../core/content';
import { fileState, stateWords } from './contentItems';
import type { ContentModels } from './contentModels';

const refreshDelayMs = 500;

export class ContentDecorations implements vscode.FileDecorationProvider, vscode.Disposable {
    readonly #changed = new vscode.EventEmitter<undefined>();
    readonly onDidChangeFileDecorations = this.#changed.event;
    readonly #disposables: { dispose(): unknown }[];
    #timer: NodeJS.Timeout | undefined;
    #shown: readonly (ContentSnapshot | undefined)[] = [];

    constructor(private readonly models: ContentModels) {
        this.#disposables = [
            models.onDidChange.on(() => {
                this.#timer ??= setTimeout(() => {
                    this.#timer = undefined;
                    const now = models.known.map(({ model }) => model.snapshot);
                    if (now.length !== this.#shown.length || now.some((snapshot, index) => snapshot !== this.#shown[index])) {
                        this.#shown = now;
                        this.#changed.fire(undefined);
                    }
                }, refreshDelayMs);
            }),
            vscode.window.registerFileDecorationProvider(this),
        ];
    }

    provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
        if (uri.scheme !== 'file') {
            return undefined;
        }
        for (const { model: { context, snapshot } } of this.models.known) {
            const relative = path.relative(context.root, uri.fsPath);
            const file = snapshot === undefined || relative === '' || relative.startsWith('..') ? -1 : snapshot.find(relative);
            if (snapshot !== undefined && file >= 0) {
                return decorationOf(snapshot, file);
            }
        }
        return undefined;
    }

    dispose(): void {
        clearTimeout(this.#timer);
        this.#changed.dispose();
        for (const disposable of this.#disposables) {
            disposable.dispose();
        }
    }
}

function decorationOf(snapshot: ContentSnapshot, file: number): vscode.FileDecoration | undefined {
    const words = stateWords(snapshot, file);
    switch (fileState(snapshot, file)) {
        case 'lost':
            return new vscode.FileDecoration('✗', words, new vscode.ThemeColor('list.errorForeground'));
        case 'absent':
            return new vscode.FileDecoration('☁', words, new vscode.ThemeColor('disabledForeground'));
        case 'only-here':
            return new vscode.FileDecoration('1', words, new vscode.ThemeColor('list.warningForeground'));
        case 'too-few':
            return new vscode.FileDecoration('!', words, new vscode.ThemeColor('list.warningForeground'));
        case 'here':
            return snapshot.isLocked(file) ? undefined : new vscode.FileDecoration('✎', vscode.l10n.t('Annexed and unlocked: it can be edited.'));
    }
}
