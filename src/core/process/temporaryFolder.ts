/** A temporary folder for one piece of work, which only this user can look into; should the editor die meanwhile, the guardian removes it. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ChildRegistry } from './managedProcess';

export interface TemporaryFolder {
    readonly path: string;
    remove(): Promise<void>;
}

export async function makeTemporaryFolder(prefix: string, registry: ChildRegistry | undefined): Promise<TemporaryFolder> {
    const folder = await mkdtemp(path.join(os.tmpdir(), prefix));
    const guarded = registry?.guard?.({ folders: [folder] });
    return {
        path: folder,
        remove: async () => {
            await rm(folder, { recursive: true, force: true });
            guarded?.release();
        },
    };
}
