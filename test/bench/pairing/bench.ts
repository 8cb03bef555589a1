/**
 * From the click until the code is there, with the extension's own wormhole and with python's, alternating in one run, against a
 * mailbox server on this machine: what Tor itself takes is left out.
 *
 *     node out/test/bench/pairing/bench.js [rounds]
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PairingSession } from '../../../src/core/pairing/session';
import { createLauncher } from '../../../src/core/wormhole/launcher';
import { ourProgram } from '../../interop/wormhole/support/programs';
import { makeRepository, realPrograms, WormholeServers } from '../../unit/pairing/realPrograms';
import { median, tell } from '../support/row';

const rounds = Number(process.argv[2] ?? 5);
const goalMs = 1000;
const bundle = path.join(__dirname, '../../../../dist/wormhole.js');

async function untilCode(session: PairingSession): Promise<number> {
    const start = performance.now();
    const ready = new Promise<number>((resolve, reject) => {
        session.onSnapshot.on(({ state }) => {
            if (state === 'code-ready') {
                resolve(performance.now() - start);
            } else if (state === 'failed') {
                reject(new Error('the pairing failed'));
            }
        });
    });
    await session.begin('peer', 'clear-net');
    const took = await ready;
    await session.cancel();
    return took;
}

async function main(): Promise<void> {
    const programs = await realPrograms();
    if (programs === undefined) {
        throw new Error("git-annex, python's wormhole and its servers are needed");
    }
    const folder = await mkdtemp(path.join(os.tmpdir(), 'annex-peers-bench-'));
    const servers = await WormholeServers.start(programs.twist);
    try {
        const launcher = await createLauncher({ folder: path.join(folder, 'bin'), runtime: process.execPath, program: existsSync(bundle) ? bundle : ourProgram });
        const repository = await makeRepository(folder, 'here', programs);
        const begin = (own: boolean): Promise<PairingSession> =>
            PairingSession.create({ repository, repositoryName: 'here', env: servers.env, privacy: 'clear-net', ...(own ? { wormhole: path.join(launcher, 'wormhole'), ownWormhole: true } : {}) });
        const ours: number[] = [];
        const python: number[] = [];
        for (let round = 0; round < rounds; round++) {
            ours.push(await untilCode(await begin(true)));
            python.push(await untilCode(await begin(false)));
        }
        tell({
            what: 'a pairing’s code, from its begin in the core, Tor’s own time aside',
            ours: `${Math.round(median(ours))} ms`,
            instead: `${Math.round(median(python))} ms (with python’s wormhole)`,
            ratio: `${(median(python) / median(ours)).toFixed(1)} times faster`,
            goal: `under ${goalMs} ms`,
            reached: median(ours) < goalMs,
            note: `${rounds} rounds`,
        });
        process.exitCode = median(ours) < goalMs ? 0 : 1;
    } finally {
        await servers.stop();
        await rm(folder, { recursive: true, force: true });
    }
}

void main();
