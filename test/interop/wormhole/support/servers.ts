/**
 * The real mailbox server and the real transit relay (Debian's packages) on loopback ports of their own.
 */
import path from 'node:path';
import { silentLog } from '../../../../src/core/log';
import { ManagedProcess } from '../../../../src/core/process/managedProcess';
import { runOrThrow } from '../../../../src/core/process/run';
import { until } from './until';

const twist = '/usr/bin/twist3';
/** Debian's interpreter, the one that has the packages; the first on the PATH may be another. */
export const debianPython = '/usr/bin/python3';

export interface MailboxUsage {
    readonly started: number;
    readonly result: string;
}

export interface MailboxServer {
    readonly port: number;
    readonly url: string;
    /** What the server wrote down of each mailbox that is closed, oldest first. */
    usage(): Promise<readonly MailboxUsage[]>;
    /** Stops the server; `restart` starts it again on the same port with the same state. */
    end(): Promise<void>;
    restart(): Promise<void>;
}

async function startTwist(folder: string, args: readonly string[]): Promise<{ readonly process: ManagedProcess; readonly port: number }> {
    const output: string[] = [];
    const process = await ManagedProcess.start({ file: twist, args, cwd: folder }, { log: silentLog });
    process.onStdoutLine.on(line => output.push(line));
    process.onStderrLine.on(line => output.push(line));
    const port = await until(`twist3 ${args[0] ?? ''} to listen (${output.join('\n')})`, () => {
        for (const line of output) {
            const found = /starting on '?(?<port>\d+)/u.exec(line)?.groups?.['port'];
            if (found !== undefined) {
                return Number(found);
            }
        }
        return undefined;
    }, 20_000);
    return { process, port };
}

/** @param folder an empty folder for its databases */
export async function startMailboxServer(folder: string, extra: readonly string[] = []): Promise<MailboxServer> {
    const usageDb = path.join(folder, 'usage.sqlite');
    const argsFor = (port: number): string[] => [
        'wormhole-mailbox', `--port=tcp:${port}:interface=127.0.0.1`, `--channel-db=${path.join(folder, 'channel.sqlite')}`, `--usage-db=${usageDb}`,
        // autobahn's own limits on the opening handshake are for real networks.
        ...extra,
    ];
    let { process, port } = await startTwist(folder, argsFor(0));
    return {
        port,
        url: `ws://127.0.0.1:${port}/v1`,
        usage: async () => {
            const script = 'import sqlite3,sys,json; d=sqlite3.connect(sys.argv[1]); print(json.dumps([dict(started=r[0],result=r[1]) for r in d.execute("select started,result from mailboxes order by started")]))';
            const { stdout } = await runOrThrow({ file: debianPython, args: ['-c', script, usageDb], cwd: folder }, { log: silentLog, timeLimitMs: 10_000 });
            return JSON.parse(stdout) as MailboxUsage[];
        },
        end: async () => {
            await process.end();
        },
        restart: async () => {
            await process.end();
            ({ process, port } = await startTwist(folder, argsFor(port)));
        },
    };
}

export interface RelayServer {
    readonly port: number;
    readonly hint: string;
    end(): Promise<void>;
}

/** @param place a loopback address and a port, where any free port of 127.0.0.1 won't do */
export async function startRelay(folder: string, place: { readonly host: string; readonly port: number } = { host: '127.0.0.1', port: 0 }): Promise<RelayServer> {
    const { process, port } = await startTwist(folder, ['transitrelay', `--port=tcp:${place.port}:interface=${place.host}`]);
    return { port, hint: `tcp:${place.host}:${port}`, end: async () => {
        await process.end();
    } };
}
