/**
 * The Unix socket on which git-annex serves a repository to Tor: who listens there, and whether it is still the same.
 *
 * Every remote daemon that starts takes the socket from the one before, without a word (git-annex, RemoteDaemon/Transport/Tor.hs), and when
 * the last one ends nobody serves. So it is asked before ours starts, and watched while ours runs.
 */
import { lstat } from 'node:fs/promises';
import net, { type Socket } from 'node:net';
import { findStanza, readTorrc } from '../tor/torrc';

/** Where this user's git-annex serves the repository; undefined without an onion service. */
export async function serviceSocketOf(uuid: string): Promise<string | undefined> {
    const torrc = await readTorrc();
    return torrc === undefined ? undefined : findStanza(torrc.text, process.getuid?.() ?? -1, uuid)?.socket;
}

/** A connection to whoever listens, which closes when that ends; undefined if nobody does. */
export function connectTo(socket: string): Promise<Socket | undefined> {
    return new Promise(resolve => {
        const client = net.connect({ path: socket });
        client.once('connect', () => {
            client.removeAllListeners('error').on('error', () => undefined);
            resolve(client);
        });
        client.once('error', () => resolve(undefined));
    });
}

/** Another value whenever another daemon has taken the socket; undefined where there is none. */
export async function socketIdentity(socket: string): Promise<string | undefined> {
    const found = await lstat(socket, { bigint: true }).catch(() => undefined);
    return found?.isSocket() === true ? `${found.dev}-${found.ino}-${found.mtimeNs}` : undefined;
}
