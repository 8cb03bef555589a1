/**
 * A real systemd of a user, apart from the system's: in a mount namespace with a cgroup of its own, its files in a temporary folder. The test
 * reaches it from outside, by its socket in XDG_RUNTIME_DIR, as any program of the user would.
 *
 * Needs Linux, root, systemd's programs and a cgroup file system of version 2.
 */
import { mkdir, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { silentLog } from '../../../../src/core/log';
import { findProgram, isExecutable } from '../../../../src/core/process/findProgram';
import { ManagedProcess } from '../../../../src/core/process/managedProcess';
import { run } from '../../../../src/core/process/run';
import { until } from '../../support/until';

const systemd = '/usr/lib/systemd/systemd';

/** Prints the cgroup's path on the file system of this process's namespace, then becomes systemd. */
const script = `
set -e
mount --make-rprivate /
mount -t cgroup2 none /sys/fs/cgroup
[ -d /run/systemd/system ] || { mkdir -p /run/systemd && mount -t tmpfs none /run/systemd && mkdir /run/systemd/system; }
mkdir -p "/sys/fs/cgroup/$1"
echo 0 > "/sys/fs/cgroup/$1/cgroup.procs"
exec ${systemd} --user
`;

export async function canRunUserSystemd(): Promise<boolean> {
    const programs = await Promise.all(['unshare', 'systemctl', 'mount'].map(name => findProgram(name)));
    return process.platform === 'linux' && process.getuid?.() === 0 && programs.every(file => file !== undefined) && (await isExecutable(systemd));
}

export class UserSystemd {
    #process: ManagedProcess | undefined;
    readonly #cgroup = `annex-peers-test-${process.pid}-${Date.now()}`;

    private constructor(readonly environment: NodeJS.ProcessEnv) {}

    /** A computer that is off: {@link start} turns it on. @param bin searched before the system's folders */
    static async create(folder: string, bin = '/usr/bin'): Promise<UserSystemd> {
        const [home, runtime] = [path.join(folder, 'home'), path.join(folder, 'run')];
        await Promise.all([mkdir(home), mkdir(runtime, { mode: 0o700 })]);
        return new UserSystemd({ HOME: home, XDG_RUNTIME_DIR: runtime, PATH: `${bin}:/usr/bin:/bin`, XDG_CONFIG_HOME: undefined, XDG_DATA_HOME: undefined, DBUS_SESSION_BUS_ADDRESS: undefined });
    }

    /** The user logs in, or the computer starts. */
    async start(): Promise<void> {
        const unshare = await findProgram('unshare');
        const env = { ...this.environment, SYSTEMD_LOG_TARGET: 'console', SYSTEMD_COLORS: '0' };
        this.#process = await ManagedProcess.start({ file: unshare ?? '', args: ['--mount', '--', '/bin/sh', '-c', script, 'sh', this.#cgroup], cwd: '/', env }, { log: silentLog });
        await until('systemd answers', async () => /^ActiveState=active$/mu.test(await this.systemctl('show', '--property=ActiveState', 'default.target')), 20_000);
    }

    async systemctl(...args: readonly string[]): Promise<string> {
        const { stdout } = await run({ file: (await findProgram('systemctl')) ?? '', args: ['--user', ...args], cwd: '/', env: this.environment }, { log: silentLog, timeLimitMs: 20_000 });
        return stdout;
    }

    /** The user logs out, or the computer stops: everything that it started ends. */
    async stop(): Promise<void> {
        const running = this.#process;
        this.#process = undefined;
        if (running !== undefined) {
            await running.end(5000);
            for (const root of ['/sys/fs/cgroup', '/sys/fs/cgroup/unified']) {
                await removeCgroup(path.join(root, this.#cgroup));
            }
            await rm(path.join(this.environment['XDG_RUNTIME_DIR'] ?? '', 'systemd'), { recursive: true, force: true });
        }
    }
}

/** Ends what is in it, and below. */
async function removeCgroup(folder: string): Promise<void> {
    await writeFile(path.join(folder, 'cgroup.kill'), '1').catch(() => undefined);
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.filter(found => found.isDirectory())) {
        await removeCgroup(path.join(folder, entry.name));
    }
    if (entries.length > 0) {
        await until('its processes have gone', () => rmdir(folder).then(() => true, () => false), 5000);
    }
}
