/**
 * Before a pairing: sees to it that this repository can be reached. A pairing with one that can't be takes both people's time and codes,
 * and fails at its end.
 */
import * as vscode from 'vscode';
import type { Repository } from '../../core/repository/repository';
import { whyUnreachable, type Unreachable } from '../../core/repository/reachable';
import { inertForNotification } from '../../shared/inert';
import type { DaemonPolicy } from '../daemonPolicy';
import { noticeWords } from '../words/notices';
import type { CommandId } from './ids';

type Way = 'pair' | 'serve' | Extract<CommandId, 'annexPeers.enableTor' | 'annexPeers.linkAddress' | 'annexPeers.refresh'>;

interface Offer {
    readonly message: string;
    readonly detail: string;
    readonly ways: readonly { readonly title: string; readonly way: Way }[];
}

function offerFor(why: Unreachable, name: string): Offer {
    const needed = vscode.l10n.t('At the end of a pairing both repositories connect to each other over Tor.');
    const link = { title: vscode.l10n.t('Link to an Address Instead'), way: 'annexPeers.linkAddress' as const };
    switch (why) {
        case 'not-enabled':
        case 'unfinished': {
            const words = noticeWords(why === 'unfinished' ? 'service-unfinished' : 'tor-not-enabled');
            return {
                message: vscode.l10n.t('"{0}" can\'t be reached over Tor yet', name),
                detail: [words.tooltip, needed, vscode.l10n.t('With an address that the other person has made you can link to them, and sync, without that.')].join('\n\n'),
                ways: [{ title: why === 'unfinished' ? words.action : vscode.l10n.t('Enable Tor'), way: 'annexPeers.enableTor' }, link],
            };
        }
        case 'not-served': {
            const words = noticeWords('service-not-served');
            return {
                message: vscode.l10n.t('"{0}" may not be reached over Tor', name),
                detail: [words.tooltip, needed].join('\n\n'),
                ways: [{ title: words.action, way: 'annexPeers.enableTor' }, { title: vscode.l10n.t('Pair All the Same'), way: 'pair' }],
            };
        }
        case 'not-running':
            return {
                message: vscode.l10n.t('"{0}" is not being served', name),
                detail: [needed, vscode.l10n.t('Served, its paired peers can read its history and content, and add and remove content, while VS Code is open.')].join('\n\n'),
                ways: [{ title: vscode.l10n.t('Serve and Pair'), way: 'serve' }],
            };
        case 'copy':
            return {
                message: vscode.l10n.t('A copy of "{0}" is being served in its place', name),
                detail: noticeWords('copied-repository').tooltip,
                ways: [{ title: vscode.l10n.t('Check Again'), way: 'annexPeers.refresh' }],
            };
    }
}

/** Whether the pairing is to begin: at once where nothing is in the way, or by what the user chose. */
export async function makeReachable(repository: Repository, daemons: DaemonPolicy): Promise<boolean> {
    if (whyUnreachable(repository.snapshot) === undefined) {
        return true;
    }
    // It may have been mended just now, by another program.
    await repository.refresh();
    if (whyUnreachable(repository.snapshot) === 'not-running') {
        await daemons.serveAsAgreed(repository);
    }
    const why = whyUnreachable(repository.snapshot);
    if (why === undefined) {
        return true;
    }
    const { message, detail, ways } = offerFor(why, inertForNotification(repository.snapshot.name));
    const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail }, ...ways);
    switch (chosen?.way) {
        case undefined:
            return false;
        case 'pair':
            return true;
        case 'serve':
            await daemons.serve(repository, true);
            return true;
        case 'annexPeers.enableTor':
        case 'annexPeers.linkAddress':
        case 'annexPeers.refresh':
            await vscode.commands.executeCommand(chosen.way, { root: repository.snapshot.root });
            return false;
    }
}
