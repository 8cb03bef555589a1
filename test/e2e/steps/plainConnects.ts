/**
 * Connects to an onion service through Tor again and again, plainly, from inside a computer of the rig: what the extension's
 * own view of a peer is measured against. Each answer is one line: when it came, in milliseconds since the epoch, and what it was.
 *
 * As a program: onion, port. Runs until its input closes.
 */
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ManagedProcess } from '../../../src/core/process/managedProcess';
import type { TorAddress } from '../../../src/core/tor/address';
import { connectThroughTor, SocksError, type SocksReason } from '../../../src/core/tor/socks';
import type { Computer } from '../../rig/computers/computer';
import { projectRoot } from '../../rig/paths';
import { waitFor } from '../../rig/wait';

export type PlainAnswer = SocksReason | 'connected';

const betweenMs = 500;
const connectLimitMs = 30_000;

async function connectOnce(onion: string, port: number): Promise<PlainAnswer> {
    try {
        (await connectThroughTor(onion, port, { timeLimitMs: connectLimitMs, identity: 'plain' })).destroy();
        return 'connected';
    } catch (error) {
        if (error instanceof SocksError) {
            return error.reason;
        }
        throw error;
    }
}

async function repeat(onion: string, port: number): Promise<never> {
    for (;;) {
        const answer = await connectOnce(onion, port);
        process.stdout.write(`${Date.now()} ${answer}\n`);
        await delay(betweenMs);
    }
}

export class PlainConnects {
    readonly #answers: { readonly at: number; readonly answer: string }[] = [];

    private constructor(private readonly process: ManagedProcess) {
        process.onStdoutLine.on(line => {
            const [at, answer = ''] = line.split(' ');
            this.#answers.push({ at: Number(at), answer });
        });
    }

    static async start(computer: Computer, address: TorAddress): Promise<PlainConnects> {
        const inside = '/run/annex-peers';
        for (const folder of ['out', 'node_modules']) {
            await computer.bind(await realpath(path.join(projectRoot(), folder)), `${inside}/${folder}`);
        }
        const program = path.join(inside, path.relative(projectRoot(), __filename));
        return new PlainConnects(await computer.spawn([process.execPath, program, address.onion, String(address.port)]));
    }

    /** When the first such answer since `from` came, in milliseconds since the epoch. */
    async sees(answers: readonly PlainAnswer[], from: number, limitMs: number): Promise<number> {
        return waitFor(() => this.#answers.find(({ at, answer }) => at > from && (answers as readonly string[]).includes(answer))?.at, { what: `a plain connection to be ${answers.join(' or ')}`, limitMs });
    }

    async stop(): Promise<void> {
        await this.process.end();
    }
}

if (require.main === module) {
    const [onion = '', port = ''] = process.argv.slice(2);
    process.stdin.on('end', () => process.exit(0)).resume();
    void repeat(onion, Number(port));
}
