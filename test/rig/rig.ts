/**
 * The rig: a private, real Tor network, a Magic Wormhole mailbox server and transit relay, and computers with people on
 * them, all on one machine, in namespaces of their own.
 *
 *     const rig = await Rig.up({ computers: ['alice', 'bob'] });
 *     try { … } finally { await rig.down(); }
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { throwIfCancelled } from '../../src/core/errors';
import { silentLog, type Log } from '../../src/core/log';
import type { Person } from './computers/accounts';
import { Cable, prepareHub } from './computers/cable';
import { Computer } from './computers/computer';
import { Machine } from './computers/machine';
import { RigError } from './errors';
import { RigFolder, sweep } from './lifetime';
import { computerCable, serversCable } from './network/addresses';
import { startServers, wormholeEnvironment, type Servers } from './network/servers';
import { planNodes, TorNetwork } from './network/torNetwork';
import type { TorNode } from './network/torrc';
import { defaultKeysFolder, rigsFolder } from './paths';
import { endWithOwner, noLongerOwned, type Owned } from './owner';
import { missingPackages } from './system/packages';
import { rigSupport } from './system/support';

export interface ComputerPlan {
    /** Also the person's name: small letters and digits, at most 12. */
    readonly name: string;
    /** Delay of the network cable in each direction, in ms. */
    readonly delayMs?: number;
}

export interface RigOptions {
    readonly computers: readonly (string | ComputerPlan)[];
    /** Told in plain words what is done, and how many ms after the start. */
    readonly onStep?: ((step: string, elapsedMs: number) => void) | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly log?: Log;
    /** Where the Tor network's keys are kept from run to run. */
    readonly keysFolder?: string;
    /** Where each rig has its folder. */
    readonly rigsFolder?: string;
    /** Who makes it, for whoever lists rigs. */
    readonly label?: string;
    readonly authorities?: number;
    readonly relays?: number;
    /** Take the rig down on SIGINT, SIGTERM and SIGHUP; true if left out. It always ends with this process. */
    readonly handleSignals?: boolean;
}

const namePattern = /^[a-z][a-z0-9]{0,11}$/u;
const firstUserId = 1001;
const programs = ['git', 'git-annex', 'tor', 'magic-wormhole', 'python3-magic-wormhole-mailbox-server', 'magic-wormhole-transit-relay', 'iproute2', 'sudo', 'util-linux', 'procps', 'perl-base'];

export class Rig implements Owned {
    #computers: readonly Computer[] = [];
    #network: TorNetwork | undefined;
    #servers: Servers | undefined;
    #down: Promise<void> | undefined;
    readonly #machines: Machine[] = [];
    readonly #startedAt = performance.now();

    private constructor(private readonly options: RigOptions, private readonly folder: RigFolder) {}

    /**
     * Builds everything and resolves when every computer's tor is connected; on any failure takes down what it has built.
     * @throws {RigError}; {CancelledError} on `signal`
     */
    static async up(options: RigOptions): Promise<Rig> {
        await checkSystem(options);
        const rigs = options.rigsFolder ?? rigsFolder();
        await sweep(rigs);
        const rig = new Rig(options, await RigFolder.claim(rigs, options.label ?? 'tests'));
        endWithOwner(rig, options.handleSignals ?? true);
        try {
            await rig.#build();
            return rig;
        } catch (error) {
            await rig.down();
            throw error;
        }
    }

    get id(): string {
        return this.folder.id;
    }

    get computers(): readonly Computer[] {
        return this.#computers;
    }

    /** @throws {RigError} if there is none of that name */
    computer(name: string): Computer {
        const found = this.#computers.find(computer => computer.name === name);
        if (found === undefined) {
            throw new RigError('machine-failed', `no computer is called ${name}`);
        }
        return found;
    }

    /** The mailbox server: `url`, `usageDb`, `stop()`, `start()`. */
    get mailbox(): Servers['mailbox'] {
        return this.#built(this.#servers).mailbox;
    }

    /** The transit relay: `hint`, `usageDb`, `stop()`, `start()`. */
    get transit(): Servers['transit'] {
        return this.#built(this.#servers).transit;
    }

    /** The name server, which the relays ask: `questions`. */
    get names(): Servers['names'] {
        return this.#built(this.#servers).names;
    }

    /** The Tor network's nodes: addresses, `stop()`, `start()`. */
    get network(): TorNetwork {
        return this.#built(this.#network);
    }

    /** Ends and removes everything; may be called any number of times. */
    async down(): Promise<void> {
        this.#down ??= this.#takeDown();
        await this.#down;
    }

    /** As {@link down}, for a process that is about to exit and can't wait. */
    downNow(): void {
        for (const machine of this.#machines) {
            machine.namespaces.endNow();
        }
        rmSync(this.folder.path, { recursive: true, force: true, maxRetries: 5 });
    }

    async #takeDown(): Promise<void> {
        const ended = await Promise.allSettled(this.#machines.map(machine => machine.namespaces.end()));
        await this.folder.remove();
        noLongerOwned(this);
        const failed = ended.find(result => result.status === 'rejected');
        if (failed !== undefined) {
            throw failed.reason;
        }
    }

    async #build(): Promise<void> {
        const failure = new AbortController();
        const signal = AbortSignal.any([failure.signal, ...(this.options.signal === undefined ? [] : [this.options.signal])]);
        const together = <T extends readonly Promise<unknown>[] | []>(tasks: T): Promise<Settled<T>> => allOrNothing(tasks, failure);
        const keyOptions = { keysFolder: this.options.keysFolder ?? defaultKeysFolder(), log: this.#log, signal };
        const plans = this.options.computers.map(plan => typeof plan === 'string' ? { name: plan } : plan);

        this.#step('keys of the Tor network, and its machine');
        const [nodes, hub] = await together([
            TorNetwork.prepareNodes(planNodes(this.options.authorities ?? 3, this.options.relays ?? 3), keyOptions),
            this.#machine('hub', []),
        ]);
        await prepareHub(hub);

        // The network takes longest, and waits for most of it.
        this.#step('Tor network; meanwhile the servers and the computers');
        const [network, servers, computers] = await together([
            TorNetwork.start(hub, nodes, { ...keyOptions, onTrouble: why => this.#step(why) }),
            this.#startServers(hub, signal),
            together(plans.map((plan, index) => this.#computer(plan, index, hub, nodes, signal))),
        ]);
        [this.#network, this.#servers, this.#computers] = [network, servers, computers];

        this.#step('tor of every computer');
        await together(computers.map(computer => computer.startTor({ signal })));
        for (const [index, { delayMs = 0 }] of plans.entries()) {
            await computers[index]?.setDelay(delayMs);
        }
        throwIfCancelled(signal);
        this.#step('ready');
    }

    async #machine(hostName: string, people: readonly Person[]): Promise<Machine> {
        const machine = await Machine.create({
            folder: path.join(this.folder.path, hostName),
            hostName,
            people,
            environment: wormholeEnvironment,
            log: this.#log,
        });
        this.#machines.push(machine);
        if (this.#down !== undefined) {
            await machine.namespaces.end();
            throw new RigError('machine-failed', 'the rig was taken down while it was built');
        }
        await this.folder.addMachine(hostName, machine.init);
        return machine;
    }

    async #startServers(hub: Machine, signal: AbortSignal): Promise<Servers> {
        const machine = await this.#machine('servers', []);
        await Cable.lay(hub, machine, serversCable, false);
        return startServers(machine, signal);
    }

    async #computer(plan: ComputerPlan, index: number, hub: Machine, nodes: readonly TorNode[], signal: AbortSignal): Promise<Computer> {
        throwIfCancelled(signal);
        const person = personFor(plan.name, index);
        const machine = await this.#machine(plan.name, [person]);
        const computer = new Computer(plan.name, machine, person, await Cable.lay(hub, machine, computerCable(plan.name, index), true));
        await computer.setUp(nodes);
        return computer;
    }

    get #log(): Log {
        return this.options.log ?? silentLog;
    }

    #step(step: string): void {
        this.options.onStep?.(step, Math.round(performance.now() - this.#startedAt));
    }

    #built<T>(part: T | undefined): T {
        if (part === undefined) {
            throw new RigError('machine-failed', 'the rig is not up');
        }
        return part;
    }
}

function personFor(name: string, index: number): Person {
    return { name, uid: firstUserId + index, gid: firstUserId + index, password: `${name}-knows-this` };
}

async function checkSystem({ computers }: RigOptions): Promise<void> {
    const support = await rigSupport();
    if (support.kind === 'none') {
        throw new RigError('unsupported', support.why);
    }
    if (support.kind === 'sudo') {
        throw new RigError('unsupported', `The rig needs root; run this again through ${support.sudo}.`);
    }
    const missing = (await missingPackages()).filter(({ name }) => programs.includes(name));
    if (missing.length > 0) {
        throw new RigError('packages-missing', `The rig needs these packages: ${missing.map(({ name }) => name).join(' ')}`);
    }
    const names = computers.map(plan => typeof plan === 'string' ? plan : plan.name);
    const reserved = ['hub', 'servers', 'root'];
    if (!names.every(name => namePattern.test(name) && !reserved.includes(name)) || new Set(names).size < names.length) {
        throw new RigError('machine-failed', `computers need names of their own, of small letters and digits: ${names.join(', ')}`);
    }
}

type Settled<T extends readonly unknown[]> = { -readonly [K in keyof T]: Awaited<T[K]> };

/**
 * As Promise.all, but the first failure cancels the rest through `failure`, and when it rejects, nothing of it is
 * running any more: what was made can be taken down.
 */
async function allOrNothing<T extends readonly Promise<unknown>[] | []>(tasks: T, failure: AbortController): Promise<Settled<T>> {
    let first: { readonly error: unknown } | undefined;
    for (const task of tasks) {
        task.catch((error: unknown) => {
            first ??= { error };
            failure.abort();
        });
    }
    await Promise.allSettled(tasks);
    if (first !== undefined) {
        throw first.error;
    }
    return Promise.all(tasks);
}
