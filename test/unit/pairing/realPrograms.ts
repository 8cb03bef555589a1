/**
 * Real programs for the pairing's tests: a mailbox server and a transit relay on this machine's loopback, and git-annex repositories with
 * an address that leads nowhere.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { RepositoryContext } from '../../../src/core/annex/context';
import type { Log } from '../../../src/core/log';
import { silentLog } from '../../../src/core/log';
import { findProgram } from '../../../src/core/process/findProgram';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { runOrThrow } from '../../../src/core/process/run';

/** Waits until `check` gives something; throws after `limitMs`. */
export async function until<T>(what: string, check: () => T | undefined | false | Promise<T | undefined | false>, limitMs = 20_000): Promise<T> {
    const end = Date.now() + limitMs;
    while (Date.now() < end) {
        const value = await check();
        if (value !== undefined && value !== false) {
            return value;
        }
        await wait(30);
    }
    throw new Error(`${what}: not within ${limitMs} ms`);
}

/** The programs without which nothing here can run; undefined if one is missing. */
export async function realPrograms(): Promise<{ git: string; gitAnnex: string; wormhole: string; twist: string } | undefined> {
    const [git, gitAnnex, wormhole, twist] = await Promise.all(['git', 'git-annex', 'wormhole', 'twist3'].map(name => findProgram(name)));
    return git !== undefined && gitAnnex !== undefined && wormhole !== undefined && twist !== undefined ? { git, gitAnnex, wormhole, twist } : undefined;
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
    const server = net.createServer();
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    await new Promise(resolve => server.close(resolve));
    return typeof address === 'object' && address !== null ? address.port : 0;
}

async function listening(port: number): Promise<boolean> {
    return new Promise(resolve => {
        const socket = net.connect(port, '127.0.0.1');
        socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
        socket.on('connect', () => socket.destroy());
    });
}

export class WormholeServers {
    private constructor(
        readonly env: Readonly<Record<string, string>>,
        readonly folder: string,
        private readonly processes: readonly ManagedProcess[],
    ) {}

    static async start(twist: string): Promise<WormholeServers> {
        const folder = await mkdtemp(path.join(os.tmpdir(), 'annex-peers-servers-'));
        const [mailbox, relay] = [await freePort(), await freePort()];
        const start = (args: string[]): Promise<ManagedProcess> => ManagedProcess.start({ file: twist, args, cwd: folder }, { log: silentLog });
        const processes = [
            await start(['wormhole-mailbox', `--port=tcp:${mailbox}:interface=127.0.0.1`, `--channel-db=${folder}/channel.sqlite`, `--usage-db=${folder}/usage.sqlite`]),
            await start(['transitrelay', `--port=tcp:${relay}:interface=127.0.0.1`]),
        ];
        const servers = new WormholeServers({ WORMHOLE_RELAY_URL: `ws://127.0.0.1:${mailbox}/v1`, WORMHOLE_TRANSIT_HELPER: `tcp:127.0.0.1:${relay}` }, folder, processes);
        try {
            await until('mailbox and relay', async () => (await listening(mailbox)) && (await listening(relay)));
        } catch (error) {
            await servers.stop();
            throw error;
        }
        return servers;
    }

    async stop(): Promise<void> {
        await Promise.all(this.processes.map(child => child.end()));
        await rm(this.folder, { recursive: true, force: true });
    }
}

/** A git-annex repository below `folder` whose onion address leads nowhere. */
export async function makeRepository(folder: string, name: string, programs: { git: string; gitAnnex: string }, log: Log = silentLog): Promise<RepositoryContext> {
    const root = path.join(await realpath(folder), name);
    await mkdir(root);
    const options = { log: silentLog };
    await runOrThrow({ file: programs.git, args: ['init', '-q', '-b', 'main', root], cwd: root }, options);
    for (const [key, value] of [['user.name', name], ['user.email', `${name}@example.org`]] as const) {
        await runOrThrow({ file: programs.git, args: ['config', key, value], cwd: root }, options);
    }
    await runOrThrow({ file: programs.gitAnnex, args: ['init', '-q', name], cwd: root }, options);
    const { stdout } = await runOrThrow({ file: programs.git, args: ['config', 'annex.uuid'], cwd: root }, options);
    const creds = path.join(root, '.git', 'annex', 'creds');
    await mkdir(creds);
    const base32 = 'abcdefghijklmnopqrstuvwxyz234567';
    const onion = [...randomBytes(56)].map(byte => base32[byte % 32]).join('');
    await writeFile(path.join(creds, 'p2paddrs'), `tor-annex::${onion}.onion:12345\n`, { mode: 0o600 });
    return { root, gitDir: path.join(root, '.git'), uuid: stdout.trim(), programs, log };
}

/** All processes whose environment names this folder as TMPDIR, or whose command line does: whatever a pairing has left. */
export async function processesUsing(folder: string): Promise<string[]> {
    const found: string[] = [];
    for (const pid of (await readdir('/proc')).filter(name => /^\d+$/u.test(name))) {
        const [environment, command] = await Promise.all(['environ', 'cmdline'].map(name => readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => '')));
        if (environment?.includes(folder) === true || command?.includes(folder) === true) {
            found.push(`${pid} ${command?.replaceAll('\0', ' ') ?? ''}`);
        }
    }
    return found;
}
