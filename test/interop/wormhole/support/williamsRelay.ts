/**
 * A transit relay where wormhole-william looks for one: it can't be told of another than the public one, so what it finds
 * as /etc/hosts gives that one's name a loopback address, in a mount namespace of its own.
 */
import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { silentLog } from '../../../../src/core/log';
import { run } from '../../../../src/core/process/run';
import { startRelay, type RelayServer } from './servers';

/** wormhole-william 1.0.6, wormhole/wormhole.go, DefaultTransitRelayAddress. */
const place = { name: 'transit.magic-wormhole.io', port: 4001 } as const;

/** `hint` names it as william does: ours then knows the two for one relay. */
export interface WilliamsRelay extends RelayServer {
    readonly host: string;
    readonly name: string;
    /** For {@link withHosts}. */
    readonly hosts: string;
}

/** A program and its arguments that run another one which finds `hosts` as its /etc/hosts. */
export function withHosts(hosts: string, file: string, args: readonly string[]): [string, string[]] {
    const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
    return ['/usr/bin/unshare', [...asRoot, '--mount', 'sh', '-c', 'mount --bind "$1" /etc/hosts && shift && exec "$@"', 'sh', hosts, file, ...args]];
}

/** Undefined where the system allows no namespaces. */
export async function startWilliamsRelay(folder: string): Promise<WilliamsRelay | undefined> {
    // Any address of the loopback network, so that test runs beside each other have their own.
    const host = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;
    const hosts = path.join(folder, 'hosts');
    await writeFile(hosts, `127.0.0.1 localhost\n${host} ${place.name}\n`);
    const [file, args] = withHosts(hosts, '/bin/true', []);
    const allowed = await run({ file, args, cwd: '/' }, { log: silentLog }).then(({ code }) => code === 0, () => false);
    return allowed ? { ...await startRelay(folder, { host, port: place.port }), hint: `tcp:${place.name}:${place.port}`, host, name: place.name, hosts } : undefined;
}
