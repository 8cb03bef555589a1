/** An editor inside one of the rig's computers: its server and extension hosts have that computer's network, programs and user. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Invocation, ManagedProcess } from '../../../src/core/process/managedProcess';
import type { Computer } from '../computers/computer';
import type { EditorHost } from './host';
import type { EditorInstallation } from './install';

/** A program and its arguments, run as root, that become the user and run the editor's command line: strace(1), for one. */
export type RunAs = (user: string) => readonly string[];

export class ComputerHost implements EditorHost {
    readonly #bound = new Map<string, Promise<void>>();

    constructor(private readonly computer: Computer, private readonly before?: RunAs) {}

    get home(): string {
        return this.computer.user.home;
    }

    /** Shows the installation inside, read-only. */
    async installationRoot(installation: EditorInstallation): Promise<string> {
        const inside = `/srv/editor/${installation.version}`;
        let bound = this.#bound.get(inside);
        if (bound === undefined) {
            bound = this.computer.bind(installation.root, inside);
            this.#bound.set(inside, bound);
        }
        await bound;
        return inside;
    }

    async start({ file, args, cwd, env = {} }: Invocation): Promise<ManagedProcess> {
        const given = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
        if (this.before === undefined) {
            return this.computer.spawn([file, ...args], { cwd, env: given });
        }
        const { name, home } = this.computer.user;
        return this.computer.spawn([...this.before(name), file, ...args], { cwd, as: 'root', env: { HOME: home, USER: name, LOGNAME: name, ...given } });
    }

    async makeFolder(folder: string): Promise<void> {
        await this.computer.execOrThrow(['mkdir', '-p', folder]);
    }

    async writeFile(file: string, text: string): Promise<void> {
        await this.computer.writeFile(file, '');
        await this.computer.execOrThrow(['chmod', '600', file]);
        await this.computer.writeFile(file, text);
    }

    async bring(file: string): Promise<string> {
        const inside = path.posix.join('/tmp', path.basename(file));
        await this.computer.writeFile(inside, await readFile(file));
        return inside;
    }

    pathFromHere(file: string): string {
        return this.computer.hostPath(file);
    }

    async remove(folder: string): Promise<void> {
        await this.computer.execOrThrow(['rm', '-rf', folder]);
    }
}
