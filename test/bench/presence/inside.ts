/**
 * Asks whether a peer is there in three ways, alternating, from inside a computer of the rig; prints the times of each, in
 * milliseconds, as one line of JSON.
 *
 * Arguments: the repository's folder, the remote's name, rounds.
 */
import { execFile } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { readSentToken } from '../../../src/core/annex/creds';
import { probe } from '../../../src/core/p2p';
import { parseTorAddress } from '../../../src/core/tor/address';

const execute = promisify(execFile);

async function main(root: string, remote: string, rounds: number): Promise<void> {
    const git = async (...args: readonly string[]): Promise<string> => (await execute('git', args, { cwd: root })).stdout.trim();
    const address = parseTorAddress(await git('config', `remote.${remote}.url`));
    const [ownUuid, uuid] = [await git('config', 'annex.uuid'), await git('config', `remote.${remote}.annex-uuid`)];
    if (address === undefined) {
        throw new Error(`${remote} is no peer over Tor`);
    }
    const ways: Readonly<Record<string, () => Promise<unknown>>> = {
        probe: async () => {
            const token = await readSentToken(`${root}/.git`, { kind: 'tor', ...address });
            const outcome = await probe({ address, uuid }, { ownUuid, token });
            if (outcome.kind !== 'online') {
                throw new Error(`the probe says ${outcome.kind}`);
            }
        },
        'git ls-remote': () => git('ls-remote', '--quiet', remote),
        'git annex info': () => git('annex', 'info', remote),
    };
    const times: Record<string, number[]> = {};
    // The first of each finds the way through Tor, which the others then use again.
    for (let round = -1; round < rounds; round++) {
        for (const [name, ask] of Object.entries(ways)) {
            const start = performance.now();
            await ask();
            if (round >= 0) {
                (times[name] ??= []).push(performance.now() - start);
            }
        }
    }
    process.stdout.write(`${JSON.stringify(times)}\n`);
}

const [root = '', remote = '', rounds = ''] = process.argv.slice(2);
main(root, remote, Number(rounds)).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
});
