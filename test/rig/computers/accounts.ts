/** The accounts of a machine: the system's own from the host (tor's daemon runs as one), and the machine's people instead of the host's. */
import { randomBytes } from 'node:crypto';
import type { Log } from '../../../src/core/log';
import { runOrThrow } from '../../../src/core/process/run';

export interface Person {
    readonly name: string;
    readonly uid: number;
    readonly gid: number;
    /** Of the user and of root alike: what sudo and su ask for. */
    readonly password: string;
}

export interface AccountFiles {
    readonly passwd: string;
    readonly group: string;
    readonly shadow: string;
    readonly sudoers: string;
}

export interface SystemAccount {
    readonly uid: number;
    readonly gid: number;
}

const firstOrdinaryId = 1000;
const nobodyId = 65_534;

const isSystemId = (id: number): boolean => id < firstOrdinaryId || id === nobodyId;

const sudoers = `# As Debian has it: members of the group sudo may become root with their own password.
Defaults\tenv_reset
Defaults\tsecure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
root\tALL=(ALL:ALL) ALL
%sudo\tALL=(ALL:ALL) ALL
`;

function rows(text: string): string[][] {
    return text.split('\n').filter(line => line.includes(':')).map(line => line.split(':'));
}

/** The ids of a system account in a text in the form of passwd(5). */
export function systemAccount(passwd: string, name: string): SystemAccount | undefined {
    const row = rows(passwd).find(([candidate]) => candidate === name);
    return row?.[2] === undefined || row[3] === undefined ? undefined : { uid: Number(row[2]), gid: Number(row[3]) };
}

/**
 * passwd(5), group(5), shadow(5) and sudoers(5) of a machine.
 * @param hostPasswd the host's passwd, from which the system's accounts are taken
 * @param hostGroup the host's group
 */
export async function accountFiles(hostPasswd: string, hostGroup: string, people: readonly Person[], log: Log): Promise<AccountFiles> {
    const systemUsers = rows(hostPasswd).filter(row => isSystemId(Number(row[2])));
    const systemGroups = rows(hostGroup).filter(row => isSystemId(Number(row[2])));
    if (!systemGroups.some(([name]) => name === 'sudo')) {
        systemGroups.push(['sudo', 'x', '27', '']);
    }
    const passwd = [
        ...systemUsers.map(row => row.join(':')),
        ...people.map(({ name, uid, gid }) => `${name}:x:${uid}:${gid}:${name},,,:/home/${name}:/bin/bash`),
    ];
    const members = people.map(({ name }) => name).join(',');
    const group = [
        ...systemGroups.map(([name = '', , gid = '']) => `${name}:x:${gid}:${name === 'sudo' ? members : ''}`),
        ...people.map(({ name, gid }) => `${name}:x:${gid}:`),
    ];
    const hashes = await Promise.all(people.map(({ password }) => passwordHash(password, log)));
    const today = Math.floor(Date.now() / 86_400_000);
    const shadow = [
        ...systemUsers.map(([name = '']) => `${name}:${name === 'root' ? hashes[0] ?? '*' : '*'}:${today}:0:99999:7:::`),
        ...people.map(({ name }, index) => `${name}:${hashes[index] ?? '*'}:${today}:0:99999:7:::`),
    ];
    const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
    return { passwd: text(passwd), group: text(group), shadow: text(shadow), sudoers };
}

/** crypt(3) with SHA-512; the password goes in by standard input, never as an argument. */
async function passwordHash(password: string, log: Log): Promise<string> {
    const salt = randomBytes(8).toString('hex');
    const program = 'my $p = <STDIN>; chomp $p; print crypt($p, q($6$) . $ARGV[0] . q($));';
    const { stdout } = await runOrThrow({ file: '/usr/bin/perl', args: ['-e', program, salt], cwd: '/' }, { log, input: `${password}\n` });
    return stdout.trim();
}
