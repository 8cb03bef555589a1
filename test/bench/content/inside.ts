/**
 * One process of the bench, so that its memory is its own: reads the index of a repository in a worker, or starts a worker
 * that does nothing, and says how long it took, how much memory it had at most, and how long its main thread was held up.
 *
 *     node out/test/bench/content/inside.js empty|read|update <repository> <cache file>
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { ContentIndex, type ContentSnapshot } from '../../../src/core/content';
import { silentLog } from '../../../src/core/log';
import { contextOf } from '../../unit/sync/support/repositories';

export interface Figures {
    readonly ms: number;
    /** The most memory that the process had, in bytes. */
    readonly peak: number;
    /** The longest that the main thread was held up, in milliseconds. */
    readonly blockMs: number;
    readonly files: number;
}

const program = path.join(__dirname, '../../../src/content/main.js');
const watchEachMs = 5;

function peakMemory(): number {
    return Number(/^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? NaN) * 1024;
}

function tell(histogram: IntervalHistogram, ms: number, files: number): void {
    const figures: Figures = { ms, peak: peakMemory(), blockMs: Math.max(0, histogram.max / 1e6 - watchEachMs), files };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    histogram.reset();
}

async function main(): Promise<void> {
    const [what, root = '', cacheFile] = process.argv.slice(2);
    const context = { ...await contextOf(root), log: silentLog };
    // What starting itself costs is over.
    await delay(300);
    const histogram = monitorEventLoopDelay({ resolution: watchEachMs });
    histogram.enable();
    if (what === 'empty') {
        const worker = new Worker('setTimeout(() => undefined, 300)', { eval: true });
        await new Promise(resolve => worker.once('exit', resolve));
        tell(histogram, 0, 0);
        return;
    }
    const index = new ContentIndex(context, { program, cacheFile });
    let startedAt = performance.now();
    // The first snapshot is what a view shows; after one from the cache, objects are looked at once more.
    const first = new Promise<number>(resolve => index.onDidChange.on(() => resolve(performance.now() - startedAt)));
    const { count } = await index.update();
    tell(histogram, await first, count);
    if (what === 'update') {
        const ask = async (): Promise<ContentSnapshot> => index.update();
        for await (const line of createInterface({ input: process.stdin })) {
            if (line !== 'update') {
                break;
            }
            histogram.reset();
            startedAt = performance.now();
            const snapshot = await ask();
            tell(histogram, performance.now() - startedAt, snapshot.count);
        }
    }
    await index.dispose();
}

void main();
