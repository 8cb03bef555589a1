/**
 * The user's own systemd. It starts at the first login and ends with the last logout, or, where the user "lingers" (loginctl(1)), runs from
 * the computer's start to its end.
 */
import { lstat, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { writeConfiguration, type ServiceManager, type SystemPrograms } from './manager';
import type { BootSpec } from './spec';
import { systemdUnit, unitFolder, unitName } from './systemdUnit';

export class Systemd implements ServiceManager {
    readonly method = 'systemd';

    constructor(private readonly programs: SystemPrograms) {}

    /** Whether there is one that answers. */
    async isThere(): Promise<boolean> {
        return (await this.programs.try('systemctl', ['--user', 'show', '--property=Version']))?.code === 0;
    }

    file(spec: Pick<BootSpec, 'root'>): string {
        return path.join(unitFolder(this.programs.environment), unitName(spec));
    }

    text(spec: BootSpec): string {
        return systemdUnit(spec);
    }

    async isInstalled(spec: Pick<BootSpec, 'root'>): Promise<boolean> {
        const file = this.file(spec);
        // Enabling makes this link (systemctl(1), "enable").
        const link = path.join(path.dirname(file), 'default.target.wants', unitName(spec));
        return Promise.all([stat(file), lstat(link)]).then(() => true, () => false);
    }

    async isRunning(spec: BootSpec): Promise<boolean> {
        return (await this.programs.try('systemctl', ['--user', 'is-active', '--quiet', unitName(spec)]))?.code === 0;
    }

    async install(spec: BootSpec): Promise<void> {
        await writeConfiguration(this.file(spec), systemdUnit(spec));
        await this.#systemctl('daemon-reload');
        await this.#systemctl('enable', unitName(spec));
    }

    async start(spec: BootSpec): Promise<void> {
        await this.#systemctl('start', unitName(spec));
    }

    async stop(spec: BootSpec): Promise<void> {
        await this.#systemctl('stop', unitName(spec));
    }

    async restart(spec: BootSpec): Promise<void> {
        await this.#systemctl('restart', unitName(spec));
    }

    async remove(spec: BootSpec): Promise<void> {
        if (await readFile(this.file(spec)).then(() => true, () => false)) {
            await this.#systemctl('disable', '--now', unitName(spec));
            await rm(this.file(spec), { force: true });
            await this.#systemctl('daemon-reload');
        }
    }

    /** Whether it also runs while the user is not logged in; undefined where that can't be known. */
    async lingers(): Promise<boolean | undefined> {
        const { username } = os.userInfo();
        const shown = await this.programs.try('loginctl', ['show-user', username, '--property=Linger', '--value']);
        if (shown?.code === 0) {
            return shown.stdout.trim() === 'yes';
        }
        // What that would read (logind keeps it there); a user who isn't logged in is not known to it otherwise.
        return stat('/var/lib/systemd/linger').then(() => stat(path.join('/var/lib/systemd/linger', username)).then(() => true, () => false), () => undefined);
    }

    /** Most systems let users do that for themselves. @throws {BootError} `refused` */
    async linger(): Promise<void> {
        await this.programs.do('loginctl', ['--no-ask-password', 'enable-linger']);
    }

    async #systemctl(...args: readonly string[]): Promise<void> {
        await this.programs.do('systemctl', ['--user', ...args]);
    }
}
