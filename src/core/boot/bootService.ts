/**
 * Serving a repository while no editor is open: which service manager does it here, what it is told, and how it stands.
 */
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../annex/context';
import type { BootServer } from '../daemon/remoteDaemon';
import { installScript, installShim } from '../daemon/shim/install';
import { dataFolder } from '../process/privateFolders';
import { writePrivate } from '../peers/access/privateFile';
import { assistantAutostart } from './assistant';
import { tellServer } from './control';
import { Cron } from './cron';
import { BootError } from './errors';
import { Launchd } from './launchd';
import { SystemPrograms, type ServiceManager } from './manager';
import { logName, pidName, pipeName, serveProgram, serveScript } from './serveScript';
import { hasControlCharacters, serveCommand, specOf, type BootMethod, type BootSpec } from './spec';
import { Systemd } from './systemd';

/** What would be written and run, for the user to see before. */
export interface BootPlan {
    readonly method: BootMethod;
    /** undefined: the user's crontab. */
    readonly file: string | undefined;
    readonly text: string;
    /** The program that it starts, which is written besides. */
    readonly program: string;
    readonly command: readonly string[];
    /** Whether it also runs while the user is not logged in; undefined where that can't be known. */
    readonly beforeLogin: boolean | undefined;
    /** Where git-annex's assistant is told to serve the repository too. */
    readonly assistant: string | undefined;
}

export type BootStatus = { readonly kind: 'none' } | { readonly kind: 'installed'; readonly method: BootMethod; readonly file: string | undefined; readonly running: boolean; readonly beforeLogin: boolean | undefined };

export class BootService implements BootServer {
    readonly #systemd: Systemd;
    readonly #launchd: Launchd;
    readonly #cron: Cron;
    #isCurrent = false;

    constructor(
        private readonly context: RepositoryContext,
        private readonly environment: NodeJS.ProcessEnv = process.env,
        private readonly platform: NodeJS.Platform = process.platform,
    ) {
        const programs = new SystemPrograms(context.log, environment);
        this.#systemd = new Systemd(programs);
        this.#launchd = new Launchd(programs);
        this.#cron = new Cron(programs, path.join(context.gitDir, 'annex-peers'));
    }

    /** Looks at files alone, where nothing was installed. */
    async isInstalled(): Promise<boolean> {
        const manager = await this.#installed();
        if (manager !== undefined && !this.#isCurrent) {
            // Of an older version of the extension: the next start takes the new one.
            this.#isCurrent = true;
            await this.#writePrograms();
        }
        return manager !== undefined;
    }

    async status(): Promise<BootStatus> {
        const manager = await this.#installed();
        if (manager === undefined) {
            return { kind: 'none' };
        }
        const spec = await this.#spec();
        const [running, beforeLogin] = await Promise.all([manager.isRunning(spec), this.#beforeLogin(manager)]);
        return { kind: 'installed', method: manager.method, file: manager.file(spec), running, beforeLogin };
    }

    /** @throws {BootError} `no-manager`, `odd-path` */
    async plan(): Promise<BootPlan> {
        const [manager, spec] = [await this.#available(), await this.#spec()];
        if (hasControlCharacters(spec)) {
            throw new BootError('odd-path', 'a path has a control character');
        }
        return {
            method: manager.method,
            file: manager.file(spec),
            text: manager.text(spec),
            program: path.join(spec.bin, serveProgram),
            command: serveCommand(spec),
            beforeLogin: await this.#beforeLogin(manager),
            assistant: await assistantAutostart(this.context.root, this.environment),
        };
    }

    /** Writes what the plan says, so that it counts from the next start of the computer on; {@link start} starts it now. */
    async install(): Promise<void> {
        const manager = await this.#available();
        const spec = await this.#spec();
        if (hasControlCharacters(spec)) {
            throw new BootError('odd-path', 'a path has a control character');
        }
        await this.#writePrograms();
        // Makes the private folder, in which the program looks for what is paused.
        await stat(path.join(spec.privateFolder, 'paused.gitconfig')).catch(() => writePrivate(path.join(spec.privateFolder, 'paused.gitconfig'), ''));
        await manager.install(spec);
    }

    start(): Promise<void> {
        return this.#tell((manager, spec) => manager.start(spec));
    }

    stop(): Promise<void> {
        return this.#tell((manager, spec) => manager.stop(spec));
    }

    restart(): Promise<void> {
        return this.#tell((manager, spec) => manager.restart(spec));
    }

    /** Stops it, and removes all that was written for it but the program, which other repositories use too. */
    async remove(): Promise<void> {
        await this.#tell((manager, spec) => manager.remove(spec));
        const { privateFolder } = await this.#spec();
        await Promise.all([pidName, pipeName, logName, 'boot.json'].map(name => rm(path.join(privateFolder, name), { force: true })));
    }

    async reload(): Promise<void> {
        await tellServer(this.context.gitDir, 'RELOAD');
    }

    /** Has it run also while the user is not logged in. @throws {BootError} `refused` */
    async linger(): Promise<void> {
        await this.#systemd.linger();
    }

    async #tell(what: (manager: ServiceManager, spec: BootSpec) => Promise<void>): Promise<void> {
        const manager = await this.#installed();
        if (manager !== undefined) {
            await what(manager, await this.#spec());
        }
    }

    async #installed(): Promise<ServiceManager | undefined> {
        for (const manager of [this.#systemd, this.#launchd, this.#cron]) {
            if (await manager.isInstalled(this.context)) {
                return manager;
            }
        }
        return undefined;
    }

    async #available(): Promise<ServiceManager> {
        if (this.platform === 'darwin') {
            return this.#launchd;
        }
        if (await this.#systemd.isThere()) {
            return this.#systemd;
        }
        if (await this.#cron.isThere()) {
            return this.#cron;
        }
        throw new BootError('no-manager', 'there is neither a systemd for users nor cron');
    }

    async #beforeLogin({ method }: ServiceManager): Promise<boolean | undefined> {
        return method === 'systemd' ? this.#systemd.lingers() : method === 'cron';
    }

    async #spec(): Promise<BootSpec> {
        return specOf(this.context, path.join(await dataFolder(this.environment), 'bin'), this.environment['PATH']);
    }

    async #writePrograms(): Promise<void> {
        await installShim(this.environment);
        await installScript(serveProgram, serveScript, this.environment);
    }
}
