/** A fresh folder for one test, removed after it. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'annex-peers-test-')));
    try {
        return await work(folder);
    } finally {
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
}
