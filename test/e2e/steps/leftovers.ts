/** What a pairing or a sync that ended may have left behind on a computer. */
import assert from 'node:assert/strict';
import { waitFor } from '../../rig/wait';
import type { Computer } from '../../rig/computers/computer';

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
        computer.exec(['find', '/tmp', '/run/user', '-maxdepth', '2', '(', '-name', 'annex-peers-pairing-*', '-o', '-name', 'pair*', ')']),
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
