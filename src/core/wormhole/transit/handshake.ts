/**
 * How two connections of a transit recognise each other.
 *
 * Source: magic-wormhole transit.md ("Handshake"), `transit.py`. Both sides write at once and hang up at the first wrong
 * byte; the sender says `go` on exactly one connection and `nevermind` on the others.
 */
import { ascii, toHex, type Bytes } from '../bytes';
import { transitSubkey } from '../keys';
import type { SocketReader } from './reader';

export type Role = 'sender' | 'receiver';

export const go = ascii('go\n');
export const nevermind = ascii('nevermind\n');
export const relayOk = ascii('ok\n');

/** What the side `role` writes first. */
export function handshakeOf(role: Role, key: Bytes): Bytes {
    const id = toHex(transitSubkey(key, role === 'sender' ? 'transit_sender' : 'transit_receiver'));
    return ascii(`transit ${role} ${id} ready\n\n`);
}

/** What a relay is told first. @param side 16 hex digits; connections of one side are not matched with each other */
export function relayRequest(key: Bytes, side: string): Bytes {
    return ascii(`please relay ${toHex(transitSubkey(key, 'transit_relay_token'))} for side ${side}\n`);
}

export interface HandshakeChannel {
    readonly reader: SocketReader;
    write(bytes: Bytes): void;
}

/** The relay's part; false if what answers isn't a relay. */
export async function passRelay(channel: HandshakeChannel, key: Bytes, side: string): Promise<boolean> {
    channel.write(relayRequest(key, side));
    return channel.reader.expect(relayOk);
}

/**
 * The two sides' part.
 * @param choose asked once on the sender's side, when the other side has proved itself: whether this connection is the one
 * @returns whether this connection is the one
 */
export async function shakeHands(channel: HandshakeChannel, role: Role, key: Bytes, choose: () => boolean): Promise<boolean> {
    channel.write(handshakeOf(role, key));
    if (!(await channel.reader.expect(handshakeOf(role === 'sender' ? 'receiver' : 'sender', key)))) {
        return false;
    }
    if (role === 'receiver') {
        return channel.reader.expect(go);
    }
    const chosen = choose();
    channel.write(chosen ? go : nevermind);
    return chosen;
}
