/** The cable between a machine and the hub: a link with an end in each, which can be pulled out and made slow. */
import { serversSubnet, type CableEnds } from '../network/addresses';
import { waitFor } from '../wait';
import { startCarrier, type Carrier } from './carrier';
import type { Machine } from './machine';

const link = 'eth0';

/** Prepares the hub: it passes packets on, which each computer's rules then restrict to the servers. */
export async function prepareHub(hub: Machine): Promise<void> {
    await hub.execInNetwork(['ip', 'link', 'set', 'lo', 'up']);
    await hub.execInNetwork(['sysctl', '--quiet', '--write', 'net.ipv4.ip_forward=1']);
}

export class Cable {
    #connected = true;
    #delayMs = 0;
    #carrier: Carrier | undefined;

    private constructor(private readonly hub: Machine, private readonly machine: Machine, readonly ends: CableEnds) {}

    /**
     * Lays a cable without delay. `meetsServersOnly` keeps the machine from reaching what hangs on the hub's other
     * cables, save the servers; the hub itself, and so the relays, it always reaches.
     */
    static async lay(hub: Machine, machine: Machine, ends: CableEnds, meetsServersOnly: boolean): Promise<Cable> {
        const cable = new Cable(hub, machine, ends);
        await machine.execInNetwork(['ip', 'link', 'set', 'lo', 'up']);
        await machine.execInNetwork(['sysctl', '--quiet', '--write', 'net.ipv4.ip_forward=0']);
        if (meetsServersOnly) {
            // The rule for the hub's own addresses comes before these, at preference 0.
            await ipBatch(hub, [
                `rule add preference 10 iif ${ends.hubLink} to ${serversSubnet} lookup main`,
                `rule add preference 20 iif ${ends.hubLink} unreachable`,
            ]);
        }
        await cable.#layPlain();
        return cable;
    }

    get connected(): boolean {
        return this.#connected;
    }

    /** Delay of one way, in ms. */
    get delayMs(): number {
        return this.#delayMs;
    }

    /** Pulls the cable out: the machine's link loses its carrier, addresses and routes stay. */
    async disconnect(): Promise<void> {
        this.#connected = false;
        await ipBatch(this.hub, [`link set ${this.ends.hubLink} down`]);
    }

    async connect(): Promise<void> {
        this.#connected = true;
        await ipBatch(this.hub, [`link set ${this.ends.hubLink} up`]);
    }

    /** Makes every packet take `delayMs` more, in each direction. Changing from or to 0 lays a new cable: open connections may notice. */
    async setDelay(delayMs: number): Promise<void> {
        if (delayMs === this.#delayMs) {
            return;
        }
        this.#delayMs = delayMs;
        if (this.#carrier !== undefined && delayMs > 0) {
            this.#carrier.setDelay(delayMs);
            return;
        }
        if (this.#carrier === undefined) {
            await ipBatch(this.hub, [`link delete ${this.ends.hubLink}`]);
            await linkGone(this.machine, link);
            this.#carrier = await startCarrier({ hub: this.hub, machine: this.machine, hubLink: this.ends.hubLink, machineLink: link, delayMs });
            await this.#address();
        } else {
            await this.#carrier.end();
            this.#carrier = undefined;
            // The kernel takes the carrier's links away a little after the process that held them.
            await Promise.all([linkGone(this.hub, this.ends.hubLink), linkGone(this.machine, link)]);
            await this.#layPlain();
        }
    }

    async #layPlain(): Promise<void> {
        await ipBatch(this.hub, [`link add ${this.ends.hubLink} type veth peer name ${link} netns ${this.machine.init.pid}`]);
        await this.#address();
    }

    async #address(): Promise<void> {
        await ipBatch(this.hub, [
            `address add ${this.ends.hubAddress}/24 dev ${this.ends.hubLink}`,
            ...(this.#connected ? [`link set ${this.ends.hubLink} up`] : []),
        ]);
        await ipBatch(this.machine, [
            `address add ${this.ends.address}/24 dev ${link}`,
            `link set ${link} up`,
            `route add default via ${this.ends.hubAddress}`,
        ]);
    }
}

async function linkGone(machine: Machine, name: string): Promise<void> {
    await waitFor(async () => !(await machine.execInNetwork(['ip', '-brief', 'link', 'show'])).split('\n').some(line => new RegExp(`^${name}[@ ]`, 'u').test(line)), { what: `${name} to be gone`, limitMs: 10_000 });
}

async function ipBatch(machine: Machine, commands: readonly string[]): Promise<void> {
    await machine.execInNetwork(['ip', '-batch', '-'], `${commands.join('\n')}\n`);
}
