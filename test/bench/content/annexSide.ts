/**
 * git-annex's side of the bench: how long its commands take, and whether the index says the same as they.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ContentIndex } from '../../../src/core/content';
import { contextOf } from '../../unit/sync/support/repositories';
import { answersOf, askAnnex, type AskOptions } from '../../unit/content/support/oracle';

/** How long a command takes whose output is read, in milliseconds. */
export async function timeAnnex(root: string, args: readonly string[]): Promise<{ readonly ms: number; readonly output: Buffer }> {
    const chunks: Buffer[] = [];
    const startedAt = performance.now();
    const child = spawn('git', ['annex', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    await new Promise((resolve, reject) => {
        child.once('close', resolve);
        child.once('error', reject);
    });
    return { ms: performance.now() - startedAt, output: Buffer.concat(chunks) };
}

/** How many files there are, of all or of some folders, of which the two don't say the same. */
export async function compareWithAnnex(root: string, cacheFile: string, options: AskOptions): Promise<number> {
    const index = new ContentIndex(await contextOf(root), { program: path.join(__dirname, '../../../src/content/main.js'), cacheFile });
    try {
        const ours = answersOf(await index.update());
        const theirs = await askAnnex(root, options);
        const isAsked = (file: string): boolean => options.paths?.some(folder => file.startsWith(`${folder}/`)) ?? true;
        return [...new Set([...Object.keys(ours).filter(isAsked), ...Object.keys(theirs)])].filter(file => JSON.stringify(ours[file]) !== JSON.stringify(theirs[file])).length;
    } finally {
        await index.dispose();
    }
}
