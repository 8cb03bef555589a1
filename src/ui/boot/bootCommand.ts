/**
 * Serve When VS Code Is Closed: shows what would be written and asks, or, where it is installed, how it stands and what can be done.
 */
import * as vscode from 'vscode';
import type { BootPlan, BootService, BootStatus } from '../../core/boot/bootService';
import { BootError } from '../../core/boot/errors';
import { serveScript } from '../../core/boot/serveScript';
import type { Log } from '../../core/log';
import type { Repository } from '../../core/repository/repository';
import { inert, inertForNotification } from '../../shared/inert';
import type { DaemonPolicy } from '../daemonPolicy';
import { bootErrorWords, bootPlanDetail, bootPreview, bootStatusWords } from '../words/boot';
import type { PreviewDocuments } from './preview';

export interface BootDependencies {
    readonly daemons: DaemonPolicy;
    readonly previews: PreviewDocuments;
    readonly log: Log;
    showLog(): void;
}

type Action = 'start' | 'stop' | 'restart' | 'linger' | 'show' | 'remove';

export async function bootCommand(repository: Repository, dependencies: BootDependencies): Promise<void> {
    const { boot } = repository;
    if (boot === undefined) {
        return;
    }
    try {
        const status = await boot.status();
        await (status.kind === 'none' ? offer(repository, boot, dependencies) : manage(repository, boot, status, dependencies));
    } catch (error) {
        if (!(error instanceof BootError)) {
            throw error;
        }
        dependencies.log.warn(`Serving ${repository.snapshot.root} at boot: ${error.message}\n${error.detail}`);
        const showLog = vscode.l10n.t('Show Log');
        if ((await vscode.window.showErrorMessage(bootErrorWords(error.reason), showLog)) === showLog) {
            dependencies.showLog();
        }
    }
}

async function offer(repository: Repository, boot: BootService, { daemons, previews }: BootDependencies): Promise<void> {
    const { snapshot } = repository;
    if (snapshot.service.kind !== 'enabled') {
        const enable = vscode.l10n.t('Enable Tor');
        if ((await vscode.window.showInformationMessage(vscode.l10n.t('There is nothing to serve yet: Tor is not enabled for this repository.'), enable)) === enable) {
            await vscode.commands.executeCommand('annexPeers.enableTor', { root: snapshot.root });
        }
        return;
    }
    const plan = await boot.plan();
    if (plan.assistant !== undefined) {
        await vscode.window.showInformationMessage(
            vscode.l10n.t("git-annex's assistant serves this repository already, from login on: {0} lists it. Two would take the service from each other. Remove the line there if this extension is to do it.", inertForNotification(plan.assistant, 200)),
        );
        return;
    }
    const name = `${inert(snapshot.name, 60).replaceAll('/', '_')} (${plan.method})`;
    await previews.show(name, bootPreview(plan, serveScript));
    const choice = await ask(repository, plan);
    await previews.close(name);
    if (choice !== undefined) {
        await install(repository, boot, daemons, choice.lingers);
    }
}

async function ask(repository: Repository, plan: BootPlan): Promise<{ readonly lingers: boolean } | undefined> {
    const install = { title: vscode.l10n.t('Install and Start'), lingers: false };
    const lingering = { title: vscode.l10n.t('Install with Lingering'), lingers: true };
    return vscode.window.showInformationMessage(
        vscode.l10n.t('Serve "{0}" also when VS Code is closed?', inertForNotification(repository.snapshot.name)),
        { modal: true, detail: bootPlanDetail(plan) },
        install,
        ...(plan.method === 'systemd' && plan.beforeLogin !== true ? [lingering] : []),
    );
}

async function install(repository: Repository, boot: BootService, daemons: DaemonPolicy, lingers: boolean): Promise<void> {
    const title = vscode.l10n.t('Installing the service of {0}', inertForNotification(repository.snapshot.name));
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, async () => {
        await boot.install();
        // Ours ends first, so that the two don't take the socket from each other.
        await repository.daemon?.restart();
        await daemons.serve(repository, true);
    });
    if (lingers) {
        await linger(boot);
    }
    vscode.window.setStatusBarMessage(vscode.l10n.t('{0} is served also when VS Code is closed.', inert(repository.snapshot.name)), 8000);
}

/** Most systems let users do that; others want an administrator. */
async function linger(boot: BootService): Promise<void> {
    try {
        await boot.linger();
    } catch (error) {
        if (!(error instanceof BootError)) {
            throw error;
        }
        const copy = vscode.l10n.t('Copy Command');
        const command = 'sudo loginctl enable-linger "$USER"';
        if ((await vscode.window.showWarningMessage(vscode.l10n.t('The service is installed, and runs while you are logged in. Lingering has to be switched on by an administrator: {0}', command), copy)) === copy) {
            await vscode.env.clipboard.writeText(command);
        }
    }
}

async function manage(repository: Repository, boot: BootService, status: BootStatus & { readonly kind: 'installed' }, { daemons }: BootDependencies): Promise<void> {
    const item = (action: Action, icon: string, label: string, description = ''): vscode.QuickPickItem & { readonly action: Action } => ({ action, label: `$(${icon}) ${label}`, description });
    const picked = await vscode.window.showQuickPick(
        [
            ...(status.running
                ? [item('stop', 'debug-stop', vscode.l10n.t('Stop'), vscode.l10n.t('until the next start; peers can not reach this repository then')), item('restart', 'debug-restart', vscode.l10n.t('Restart'), vscode.l10n.t('cuts off peers that are connected'))]
                : [item('start', 'play', vscode.l10n.t('Start'))]),
            ...(status.method === 'systemd' && status.beforeLogin === false ? [item('linger', 'server', vscode.l10n.t('Run Also While I Am Not Logged In'), vscode.l10n.t('switches lingering on for your user'))] : []),
            ...(status.file === undefined ? [] : [item('show', 'go-to-file', vscode.l10n.t('Show the File'), inert(status.file, 200))]),
            item('remove', 'trash', vscode.l10n.t('Remove'), vscode.l10n.t('VS Code serves again while it is open')),
        ],
        { title: vscode.l10n.t('{0}: served also when VS Code is closed', inert(repository.snapshot.name)), placeHolder: bootStatusWords(status) },
    );
    switch (picked?.action) {
        case 'start':
            return daemons.serve(repository, true);
        case 'stop':
            return daemons.stop(repository);
        case 'restart':
            return daemons.restart(repository);
        case 'linger':
            return linger(boot);
        case 'show':
            await (status.file === undefined ? undefined : vscode.window.showTextDocument(vscode.Uri.file(status.file)));
            return;
        case 'remove':
            await boot.remove();
            // Serves on from here, if that is what the user wants while VS Code is open.
            await repository.daemon?.stop();
            await daemons.serveAgain(repository);
            return;
        case undefined:
            return;
    }
}
