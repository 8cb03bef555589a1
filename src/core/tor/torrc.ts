/**
 * Tor's configuration file, as git-annex reads it: which one it is, and this repository's stanza in it.
 *
 * git-annex finds its service only by a line `HiddenServiceDir X` whose base name ends in `<uid>_<uuid>`, immediately
 * followed by `HiddenServicePort N unix:PATH` (git-annex, Utility/Tor.hs, `getHiddenServiceSocketFile`).
 */
import { readFile } from 'node:fs/promises';

/** Where git-annex looks, in its order (Utility/Tor.hs, `findTorrc`). */
export const torrcCandidates = ['/etc/tor/torrc', '/etc/torrc', '/usr/local/etc/tor/torrc'] as const;

export interface ServiceStanza {
    readonly directory: string;
    readonly port: number;
    readonly socket: string;
}

export interface Torrc {
    readonly path: string;
    readonly text: string;
}

/** The first torrc that exists (`latin1`: bytes as characters); undefined if none does, `unreadable` text is empty. */
export async function readTorrc(candidates: readonly string[] = torrcCandidates, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<Torrc | undefined> {
    for (const path of candidates) {
        try {
            return { path, text: await readFile(path, encoding) };
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && (error as NodeJS.ErrnoException).code !== 'ENOTDIR') {
                return { path, text: '' };
            }
        }
    }
    return undefined;
}

/** This repository's stanza for this user, if it is there. */
export function findStanza(torrc: string, uid: number, uuid: string): ServiceStanza | undefined {
    const lines = torrc.split('\n');
    for (let index = 0; index + 1 < lines.length; index++) {
        const directory = /^HiddenServiceDir\s+(\S+)\s*$/u.exec(lines[index] ?? '')?.[1];
        const port = /^HiddenServicePort\s+(\d+)\s+unix:(\S+)\s*$/u.exec(lines[index + 1] ?? '');
        if (directory?.endsWith(`${uid}_${uuid}`) === true && port !== null) {
            return { directory, port: Number(port[1]), socket: port[2] ?? '' };
        }
    }
    return undefined;
}

/** The lines that `git-annex enable-tor` is going to append; it chooses the port itself (Utility/Tor.hs, `addHiddenService`). */
export function plannedStanza(uid: number, uuid: string, portPlaceholder: string): readonly string[] {
    return [`HiddenServiceDir /var/lib/tor/tor-annex_${uid}_${uuid}`, `HiddenServicePort ${portPlaceholder} unix:/var/lib/tor-annex/${uid}_${uuid}/s`];
}
