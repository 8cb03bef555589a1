/**
 * The command that starts or reloads the system's Tor, for this kind of system, and whether it came of it.
 */
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { throwIfCancelled } from '../errors';
import { findProgram, isExecutable } from '../process/findProgram';
import { isSocksProxy, systemTor } from './socks';

export interface ServiceControl {
    readonly file: string;
    readonly args: readonly string[];
}

async function findInSystem(name: string): Promise<string | undefined> {
    const onPath = await findProgram(name);
    if (onPath !== undefined) {
        return onPath;
    }
    const inSbin = `/usr/sbin/${name}`;
    return (await isExecutable(inSbin)) ? inSbin : undefined;
}

/** undefined where neither systemd nor `service` nor Homebrew is there. */
export async function torServiceCommand(action: 'start' | 'reload'): Promise<ServiceControl | undefined> {
    if (process.platform === 'darwin') {
        const brew = await findProgram('brew');
        return brew === undefined ? undefined : { file: brew, args: ['services', action === 'start' ? 'start' : 'restart', 'tor'] };
    }
    if (existsSync('/run/systemd/system')) {
        const systemctl = await findInSystem('systemctl');
        if (systemctl !== undefined) {
            return { file: systemctl, args: [action, 'tor'] };
        }
    }
    const service = await findInSystem('service');
    return service === undefined ? undefined : { file: service, args: ['tor', action] };
}

/** Waits until Tor answers on the port where git-annex expects it; false if it doesn't within the time. @throws {CancelledError} */
export async function waitForTor(timeLimitMs: number, signal?: AbortSignal): Promise<boolean> {
    const end = performance.now() + timeLimitMs;
    while (!(await isSocksProxy(systemTor))) {
        throwIfCancelled(signal);
        if (performance.now() >= end) {
            return false;
        }
        await delay(250);
    }
    return true;
}
