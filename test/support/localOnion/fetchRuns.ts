/**
 * Counts how many plain `git fetch`es from a served repository hang: each fetches one new commit with a file of a given size.
 *
 *     node out/test/support/localOnion/fetchRuns.js <runs> <bytes> <shim: on|off> [<bytes a second>]
 */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../../../src/core/annex/context';
import { RunError, run, runOrThrow } from '../../../src/core/process/run';
import { prepareShim, shimEnvironment } from '../../../src/core/daemon/shim/install';
import { silentLog } from '../../../src/core/log';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { createAnnexRepository } from '../../unit/support/annexRepository';
import { withTemporaryFolder } from '../../unit/support/temporaryFolder';
import { until } from '../../unit/support/until';
import { LocalOnion } from './localOnion';
import { connect } from 'node:net';

export interface FetchFigures {
    readonly runs: number;
    readonly hung: number;
    readonly failed: number;
    readonly medianMs: number;
}

export interface FetchOptions {
    readonly runs: number;
    readonly bytes: number;
    readonly shim: boolean;
    readonly bytesPerSecond?: number | undefined;
    /** Without an end after this long a fetch counts as hung. */
    readonly timeLimitMs: number;
    readonly onRun?: (run: number, result: 'ok' | 'hung' | 'failed', ms: number) => void;
}

/** Whether something listens on a Unix socket. */
export function answers(socket: string): Promise<boolean> {
    return new Promise(resolve => {
        const client = connect(socket)
            .on('connect', () => {
                client.destroy();
                resolve(true);
            })
            .on('error', () => resolve(false));
    });
}

async function git(repository: RepositoryContext, ...args: string[]): Promise<void> {
    await runOrThrow({ file: '/usr/bin/git', args, cwd: repository.root }, { log: silentLog, timeLimitMs: 60_000 });
}

/** Serves one repository to another and fetches from it again and again. */
export function fetchRuns(options: FetchOptions): Promise<FetchFigures> {
    return withTemporaryFolder(async folder => {
        const onion = await LocalOnion.start(folder);
        const server = await onion.enable(await createAnnexRepository(folder, silentLog, 'server'));
        const client = await onion.enable(await createAnnexRepository(folder, silentLog, 'client'));
        const shim = options.shim ? await prepareShim(server.context, { ...process.env, XDG_DATA_HOME: path.join(folder, 'data') }) : undefined;
        if (shim?.kind === 'off') {
            throw new Error(`the shim is off: ${shim.reason} ${shim.detail}`);
        }
        const daemon = await ManagedProcess.start(
            { file: server.context.programs.gitAnnex, args: ['remotedaemon', '--foreground'], cwd: server.context.root, env: shim === undefined ? {} : shimEnvironment(shim.folder, '/usr/bin/git') },
            { log: silentLog },
        );
        try {
            await until('the daemon serves', () => answers(server.service.socket));
            await onion.link(client.context, server.context, 'server');
            server.service.bytesPerSecond = options.bytesPerSecond;
            const times: number[] = [];
            let hung = 0;
            let failed = 0;
            for (let index = 0; index < options.runs; index++) {
                await writeFile(path.join(server.context.root, 'file'), randomBytes(options.bytes));
                await git(server.context, '-c', 'annex.largefiles=nothing', 'add', 'file');
                await git(server.context, '-c', 'annex.largefiles=nothing', 'commit', '-q', '-m', `${index}`);
                const start = Date.now();
                let result: 'ok' | 'hung' | 'failed' = 'ok';
                try {
                    const { code } = await run({ file: client.context.programs.git, args: ['fetch', '-q', 'server'], cwd: client.context.root }, { log: silentLog, timeLimitMs: options.timeLimitMs });
                    result = code === 0 ? 'ok' : 'failed';
                } catch (error) {
                    if (!(error instanceof RunError)) {
                        throw error;
                    }
                    result = 'hung';
                }
                hung += result === 'hung' ? 1 : 0;
                failed += result === 'failed' ? 1 : 0;
                times.push(Date.now() - start);
                options.onRun?.(index, result, Date.now() - start);
            }
            return { runs: options.runs, hung, failed, medianMs: times.sort((a, b) => a - b)[times.length >> 1] ?? 0 };
        } finally {
            await daemon.end();
            await onion.stop();
        }
    });
}

if (require.main === module) {
    const [runs = '10', bytes = '100', shim = 'on', speed] = process.argv.slice(2);
    void fetchRuns({
        runs: Number(runs),
        bytes: Number(bytes),
        shim: shim === 'on',
        bytesPerSecond: speed === undefined ? undefined : Number(speed),
        timeLimitMs: 8000,
        onRun: (run, result, ms) => {
            if (result !== 'ok') {
                process.stdout.write(`run ${run}: ${result} after ${ms} ms\n`);
            }
        },
    }).then(async figures => {
        const text = JSON.stringify({ bytes, shim, ...figures });
        process.stdout.write(`${text}\n`);
        const file = process.env['ANNEX_PEERS_FIGURES'];
        if (file !== undefined) {
            await writeFile(file, text);
        }
        process.exitCode = shim === 'on' && figures.hung > 0 ? 1 : 0;
    });
}
