/**
 * The user's own launchd on macOS (launchctl(1)).
 */
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { jobFolder, jobLabel, launchdJob } from './launchdJob';
import { writeConfiguration, type ServiceManager, type SystemPrograms } from './manager';
import type { BootSpec } from './spec';

export class Launchd implements ServiceManager {
    readonly method = 'launchd';

    constructor(private readonly programs: SystemPrograms) {}

    file(spec: Pick<BootSpec, 'root'>): string {
        return path.join(jobFolder(this.programs.environment), `${jobLabel(spec)}.plist`);
    }

    text(spec: BootSpec): string {
        return launchdJob(spec);
    }

    async isInstalled(spec: Pick<BootSpec, 'root'>): Promise<boolean> {
        return stat(this.file(spec)).then(() => true, () => false);
    }

    async isRunning(spec: BootSpec): Promise<boolean> {
        const shown = await this.programs.try('launchctl', ['print', this.#target(spec)]);
        return shown?.code === 0 && /^\s*state = running$/mu.test(shown.stdout);
    }

    async install(spec: BootSpec): Promise<void> {
        await writeConfiguration(this.file(spec), launchdJob(spec));
    }

    async start(spec: BootSpec): Promise<void> {
        const isLoaded = (await this.programs.try('launchctl', ['print', this.#target(spec)]))?.code === 0;
        await (isLoaded ? this.programs.do('launchctl', ['kickstart', this.#target(spec)]) : this.programs.do('launchctl', ['bootstrap', this.#domain(), this.file(spec)]));
    }

    /** It is loaded again at the next login, as its file stays. */
    async stop(spec: BootSpec): Promise<void> {
        if ((await this.programs.try('launchctl', ['print', this.#target(spec)]))?.code === 0) {
            await this.programs.do('launchctl', ['bootout', this.#target(spec)]);
        }
    }

    async restart(spec: BootSpec): Promise<void> {
        await this.stop(spec);
        await this.start(spec);
    }

    async remove(spec: BootSpec): Promise<void> {
        await this.stop(spec);
        await rm(this.file(spec), { force: true });
    }

    #domain(): string {
        return `gui/${process.getuid?.() ?? 0}`;
    }

    #target(spec: BootSpec): string {
        return `${this.#domain()}/${jobLabel(spec)}`;
    }
}
