/** TLS in front of the mailbox server, with a certificate of an authority that the rig makes for itself. */
import { readFile } from 'node:fs/promises';
import type { ManagedProcess } from '../../../src/core/process/managedProcess';
import type { InsideUser, Machine } from '../computers/machine';
import { RigError } from '../errors';
import { waitFor } from '../wait';
import { mailboxName, mailboxPort, mailboxTlsPort, serversAddress } from './addresses';
import { listensOn } from './listening';

const startLimitMs = 30_000;
const nobody: InsideUser = { name: 'nobody', uid: 65_534, gid: 65_534, home: '/tmp' };
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];

export interface TlsFront {
    /** The certificate (PEM) of the authority that vouches for it. */
    readonly authority: string;
    end(): Promise<void>;
}

/** Makes an authority; gives its certificate (PEM). Its files are `<folder>/ca.key` and `ca.pem` inside `machine`. */
export async function makeAuthority(machine: Machine, folder: string, name: string): Promise<string> {
    await machine.execOrThrow(['mkdir', '-p', folder], { as: nobody });
    await openssl(machine, folder, ['-keyout', 'ca.key', '-out', 'ca.pem', '-subj', `/CN=${name}`]);
    return machine.readFile(`${folder}/ca.pem`);
}

/** Starts a forwarder of Twisted's, as Debian has it, beside the servers. */
export async function startTlsFront(machine: Machine): Promise<TlsFront> {
    const folder = '/tmp/mailbox-tls';
    const authority = await makeAuthority(machine, folder, 'The rig');
    await openssl(machine, folder, [
        '-CA', 'ca.pem', '-CAkey', 'ca.key', '-keyout', 'mailbox.key', '-out', 'mailbox.pem', '-subj', `/CN=${mailboxName}`,
        '-addext', `subjectAltName=DNS:${mailboxName}`, '-addext', 'basicConstraints=CA:FALSE',
    ]);
    const port = `ssl:${mailboxTlsPort}:interface=${serversAddress}:privateKey=${folder}/mailbox.key:certKey=${folder}/mailbox.pem`;
    const process = await machine.spawn(['/usr/bin/twist3', 'portforward', `--port=${port}`, `--host=${serversAddress}`, `--dest_port=${mailboxPort}`], { as: nobody, cwd: folder });
    await untilListening(machine, process, 'TLS in front of the mailbox server');
    return {
        authority,
        end: async () => {
            await process.end();
        },
    };
}

async function untilListening(machine: Machine, process: ManagedProcess, what: string): Promise<void> {
    const words: string[] = [];
    process.onStdoutLine.on(line => words.push(line));
    process.onStderrLine.on(line => words.push(line));
    await waitFor(async () => {
        if (process.exit !== undefined) {
            throw new RigError('server-failed', `${what} ended: ${words.join('\n')}`);
        }
        return listensOn(await readFile(`/proc/${machine.init.pid}/net/tcp`, 'utf8'), mailboxTlsPort, serversAddress);
    }, { what, limitMs: startLimitMs });
}

async function openssl(machine: Machine, folder: string, args: readonly string[]): Promise<void> {
    await machine.execOrThrow(['openssl', 'req', '-x509', ...newKey, ...args], { as: nobody, cwd: folder, timeLimitMs: 20_000 });
}
