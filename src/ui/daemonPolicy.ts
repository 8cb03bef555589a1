/**
 * When a repository's remote daemon runs: where Tor is enabled, the user agreed to serve it, and the setting says so.
 */
import type { Repository } from '../core/repository/repository';
import type { Workspace } from '../core/repository/workspace';
import { messageOf } from '../core/errors';
import type { Log } from '../core/log';
import type { ServingConsent } from './servingConsent';
import { readSettings } from './settings';

export class DaemonPolicy {
    constructor(
        private readonly consent: ServingConsent,
        private readonly log: Log,
    ) {}

    /** Starts what is to be served by itself; called whenever the workspace was looked at. */
    startAll(workspace: Workspace): void {
        if (!readSettings().autoStartDaemon) {
            return;
        }
        for (const repository of workspace.repositories) {
            const { service, root } = repository.snapshot;
            if (service.kind === 'enabled') {
                this.serve(repository).catch((error: unknown) => this.log.error(`The remote daemon of ${root} could not be started: ${messageOf(error)}`));
            }
        }
    }

    /** Starts the daemon if the user agrees; `agreed` where the user has just asked for it. */
    async serve(repository: Repository, agreed = false): Promise<void> {
        if (agreed) {
            await this.consent.remember(repository.snapshot, true);
        }
        const { kind } = repository.snapshot.daemon;
        const servedElsewhere = !agreed && (kind === 'running' || kind === 'external');
        if (!servedElsewhere && (await this.consent.ask(repository.snapshot))) {
            await repository.daemon?.start(agreed ? 'by-user' : 'automatically');
        }
    }

    async stop(repository: Repository): Promise<void> {
        await repository.daemon?.stop();
    }

    async restart(repository: Repository): Promise<void> {
        await repository.daemon?.stop();
        await this.serve(repository, true);
    }
}
