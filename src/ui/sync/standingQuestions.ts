/**
 * Questions that wait for as long as it takes, beside what is shown in the editor: a notification goes away by itself, and where the user
 * is not to be disturbed it never comes.
 *
 * The question stays when the focus goes elsewhere. Put aside with Escape it stays open, and is brought back by the status bar, by the
 * repository's row, and by a command.
 */
import * as vscode from 'vscode';

interface Choice<T> extends vscode.QuickPickItem {
    /** What choosing it answers; without one the question stays. */
    readonly answer?: T;
    readonly action?: () => Promise<void>;
}

export interface StandingQuestion<T> {
    readonly title: string;
    readonly placeholder: string;
    readonly choices: readonly Choice<T>[];
}

export class StandingQuestions {
    /** By the repository's root. */
    readonly #open = new Map<string, () => void>();

    /** Brings the question back; false where none is open. Without a root, the first. */
    reveal(root?: string): boolean {
        const show = root === undefined ? [...this.#open.values()][0] : this.#open.get(root);
        show?.();
        return show !== undefined;
    }

    /** The answer; undefined once `signal` takes the question back. */
    async ask<T>(root: string, { title, placeholder, choices }: StandingQuestion<T>, signal: AbortSignal): Promise<T | undefined> {
        const pick = vscode.window.createQuickPick<Choice<T>>();
        const show = (): void => {
            // The editor empties its list whenever it shows one.
            pick.items = choices;
            pick.show();
        };
        pick.title = title;
        pick.placeholder = placeholder;
        pick.ignoreFocusOut = true;
        this.#open.set(root, show);
        let takeBack: (() => void) | undefined;
        try {
            return await new Promise<T | undefined>((resolve, reject) => {
                takeBack = (): void => resolve(undefined);
                signal.addEventListener('abort', takeBack, { once: true });
                pick.onDidAccept(() => {
                    const [chosen] = pick.selectedItems;
                    if (chosen?.action !== undefined) {
                        // What it shows may take the question away.
                        chosen.action().then(show, reject);
                    } else if (chosen?.answer !== undefined) {
                        resolve(chosen.answer);
                    }
                });
                if (signal.aborted) {
                    takeBack();
                } else {
                    show();
                }
            });
        } finally {
            if (takeBack !== undefined) {
                signal.removeEventListener('abort', takeBack);
            }
            this.#open.delete(root);
            pick.dispose();
        }
    }
}
