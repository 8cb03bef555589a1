/**
 * What a machine may write on: its own /etc (the host's, without its people and secrets), /var, /home, /root and /tmp.
 */
import { chmod, mkdir, rm, symlink, writeFile, chown, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../../../src/core/log';
import { runOrThrow } from '../../../src/core/process/run';
import { accountFiles, systemAccount, type Person } from './accounts';

export interface DiskOptions {
    /** The machine's folder on the host. */
    readonly folder: string;
    readonly hostName: string;
    readonly people: readonly Person[];
    /** Written to /etc/environment, from which PAM gives it to login shells. */
    readonly environment: Readonly<Record<string, string>>;
    readonly log: Log;
}

const varFolders = ['cache', 'lib', 'local', 'log', 'mail', 'opt', 'spool', 'lib/misc'];

/** Makes `disk/` and the empty `root/` that root.sh mounts on. */
export async function makeDisk(options: DiskOptions): Promise<void> {
    const disk = path.join(options.folder, 'disk');
    const etc = path.join(disk, 'etc');
    await mkdir(path.join(options.folder, 'root'), { recursive: true });
    for (const name of ['etc', 'home', 'root', 'tmp', 'var']) {
        await mkdir(path.join(disk, name), { recursive: true });
    }
    await chmod(path.join(disk, 'tmp'), 0o1777);
    await chmod(path.join(disk, 'root'), 0o700);
    await runOrThrow({ file: '/bin/cp', args: ['--archive', '--no-target-directory', '/etc', etc], cwd: '/' }, { log: options.log });
    await writeOwnEtc(etc, options);
    await makeVar(path.join(disk, 'var'), etc);
    for (const person of options.people) {
        const home = path.join(disk, 'home', person.name);
        await mkdir(home);
        await chmod(home, 0o700);
        await chown(home, person.uid, person.gid);
    }
}

async function writeOwnEtc(etc: string, options: DiskOptions): Promise<void> {
    // Rules of the host that would let its people, or anybody, become root without a password; its keys.
    for (const name of ['sudoers.d', 'ssh', 'ssl/private', 'shadow-', 'gshadow-', 'passwd-', 'group-', 'gshadow', 'subuid', 'subgid', 'resolv.conf', 'tor', 'environment.d', 'profile.d/vte.sh']) {
        await rm(path.join(etc, name), { recursive: true, force: true });
    }
    const write = async (name: string, text: string, mode: number): Promise<void> => {
        const file = path.join(etc, name);
        await rm(file, { force: true });
        await writeFile(file, text, { mode });
        await chmod(file, mode);
    };
    const accounts = await accountFiles(await readFile('/etc/passwd', 'utf8'), await readFile('/etc/group', 'utf8'), options.people, options.log);
    await write('passwd', accounts.passwd, 0o644);
    await write('group', accounts.group, 0o644);
    await write('shadow', accounts.shadow, 0o600);
    await write('sudoers', accounts.sudoers, 0o440);
    await write('hostname', `${options.hostName}\n`, 0o644);
    await write('hosts', `127.0.0.1\tlocalhost\n127.0.1.1\t${options.hostName}\n`, 0o644);
    // No name server: whatever asks for a name outside of the machine is told at once that there is none.
    await write('resolv.conf', '', 0o644);
    await write('environment', Object.entries(options.environment).map(([name, value]) => `${name}="${value}"\n`).join(''), 0o644);
    await mkdir(path.join(etc, 'tor'));
}

async function makeVar(folder: string, etc: string): Promise<void> {
    for (const name of varFolders) {
        await mkdir(path.join(folder, name), { recursive: true });
    }
    await mkdir(path.join(folder, 'tmp'));
    await chmod(path.join(folder, 'tmp'), 0o1777);
    await symlink('/run', path.join(folder, 'run'));
    await symlink('/run/lock', path.join(folder, 'lock'));
    const tor = systemAccount(await readFile(path.join(etc, 'passwd'), 'utf8'), 'debian-tor');
    if (tor !== undefined) {
        for (const [name, mode] of [['lib/tor', 0o2700], ['log/tor', 0o2750]] as const) {
            await mkdir(path.join(folder, name));
            await chown(path.join(folder, name), tor.uid, tor.gid);
            await chmod(path.join(folder, name), mode);
        }
    }
}
