/**
 * Words for serving while VS Code is closed.
 */
import * as vscode from 'vscode';
import type { BootErrorReason } from '../../core/boot/errors';
import type { BootPlan, BootStatus } from '../../core/boot/bootService';
import type { BootMethod } from '../../core/boot/spec';
import { inert } from '../../shared/inert';

export function bootMethodWords(method: BootMethod): string {
    switch (method) {
        case 'systemd':
            return vscode.l10n.t('a systemd service of your user');
        case 'launchd':
            return vscode.l10n.t('a launchd agent of your user');
        case 'cron':
            return vscode.l10n.t('an @reboot entry of your crontab');
    }
}

/** When it runs. */
function whenItRuns({ method, beforeLogin }: Pick<BootPlan, 'method' | 'beforeLogin'>): string {
    switch (method) {
        case 'systemd':
            return beforeLogin === true
                ? vscode.l10n.t('It runs from the start of this computer on, as your user lingers: also before you log in, and after you log out.')
                : vscode.l10n.t('It runs from your first login to your last logout. With lingering, systemd runs the services of your user from the start of this computer on, also while you are not logged in.');
        case 'launchd':
            return vscode.l10n.t('It runs from your login to your logout: launchd knows no agent of a user who is not logged in.');
        case 'cron':
            return vscode.l10n.t('It runs from the start of this computer on, where cron does.');
    }
}

/** What is said beside the question. */
export function bootPlanDetail(plan: BootPlan): string {
    return [
        plan.file === undefined ? vscode.l10n.t('The line that you see is added to your crontab; its other lines stay as they are.') : vscode.l10n.t('What you see is written to {0}', inert(plan.file, 300)),
        vscode.l10n.t('The program that it starts is {0}', inert(plan.program, 300)),
        whenItRuns(plan),
        vscode.l10n.t('While it is installed it always serves, and VS Code only watches: closing the last window does not interrupt your peers. They can read the history and content of this repository, and add and remove content, as while VS Code is open.'),
    ].join('\n\n');
}

/** What is shown before anything is written: file, program, and what is run. */
export function bootPreview(plan: BootPlan, program: string): string {
    const where = plan.file === undefined ? vscode.l10n.t('Added to your crontab (crontab -e shows it):') : vscode.l10n.t('Written to {0}', inert(plan.file, 300));
    const line = '# '.padEnd(78, '-');
    return [`# ${where}`, line, plan.text.trimEnd(), '', line, `# ${vscode.l10n.t('The program that it starts, written to {0}', inert(plan.program, 300))}`, line, program].join('\n');
}

export function bootStatusWords(status: BootStatus & { readonly kind: 'installed' }): string {
    const running = status.running ? vscode.l10n.t('running') : vscode.l10n.t('stopped');
    const when = status.method === 'cron' || status.beforeLogin === true ? vscode.l10n.t('from the start of this computer on') : vscode.l10n.t('from login to logout');
    return `${bootMethodWords(status.method)}: ${running}, ${when}`;
}

export function bootErrorWords(reason: BootErrorReason): string {
    switch (reason) {
        case 'no-manager':
            return vscode.l10n.t('This system has neither a systemd for users that answers, nor cron: nothing here could start the service. A program that runs "git-annex remotedaemon" in this repository at boot does the same.');
        case 'odd-path':
            return vscode.l10n.t('The path of this repository has a line break or another control character, which no service can be told.');
        case 'refused':
            return vscode.l10n.t('The service manager of this system did not do it. The log has its words.');
    }
}
