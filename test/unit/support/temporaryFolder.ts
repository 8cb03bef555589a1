/** A fresh folder for one test, removed after it. */
import { mkdtemp, realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { removeFolder } from '../../support/removeFolder';

export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'annex-peers-test-')));
    try {
        return await work(folder);
    } finally {
        await removeFolder(folder);
    }
}
