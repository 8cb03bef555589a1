/**
 * Why Enable Tor didn't get to an onion address, told from the state it left behind.
 *
 * git-annex as root runs in a terminal of the user's, whose output is theirs (a password is typed there); what is
 * believed is its exit code, the torrc and the address file, in any language.
 */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { RootMethod } from './enableCommand';
import { findStanza, readTorrc, type Torrc } from './torrc';
import { isSocksProxy, systemTor } from './socks';

/**
 * - `tor-stopped`: the stanza is written, but no Tor answers; start Tor, then run it again
 * - `tor-not-reloaded`: the stanza is written and Tor runs, but has not read it; reload Tor, then run it again (a second
 *   run alone gives up at once)
 * - `not-root`: nothing was written: the password was refused, or this user may not become root
 * - `no-torrc`: there is no torrc in the places where git-annex looks
 * - `torrc-unreadable`: the torrc can't be read by this user, so the remote daemon will find no service in it
 *
 * git's safe.directory is not among them: since 10.20220927, the oldest that is supported, git-annex as root reads the
 * configuration of a repository of another owner all the same (it asks `git --git-dir=.`). Seen with 10.20230126 and git
 * 2.39, without SUDO_UID (as su and pkexec leave it), in linked work trees and submodules too.
 */
export type EnableFailure = 'tor-stopped' | 'tor-not-reloaded' | 'not-root' | 'no-torrc' | 'torrc-unreadable';

export interface DiagnosisInput {
    readonly uid: number;
    readonly uuid: string;
}

/** Whether the user closed the password dialog: pkexec(1), "Return value". Of another way to become root, 126 tells nothing. */
export function wasDismissed(method: RootMethod, exitCode: number): boolean {
    return method === 'pkexec' && exitCode === 126;
}

/** What is wrong with the torrc before anything ran; undefined if nothing is. */
export async function torrcFailure(torrc: Torrc | undefined): Promise<'no-torrc' | 'torrc-unreadable' | undefined> {
    if (torrc === undefined) {
        return 'no-torrc';
    }
    return (await isReadable(torrc.path)) ? undefined : 'torrc-unreadable';
}

export async function diagnoseEnableFailure(input: DiagnosisInput, candidates?: readonly string[]): Promise<EnableFailure> {
    const torrc = await readTorrc(candidates);
    const failure = await torrcFailure(torrc);
    if (failure !== undefined) {
        return failure;
    }
    if (findStanza(torrc?.text ?? '', input.uid, input.uuid) === undefined) {
        return 'not-root';
    }
    return (await isSocksProxy(systemTor)) ? 'tor-not-reloaded' : 'tor-stopped';
}

async function isReadable(path: string): Promise<boolean> {
    try {
        await access(path, constants.R_OK);
        return true;
    } catch {
        return false;
    }
}
