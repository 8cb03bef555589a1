/**
 * Small files of our own in the git folder: readable by the user alone, replaced whole, changed one after the other.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Where this extension keeps what belongs to a repository and goes nowhere with its content. */
export function privateFile(gitDir: string, name: string): string {
    return path.join(gitDir, 'annex-peers', name);
}

/** What the file holds; undefined if it is missing or no JSON. */
export async function readPrivate(file: string): Promise<unknown> {
    try {
        return JSON.parse(await readFile(file, 'utf8')) as unknown;
    } catch {
        return undefined;
    }
}

/** One change at a time in this process; between processes the later one wins. */
const turns = new Map<string, Promise<unknown>>();

/** Changes the file; `change` gives back what it shall hold, or undefined for no change. */
export function changePrivate(file: string, change: (before: unknown) => unknown): Promise<void> {
    const work = async (): Promise<void> => {
        const after = change(await readPrivate(file));
        if (after !== undefined) {
            await writePrivate(file, `${JSON.stringify(after, undefined, 1)}\n`);
        }
    };
    const turn = (turns.get(file) ?? Promise.resolve()).then(work, work);
    turns.set(file, turn);
    return turn;
}

/** Replaces the file, whole. */
export async function writePrivate(file: string, text: string): Promise<void> {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await chmod(path.dirname(file), 0o700);
    const temporary = `${file}.${randomBytes(8).toString('hex')}`;
    try {
        const handle = await open(temporary, 'wx', 0o600);
        try {
            await handle.writeFile(text);
            await handle.sync();
        } finally {
            await handle.close();
        }
        await rename(temporary, file);
    } finally {
        await rm(temporary, { force: true });
    }
}
