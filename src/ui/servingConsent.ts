/**
 * Whether the user agreed to serve a repository to its peers: asked once for each repository, known by its real path
 * and uuid, so that a copy in another folder is asked about again.
 */
import * as vscode from 'vscode';
import type { RepositorySnapshot } from '../core/repository/repository';
import { inertForNotification } from '../shared/inert';

export class ServingConsent {
    readonly #asking = new Map<string, Promise<boolean>>();
    readonly #putOff = new Set<string>();

    constructor(private readonly state: vscode.Memento) {}

    /** The stored answer; undefined if it was never asked. */
    answer(repository: RepositorySnapshot): boolean | undefined {
        const stored = this.state.get<unknown>(this.#key(repository));
        return typeof stored === 'boolean' ? stored : undefined;
    }

    async remember(repository: RepositorySnapshot, answer: boolean): Promise<void> {
        await this.state.update(this.#key(repository), answer);
    }

    /** There is nothing to serve any more; the next time it is asked again. */
    async forget(repository: RepositorySnapshot): Promise<void> {
        await this.state.update(this.#key(repository), undefined);
    }

    /** The stored answer, or the user's to the one question; leaving it open counts as no until the next start. */
    async ask(repository: RepositorySnapshot): Promise<boolean> {
        const known = this.answer(repository);
        if (known !== undefined) {
            return known;
        }
        const key = this.#key(repository);
        if (this.#putOff.has(key)) {
            return false;
        }
        const question = this.#asking.get(key) ?? this.#question(repository).finally(() => this.#asking.delete(key));
        this.#asking.set(key, question);
        return question;
    }

    async #question(repository: RepositorySnapshot): Promise<boolean> {
        const serve = vscode.l10n.t('Serve');
        const never = vscode.l10n.t("Don't Serve");
        const choice = await vscode.window.showInformationMessage(
            vscode.l10n.t(
                'Serve "{0}" to its paired peers over Tor while VS Code is open? Peers can then read its history and content, and add and remove content.',
                inertForNotification(repository.name),
            ),
            serve,
            never,
        );
        if (choice === undefined) {
            this.#putOff.add(this.#key(repository));
            return false;
        }
        await this.remember(repository, choice === serve);
        return choice === serve;
    }

    #key(repository: RepositorySnapshot): string {
        return `serve:${repository.root}:${repository.uuid ?? ''}`;
    }
}
