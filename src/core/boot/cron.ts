/**
 * cron's `@reboot`: it starts the program with the computer and then knows nothing of it. So the program keeps git-annex running by itself,
 * and leaves its number.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readPrivate, writePrivate } from '../peers/access/privateFile';
import { cronEntry, hasEntry, withEntry, withoutEntry } from './cronEntry';
import { BootError } from './errors';
import type { ServiceManager, SystemPrograms } from './manager';
import { pidName, serveProgram } from './serveScript';
import { serveCommand, type BootSpec } from './spec';

const stopLimitMs = 10_000;

export class Cron implements ServiceManager {
    readonly method = 'cron';

    constructor(
        private readonly programs: SystemPrograms,
        private readonly privateFolder: string,
    ) {}

    async isThere(): Promise<boolean> {
        return (await this.programs.find('crontab')) !== undefined;
    }

    file(): undefined {
        return undefined;
    }

    text(spec: BootSpec): string {
        return `${cronEntry(spec)}\n`;
    }

    /** Only who has installed one looks at the crontab. */
    async isInstalled(spec: Pick<BootSpec, 'root'>): Promise<boolean> {
        return (await readPrivate(this.#note)) !== undefined && hasEntry(await this.#crontab(), spec);
    }

    async isRunning(spec: BootSpec): Promise<boolean> {
        return (await this.#pid(spec)) !== undefined;
    }

    async install(spec: BootSpec): Promise<void> {
        await this.programs.do('crontab', ['-'], withEntry(await this.#crontab(), spec));
        await writePrivate(this.#note, '{"method":"cron"}\n');
    }

    async start(spec: BootSpec): Promise<void> {
        const [, program = '', ...rest] = serveCommand(spec, '--background');
        await this.programs.do('env', [`PATH=${spec.searchPath}`, '/bin/sh', program, ...rest]);
    }

    async stop(spec: BootSpec): Promise<void> {
        const pid = await this.#pid(spec);
        if (pid === undefined) {
            return;
        }
        process.kill(pid, 'SIGTERM');
        const end = performance.now() + stopLimitMs;
        while ((await this.#pid(spec)) === pid) {
            if (performance.now() > end) {
                throw new BootError('refused', `process ${pid} does not end`);
            }
            await delay(100);
        }
    }

    async restart(spec: BootSpec): Promise<void> {
        await this.stop(spec);
        await this.start(spec);
    }

    async remove(spec: BootSpec): Promise<void> {
        await this.stop(spec);
        const crontab = await this.#crontab();
        if (hasEntry(crontab, spec)) {
            const rest = withoutEntry(crontab, spec);
            await (rest.trim() === '' ? this.programs.do('crontab', ['-r']) : this.programs.do('crontab', ['-'], rest));
        }
    }

    get #note(): string {
        return path.join(this.privateFolder, 'boot.json');
    }

    /** Empty where the user has none, which `crontab` calls a failure. */
    async #crontab(): Promise<string> {
        const shown = await this.programs.try('crontab', ['-l']);
        if (shown === undefined || (shown.code !== 0 && !/no crontab for/iu.test(shown.stderr))) {
            throw new BootError('refused', 'the crontab could not be read', shown?.stderr ?? '');
        }
        return shown.code === 0 ? shown.stdout : '';
    }

    /** The program's number, if it is that program still: numbers are given again. */
    async #pid(spec: BootSpec): Promise<number | undefined> {
        const text = await readFile(path.join(this.privateFolder, pidName), 'utf8').catch(() => '');
        const pid = /^(\d{1,9})\n?$/u.exec(text)?.[1];
        const shown = pid === undefined ? undefined : await this.programs.try('ps', ['-o', 'args=', '-p', pid]);
        return shown?.code === 0 && shown.stdout.includes(serveProgram) && shown.stdout.includes(spec.root) ? Number(pid) : undefined;
    }
}
