/** Removes a folder in which git-annex may have worked. */
import { chmod, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

export async function removeFolder(folder: string): Promise<void> {
    await thaw(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** git-annex keeps the folders of its objects read-only, which stops everybody but root from removing them. */
async function thaw(folder: string): Promise<void> {
    if (process.getuid?.() === 0) {
        return;
    }
    try {
        await chmod(folder, 0o700);
        for (const entry of await readdir(folder, { withFileTypes: true })) {
            if (entry.isDirectory()) {
                await thaw(path.join(folder, entry.name));
            }
        }
    } catch {
        // It has gone meanwhile, or its removal says what is wrong.
    }
}
