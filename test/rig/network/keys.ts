/**
 * The long-term keys of the private Tor network's nodes, kept from run to run: an authority's take more than a second.
 *
 * A rig works on a copy, so any number of rigs can use the same keys at once: their networks never touch.
 */
import { access, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile, chmod } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../../../src/core/log';
import { runOrThrow } from '../../../src/core/process/run';
import { dirPort, orPort } from './addresses';
import type { TorNode } from './torrc';

export interface KeyOptions {
    /** Where the keys of all nodes are kept; made if need be. */
    readonly keysFolder: string;
    readonly log: Log;
    readonly signal?: AbortSignal | undefined;
}

export type NodePlan = Pick<TorNode, 'nickname' | 'kind' | 'address'>;

const month = 30 * 24 * 3600 * 1000;

/** When an authority's certificate ends, in ms since 1970 (tor directory specification: `dir-key-expires`, UTC). */
export function certificateEnd(certificate: string): number {
    const [, date = '', time = ''] = /^dir-key-expires (\S+) (\S+)$/mu.exec(certificate) ?? [];
    return Date.parse(`${date}T${time}Z`);
}

/** The value of a `fingerprint` line in an authority's certificate, or after the nickname in tor's `fingerprint` file. */
export function fingerprintIn(text: string): string {
    const found = /(?:^| )([0-9A-F]{40})\s*$/mu.exec(text)?.[1];
    if (found === undefined) {
        throw new Error('no fingerprint found');
    }
    return found;
}

/** The folder that holds `keys/` and `fingerprint` of one node, to be copied into its DataDirectory. */
export function nodeKeysFolder(keysFolder: string, nickname: string): string {
    return path.join(keysFolder, nickname);
}

/** The node with its fingerprints; makes its keys if there are none, or if the authority's certificate ends within a month. */
export async function nodeWithKeys(plan: NodePlan, options: KeyOptions): Promise<TorNode> {
    const folder = nodeKeysFolder(options.keysFolder, plan.nickname);
    if (!await isUsable(folder, plan)) {
        await makeKeys(folder, plan, options);
    }
    const fingerprint = fingerprintIn(await readFile(path.join(folder, 'fingerprint'), 'utf8'));
    const node = { ...plan, orPort, fingerprint };
    return plan.kind === 'relay' ? node : { ...node, authorityFingerprint: fingerprintIn(await readFile(certificateFile(folder), 'utf8')) };
}

const certificateFile = (folder: string): string => path.join(folder, 'keys', 'authority_certificate');

async function isUsable(folder: string, plan: NodePlan): Promise<boolean> {
    try {
        await access(path.join(folder, 'fingerprint'));
        return plan.kind === 'relay' || certificateEnd(await readFile(certificateFile(folder), 'utf8')) > Date.now() + month;
    } catch {
        return false;
    }
}

async function makeKeys(folder: string, plan: NodePlan, { keysFolder, log, signal }: KeyOptions): Promise<void> {
    await mkdir(keysFolder, { recursive: true });
    // Made aside and moved into place whole: another rig may be doing the same.
    const draft = await mkdtemp(path.join(keysFolder, `.${plan.nickname}-`));
    try {
        const keys = path.join(draft, 'keys');
        await mkdir(keys, { mode: 0o700 });
        if (plan.kind === 'authority') {
            const args = ['--create-identity-key', '-m', '12', '-a', `${plan.address}:${dirPort}`, '--passphrase-fd', '0'];
            await runOrThrow({ file: '/usr/bin/tor-gencert', args, cwd: keys }, { log, signal, input: 'rig\n' });
        }
        const torrc = path.join(draft, 'torrc');
        const placeholder = 'DirAuthority none orport=1 no-v2 v3ident=0000000000000000000000000000000000000000 127.0.0.1:1 0000000000000000000000000000000000000000';
        await writeFile(torrc, `${placeholder}\nDataDirectory ${draft}\nNickname ${plan.nickname}\nORPort ${plan.address}:${orPort}\nExitRelay 0\n`);
        await runOrThrow({ file: '/usr/bin/tor', args: ['--defaults-torrc', '/dev/null', '-f', torrc, '--quiet', '--list-fingerprint'], cwd: draft }, { log, signal });
        for (const name of await readdir(draft)) {
            if (name !== 'keys' && name !== 'fingerprint') {
                await rm(path.join(draft, name), { recursive: true });
            }
        }
        await chmod(draft, 0o700);
        await rm(folder, { recursive: true, force: true });
        await rename(draft, folder);
    } catch (error) {
        await rm(draft, { recursive: true, force: true });
        if (!await isUsable(folder, plan)) {
            throw error;
        }
    }
}
