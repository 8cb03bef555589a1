/**
 * The Magic Wormhole mailbox server and transit relay, Debian's, and the name server, on a machine and addresses of their
 * own: apart from the relays, so that a test can see who talks to them.
 */
import { chown, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ManagedProcess } from '../../../src/core/process/managedProcess';
import { systemAccount } from '../computers/accounts';
import type { InsideUser, Machine } from '../computers/machine';
import { RigError } from '../errors';
import { waitFor } from '../wait';
import { listensOn } from './listening';
import { mailboxPort, nameServerAddress, serversAddress, transitPort } from './addresses';
import { NameServer } from './nameServer';

const startLimitMs = 30_000;
const dataFolder = '/var/lib/wormhole';

/** What git-annex and wormhole look at to find the servers. */
export const wormholeEnvironment = {
    WORMHOLE_RELAY_URL: `ws://${serversAddress}:${mailboxPort}/v1`,
    WORMHOLE_TRANSIT_HELPER: `tcp:${serversAddress}:${transitPort}`,
} as const;

/** One of the two servers; stop and start it as often as a test wants. */
export class Server {
    #process: ManagedProcess | undefined;

    constructor(
        readonly machine: Machine,
        /** Address on the rig's network. */
        readonly address: string,
        readonly port: number,
        private readonly plugin: string,
        private readonly options: readonly string[],
        /** Usage database (SQLite), inside its machine. */
        private readonly usageDbInside: string,
        private readonly user: InsideUser,
    ) {}

    get running(): boolean {
        return this.#process !== undefined && this.#process.exit === undefined;
    }

    /** The usage database (SQLite) as the host reaches it. */
    get usageDb(): string {
        return this.machine.hostPath(this.usageDbInside);
    }

    /** Resolves once it accepts connections. */
    async start(signal?: AbortSignal): Promise<void> {
        if (this.running) {
            return;
        }
        const args = ['/usr/bin/twist3', this.plugin, `--port=tcp:${this.port}:interface=${this.address}`, `--usage-db=${this.usageDbInside}`, ...this.options];
        const process = await this.machine.spawn(args, { as: this.user, cwd: dataFolder });
        this.#process = process;
        const words: string[] = [];
        process.onStderrLine.on(line => words.push(line));
        await waitFor(async () => {
            if (process.exit !== undefined) {
                throw new RigError('server-failed', `${this.plugin} ended: ${words.join('\n')}`);
            }
            return listensOn(await readFile(`/proc/${this.machine.init.pid}/net/tcp`, 'utf8'), this.port, this.address);
        }, { what: this.plugin, limitMs: startLimitMs, signal });
    }

    async stop(): Promise<void> {
        await this.#process?.end();
    }
}

export interface Servers {
    readonly machine: Machine;
    readonly mailbox: Server & { readonly url: string };
    readonly transit: Server & { readonly hint: string };
    readonly names: NameServer;
}

/** Starts the servers on `machine`, which already has its address. */
export async function startServers(machine: Machine, signal?: AbortSignal): Promise<Servers> {
    const account = systemAccount(await machine.readFile('/etc/passwd'), 'nobody') ?? { uid: 65_534, gid: 65_534 };
    const user: InsideUser = { name: 'nobody', ...account, home: dataFolder };
    const folder = path.join(machine.folder, 'disk', dataFolder);
    await mkdir(folder, { recursive: true });
    await chown(folder, user.uid, user.gid);
    const mailbox = Object.assign(
        new Server(machine, serversAddress, mailboxPort, 'wormhole-mailbox', [`--channel-db=${dataFolder}/mailbox.sqlite`], `${dataFolder}/mailbox-usage.sqlite`, user),
        { url: wormholeEnvironment.WORMHOLE_RELAY_URL },
    );
    const transit = Object.assign(
        new Server(machine, serversAddress, transitPort, 'transitrelay', [], `${dataFolder}/transit-usage.sqlite`, user),
        { hint: wormholeEnvironment.WORMHOLE_TRANSIT_HELPER },
    );
    await machine.execInNetwork(['ip', 'address', 'add', `${nameServerAddress}/24`, 'dev', 'eth0']);
    // Names and TLS have ports that elsewhere root alone may listen on.
    await machine.execInNetwork(['sysctl', '--quiet', '--write', 'net.ipv4.ip_unprivileged_port_start=0']);
    const [names] = await Promise.all([NameServer.start(machine, user, signal), mailbox.start(signal), transit.start(signal)]);
    return { machine, mailbox, transit, names };
}
