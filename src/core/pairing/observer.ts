/**
 * Sees from outside how far the two wormholes of a running `git-annex p2p --pair` are, because git-annex itself says nothing between
 * "Exchanging" and the end, and waits for both even where one has failed already.
 *
 * What is looked at: the folder `pair*` in the pairing's own temporary folder, where git-annex keeps `send` (what we offer) and `recv`
 * (what has come); what our own `wormhole` says of its end; and, where the system has /proc (Linux), which of the two children still run.
 */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { parseHalfToken, parsePeerAddress } from '../annex/creds';
import { readResults, type WormholeResults } from './wormholeResults';

export interface Observation {
    /** Our half of the token, as soon as git-annex has written it. A secret. */
    readonly ourHalf: string | undefined;
    /** The other's half has come. */
    readonly received: boolean;
    /** The other's addresses, once they have come. */
    readonly theirAddresses: readonly string[];
    /** Which wormholes run; undefined where this can't be seen. */
    readonly wormholes: { readonly sending: boolean; readonly receiving: boolean } | undefined;
    /** How the wormholes ended, as they say themselves; undefined where they are another program's. */
    readonly results: WormholeResults | undefined;
    /** git-annex's folder is (still) there. */
    readonly exchangeOpen: boolean;
}

/** Looks once. `resultsFolder`: where our own wormholes write their results. Never throws. */
export async function observe(folder: string, pid: number, resultsFolder?: string): Promise<Observation> {
    const names = await readdir(folder).catch(() => []);
    const pair = names.find(name => name.startsWith('pair'));
    const wormholes = await runningWormholes(pid);
    const results = resultsFolder === undefined ? undefined : await readResults(resultsFolder);
    if (pair === undefined) {
        return { ourHalf: undefined, received: false, theirAddresses: [], wormholes, results, exchangeOpen: false };
    }
    const send = await readFile(path.join(folder, pair, 'send'), 'latin1').catch(() => '');
    const recv = await readFile(path.join(folder, pair, 'recv'), 'latin1').catch(() => '');
    return {
        ourHalf: parseHalfToken(send.split('\n')[0] ?? ''),
        received: recv !== '',
        theirAddresses: recv.split('\n').slice(1, 20).filter(line => parsePeerAddress(line) !== undefined),
        wormholes,
        results,
        exchangeOpen: true,
    };
}

async function runningWormholes(pid: number): Promise<Observation['wormholes']> {
    const tasks = await readdir(`/proc/${pid}/task`).catch(() => undefined);
    if (tasks === undefined) {
        return undefined;
    }
    const children: string[] = [];
    for (const task of tasks) {
        const text = await readFile(`/proc/${pid}/task/${task}/children`, 'latin1').catch(() => undefined);
        if (text === undefined) {
            return undefined;
        }
        children.push(...text.split(' ').filter(child => child !== ''));
    }
    const running = { sending: false, receiving: false };
    for (const child of children) {
        // A child that has ended, and isn't waited for yet, has an empty command line.
        const args = (await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '')).split('\0');
        running.sending ||= args.includes('send');
        running.receiving ||= args.includes('receive');
    }
    return running;
}
