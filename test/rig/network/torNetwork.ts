/** The private Tor network: directory authorities and relays as real tor processes on a machine of their own, the hub. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ManagedProcess } from '../../../src/core/process/managedProcess';
import { runOrThrow } from '../../../src/core/process/run';
import type { InsideUser, Machine } from '../computers/machine';
import { systemAccount } from '../computers/accounts';
import { RigError } from '../errors';
import { pause, waitFor } from '../wait';
import { authorityAddress, dirPort, relayAddress } from './addresses';
import { runningNodes } from './consensus';
import { listensOn } from './listening';
import { nodeKeysFolder, nodeWithKeys, type KeyOptions, type NodePlan } from './keys';
import { initialVotingInterval, nodeTorrc, relayResolvConf, type TorNode } from './torrc';

const dataRoot = '/var/lib/tor-network';
/** The first consensus is due 10 s after the start, the next try 10 s later; then everybody must have fetched it. */
const consensusLimitMs = 40_000;
/** On a machine busy enough, votes come late and the first consensus lacks somebody; the next would be due in 5 minutes. */
const attempts = 3;
const remindEveryMs = 2000;
/** How late after the start of a voting interval the nodes may still be started, in ms: the votes are taken 4 s before its end. */
const startWindowMs = 1500;

export interface NetworkOptions extends KeyOptions {
    /** Told why the network is started once more. */
    readonly onTrouble?: (why: string) => void;
}

export function planNodes(authorities: number, relays: number): NodePlan[] {
    return [
        ...Array.from({ length: authorities }, (_, index) => ({ nickname: `auth${index}`, kind: 'authority' as const, address: authorityAddress(index) })),
        ...Array.from({ length: relays }, (_, index) => ({ nickname: `relay${index}`, kind: 'relay' as const, address: relayAddress(index) })),
    ];
}

/** Milliseconds to wait at `now` so that nodes start together just after a voting interval has begun. */
export function waitForInterval(now: number): number {
    const interval = initialVotingInterval * 1000;
    const into = now % interval;
    return into < startWindowMs ? 0 : interval - into;
}

/** One tor process of the network. */
export class RunningNode {
    #process: ManagedProcess | undefined;

    constructor(readonly node: TorNode, private readonly machine: Machine, private readonly user: InsideUser) {}

    get nickname(): string {
        return this.node.nickname;
    }

    /** DataDirectory inside the hub. */
    get dataFolder(): string {
        return `${dataRoot}/${this.node.nickname}`;
    }

    get running(): boolean {
        return this.#process !== undefined && this.#process.exit === undefined;
    }

    async start(): Promise<void> {
        if (!this.running) {
            this.#process = await this.machine.spawn(['tor', '--defaults-torrc', '/dev/null', '-f', `${this.dataFolder}/torrc`, '--quiet'], { as: this.user, cwd: '/' });
        }
    }

    /** Ends it at once, as a relay that loses power; never with SIGINT, on which relays linger. */
    async stop(): Promise<void> {
        this.#process?.kill();
        await this.#process?.exited;
    }

    /** Makes it read its configuration again, and ask again at once for whatever directory information it lacks (tor(1), SIGHUP). */
    async reload(): Promise<void> {
        const pid = (await this.machine.readFile(`${this.dataFolder}/pid`)).trim();
        await this.machine.execOrThrow(['kill', '-HUP', pid]);
    }

    async log(): Promise<string> {
        return this.machine.readFile(`${this.dataFolder}/notices.log`).catch(() => '');
    }
}

export class TorNetwork {
    private constructor(readonly machine: Machine, readonly nodes: readonly RunningNode[]) {}

    get authorities(): readonly RunningNode[] {
        return this.nodes.filter(({ node }) => node.kind === 'authority');
    }

    get relays(): readonly RunningNode[] {
        return this.nodes.filter(({ node }) => node.kind === 'relay');
    }

    node(nickname: string): RunningNode {
        const found = this.nodes.find(candidate => candidate.nickname === nickname);
        if (found === undefined) {
            throw new RigError('tor-network-failed', `no node is called ${nickname}`);
        }
        return found;
    }

    /** Keys and configuration of every node; starts nothing. */
    static async prepareNodes(plans: readonly NodePlan[], options: KeyOptions): Promise<TorNode[]> {
        return Promise.all(plans.map(plan => nodeWithKeys(plan, options)));
    }

    /** Starts all nodes at the right moment and waits until they agree on a consensus that lists every one of them as running. */
    static async start(machine: Machine, nodes: readonly TorNode[], options: NetworkOptions): Promise<TorNetwork> {
        const account = systemAccount(await machine.readFile('/etc/passwd'), 'debian-tor');
        if (account === undefined) {
            throw new RigError('tor-network-failed', 'there is no account debian-tor: is Debian\'s tor package installed?');
        }
        const user: InsideUser = { name: 'debian-tor', ...account, home: '/var/lib/tor' };
        for (const { address } of nodes) {
            await machine.execInNetwork(['ip', 'address', 'add', `${address}/32`, 'dev', 'lo']);
        }
        const network = new TorNetwork(machine, nodes.map(node => new RunningNode(node, machine, user)));
        for (const { node, dataFolder } of network.nodes) {
            const folder = path.join(machine.folder, 'disk', dataFolder);
            await mkdir(path.dirname(folder), { recursive: true });
            await runOrThrow({ file: '/bin/cp', args: ['--recursive', nodeKeysFolder(options.keysFolder, node.nickname), folder], cwd: '/' }, { log: options.log });
            await writeFile(path.join(folder, 'torrc'), nodeTorrc(node, nodes, dataFolder));
            await writeFile(path.join(folder, 'resolv.conf'), relayResolvConf(node.address));
            await runOrThrow({ file: '/bin/chown', args: ['--recursive', `${user.uid}:${user.gid}`, folder], cwd: '/' }, { log: options.log });
        }
        for (let attempt = 1; ; attempt++) {
            try {
                await network.startNodes(options.signal);
                await network.waitForConsensus(options.signal);
                return network;
            } catch (error) {
                if (attempt === attempts || !(error instanceof RigError) || error.reason !== 'tor-network-failed') {
                    throw error;
                }
                options.log.warn(`${error.message}\n${error.detail}`);
                options.onTrouble?.(`${error.message}; starting the Tor network once more`);
                await network.wipe();
            }
        }
    }

    /** Authorities first: a relay that finds none of them listening publishes its descriptor too late for the first vote. */
    private async startNodes(signal?: AbortSignal): Promise<void> {
        await pause(waitForInterval(Date.now()), signal);
        await Promise.all(this.authorities.map(node => node.start()));
        await waitFor(async () => {
            const sockets = await readFile(`/proc/${this.machine.init.pid}/net/tcp`, 'utf8');
            return this.authorities.every(({ node }) => listensOn(sockets, dirPort, node.address));
        }, { what: 'the directory authorities', limitMs: 5000, everyMs: 50, signal }).catch((error: unknown) => {
            throw error instanceof RigError ? new RigError('tor-network-failed', error.message, '', { cause: error }) : error;
        });
        await Promise.all(this.relays.map(node => node.start()));
    }

    /** Ends all nodes and forgets all but their keys: what is left of a consensus would be served on. */
    private async wipe(): Promise<void> {
        for (const node of this.nodes) {
            await node.stop();
            const folder = path.join(this.machine.folder, 'disk', node.dataFolder);
            for (const name of await readdir(folder)) {
                if (!['keys', 'fingerprint', 'torrc', 'resolv.conf'].includes(name)) {
                    await rm(path.join(folder, name), { recursive: true, force: true });
                }
            }
        }
    }

    private async waitForConsensus(signal?: AbortSignal): Promise<void> {
        const everybody = this.nodes.map(({ nickname }) => nickname);
        let remindAt = 0;
        try {
            await waitFor(async () => {
                const dead = this.nodes.find(({ running }) => !running);
                if (dead !== undefined) {
                    throw new RigError('tor-network-failed', `${dead.nickname} ended`);
                }
                const views = await Promise.all(this.nodes.map(async node => ({ node, listed: await this.#listedBy(node) })));
                const published = views.find(({ node, listed }) => node.node.kind === 'authority' && listed.size > 0);
                if (published === undefined) {
                    return false;
                }
                const lacking = everybody.filter(nickname => !published.listed.has(nickname));
                if (lacking.length > 0) {
                    throw new RigError('tor-network-failed', `the first consensus lacks ${lacking.join(', ')}`);
                }
                const waiting = views.filter(({ listed }) => listed.size === 0).map(({ node }) => node);
                if (waiting.length > 0 && performance.now() >= remindAt) {
                    // A relay that has been told too often that there is none yet may not ask again for half a minute.
                    remindAt = performance.now() + remindEveryMs;
                    await Promise.all(waiting.map(node => node.reload()));
                }
                return waiting.length === 0;
            }, { what: 'a consensus of the private Tor network', limitMs: consensusLimitMs, everyMs: 200, signal });
        } catch (error) {
            if (error instanceof RigError) {
                const logs = await Promise.all(this.nodes.map(async node => `${node.nickname}:\n${await node.log()}`));
                throw new RigError('tor-network-failed', error.message, logs.join('\n'), { cause: error });
            }
            throw error;
        }
    }

    async #listedBy({ dataFolder }: RunningNode): Promise<Set<string>> {
        return runningNodes(await this.machine.readFile(`${dataFolder}/cached-microdesc-consensus`).catch(() => ''));
    }
}
