/** Where an editor's server runs: on this machine, or (see computerHost) inside one of the rig's computers as its user. */
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ManagedProcess, type Invocation } from '../../../src/core/process/managedProcess';
import type { Log } from '../../../src/core/log';
import type { EditorInstallation } from './install';

export interface EditorHost {
    /** The installation's folder as that place sees it. */
    installationRoot(installation: EditorInstallation): Promise<string>;
    start(invocation: Invocation): Promise<ManagedProcess>;
    /** Makes a folder (and those above it) that belongs to the user there. */
    makeFolder(folder: string): Promise<void>;
    /** Writes a file that only the user there can read. */
    writeFile(file: string, text: string): Promise<void>;
    /** Brings a file of this machine there; gives its path there. */
    bring(file: string): Promise<string>;
    /** The path under which this process reaches a file of that place. */
    pathFromHere(file: string): string;
    remove(folder: string): Promise<void>;
    /** The user's home folder there. */
    readonly home: string;
}

/** This machine, with the user that runs the tests. */
export class LocalHost implements EditorHost {
    constructor(
        private readonly log: Log,
        readonly home = os.homedir(),
    ) {}

    async installationRoot(installation: EditorInstallation): Promise<string> {
        return Promise.resolve(installation.root);
    }

    async start(invocation: Invocation): Promise<ManagedProcess> {
        return ManagedProcess.start({ ...invocation, env: { HOME: this.home, ...invocation.env } }, { log: this.log });
    }

    async makeFolder(folder: string): Promise<void> {
        await mkdir(folder, { recursive: true });
    }

    async writeFile(file: string, text: string): Promise<void> {
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, text, { mode: 0o600 });
        await chmod(file, 0o600);
    }

    async bring(file: string): Promise<string> {
        return Promise.resolve(path.resolve(file));
    }

    pathFromHere(file: string): string {
        return file;
    }

    async remove(folder: string): Promise<void> {
        await rm(folder, { recursive: true, force: true });
    }
}
