/**
 * Opens addresses by hand and verifying: as a page (one for each repository) or as input boxes.
 */
import * as vscode from 'vscode';
import type { Log } from '../../core/log';
import type { PeerSnapshot, Repository } from '../../core/repository/repository';
import type { Section } from '../../shared/access/snapshot';
import { SecretClipboard } from '../secretClipboard';
import { whenWords } from '../words/when';
import { AccessDesk, type DeskRepository } from './desk';
import { AccessPagePanel } from './pagePanel';
import { QuickAccess } from './quickAccess';

export interface AccessDependencies {
    readonly extensionUri: vscode.Uri;
    readonly log: Log;
    syncNow(repository: Repository, peer: string): void;
    revoke(repository: Repository, peer: string): void;
    enableTor(repository: Repository): void;
    showLog(): void;
}

/** The message for somebody at a command line; {0} is the line. */
export function instructions(): string {
    return vscode.l10n.t(
        'To check that nobody stands between our repositories, please run this line in your repository and read the five words for mine to me, by voice. It needs git and Python 3, reads from your repository alone, changes nothing and connects nowhere. It is also in the documentation of Annex Peers, docs/verify.md: better take it from there.\n\n{0}',
        '{0}',
    );
}

export class AccessController implements vscode.Disposable {
    readonly #panels = new Map<string, AccessPagePanel>();
    readonly #clipboard = new SecretClipboard(vscode.env.clipboard);
    readonly #focus: vscode.Disposable;
    readonly quick: QuickAccess;

    constructor(private readonly deps: AccessDependencies) {
        this.#focus = vscode.window.onDidChangeWindowState(({ focused }) => {
            if (focused) {
                this.#clipboard.focused();
            }
        });
        this.quick = new QuickAccess({
            clipboard: this.#clipboard,
            log: deps.log,
            instructions: instructions(),
            syncNow: (repository, peer) => deps.syncNow(repository, peer),
            revoke: (repository, peer) => deps.revoke(repository, peer),
            showOnPage: (repository, made, label) => this.#open(repository)?.desk.adopt(made, label),
            verifyOnPage: (repository, peer) => this.openPage(repository, 'verify', peer),
        });
    }

    /** Shows the repository's page; `peer`: with the words for that one. */
    openPage(repository: Repository, section: Section, peer?: PeerSnapshot): void {
        const panel = this.#open(repository);
        if (peer === undefined) {
            panel?.desk.show(section);
        } else {
            void panel?.desk.verify(peer.name);
        }
    }

    /** Takes a secret out of the clipboard at once. */
    async shutDown(): Promise<void> {
        for (const panel of this.#panels.values()) {
            panel.close();
        }
        await this.#clipboard.dispose();
    }

    dispose(): void {
        this.#focus.dispose();
    }

    #open(repository: Repository): AccessPagePanel | undefined {
        const { context, found } = repository;
        const existing = this.#panels.get(found.gitDir);
        if (existing !== undefined || context === undefined) {
            existing?.reveal();
            return existing;
        }
        const { deps } = this;
        const desk = new AccessDesk(deskRepository(repository, context), {
            copySecret: secret => this.#clipboard.copy(secret),
            copy: async text => vscode.env.clipboard.writeText(text),
            syncNow: peer => deps.syncNow(repository, peer),
            revoke: peer => deps.revoke(repository, peer),
            enableTor: () => deps.enableTor(repository),
            startTor: () => void vscode.commands.executeCommand('annexPeers.startTor'),
            showLog: () => deps.showLog(),
            when: at => whenWords(at),
            instructions: instructions(),
        });
        const panel: AccessPagePanel = new AccessPagePanel(
            desk,
            deps.extensionUri,
            {
                closed: () => this.#panels.delete(found.gitDir),
                useInputBox: () => {
                    const { section } = desk.snapshot;
                    panel.close();
                    void (section === 'make' ? this.quick.make(repository) : this.quick.link(repository));
                },
            },
            deps.log,
        );
        this.#panels.set(found.gitDir, panel);
        return panel;
    }
}

/** A repository as the page and the input boxes use it. */
export function deskRepository(repository: Repository, context: DeskRepository['context']): DeskRepository {
    return {
        context,
        onDidChange: repository.onDidChange,
        get snapshot() {
            return repository.snapshot;
        },
        changed: async () => {
            repository.daemon?.reload();
            await repository.refresh();
        },
    };
}
