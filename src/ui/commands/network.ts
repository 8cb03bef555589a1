/**
 * Looking at the network now, and copying a text for those who help.
 */
import os from 'node:os';
import * as vscode from 'vscode';
import * as v from 'valibot';
import { diagnosticsText } from '../../core/diagnostics';
import type { Trouble } from '../../core/log';
import type { Repository } from '../../core/repository/repository';
import type { Workspace } from '../../core/repository/workspace';
import { inertForNotification } from '../../shared/inert';
import { abortSignalOf } from '../cancellation';

/** With progress and Cancel, as asking through Tor takes up to a minute. */
export async function checkNetworkCommand(repository: Repository): Promise<void> {
    const title = vscode.l10n.t('Checking the network of {0}', inertForNotification(repository.snapshot.name));
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (_progress, token) => {
        const signal = abortSignalOf(token);
        await Promise.all([repository.checkNetwork(signal), repository.presence?.checkNow()]);
    });
}

const manifestSchema = v.object({ version: v.string() });

export async function copyDiagnostics(workspace: Workspace, manifest: unknown, troubles: readonly Trouble[]): Promise<void> {
    const { success, output } = v.safeParse(manifestSchema, manifest);
    const text = diagnosticsText({
        versions: { extension: success ? output.version : 'not known', editor: `${vscode.env.appName} ${vscode.version}` },
        preflight: workspace.preflight,
        repositories: workspace.repositories.map(({ snapshot }) => snapshot),
        troubles,
        home: os.homedir(),
        user: os.userInfo().username,
        now: Date.now(),
    });
    await vscode.env.clipboard.writeText(text);
    const show = vscode.l10n.t('Show');
    const choice = await vscode.window.showInformationMessage(vscode.l10n.t('Diagnostics were copied, without names, addresses and tokens.'), show);
    if (choice === show) {
        await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: text, language: 'plaintext' }));
    }
}
