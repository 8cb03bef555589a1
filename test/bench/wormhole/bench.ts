/**
 * Start-up and whole exchanges of our `wormhole` beside python's, alternating in one run against the same real servers.
 *
 *     node out/test/bench/wormhole/bench.js [rounds]
 *
 * Runs the bundle dist/wormhole.js where it is built (or the one that ANNEX_PEERS_WORMHOLE_BUNDLE names): loading is most
 * of a start. Ends with 1 if a goal is missed: 4 times faster for the start, 2.5 times for an exchange.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog } from '../../../src/core/log';
import { runOrThrow } from '../../../src/core/process/run';
import type { Way, WormholeProgram } from '../../interop/wormhole/support/programs';
import { startMailboxServer, startRelay } from '../../interop/wormhole/support/servers';
import { median, tell } from '../support/row';

const rounds = Number(process.argv[2] ?? 8);
const goals = { start: 4, exchange: 2.5 } as const;
const bundle = path.join(__dirname, '../../../../dist/wormhole.js');
if (process.env['ANNEX_PEERS_WORMHOLE_BUNDLE'] === undefined && existsSync(bundle)) {
    process.env['ANNEX_PEERS_WORMHOLE_BUNDLE'] = bundle;
}

const words = { start: '`wormhole` starts', code: '`wormhole` shows a code', exchange: 'a whole exchange, both sides' } as const;

interface Measured {
    readonly start: number[];
    readonly code: number[];
    readonly exchange: number[];
}

async function timeStart(file: string, args: readonly string[]): Promise<number> {
    const began = performance.now();
    await runOrThrow({ file, args, cwd: '/' }, { log: silentLog, timeLimitMs: 30_000 });
    return performance.now() - began;
}

/** From the start of `send` until both have ended; `receive` starts when the code is seen. */
async function timeExchange(program: WormholeProgram, way: Way, folder: string, into: Measured): Promise<void> {
    const payload = { kind: 'file', path: path.join(folder, 'in') } as const;
    const output = path.join(folder, 'out');
    await rm(output, { force: true });
    const began = performance.now();
    const sending = await program.send(payload, way, folder);
    const code = await sending.code();
    into.code.push(performance.now() - began);
    const receiving = await program.receive(code, output, way, folder);
    const [sent, received] = await Promise.all([sending.finished, receiving.finished]);
    into.exchange.push(performance.now() - began);
    if (sent.exitCode !== 0 || received.exitCode !== 0 || !(await readFile(output)).equals(await readFile(payload.path))) {
        throw new Error(`${program.name}: ${sent.stderr} ${received.stderr}`);
    }
}

async function main(): Promise<boolean> {
    // After the environment is settled: the module reads it.
    const { ours, ourProgram, python } = await import('../../interop/wormhole/support/programs.js');
    const folder = await mkdtemp(path.join(tmpdir(), 'wormhole-bench-'));
    const [mailbox, relay] = await Promise.all([startMailboxServer(folder), startRelay(folder)]);
    const measured = { ours: { start: [], code: [], exchange: [] } as Measured, python: { start: [], code: [], exchange: [] } as Measured };
    try {
        await writeFile(path.join(folder, 'in'), 'a token and an address, '.repeat(12));
        const way: Way = { mailboxUrl: mailbox.url, relay: relay.hint };
        // The first turn warms the file cache and doesn't count.
        for (let round = -1; round < rounds; round++) {
            const [forOurs, forPython] = round < 0 ? [{ start: [], code: [], exchange: [] }, { start: [], code: [], exchange: [] }] : [measured.ours, measured.python];
            forOurs.start.push(await timeStart(process.execPath, [ourProgram, '--version']));
            forPython.start.push(await timeStart('/usr/bin/wormhole', ['--version']));
            await timeExchange(ours, way, folder, forOurs);
            await timeExchange(python, way, folder, forPython);
        }
    } finally {
        await Promise.all([mailbox.end(), relay.end()]);
        await rm(folder, { recursive: true });
    }
    console.log(`${ourProgram}\n${rounds} rounds, load ${loadavg()[0]?.toFixed(1) ?? '?'}; medians in ms (least–most)`);
    for (const what of ['start', 'code', 'exchange'] as const) {
        const [a, b] = [measured.ours[what], measured.python[what]];
        const show = (values: number[]): string => `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)})`;
        const times = median(b) / median(a);
        const goal = what === 'code' ? undefined : goals[what];
        tell({
            what: words[what],
            ours: `${show(a)} ms`,
            instead: `${show(b)} ms (python’s)`,
            ratio: `${times.toFixed(1)} times faster`,
            goal: goal === undefined ? '' : `at least ${goal}`,
            reached: goal === undefined || times >= goal,
            note: `${rounds} rounds`,
        });
    }
    return (['start', 'exchange'] as const).every(what => median(measured.python[what]) / median(measured.ours[what]) >= goals[what]);
}

void main().then(reached => {
    console.log(reached ? 'goals reached' : `goals missed: ${JSON.stringify(goals)}`);
    process.exitCode = reached ? 0 : 1;
});
