/** Words for what is wrong with a peer's name. */
import * as vscode from 'vscode';
import type { RemoteNameProblem } from '../../core/peers/remoteName';

export function remoteNameWords(problem: RemoteNameProblem): string {
    switch (problem) {
        case 'empty':
            return vscode.l10n.t('Enter a name.');
        case 'form':
            return vscode.l10n.t('Use letters, digits, hyphens, dots and underscores; start with a letter or digit.');
        case 'taken':
            return vscode.l10n.t('This repository has a remote of that name already.');
    }
}
