/**
 * Probes a peer again and again from inside a computer of the rig, and prints each answer as a line of JSON: what tor itself
 * said, what the probe made of it, and how long both took. Runs until its input closes.
 *
 * Arguments: onion, port, the peer's uuid, our uuid, token, milliseconds between two probes.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { probe } from '../../../../src/core/p2p';
import { connectThroughTor, SocksError } from '../../../../src/core/tor/socks';

async function plainConnect(onion: string, port: number): Promise<string> {
    try {
        (await connectThroughTor(onion, port, { timeLimitMs: 60_000, identity: 'plain' })).destroy();
        return 'connected';
    } catch (error) {
        return error instanceof SocksError ? `${error.reason}: ${error.detail}` : String(error);
    }
}

/** The answer, its time, and when it came, in milliseconds since the epoch. */
function print(kind: 'probe' | 'plain', answer: unknown, start: number): void {
    process.stdout.write(`${JSON.stringify({ kind, at: Date.now(), ms: Math.round(performance.now() - start), answer })}\n`);
}

async function repeat(between: number, ask: () => Promise<void>): Promise<void> {
    for (;;) {
        await ask();
        await delay(between);
    }
}

const [onion = '', port = '', uuid = '', ownUuid = '', token = '', between = ''] = process.argv.slice(2);
process.stdin.on('end', () => process.exit(0)).resume();
const address = { onion, port: Number(port) };
void repeat(Number(between), async () => {
    const start = performance.now();
    print('probe', await probe({ address, uuid }, { ownUuid, token, connectLimitMs: 60_000 }), start);
});
void repeat(Number(between), async () => {
    const start = performance.now();
    print('plain', await plainConnect(onion, address.port), start);
});
