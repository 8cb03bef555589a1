/**
 * Takes lines out of a small secret file: atomically, with mode 0600, and without losing what another program writes at the same time.
 *
 * git-annex rewrites its credential files in place, without a lock. So the file is read again right before it is replaced, and the
 * replaced file is looked at once more afterwards: what was written to it in between is carried over.
 */
import { open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

const maxAttempts = 20;
/** How long a program that had the file open may take to write to it. */
const settleMs = 25;

/** Keeps the lines for which `keep` says so (called without the line break). Gives back how many went; a missing file has none. */
export async function editLines(linked: string, keep: (line: string) => boolean): Promise<number> {
    let removed = 0;
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
        const file = await realpath(linked).catch(() => linked);
        const handle = await openIfThere(file);
        if (handle === undefined) {
            return removed;
        }
        try {
            const before = await readAll(handle);
            const after = keepLines(before, keep);
            if (after.removed === 0) {
                return removed;
            }
            if (!(await replace(file, handle, before, after.text))) {
                continue;
            }
            removed += after.removed;
            // A program that had opened the old file before it was replaced has written to what is now nameless.
            const late = await settled(handle);
            if (late === before) {
                return removed;
            }
            await addLines(file, linesOf(late).filter(line => !linesOf(before).includes(line) && keep(line.replace(/\n$/u, ''))));
        } finally {
            await handle.close();
        }
    }
    throw new Error(`${linked} keeps changing`);
}

/** The lines with their line breaks; the last one may have none. */
export function linesOf(text: string): string[] {
    return text.match(/[^\n]*\n|[^\n]+$/gu) ?? [];
}

/** The text without the lines that are not to be kept; all others byte for byte. */
export function keepLines(text: string, keep: (line: string) => boolean): { text: string; removed: number } {
    const lines = linesOf(text);
    const kept = lines.filter(line => keep(line.replace(/\n$/u, '')));
    return { text: kept.join(''), removed: lines.length - kept.length };
}

async function addLines(file: string, lines: readonly string[]): Promise<void> {
    if (lines.length === 0) {
        return;
    }
    const handle = await open(file, 'a', 0o600);
    try {
        await handle.write(lines.map(line => (line.endsWith('\n') ? line : `${line}\n`)).join(''), null, 'latin1');
    } finally {
        await handle.close();
    }
}

/** Puts `text` in the file's place if it still holds `expected`. */
async function replace(file: string, current: FileHandle, expected: string, text: string): Promise<boolean> {
    const { uid, gid } = await current.stat();
    const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(8).toString('hex')}`);
    const handle = await open(temporary, 'wx', 0o600);
    try {
        try {
            await handle.writeFile(text, 'latin1');
            // Where root edits a user's repository the file stays the user's.
            if (process.geteuid?.() === 0) {
                await handle.chown(uid, gid);
            }
            await handle.sync();
        } finally {
            await handle.close();
        }
        if ((await readAll(current)) !== expected || (await stat(file)).ino !== (await current.stat()).ino) {
            return false;
        }
        await rename(temporary, file);
        return true;
    } finally {
        await rm(temporary, { force: true });
    }
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
    try {
        return await open(file, 'r');
    } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
            return undefined;
        }
        throw error;
    }
}

/** The content once it has stopped changing: a program that rewrites a file empties it first. */
async function settled(handle: FileHandle): Promise<string> {
    for (let last = await readAll(handle), attempt = 0; ; attempt++) {
        await wait(settleMs);
        const now = await readAll(handle);
        if ((now === last && now !== '') || attempt >= 40) {
            return now;
        }
        last = now;
    }
}

/** The whole content, bytes as characters, from the beginning whatever was read before. */
async function readAll(handle: FileHandle): Promise<string> {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(size);
    const { bytesRead } = await handle.read(buffer, 0, size, 0);
    return buffer.toString('latin1', 0, bytesRead);
}
