/** The process that makes a cable slow: it carries frames between two TAP devices after a wait (see cable.pl). */
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { RigError } from '../errors';
import { rigScript, systemPath } from '../paths';
import { silentLog } from '../../../src/core/log';
import type { Machine } from './machine';

export interface CarrierOptions {
    readonly hub: Machine;
    readonly machine: Machine;
    readonly hubLink: string;
    readonly machineLink: string;
    /** Delay of one way, in ms. */
    readonly delayMs: number;
}

export interface Carrier {
    setDelay(delayMs: number): void;
    /** Ends the process; its two devices go with it. */
    end(): Promise<void>;
}

const startLimitMs = 10_000;
/** What the machine's device is called in the hub before it is moved. */
const movingLink = 'rig-moving';

/** Makes the two devices, one in each network, and carries frames between them. @throws {RigError} `machine-failed` */
export async function startCarrier(options: CarrierOptions): Promise<Carrier> {
    const { hub, machine, hubLink, machineLink } = options;
    const [file = '', ...enter] = hub.namespaces.enterNetworkAndProcesses;
    const process = await ManagedProcess.start({
        file,
        args: [...enter, '--', '/usr/bin/perl', rigScript('computers/cable.pl'), hubLink, movingLink, String(options.delayMs)],
        cwd: '/',
        env: { PATH: systemPath },
    }, { log: silentLog });
    const words: string[] = [];
    process.onStderrLine.on(line => words.push(line));
    try {
        await new Promise<void>((resolve, reject) => {
            const fail = (why: string): void => reject(new RigError('machine-failed', `the cable with a delay: ${why}`));
            const timer = setTimeout(() => fail('not ready in time'), startLimitMs);
            process.onStdoutLine.on(() => {
                clearTimeout(timer);
                resolve();
            });
            void process.exited.then(() => {
                clearTimeout(timer);
                fail(words.join('; '));
            });
        });
        // The device stays tied to the process wherever it is moved.
        await hub.execInNetwork(['ip', 'link', 'set', movingLink, 'netns', String(machine.init.pid), 'name', machineLink]);
    } catch (error) {
        await process.end();
        throw error;
    }
    return {
        setDelay: delayMs => process.write(`${delayMs}\n`),
        end: async () => {
            await process.end();
        },
    };
}
