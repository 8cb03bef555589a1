/**
 * When a repository's remote daemon runs: where Tor is enabled, the user agreed to serve it, and the setting says so. Where a
 * repository only connects to peers it serves nobody, and runs to tell of their changes. One that is installed to be served also while VS Code
 * is closed is watched here, and started and stopped there.
 */
import type { Repository } from '../core/repository/repository';
import type { Workspace } from '../core/repository/workspace';
import { messageOf } from '../core/errors';
import type { Log } from '../core/log';
import { runnableIn } from '../core/security/ownConfig';
import { inert } from '../shared/inert';
import type { ServingConsent } from './servingConsent';
import { readSettings } from './settings';

export class DaemonPolicy {
    /** Those whose daemon was started when there was nothing to serve: it has to be started anew to serve. */
    readonly #connectOnly = new WeakSet<Repository>();

    constructor(
        private readonly consent: ServingConsent,
        private readonly log: Log,
    ) {}

    /** Starts what is to be served by itself; called whenever the workspace was looked at. */
    startAll(workspace: Workspace): void {
        for (const repository of workspace.repositories) {
            this.#startAutomatically(repository).catch((error: unknown) => this.log.error(`The remote daemon of ${repository.snapshot.root} could not be started: ${messageOf(error)}`));
        }
    }

    async #startAutomatically(repository: Repository): Promise<void> {
        const { service, peers } = repository.snapshot;
        if (service.kind === 'enabled' && (await repository.boot?.isInstalled()) === true) {
            await repository.daemon?.start('automatically');
        } else if (readSettings().autoStartDaemon) {
            await (service.kind === 'enabled' ? this.serve(repository) : service.kind === 'not-enabled' && peers.length > 0 ? this.#connect(repository) : undefined);
        }
    }

    /** After its service is gone: the user agreed to serve when that was installed. */
    async serveAgain(repository: Repository): Promise<void> {
        await (readSettings().autoStartDaemon ? this.serve(repository, true) : undefined);
    }

    /** Starts what is served by itself, where that was agreed to before: in a window that has just opened it may not have come so far. */
    async serveAsAgreed(repository: Repository): Promise<void> {
        if (readSettings().autoStartDaemon && this.consent.answer(repository.snapshot) === true) {
            await this.serve(repository);
        }
    }

    /** Starts the daemon if the user agrees; `agreed` where the user has just asked for it. */
    async serve(repository: Repository, agreed = false): Promise<void> {
        if (repository.snapshot.service.kind !== 'enabled') {
            await this.#connect(repository, agreed);
            return;
        }
        if (agreed) {
            await this.consent.remember(repository.snapshot, true);
        }
        if ((await repository.boot?.isInstalled()) === true) {
            await (agreed ? repository.boot?.start() : undefined);
            await repository.daemon?.start(agreed ? 'by-user' : 'automatically');
            return;
        }
        const { kind } = repository.snapshot.daemon;
        const servesNobody = this.#connectOnly.has(repository);
        const servedElsewhere = !agreed && !servesNobody && (kind === 'running' || kind === 'external');
        if (!servedElsewhere && (await this.consent.ask(repository.snapshot))) {
            this.#connectOnly.delete(repository);
            await (servesNobody ? repository.daemon?.restart() : repository.daemon?.start(agreed ? 'by-user' : 'automatically'));
        }
    }

    /**
     * Nobody was asked here, and a connected daemon fetches by itself, by git with all that the repository's own
     * configuration has: where that could run a command, it waits for the user's word.
     */
    async #connect(repository: Repository, byUser = false): Promise<void> {
        const { context } = repository;
        const runnable = byUser || context === undefined ? [] : await runnableIn(context);
        if (runnable.length > 0) {
            this.log.warn(`The remote daemon of ${repository.snapshot.root} is not started by itself: the repository's own configuration can run commands (${runnable.map(({ name }) => inert(name, 60)).join(', ')}). Start Remote Daemon starts it.`);
            return;
        }
        this.#connectOnly.add(repository);
        await repository.daemon?.start(byUser ? 'by-user' : 'automatically');
    }

    async stop(repository: Repository): Promise<void> {
        // Watched on, so that it shows when it is started again.
        await ((await repository.boot?.isInstalled()) === true ? repository.boot?.stop() : repository.daemon?.stop());
    }

    /** After its onion service went: it goes on for its peers' changes alone, and where it has none it ends. To be served again takes another word. */
    async stopServing(repository: Repository): Promise<void> {
        await this.consent.forget(repository.snapshot);
        const ran = repository.snapshot.daemon.kind !== 'stopped';
        await repository.daemon?.stop();
        if (ran && repository.snapshot.peers.length > 0) {
            await this.#connect(repository, true);
        }
    }

    async restart(repository: Repository): Promise<void> {
        if ((await repository.boot?.isInstalled()) === true) {
            await repository.boot?.restart();
            return;
        }
        await repository.daemon?.stop();
        await this.serve(repository, true);
    }
}
