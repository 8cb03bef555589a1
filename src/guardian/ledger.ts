/**
 * What the guardian remembers: everything that is to be undone.
 */
import { lstat } from 'node:fs/promises';
import type { Cleanup, GuardianMessage } from '../core/process/guardian/messages';
import { startTime } from '../core/process/guardian/ownerMark';

export interface Group {
    readonly id: number;
    /** When its leader was started; undefined where this isn't told. Another time means that the number belongs to others now. */
    readonly leaderStarted: Promise<string | undefined>;
}

export class Ledger {
    #mark = '';
    readonly #records = new Map<number, { readonly cleanup: Cleanup; readonly group: Group | undefined }>();
    /** Folders of children that have ended: whoever made them removes them soon. */
    readonly #lateFolders = new Set<string>();

    get mark(): string {
        return this.#mark;
    }

    get groups(): readonly Group[] {
        return [...this.#records.values()].flatMap(({ group }) => group ?? []);
    }

    get all(): readonly Cleanup[] {
        return [...[...this.#records.values()].map(({ cleanup }) => cleanup), { folders: [...this.#lateFolders] }];
    }

    take(message: GuardianMessage): void {
        switch (message.type) {
            case 'owner':
                this.#mark = message.mark;
                return;
            case 'set': {
                const id = message.cleanup.processGroup;
                this.#records.set(message.id, { cleanup: message.cleanup, group: id === undefined ? undefined : { id, leaderStarted: startTime(id) } });
                return;
            }
            case 'drop':
                this.#forgetGoneFolders();
                for (const folder of this.#records.get(message.id)?.cleanup.folders ?? []) {
                    this.#lateFolders.add(folder);
                }
                this.#records.delete(message.id);
                return;
        }
    }

    #forgetGoneFolders(): void {
        for (const folder of this.#lateFolders) {
            lstat(folder).catch(() => this.#lateFolders.delete(folder));
        }
    }
}
