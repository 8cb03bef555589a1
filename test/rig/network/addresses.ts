/**
 * Who has which address in a rig. Every rig has the same ones: each lives in network namespaces of its own.
 *
 * The Tor network's machine is the hub: each computer and the servers' machine hang on it by a cable of their own.
 * It forwards between computers and servers, never between computers: those meet only through Tor and the servers.
 */

export const orPort = 5000;
export const dirPort = 7000;
export const mailboxPort = 4000;
export const transitPort = 4001;
/** TLS in front of the mailbox server, where a test wants it: wss's own port, as the public server has it. */
export const mailboxTlsPort = 443;
export const dnsPort = 53;

export const serversAddress = '10.99.1.2';
/** On the servers' machine as well, apart from the others: only who looks a name up sends anything to it. */
export const nameServerAddress = '10.99.1.3';
/** Names that only the name server knows, and so only who leaves the Tor network through one of its relays. */
export const mailboxName = 'mailbox.example.test';
export const transitName = 'transit.example.test';
export const serversSubnet = '10.99.1.0/24';

export interface CableEnds {
    /** Name of the link on the hub; at most 15 characters (IFNAMSIZ, linux/if.h). */
    readonly hubLink: string;
    readonly hubAddress: string;
    readonly address: string;
}

export const authorityAddress = (index: number): string => `10.99.0.${11 + index}`;
export const relayAddress = (index: number): string => `10.99.0.${51 + index}`;

export const serversCable: CableEnds = { hubLink: 'to-servers', hubAddress: '10.99.1.1', address: serversAddress };

/** The cable of the computer with this index (0, 1, 2 …). */
export function computerCable(name: string, index: number): CableEnds {
    return { hubLink: `to-${name}`, hubAddress: `10.99.${10 + index}.1`, address: `10.99.${10 + index}.2` };
}
