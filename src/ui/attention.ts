/**
 * How much somebody looks at the peers' view: presence is kept fresh for people, not for an empty room.
 */
import * as vscode from 'vscode';
import type { Attention } from '../core/peers/presence';

/** After this long without a key or a move of the mouse nobody is taken to look, though the window is in front; in milliseconds. */
const awayMs = 10 * 60_000;

export class ViewAttention implements vscode.Disposable {
    readonly #disposables: vscode.Disposable[] = [];
    #away = false;
    #timer: NodeJS.Timeout | undefined;
    #last: Attention | undefined;

    constructor(
        private readonly view: vscode.TreeView<unknown>,
        private readonly onChange: (attention: Attention) => void,
    ) {
        this.#disposables.push(
            view.onDidChangeVisibility(() => this.#tell()),
            vscode.window.onDidChangeWindowState(() => this.#windowChanged()),
        );
        this.#windowChanged();
    }

    get current(): Attention {
        if (!this.view.visible) {
            return 'hidden';
        }
        return vscode.window.state.focused && !this.#away ? 'watched' : 'visible';
    }

    dispose(): void {
        clearTimeout(this.#timer);
        vscode.Disposable.from(...this.#disposables).dispose();
    }

    #windowChanged(): void {
        clearTimeout(this.#timer);
        this.#away = false;
        if (!vscode.window.state.active) {
            this.#timer = setTimeout(() => {
                this.#away = true;
                this.#tell();
            }, awayMs);
        }
        this.#tell();
    }

    #tell(): void {
        const { current } = this;
        if (current !== this.#last) {
            this.#last = current;
            this.onChange(current);
        }
    }
}
