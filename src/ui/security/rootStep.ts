/**
 * The one step as root that changes Tor's configuration, in a terminal that the user sees; what came of it in words.
 */
import * as vscode from 'vscode';
import type { RepositoryContext } from '../../core/annex/context';
import { torrcOutcome } from '../../core/tor/changeTorrc';
import type { RootCommand } from '../../core/tor/enableCommand';
import { inert } from '../../shared/inert';
import { controlTor } from '../commands/torRemedies';
import { runInTerminal } from '../terminal';

/** True if the configuration was changed; `reloaded`: Tor has read it, after a second try if the user wanted one. undefined: nothing was changed. */
export async function changeTorrc(context: RepositoryContext, command: RootCommand, title: string, signal?: AbortSignal): Promise<{ readonly reloaded: boolean } | undefined> {
    const { root, registry, log } = context;
    const exitCode = await runInTerminal({ title, file: command.file, args: command.args, cwd: root, message: command.shown }, { log, registry, ...(signal === undefined ? {} : { signal }) });
    switch (exitCode === undefined ? undefined : torrcOutcome(exitCode)) {
        case 'done':
            return { reloaded: true };
        case 'not-reloaded':
            return { reloaded: await reload(context, command) };
        case 'changed-meanwhile':
            await vscode.window.showWarningMessage(title, { modal: true, detail: vscode.l10n.t("Tor's configuration was changed by somebody else since it was shown to you, so nothing was done. Look at it again.") });
            return undefined;
        case 'failed':
            await vscode.window.showErrorMessage(title, {
                modal: true,
                detail: vscode.l10n.t('The command ended with exit code {0}: the password was not accepted, or it could not do its work.\n\n{1}', exitCode ?? 0, inert(command.shown, 1500)),
            });
            return undefined;
        case undefined:
            return undefined;
    }
}

async function reload({ root, registry, log }: RepositoryContext, { method }: RootCommand): Promise<boolean> {
    const again = vscode.l10n.t('Reload Tor');
    const choice = await vscode.window.showWarningMessage(vscode.l10n.t("Tor's configuration is changed, but Tor has not read it: it may be stopped. It does so when it starts."), again);
    return choice === again && controlTor('reload', { cwd: root, registry, log, method });
}
