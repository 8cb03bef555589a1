/** What goes through a machine's network cable while something happens, packet by packet, as tcpdump(1) saw it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ManagedProcess } from '../../../src/core/process/managedProcess';
import { runOrThrow } from '../../../src/core/process/run';
import { silentLog } from '../../../src/core/log';
import type { Machine } from '../../rig/computers/machine';
import { systemPath } from '../../rig/paths';
import { waitFor } from '../../rig/wait';

const program = '/usr/bin/tcpdump';
const startLimitMs = 10_000;

export interface Packet {
    /** `address` or `address:port`. */
    readonly from: string;
    readonly to: string;
}

export interface Captured {
    readonly packets: readonly Packet[];
    /** Everything, headers too, as it stands in the file. */
    readonly bytes: Buffer;
}

/** `10.0.0.1.80` and `fe80::1.80` as tcpdump writes them; without a port for protocols that have none. */
function place(text: string): string {
    const parts = text.split('.');
    const portAt = text.includes(':') ? 1 : 4;
    const port = parts[portAt];
    const address = parts.slice(0, portAt).join('.');
    return port === undefined ? address : `${address}:${port}`;
}

/** The packets in what `tcpdump -nn -t` prints. @throws {Error} on a line that isn't one of an IP packet */
export function packetsIn(text: string): Packet[] {
    return text.split('\n').filter(line => line !== '' && !line.startsWith('\t')).map(line => {
        const [, from, to] = /^IP6? (\S+) > (\S+?):(?: |$)/u.exec(line) ?? [];
        if (from === undefined || to === undefined) {
            throw new Error(`tcpdump says: ${line}`);
        }
        return { from: place(from), to: place(to) };
    });
}

export class Capture {
    private constructor(private readonly process: ManagedProcess, private readonly file: string, private readonly words: readonly string[]) {}

    /** Resolves when nothing is missed any more. ARP never leaves the cable, and is left out. */
    static async start(machine: Machine, name: string): Promise<Capture> {
        const file = path.join(machine.folder, `${name}.pcap`);
        const [enter = '', ...rest] = machine.namespaces.enterNetworkAndProcesses;
        const process = await ManagedProcess.start({
            file: enter,
            args: [...rest, '--', program, '-i', 'eth0', '-nn', '-s', '0', '-B', '8192', '--immediate-mode', '-U', '-Z', 'root', '-w', file, 'ip or ip6'],
            cwd: '/',
            env: { PATH: systemPath },
        }, { log: silentLog });
        const words: string[] = [];
        process.onStderrLine.on(line => words.push(line));
        await waitFor(() => {
            if (process.exit !== undefined) {
                throw new Error(`tcpdump ended: ${words.join('\n')}`);
            }
            return words.some(line => /listening on eth0/u.test(line));
        }, { what: 'tcpdump', limitMs: startLimitMs, everyMs: 20 });
        return new Capture(process, file, words);
    }

    /** Ends it. @throws {Error} if it may have missed something */
    async stop(): Promise<Captured> {
        await this.process.end(10_000);
        if (!this.words.some(line => /^0 packets dropped by kernel/u.test(line))) {
            throw new Error(`tcpdump missed packets: ${this.words.join('\n')}`);
        }
        const { stdout } = await runOrThrow({ file: program, args: ['-nn', '-t', '-q', '-Z', 'root', '-r', this.file], cwd: '/', env: { PATH: systemPath } }, { log: silentLog });
        return { packets: packetsIn(stdout), bytes: await readFile(this.file) };
    }
}

/** Routers pass these on to nobody (RFC 4291, section 2.7): a link that comes up sends such. */
const isLinkLocalMulticast = (to: string): boolean => /^ff02:/u.test(to);

/** Each other end that a machine at `address` had in these packets, as `address:port`, once. */
export function otherEnds({ packets }: Captured, address: string): string[] {
    const isOwn = (end: string): boolean => end === address || end.startsWith(`${address}:`);
    const others = packets.filter(({ to }) => !isLinkLocalMulticast(to)).map(({ from, to }) => isOwn(from) ? to : from);
    return [...new Set(others)];
}

/** Whether an IPv4 address stands in these bytes, as text or as the four bytes. */
export function mentions(bytes: Buffer, address: string): boolean {
    return bytes.includes(address) || bytes.includes(Buffer.from(address.split('.').map(Number)));
}
