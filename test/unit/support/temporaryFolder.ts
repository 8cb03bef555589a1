/** A fresh folder for one test, removed after it. */
import { chmod, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'annex-peers-test-')));
    try {
        return await work(folder);
    } finally {
        await thaw(folder);
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
}

/** git-annex keeps the folders of its objects read-only, which stops everybody but root from removing them. */
async function thaw(folder: string): Promise<void> {
    // The root user needs no permission.
    if (process.getuid?.() === 0) {
        return;
    }
    await chmod(folder, 0o700);
    for (const entry of await readdir(folder, { withFileTypes: true })) {
        if (entry.isDirectory()) {
            await thaw(path.join(folder, entry.name));
        }
    }
}
