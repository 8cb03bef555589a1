/**
 * The last result of a sync with each peer, kept in the workspace's state: times and counts, nothing secret.
 */
import type * as vscode from 'vscode';
import * as v from 'valibot';
import type { LastSync, SyncHistory } from '../core/repository/repository';

const lastSyncSchema = v.object({
    at: v.number(),
    result: v.picklist(['done', 'partly', 'failed']),
    received: v.number(),
    sent: v.number(),
    failed: v.number(),
});

export class StoredSyncHistory implements SyncHistory {
    constructor(private readonly state: vscode.Memento) {}

    get(repository: string, peer: string): LastSync | undefined {
        const stored = v.safeParse(lastSyncSchema, this.state.get(this.#key(repository, peer)));
        return stored.success ? stored.output : undefined;
    }

    set(repository: string, peer: string, result: LastSync): void {
        void this.state.update(this.#key(repository, peer), result);
    }

    #key(repository: string, peer: string): string {
        return `lastSync:${repository}:${peer}`;
    }
}
