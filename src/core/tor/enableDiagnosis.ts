/**
 * Why Enable Tor didn't get to an onion address, told from the state it left behind.
 *
 * git-annex as root runs in a terminal of the user's, whose output is theirs (a password is typed there); what is
 * believed is its exit code, the torrc and the address file, in any language.
 */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { RootMethod } from './enableCommand';
import { findStanza, readTorrc } from './torrc';
import { isSocksProxy, systemTor } from './socks';

/**
 * - `tor-stopped`: the stanza is written, but no Tor answers; start Tor, then run it again
 * - `tor-not-reloaded`: the stanza is written and Tor runs, but has not read it; reload Tor, then run it again (a second
 *   run alone gives up at once)
 * - `not-root`: nothing was written: the password was refused, or this user may not become root
 * - `git-refused`: root's git refuses a repository of another owner (safe.directory)
 * - `no-torrc`: there is no torrc in the places where git-annex looks
 * - `torrc-unreadable`: the torrc can't be read by this user, so the remote daemon will find no service in it
 */
export type EnableFailure = 'tor-stopped' | 'tor-not-reloaded' | 'not-root' | 'git-refused' | 'no-torrc' | 'torrc-unreadable';

export interface DiagnosisInput {
    readonly uid: number;
    readonly uuid: string;
    readonly method: RootMethod;
    /** Exit code of the root command. */
    readonly exitCode: number;
    /** Whether {@link RootMethod} gave root at all, where another command showed it. */
    readonly becameRoot?: boolean;
}

export async function diagnoseEnableFailure(input: DiagnosisInput, candidates?: readonly string[]): Promise<EnableFailure> {
    const torrc = await readTorrc(candidates);
    if (torrc === undefined) {
        return 'no-torrc';
    }
    if (!(await isReadable(torrc.path))) {
        return 'torrc-unreadable';
    }
    if (findStanza(torrc.text, input.uid, input.uuid) === undefined) {
        return input.becameRoot === true ? 'git-refused' : 'not-root';
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
