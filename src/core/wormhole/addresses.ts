/**
 * Which addresses of a stranger's hint may be dialled, and which of our own are told in hints.
 *
 * A hint is text from the other side: dialled blindly it makes this computer knock at its own services or at its
 * neighbours'.
 */
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Never a place for a peer: this host, link-local, multicast, broadcast, reserved. */
const nowhere = new BlockList();
for (const [network, prefix] of [['0.0.0.0', 8], ['169.254.0.0', 16], ['192.0.0.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4]] as const) {
    nowhere.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [['::', 128], ['fe80::', 10], ['ff00::', 8]] as const) {
    nowhere.addSubnet(network, prefix, 'ipv6');
}

/** Networks of a home, an office or a provider, and those set aside for documentation and measurements. */
const inside = new BlockList();
for (const [network, prefix] of [
    ['10.0.0.0', 8], ['100.64.0.0', 10], ['172.16.0.0', 12], ['192.168.0.0', 16], ['192.0.2.0', 24], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24],
] as const) {
    inside.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [['fc00::', 7], ['2001:db8::', 32]] as const) {
    inside.addSubnet(network, prefix, 'ipv6');
}

export type AddressKind = 'loopback' | 'nowhere' | 'inside' | 'public';

/** The IPv4 address inside `::ffff:a.b.c.d` or `64:ff9b::a.b.c.d`, which reach the same place. */
function embeddedIpv4(address: string): string | undefined {
    let canonical: string;
    try {
        canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
    } catch {
        return undefined;
    }
    const match = /^(?:::ffff:|::|64:ff9b::)(?<high>[0-9a-f]{1,4}):(?<low>[0-9a-f]{1,4})$/iu.exec(canonical);
    const { high, low } = match?.groups ?? {};
    if (high === undefined || low === undefined) {
        return undefined;
    }
    const [a, b] = [parseInt(high, 16), parseInt(low, 16)];
    return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

/** What kind of place an IP address is. */
export function addressKind(address: string): AddressKind {
    const plain = address.replace(/%.*$/u, '');
    const embedded = isIP(plain) === 6 ? embeddedIpv4(plain) : undefined;
    const subject = embedded ?? plain;
    const family = isIP(subject) === 4 ? 'ipv4' : 'ipv6';
    if (isIP(subject) === 0 || nowhere.check(subject, family)) {
        return loopback.check(subject, family) ? 'loopback' : 'nowhere';
    }
    return loopback.check(subject, family) ? 'loopback' : inside.check(subject, family) ? 'inside' : 'public';
}

/** A host name as DNS knows them, with at least one dot, and not of a network of its own (`.local`, `.internal`, `.onion`…). */
function isPublicName(name: string): boolean {
    const labels = name.replace(/\.$/u, '').split('.');
    const last = labels.at(-1)?.toLowerCase() ?? '';
    return name.length <= 253
        && labels.length > 1
        && labels.every(label => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/iu.test(label))
        && !/^[0-9]+$|^0x/u.test(last)
        && !['local', 'localhost', 'localdomain', 'internal', 'lan', 'home', 'corp', 'arpa', 'onion', 'invalid', 'test', 'example'].includes(last);
}

/** An onion service of version 3. */
export function isOnion(name: string): boolean {
    return /^(?:[a-z0-9-]+\.)*[a-z2-7]{56}\.onion$/iu.test(name);
}

/** Whether a stranger's hint may be dialled through Tor: a public address or name, or an onion service. */
export function mayDialThroughTor(host: string): boolean {
    return isIP(host) === 0 ? isPublicName(host) || isOnion(host) : addressKind(host) === 'public';
}

/**
 * Whether a stranger's hint may be dialled directly: also in the local network, which is where direct connections mostly
 * are, but never on this computer unless it has no other network (two programs on one machine without one).
 */
export function mayDialDirectly(host: string, ownAddresses: readonly string[] = localAddresses()): boolean {
    if (isIP(host) === 0) {
        return isPublicName(host);
    }
    const kind = addressKind(host);
    return kind === 'public' || kind === 'inside' || (kind === 'loopback' && ownAddresses.every(own => addressKind(own) === 'loopback'));
}

/** This computer's addresses for hints: those that others may reach; 127.0.0.1 only where there is no other (`transit.py`). */
export function localAddresses(): readonly string[] {
    const all = Object.values(networkInterfaces()).flatMap(entries => entries ?? []);
    const useful = all.filter(entry => !entry.internal && addressKind(entry.address) !== 'nowhere').map(entry => entry.address);
    return useful.length > 0 ? useful : ['127.0.0.1'];
}
