/**
 * What mends Tor on this computer, each by a visible command as root in a terminal: start it, reload it, let its
 * configuration be read, let it reach git-annex's socket. A remedy that failed says so and can be tried again.
 */
import { chmod, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { findProgram } from '../../core/process/findProgram';
import type { Log } from '../../core/log';
import type { ChildRegistry } from '../../core/process/managedProcess';
import { makeTemporaryFolder } from '../../core/process/temporaryFolder';
import { detectTor } from '../../core/tor/detect';
import { currentRootEnvironment, rootCommands, type RootMethod } from '../../core/tor/enableCommand';
import { torServiceCommand, waitForTor } from '../../core/tor/serviceControl';
import type { ServingObstacle } from '../../core/tor/servingObstacle';
import { inert } from '../../shared/inert';
import { abortSignalOf } from '../cancellation';
import { runInTerminal } from '../terminal';

/** How long Tor may take from its start until it answers on its SOCKS port. */
const startLimitMs = 20_000;
/** The configuration that Tor itself reads by default on Linux, and the first one that git-annex looks for. */
const linuxTorrc = '/etc/tor/torrc';

export interface RemedyOptions {
    /** The folder in which the terminal opens. */
    readonly cwd: string;
    readonly registry: ChildRegistry | undefined;
    readonly log: Log;
    /** The way to become root that the user chose before; the best one if left out. */
    readonly method?: RootMethod;
}

/** Runs a program as root in a terminal until it worked; false if the user gave it up. */
async function runAsRoot(file: string, args: readonly string[], { cwd, method, registry, log }: RemedyOptions): Promise<boolean> {
    const commands = await rootCommands(file, args, cwd, currentRootEnvironment());
    const command = commands.find(candidate => candidate.method === method) ?? commands[0];
    if (command === undefined) {
        await vscode.window.showErrorMessage(vscode.l10n.t("This needs root's rights, and this system has neither sudo nor su."), { modal: true });
        return false;
    }
    for (;;) {
        const exitCode = await runInTerminal({ title: vscode.l10n.t('Tor'), file: command.file, args: command.args, cwd, message: command.shown }, { log, registry });
        if (exitCode === 0 || exitCode === undefined) {
            return exitCode === 0;
        }
        const again = vscode.l10n.t('Try Again');
        const choice = await vscode.window.showErrorMessage(
            vscode.l10n.t('That did not work'),
            { modal: true, detail: vscode.l10n.t('The command ended with exit code {0}: the password was not accepted, or it could not do its work.\n\n{1}', exitCode, inert(command.shown, 500)) },
            again,
        );
        if (choice !== again) {
            return false;
        }
    }
}

/** Starts or reloads the system's Tor, and waits until it answers; false if that failed or was given up. */
export async function controlTor(action: 'start' | 'reload', options: RemedyOptions): Promise<boolean> {
    const control = await torServiceCommand(action);
    if (control === undefined) {
        await vscode.window.showErrorMessage(vscode.l10n.t('No way was found to control the Tor service here. Start it as your system does, then check again.'), { modal: true });
        return false;
    }
    if (!(await runAsRoot(control.file, control.args, options))) {
        return false;
    }
    const answers = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Waiting for Tor to answer'), cancellable: true }, (_progress, token) =>
        waitForTor(startLimitMs, abortSignalOf(token)),
    );
    if (!answers) {
        await vscode.window.showErrorMessage(vscode.l10n.t('Tor does not answer'), {
            modal: true,
            detail: vscode.l10n.t('Its service was started, but nothing answers on 127.0.0.1:9050, where git-annex expects Tor. Tor may have ended again (its own log says why), or its configuration may name another SocksPort.'),
        });
    }
    return answers;
}

/** Lets everybody read Tor's configuration. */
export async function letTorrcBeRead(torrc: string, options: RemedyOptions): Promise<boolean> {
    return runAsRoot(await programPath('chmod'), ['a+rX', path.dirname(torrc), torrc], options);
}

/** Makes an empty configuration for Tor, which everybody can read. */
export async function makeTorrc(options: RemedyOptions): Promise<boolean> {
    return runAsRoot(await programPath('install'), ['-D', '-m', '644', '/dev/null', linuxTorrc], options);
}

/** Whether {@link makeTorrc} would make the file that Tor reads: there is a Tor, and this is Linux. */
export async function canMakeTorrc(): Promise<boolean> {
    const tor = process.platform === 'linux' ? await detectTor() : undefined;
    return tor?.kind === 'running' || tor?.kind === 'not-running' || (tor?.kind === 'tor-browser-only' && tor.installed);
}

/** Clears what keeps Tor from the socket of an onion service. */
export async function clearObstacle(obstacle: Exclude<ServingObstacle, { kind: 'unknown' }>, options: RemedyOptions): Promise<boolean> {
    switch (obstacle.kind) {
        case 'folder-closed':
            return openFolders(obstacle.folders, options);
        case 'apparmor':
            return (obstacle.rule === undefined || (await appendAsRoot(`  ${obstacle.rule}\n`, obstacle.localRules, options))) && runAsRoot(await programPath('apparmor_parser'), ['-r', obstacle.profile], options);
    }
}

/** Lets everybody enter the folders (not look into them); root is needed for those of others alone. */
async function openFolders(folders: readonly string[], options: RemedyOptions): Promise<boolean> {
    const others: string[] = [];
    for (const folder of folders) {
        const info = await stat(folder);
        if (info.uid === process.getuid?.()) {
            await chmod(folder, (info.mode & 0o7777) | 0o001);
        } else {
            others.push(folder);
        }
    }
    return others.length === 0 || runAsRoot(await programPath('chmod'), ['a+x', ...others], options);
}

/** Appends a text to a file of root's; dd does it without a shell. */
async function appendAsRoot(text: string, file: string, options: RemedyOptions): Promise<boolean> {
    const folder = await makeTemporaryFolder('annex-peers-rule-', options.registry);
    try {
        const source = path.join(folder.path, 'rule');
        await writeFile(source, text, { mode: 0o600 });
        return await runAsRoot(await programPath('dd'), [`if=${source}`, `of=${file}`, 'oflag=append', 'conv=notrunc', 'status=none'], options);
    } finally {
        await folder.remove();
    }
}

/** Where a system program is; its name if it is on no usual place, so that the command says what is missing. */
async function programPath(name: string): Promise<string> {
    return (await findProgram(name)) ?? (await findProgram(name, '/usr/sbin:/sbin:/usr/bin:/bin')) ?? `/usr/sbin/${name}`;
}
