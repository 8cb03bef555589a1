/** Says what a repository is doing where a command can't begin because of it: a click that does nothing looks like a fault. */
import * as vscode from 'vscode';
import type { RepositorySnapshot } from '../core/repository/repository';
import { inertForNotification } from '../shared/inert';

/** Whether it is busy; then that was said. */
export function sayIfBusy({ activity, name }: RepositorySnapshot): boolean {
    if (activity === undefined) {
        return false;
    }
    const shown = inertForNotification(name);
    switch (activity.kind) {
        case 'syncing':
            void vscode.window.showInformationMessage(vscode.l10n.t('"{0}" is syncing. Try again when that has ended; it can be cancelled on its row in the view.', shown));
            return true;
        case 'adding':
            void vscode.window.showInformationMessage(vscode.l10n.t('Files are being added to "{0}". Try again when that has ended.', shown));
            return true;
        case 'enabling-tor':
            void vscode.window.showInformationMessage(vscode.l10n.t('Tor is being enabled for "{0}". Try again when that has ended.', shown));
            return true;
        case 'disabling-tor':
            void vscode.window.showInformationMessage(vscode.l10n.t('Tor is being disabled for "{0}". Try again when that has ended.', shown));
            return true;
    }
}
