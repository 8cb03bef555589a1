/** How many plain `git fetch`es from a repository come to their end, over the rig's Tor: each fetches one new commit with one file. */
import { randomBytes } from 'node:crypto';
import { RunError } from '../../../src/core/process/run';
import type { Computer } from '../../rig/computers/computer';

export interface FetchFigures {
    readonly runs: number;
    /** Not at their end within the time limit, and ended by us. */
    readonly hung: number;
    /** Ended by themselves with an error. */
    readonly failed: number;
    readonly medianMs: number;
    readonly longestMs: number;
    /** What the ones that failed have said. */
    readonly words: readonly string[];
}

export interface FetchOptions {
    readonly runs: number;
    /** Size of each commit's file, of random bytes. */
    readonly bytes: number;
    /** A fetch that takes longer counts as hung. */
    readonly timeLimitMs: number;
    readonly onRun?: (run: number, result: 'ok' | 'hung' | 'failed', ms: number) => void;
}

async function commitNews(server: Computer, bytes: number, message: string): Promise<void> {
    const cwd = server.repository;
    await server.writeFile(`${cwd}/fetched.bin`, randomBytes(bytes));
    // Not annexed: the file itself is to go over the fetch.
    await server.execOrThrow(['git', '-c', 'annex.largefiles=nothing', 'add', 'fetched.bin'], { cwd });
    await server.execOrThrow(['git', '-c', 'annex.largefiles=nothing', 'commit', '--quiet', '--message', message], { cwd });
}

/** `client` has a remote called `remote` that leads to `server`'s repository, which is served. */
export async function countFetches(server: Computer, client: Computer, remote: string, options: FetchOptions): Promise<FetchFigures> {
    const times: number[] = [];
    const words: string[] = [];
    let hung = 0;
    let failed = 0;
    for (let index = 0; index < options.runs; index++) {
        await commitNews(server, options.bytes, `News ${index}`);
        const start = performance.now();
        let result: 'ok' | 'hung' | 'failed' = 'ok';
        try {
            const { code, stderr } = await client.exec(['git', 'fetch', '--quiet', remote], { cwd: client.repository, timeLimitMs: options.timeLimitMs });
            if (code !== 0) {
                result = 'failed';
                failed += 1;
                words.push(stderr.trim());
            }
        } catch (error) {
            if (!(error instanceof RunError)) {
                throw error;
            }
            result = 'hung';
            hung += 1;
        }
        times.push(performance.now() - start);
        options.onRun?.(index, result, performance.now() - start);
    }
    const sorted = times.map(Math.round).sort((a, b) => a - b);
    return { runs: options.runs, hung, failed, medianMs: sorted[sorted.length >> 1] ?? 0, longestMs: sorted.at(-1) ?? 0, words };
}

/** Makes `server`'s repository a remote of `client`, as `p2p --gen-addresses` and `p2p --link` do by the command line. */
export async function linkByHand(server: Computer, client: Computer, remote: string): Promise<void> {
    const addresses = await server.execOrThrow(['git', 'annex', 'p2p', '--gen-addresses'], { cwd: server.repository });
    await client.execOrThrow(['git', 'annex', 'p2p', '--link', '--name', remote], { cwd: client.repository, input: `${addresses.trim().split('\n')[0] ?? ''}\n`, timeLimitMs: 120_000 });
}
