/**
 * A real cron, apart from the system's: in a mount namespace in which it finds no other crontabs, its own in a temporary folder. `crontab`
 * leads there too.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { silentLog } from '../../../../src/core/log';
import { findProgram } from '../../../../src/core/process/findProgram';
import { ManagedProcess } from '../../../../src/core/process/managedProcess';

/** Hides the system's crontabs; waits until its input closes. */
const script = `
set -e
mount --make-rprivate /
mount --bind "$1/crontabs" /var/spool/cron/crontabs
for folder in /etc/cron.d /run; do mount -t tmpfs none "$folder"; done
mount --bind /dev/null /etc/crontab
echo ready
cat >/dev/null
`;

const cron = '/usr/sbin/cron';

export async function canRunCron(): Promise<boolean> {
    const programs = await Promise.all(['unshare', 'nsenter', 'crontab', 'ps'].map(name => findProgram(name)));
    return process.platform === 'linux' && process.getuid?.() === 0 && programs.every(file => file !== undefined) && (await findProgram('cron', path.dirname(cron))) !== undefined;
}

export class CronDaemon {
    private constructor(
        /** Holds `crontab`. */
        readonly bin: string,
        private readonly holder: ManagedProcess,
        private readonly nsenter: string,
    ) {}

    static async create(folder: string): Promise<CronDaemon> {
        const bin = path.join(folder, 'cron-bin');
        await Promise.all([mkdir(bin), mkdir(path.join(folder, 'crontabs'), { mode: 0o1730 })]);
        const holder = await ManagedProcess.start({ file: (await findProgram('unshare')) ?? '', args: ['--mount', '--', '/bin/sh', '-c', script, 'sh', folder], cwd: '/' }, { log: silentLog });
        const said: string[] = [];
        holder.onStderrLine.on(line => said.push(line));
        await new Promise<void>((resolve, reject) => {
            holder.onStdoutLine.on(() => resolve());
            void holder.exited.then(() => reject(new Error(`no namespace: ${said.join('\n')}`)));
        });
        const nsenter = (await findProgram('nsenter')) ?? '';
        await writeFile(path.join(bin, 'crontab'), `#!/bin/sh\nexec ${nsenter} --target ${holder.pid} --mount -- ${(await findProgram('crontab')) ?? ''} "$@"\n`, { mode: 0o700 });
        return new CronDaemon(bin, holder, nsenter);
    }

    /** The computer starts: cron runs what is to run then (it remembers in /run that it did). */
    async boot(): Promise<ManagedProcess> {
        return ManagedProcess.start({ file: this.nsenter, args: ['--target', String(this.holder.pid), '--mount', '--', '/bin/sh', '-c', `rm -f /run/crond.reboot; exec ${cron} -f`], cwd: '/' }, { log: silentLog });
    }

    async stop(): Promise<void> {
        await this.holder.end();
    }
}
