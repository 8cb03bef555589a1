/**
 * Shows one quick input at a time for a pairing, until the user answers it, hides it, or the pairing has moved on.
 */
import type * as vscode from 'vscode';
import type { PairingSnapshot } from '../../shared/pairing/snapshot';
import type { ActivePairing } from './activePairing';

/** `hidden`: the user pressed Escape. `moved`: the pairing is in another state. `detached`: another rendering has taken over. */
export type Left = 'hidden' | 'moved' | 'detached';

export class QuickInputs {
    #current: vscode.QuickInput | undefined;
    #detach: (() => void) | undefined;
    #detached = false;

    constructor(private readonly pairing: ActivePairing) {}

    get detached(): boolean {
        return this.#detached;
    }

    reveal(): void {
        this.#current?.show();
    }

    /** Takes away what is shown, for good. */
    detach(): void {
        this.#detached = true;
        this.#detach?.();
    }

    /**
     * Shows `input` and gives back what `wire` resolves with, or why it was left. `update` is called with every snapshot, at once with the
     * present one, and says whether the input still fits.
     */
    show<Answer>(
        input: vscode.QuickInput & { readonly onDidHide: vscode.Event<void> },
        wire: (answer: (value: Answer) => void) => readonly vscode.Disposable[],
        update: (snapshot: PairingSnapshot) => boolean,
    ): Promise<Answer | Left> {
        if (this.#detached) {
            input.dispose();
            return Promise.resolve('detached');
        }
        return new Promise(resolve => {
            const disposables: { dispose(): unknown }[] = [input];
            const settle = (value: Answer | Left): void => {
                this.#current = undefined;
                this.#detach = undefined;
                for (const disposable of disposables.splice(0).reverse()) {
                    disposable.dispose();
                }
                resolve(value);
            };
            const follow = (snapshot: PairingSnapshot): void => {
                if (!update(snapshot)) {
                    settle('moved');
                }
            };
            this.#current = input;
            this.#detach = () => settle('detached');
            input.ignoreFocusOut = true;
            disposables.push(this.pairing.onSnapshot.on(follow), input.onDidHide(() => settle('hidden')), ...wire(settle));
            input.show();
            follow(this.pairing.snapshot);
        });
    }
}
