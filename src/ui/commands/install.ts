/**
 * Says how to install the programs that are missing: the exact command for this system, to copy or to run in a terminal.
 */
import * as vscode from 'vscode';
import type { InstallableProgram } from '../../core/preflight/installCommands';
import { installCommand, installConfiguration } from '../../core/preflight/installCommands';
import type { Preflight } from '../../core/preflight/preflight';
import { inert } from '../../shared/inert';

function missingPrograms(preflight: Preflight): readonly InstallableProgram[] {
    const missing: InstallableProgram[] = [];
    if (preflight.git === undefined) {
        missing.push('git');
    }
    if (preflight.gitAnnex.kind !== 'ready') {
        missing.push('git-annex');
    }
    if (preflight.tor.kind === 'not-installed' || (preflight.tor.kind === 'tor-browser-only' && !preflight.tor.installed)) {
        missing.push('tor');
    }
    if (preflight.wormhole.kind === 'missing') {
        missing.push('wormhole');
    }
    return missing;
}

function systemWords(preflight: Preflight): string {
    const { system } = preflight;
    switch (system.sandbox) {
        case 'flatpak':
            return vscode.l10n.t("This editor runs as a Flatpak, which doesn't see the system's programs. Install VS Code from your distribution's or Microsoft's package instead, or open the folder through Remote - SSH on this computer.");
        case 'snap':
            return vscode.l10n.t("This editor runs as a Snap. If these programs are installed already, the Snap hides them: install VS Code from Microsoft's package instead.");
        case 'container':
            return vscode.l10n.t('This editor works inside a container. The programs have to be installed in the container, and Tor has to run there.');
        case undefined:
            break;
    }
    return vscode.l10n.t('This computer runs {0}.', inert(system.name, 80));
}

/** What is there, but can't be used. */
function oldWords({ gitAnnex }: Preflight): readonly string[] {
    return gitAnnex.kind === 'too-old'
        ? [vscode.l10n.t("git-annex {0} is installed; 10.20220927 or newer is needed. If your system has no newer one, take git-annex's own build: https://git-annex.branchable.com/install/", inert(gitAnnex.version.text, 60))]
        : [];
}

export async function installPrograms(preflight: Preflight | undefined, checkAgain: () => Promise<void>): Promise<void> {
    if (preflight === undefined) {
        return;
    }
    const missing = missingPrograms(preflight);
    if (missing.length === 0) {
        await checkAgain();
        return;
    }
    if (preflight.system.distribution === 'windows') {
        await vscode.window.showInformationMessage(vscode.l10n.t('git-annex has no Tor remotes on Windows'), {
            modal: true,
            detail: vscode.l10n.t('Use the Windows Subsystem for Linux: open the folder there with the WSL extension, and install git-annex and Tor in it.'),
        });
        return;
    }
    const command = installCommand(preflight.system.distribution, missing);
    const configuration = installConfiguration(preflight.system.distribution, missing);
    if (command === undefined && configuration === undefined) {
        await vscode.window.showInformationMessage(vscode.l10n.t('Install {0}', missing.join(', ')), {
            modal: true,
            detail: [systemWords(preflight), ...oldWords(preflight), vscode.l10n.t("Install these programs with your system's package manager, then check again.")].join('\n\n'),
        });
        return;
    }
    const steps = [
        ...(command === undefined ? [] : [vscode.l10n.t('Run this in a terminal:'), command]),
        ...(configuration === undefined ? [] : [vscode.l10n.t('Add these lines to {0}, then run {1}:', inert(configuration.file), inert(configuration.apply)), configuration.lines]),
    ];
    const copy = command === undefined ? vscode.l10n.t('Copy Lines') : vscode.l10n.t('Copy Command');
    const choice = await vscode.window.showInformationMessage(vscode.l10n.t('Install {0}', missing.join(', ')), { modal: true, detail: [systemWords(preflight), ...oldWords(preflight), ...steps].join('\n\n') }, copy, vscode.l10n.t('Check Again'));
    if (choice === copy) {
        await vscode.env.clipboard.writeText(command ?? configuration?.lines ?? '');
    } else if (choice !== undefined) {
        await checkAgain();
    }
}
