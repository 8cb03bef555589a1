/** Which programs the rig needs, which Debian or Ubuntu packages bring them, and how those are installed. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import { findProgram } from '../../../src/core/process/findProgram';
import { runOrThrow, type RunOptions } from '../../../src/core/process/run';
import { messageOf } from '../../../src/core/errors';
import { silentLog } from '../../../src/core/log';
import { RigError } from '../errors';
import { systemPath } from '../paths';

export interface SystemPackage {
    readonly name: string;
    /** Any one of these proves that it is there: a program's name, or an absolute path for a library. */
    readonly proof: readonly string[];
    readonly why: string;
}

const pythonLibraries = '/usr/lib/python3/dist-packages';

export const systemPackages: readonly SystemPackage[] = [
    { name: 'git', proof: ['git'], why: 'the repositories' },
    { name: 'git-annex', proof: ['git-annex'], why: 'the repositories, and the other end of every test' },
    { name: 'tor', proof: ['/usr/bin/tor'], why: 'the private Tor network and every computer\'s tor' },
    { name: 'magic-wormhole', proof: ['wormhole'], why: 'pairing, as git-annex does it' },
    { name: 'wormhole-william', proof: ['wormhole-william'], why: 'an independent Magic Wormhole to test against' },
    { name: 'python3-spake2', proof: [`${pythonLibraries}/spake2`], why: 'the reference of the key exchange' },
    { name: 'python3-magic-wormhole-mailbox-server', proof: [`${pythonLibraries}/wormhole_mailbox_server`], why: 'the mailbox server' },
    { name: 'magic-wormhole-transit-relay', proof: [`${pythonLibraries}/wormhole_transit_relay`], why: 'the transit relay' },
    { name: 'iproute2', proof: ['ip'], why: 'the cables between the computers' },
    { name: 'sudo', proof: ['sudo'], why: 'enabling Tor as a user does it' },
    { name: 'util-linux', proof: ['nsenter'], why: 'the namespaces' },
    { name: 'procps', proof: ['ps'], why: 'looking for processes left behind' },
    { name: 'openssl', proof: ['openssl'], why: 'the certificates of the mailbox server that answers TLS' },
    { name: 'tcpdump', proof: ['tcpdump'], why: 'proving that nothing goes past Tor' },
    { name: 'strace', proof: ['strace'], why: 'proving what is run and connected to' },
    { name: 'ripgrep', proof: ['rg'], why: 'the editor\'s search' },
    { name: 'chromium', proof: ['chromium', 'chromium-browser', 'google-chrome'], why: 'the browser that clicks' },
    { name: 'perl-base', proof: ['/usr/bin/perl'], why: 'the cable with a delay' },
    { name: 'libfaketime', proof: ['/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1', '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1'], why: 'a clock that leaps' },
    { name: 'cron', proof: ['/usr/sbin/cron'], why: 'starting a service with the computer where there is no systemd' },
    { name: 'rsync', proof: ['rsync'], why: 'git-annex\'s special remotes' },
];

async function isThere(proof: string): Promise<boolean> {
    if (path.isAbsolute(proof)) {
        return access(proof).then(() => true, () => false);
    }
    return await findProgram(proof, systemPath) !== undefined;
}

/** The packages of which nothing is installed, in a fixed order. */
export async function missingPackages(packages: readonly SystemPackage[] = systemPackages): Promise<SystemPackage[]> {
    const missing: SystemPackage[] = [];
    for (const candidate of packages) {
        const proofs = await Promise.all(candidate.proof.map(isThere));
        if (!proofs.includes(true)) {
            missing.push(candidate);
        }
    }
    return missing;
}

/** The command lines that install `names`, as root or through sudo; undefined where neither can be had. */
export async function installCommands(names: readonly string[], uid = process.getuid?.()): Promise<string[][] | undefined> {
    const aptGet = await findProgram('apt-get', systemPath);
    const sudo = uid === 0 ? undefined : await findProgram('sudo', systemPath);
    if (aptGet === undefined || (uid !== 0 && sudo === undefined)) {
        return undefined;
    }
    const asRoot = [...(sudo === undefined ? [] : [sudo]), '/usr/bin/env', 'DEBIAN_FRONTEND=noninteractive', aptGet];
    return [[...asRoot, 'update', '--quiet'], [...asRoot, 'install', '--yes', '--quiet', '--no-install-recommends', ...names]];
}

/**
 * Installs what is missing; says first what, and by which command; does and says nothing if all is there.
 * A tor that the system starts on installation is left to the system.
 * @param execute runs one of the command lines and rejects if it fails; it may have to ask for sudo's password
 * @throws {RigError} `unsupported` without apt-get or a way to become root, `install-failed` if apt-get fails.
 */
export async function installPackages(say: (line: string) => void, execute: (command: readonly string[]) => Promise<void> = async command => runInstaller(command, say)): Promise<void> {
    const missing = await missingPackages();
    if (missing.length === 0) {
        return;
    }
    const names = missing.map(({ name }) => name);
    const commands = await installCommands(names);
    const wanted = missing.map(({ name, why }) => `  ${name} (${why})`).join('\n');
    if (commands === undefined) {
        throw new RigError('unsupported', `These Debian or Ubuntu packages are missing, and there is no apt-get, or no way to become root, to install them with:\n${wanted}`);
    }
    say(`Missing packages:\n${wanted}`);
    for (const command of commands) {
        say(`Running: ${command.join(' ')}`);
        await execute(command);
    }
    const still = await missingPackages();
    if (still.length > 0) {
        throw new RigError('install-failed', `Still missing after the installation: ${still.map(({ name }) => name).join(', ')}`);
    }
}

async function runInstaller([file, ...args]: readonly string[], say: (line: string) => void): Promise<void> {
    if (file === undefined) {
        return;
    }
    const options: RunOptions = { log: silentLog, onStdoutLine: line => say(`  ${line}`), onStderrLine: line => say(`  ${line}`), keepStdout: false };
    try {
        await runOrThrow({ file, args, cwd: '/' }, options);
    } catch (error) {
        throw new RigError('install-failed', `${[file, ...args].join(' ')} failed: ${messageOf(error)}`, '', { cause: error });
    }
}
