/**
 * Several remote daemons in one repository: says which they are and who started them, ends the others if the user wants, and serves from here.
 */
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Repository } from '../../core/repository/repository';
import { startedBy } from '../../core/security/findings';
import { daemonsOf } from '../../core/security/findings/daemons';
import { inert, inertForNotification } from '../../shared/inert';
import type { DaemonPolicy } from '../daemonPolicy';

const endLimitMs = 5000;

export async function settleDaemons(repository: Repository, daemons: DaemonPolicy): Promise<void> {
    const { root, name, daemon } = repository.snapshot;
    const own = daemon.kind === 'running' ? daemon.pid : undefined;
    const others = (await daemonsOf(root)).filter(pid => pid !== own);
    if (others.length === 0 || (own === undefined && others.length === 1)) {
        await repository.checkSecurity();
        return;
    }
    const lines = await Promise.all(others.map(async pid => vscode.l10n.t('process {0}, started by: {1}', pid, inert((await startedBy(pid)).slice(0, 3).join(' '), 100))));
    const end = vscode.l10n.t('End Them and Serve From Here');
    const choice = await vscode.window.showWarningMessage(
        vscode.l10n.t('Other programs serve "{0}" as well', inertForNotification(name)),
        {
            modal: true,
            detail: [
                lines.join('\n'),
                vscode.l10n.t('Only the one that started last is reached by peers. If git-annex’s assistant started one, let the assistant serve, or stop it: it starts its remote daemon again.'),
                vscode.l10n.t('What peers are transferring with them at this moment breaks off once, and goes on where it was.'),
            ].join('\n\n'),
        },
        end,
    );
    if (choice !== end) {
        return;
    }
    // Looked at again: a process id may have become another program's meanwhile.
    const still = (await daemonsOf(root)).filter(pid => others.includes(pid));
    for (const pid of still) {
        process.kill(pid, 'SIGTERM');
    }
    for (const limit = performance.now() + endLimitMs; performance.now() < limit && (await daemonsOf(root)).some(pid => still.includes(pid)); ) {
        await delay(100);
    }
    await daemons.restart(repository);
    await repository.checkSecurity();
}
