/**
 * Notes whom a token was given to, where git-annex can't say.
 */
import * as vscode from 'vscode';
import { relabel, type AccessEntry } from '../../core/peers/access';
import type { Repository } from '../../core/repository/repository';
import { inert } from '../../shared/inert';

export const maxLabelLength = 100;

export async function labelEntry(repository: Repository, entry: AccessEntry): Promise<void> {
    const { holder } = entry;
    const label = await vscode.window.showInputBox({
        title: vscode.l10n.t('Whom This Access Is For'),
        prompt: vscode.l10n.t('A note for you alone. It stays on this computer.'),
        value: 'label' in holder ? inert(holder.label ?? '', maxLabelLength) : '',
        validateInput: value => (value.length > maxLabelLength ? vscode.l10n.t('At most {0} characters.', maxLabelLength) : undefined),
    });
    if (label !== undefined) {
        await relabel(repository.found.gitDir, entry.id, label.trim());
        await repository.refresh();
    }
}
