/** What a pairing or a sync that ended, or an editor that has gone, may have left behind on a computer. */
import assert from 'node:assert/strict';
import { waitFor } from '../../rig/wait';
import type { Computer } from '../../rig/computers/computer';
import { stillRunning, type Seen } from './processes';

export interface Traces {
    /** Command lines of programs of a pairing. */
    readonly processes: readonly string[];
    /** Private folders of pairings, and git-annex's own; second names of files that it was adding. */
    readonly folders: readonly string[];
    /** Locks of git under .git, those that git-annex lets it take among them. */
    readonly locks: readonly string[];
    /** The tokens that the repository accepts, as they stand in the file. */
    readonly tokens: string;
}

function lines(text: string): readonly string[] {
    return text.split('\n').filter(line => line !== '');
}

export async function traces(computer: Computer): Promise<Traces> {
    const { repository } = computer;
    const [processes, folders, seconds, locks, tokens] = await Promise.all([
        computer.execOrThrow(['ps', '-u', computer.user.name, '-o', 'args=']),
        computer.exec(['find', '/tmp', '/run/user', '-maxdepth', '2', '(', '-name', 'annex-peers-pairing-*', '-o', '-name', 'annex-peers-torrc-*', '-o', '-name', 'annex-peers-rule-*', '-o', '-name', 'pair*', ')']),
        computer.exec(['find', `${repository}/.git/annex/othertmp`, '-name', 'ingest-*']),
        computer.execOrThrow(['find', `${repository}/.git`, '-name', '*.lock']),
        computer.exec(['cat', `${repository}/.git/annex/creds/p2pauth`]),
    ]);
    return {
        processes: lines(processes).filter(line => /p2p --pair|wormhole/u.test(line) && !/\bps -u\b/u.test(line)),
        folders: lines(folders.stdout + seconds.stdout),
        locks: lines(locks),
        tokens: tokens.stdout,
    };
}

/** Nothing of a pairing is left, and the accepted tokens are those of before, byte for byte. */
export async function assertNoTraces(computer: Computer, tokensBefore: string): Promise<void> {
    await waitFor(async () => {
        const { processes, folders, locks } = await traces(computer);
        // What is at work for others may hold a lock for a moment.
        return processes.length + folders.length + locks.length === 0;
    }, { what: `nothing of the pairing to be left on ${computer.name}'s computer`, limitMs: 10_000 });
    assert.deepEqual(await traces(computer), { processes: [], folders: [], locks: [], tokens: tokensBefore });
}

/**
 * Of what ran because of an editor that has just gone without a word nothing is left within the time: no process, temporary folder or lock,
 * and the accepted tokens are those of before. Gives back how long it took, in milliseconds.
 */
export async function assertNothingOutlives(computer: Computer, before: readonly Seen[], tokensBefore: string, limitMs: number): Promise<number> {
    const start = performance.now();
    let left = before;
    await waitFor(async () => (left = await stillRunning(computer, before)).length === 0, { what: 'all to be gone', limitMs, everyMs: 25 }).catch((error: unknown) => {
        throw new Error(`${String(error)}:\n${left.map(({ pid, args }) => `${pid} ${args}`).join('\n')}`);
    });
    const took = Math.round(performance.now() - start);
    // The guardian is the last to go: what is left now stays. An editor that comes back by itself may hold a lock for a moment.
    let after = await traces(computer);
    await waitFor(async () => (after = await traces(computer)).locks.length === 0, { what: 'locks to be gone', limitMs: 1000, everyMs: 50 }).catch(() => undefined);
    assert.deepEqual({ ...after, processes: [] }, { processes: [], folders: [], locks: [], tokens: tokensBefore });
    return took;
}
