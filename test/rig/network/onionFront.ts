/** An onion service in front of the mailbox server and the transit relay: a tor of the servers' own machine. */
import type { InsideUser, Machine } from '../computers/machine';
import { systemAccount } from '../computers/accounts';
import { RigError } from '../errors';
import { waitFor } from '../wait';
import { mailboxPort, serversAddress, transitPort } from './addresses';
import { networkLines, type TorNode } from './torrc';

const startLimitMs = 60_000;
const folder = '/var/lib/tor/mailbox-front';

export interface OnionFront {
    /** Its name, without a port. */
    readonly host: string;
    readonly mailboxUrl: string;
    /** The transit relay as `tcp:host:port`. */
    readonly transitHint: string;
    end(): Promise<void>;
}

/** Starts it; resolves when its name is known, which is before the network knows the way to it. */
export async function startOnionFront(machine: Machine, nodes: readonly TorNode[]): Promise<OnionFront> {
    const account = systemAccount(await machine.readFile('/etc/passwd'), 'debian-tor');
    if (account === undefined) {
        throw new RigError('tor-network-failed', 'there is no account debian-tor: is Debian\'s tor package installed?');
    }
    const user: InsideUser = { name: 'debian-tor', ...account, home: '/var/lib/tor' };
    await machine.execOrThrow(['mkdir', '-p', '-m', '0700', folder], { as: user });
    await machine.writeFile(`${folder}/torrc`, `${[
        ...networkLines(nodes),
        `DataDirectory ${folder}`,
        'SocksPort 0',
        `Log notice file ${folder}/notices.log`,
        'GeoIPFile /dev/null',
        'GeoIPv6File /dev/null',
        `HiddenServiceDir ${folder}/service`,
        ...[mailboxPort, transitPort].map(port => `HiddenServicePort ${port} ${serversAddress}:${port}`),
    ].join('\n')}\n`, user);
    const process = await machine.spawn(['tor', '--defaults-torrc', '/dev/null', '-f', `${folder}/torrc`, '--quiet'], { as: user, cwd: '/' });
    const host = await waitFor(async () => {
        if (process.exit !== undefined) {
            throw new RigError('tor-network-failed', `the servers' tor ended: ${await machine.readFile(`${folder}/notices.log`).catch(() => '')}`);
        }
        return (await machine.readFile(`${folder}/service/hostname`).catch(() => '')).trim() || undefined;
    }, { what: 'the name of the servers\' onion service', limitMs: startLimitMs });
    return {
        host,
        mailboxUrl: `ws://${host}:${mailboxPort}/v1`,
        transitHint: `tcp:${host}:${transitPort}`,
        end: async () => {
            await process.end();
        },
    };
}
