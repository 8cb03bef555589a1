/**
 * Two repositories that can sync: with the peer in a folder of the same disk, served over git-annex's protocol on this
 * computer without Tor, or served over the private, real Tor network of a rig.
 */
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { silentLog } from '../../../src/core/log';
import { runOrThrow } from '../../../src/core/process/run';
import { linkByHand } from '../../e2e/steps/fetches';
import type { Computer } from '../../rig/computers/computer';
import { projectRoot } from '../../rig/paths';
import { Rig } from '../../rig/rig';
import { waitFor } from '../../rig/wait';
import { answers } from '../../support/localOnion/fetchRuns';
import { LocalOnion } from '../../support/localOnion/localOnion';
import { createAnnexRepository } from '../../unit/support/annexRepository';
import { withTemporaryFolder } from '../../unit/support/temporaryFolder';
import { RunnerHandle } from './runnerHandle';

export interface Pair {
    /** Works where the repository is that syncs. */
    readonly runner: RunnerHandle;
    /** The remote's name. */
    readonly peer: string;
    readonly uuid: string;
    /** Folders of files that were made so far. */
    made: number;
}

/** Makes and commits files in a new folder, in the place of the ones before; gives back its name. */
export async function makeFiles(pair: Pair, files: number, bytes: number): Promise<string> {
    const gone = pair.made === 0 ? {} : { gone: `files-${pair.made}` };
    const folder = `files-${++pair.made}`;
    await pair.runner.askOrThrow({ do: 'make', folder, files, bytes, ...gone });
    return folder;
}

export type PairKind = 'folder' | 'local' | 'tor';
export const pairKinds: readonly PairKind[] = ['folder', 'local', 'tor'];
export const pairWords: Readonly<Record<PairKind, string>> = { folder: 'a folder as the peer', local: 'a peer over git-annex’s own protocol, without Tor', tor: 'a peer over Tor' };

const peer = 'peer';
const runnerFile = path.join(__dirname, 'runner.js');

/**
 * Does something with a pair, which is gone after it.
 *
 * @param shim the peer serves as the extension does (else as plain git-annex does)
 */
export function withPair<T>(kind: PairKind, work: (pair: Pair) => Promise<T>, shim = true): Promise<T> {
    switch (kind) {
        case 'folder':
            return withFolder(work);
        case 'local':
            return withLocalService(work, shim);
        case 'tor':
            return withTor(work, shim);
    }
}

function withFolder<T>(work: (pair: Pair) => Promise<T>): Promise<T> {
    return withTemporaryFolder(async folder => {
        const [here, there] = [await createAnnexRepository(folder, silentLog, 'here'), await createAnnexRepository(folder, silentLog, peer)];
        await runOrThrow({ file: here.programs.git, args: ['remote', 'add', peer, there.root], cwd: here.root }, { log: silentLog });
        const runner = await RunnerHandle.start({ file: process.execPath, args: [runnerFile, here.root, here.uuid], cwd: here.root });
        try {
            return await work({ runner, peer, uuid: there.uuid, made: 0 });
        } finally {
            await runner.end();
        }
    });
}

function withLocalService<T>(work: (pair: Pair) => Promise<T>, shim: boolean): Promise<T> {
    return withTemporaryFolder(async folder => {
        const onion = await LocalOnion.start(folder);
        const runners: RunnerHandle[] = [];
        try {
            const here = await onion.enable(await createAnnexRepository(folder, silentLog, 'here'));
            const there = await onion.enable(await createAnnexRepository(folder, silentLog, peer));
            const runnerOf = async ({ root, uuid }: RepositoryContext): Promise<RunnerHandle> => {
                const runner = await RunnerHandle.start(onion.invocation([process.execPath, runnerFile, root, uuid], root));
                runners.push(runner);
                return runner;
            };
            await (await runnerOf(there.context)).askOrThrow({ do: 'serve', shim });
            await waitFor(() => answers(there.service.socket), { what: 'the peer to serve', limitMs: 20_000 });
            await onion.link(here.context, there.context, peer);
            return await work({ runner: await runnerOf(here.context), peer, uuid: there.context.uuid, made: 0 });
        } finally {
            await Promise.all(runners.map(runner => runner.end()));
            await onion.stop();
        }
    });
}

async function withTor<T>(work: (pair: Pair) => Promise<T>, shim: boolean): Promise<T> {
    const rig = await Rig.up({ computers: ['alice', 'bob'], label: 'bench of the sync' });
    try {
        const [alice, bob] = [rig.computer('alice'), rig.computer('bob')];
        for (const computer of [alice, bob]) {
            await computer.createRepository();
        }
        await bob.execOrThrow(['sudo', '--stdin', 'git-annex', 'enable-tor', String(bob.user.uid)], { cwd: bob.repository, input: `${bob.user.password}\n`, timeLimitMs: 60_000 });
        const [here, there] = [await runnerOn(alice), await runnerOn(bob)];
        await there.runner.askOrThrow({ do: 'serve', shim });
        // The address is new in the network.
        await waitFor(async () => linkByHand(bob, alice, peer).then(() => true, () => false), { what: 'alice to reach bob', limitMs: 120_000, everyMs: 2000 });
        return await work({ runner: here.runner, peer, uuid: there.uuid, made: 0 });
    } finally {
        await rig.down();
    }
}

async function runnerOn(computer: Computer): Promise<{ readonly runner: RunnerHandle; readonly uuid: string }> {
    const inside = '/run/annex-peers';
    for (const folder of ['out', 'node_modules']) {
        await computer.bind(await realpath(path.join(projectRoot(), folder)), `${inside}/${folder}`);
    }
    const uuid = (await computer.execOrThrow(['git', 'config', 'annex.uuid'], { cwd: computer.repository })).trim();
    const process_ = await computer.spawn([process.execPath, path.join(inside, path.relative(projectRoot(), runnerFile)), computer.repository, uuid], { cwd: computer.repository });
    return { runner: RunnerHandle.of(process_), uuid };
}
