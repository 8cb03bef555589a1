/**
 * Words and remedies for what a repository lacks.
 */
import * as vscode from 'vscode';
import type { Notice } from '../../core/repository/nextStep';
import type { CommandId } from '../commands/ids';

export interface NoticeWords {
    readonly label: string;
    readonly tooltip: string;
    /** The command that mends it, and its label. */
    readonly command: CommandId;
    readonly action: string;
    readonly severity: 'info' | 'warning';
}

export function noticeWords(notice: Notice): NoticeWords {
    switch (notice) {
        case 'repository-unreadable':
            return {
                label: vscode.l10n.t("git can't read this repository"),
                tooltip: vscode.l10n.t('The folder may belong to another user, or its .git folder may be damaged. It is tried again by itself; the log has what git said.'),
                command: 'annexPeers.showLog',
                action: vscode.l10n.t('Show the log'),
                severity: 'warning',
            };
        case 'not-annex':
            return {
                label: vscode.l10n.t('Not a git-annex repository yet'),
                tooltip: vscode.l10n.t('git-annex has to be set up in this repository once.'),
                command: 'annexPeers.initialize',
                action: vscode.l10n.t('Set up git-annex'),
                severity: 'info',
            };
        case 'tor-not-installed':
            return {
                label: vscode.l10n.t('Tor is not installed'),
                tooltip: vscode.l10n.t('Peers are reached over Tor.'),
                command: 'annexPeers.installPrograms',
                action: vscode.l10n.t('Show how to install Tor'),
                severity: 'warning',
            };
        case 'tor-browser-only':
            return {
                label: vscode.l10n.t('Only Tor Browser is running'),
                tooltip: vscode.l10n.t("Tor Browser's own Tor listens on port 9150. git-annex uses the system's Tor on 127.0.0.1:9050 alone, so that one has to be installed as well."),
                command: 'annexPeers.installPrograms',
                action: vscode.l10n.t('Show how to install Tor'),
                severity: 'warning',
            };
        case 'tor-not-running':
            return {
                label: vscode.l10n.t('Tor is not running'),
                tooltip: vscode.l10n.t('Nothing answers on 127.0.0.1:9050, where git-annex expects Tor. Until it does, no peer can be reached.'),
                command: 'annexPeers.startTor',
                action: vscode.l10n.t('Start Tor'),
                severity: 'warning',
            };
        case 'tor-not-enabled':
            return {
                label: vscode.l10n.t('Tor is not enabled: connect only'),
                tooltip: vscode.l10n.t('You can link to peers, fetch, get and sync. For peers to reach this repository, it needs an onion service.'),
                command: 'annexPeers.enableTor',
                action: vscode.l10n.t('Enable Tor'),
                severity: 'info',
            };
        case 'service-unfinished':
            return {
                label: vscode.l10n.t('Enabling Tor was not finished'),
                tooltip: vscode.l10n.t("Tor's configuration has this repository's lines, but Tor has not made the onion service yet."),
                command: 'annexPeers.enableTor',
                action: vscode.l10n.t('Finish enabling Tor'),
                severity: 'warning',
            };
        case 'service-not-served':
            return {
                label: vscode.l10n.t("The onion service is not found in Tor's configuration"),
                tooltip: vscode.l10n.t("This repository has an onion address, but its lines are not found in Tor's configuration (they were removed, or your user may not read them), so it can't be served to peers."),
                command: 'annexPeers.enableTor',
                action: vscode.l10n.t('Enable Tor again'),
                severity: 'warning',
            };
        case 'daemon-stopped':
            return {
                label: vscode.l10n.t('Not being served'),
                tooltip: vscode.l10n.t("The remote daemon is not running, so peers can't reach this repository and their changes are not noticed."),
                command: 'annexPeers.startDaemon',
                action: vscode.l10n.t('Start the remote daemon'),
                severity: 'warning',
            };
        case 'daemon-waiting':
            return {
                label: vscode.l10n.t('The remote daemon keeps ending'),
                tooltip: vscode.l10n.t('It is started again by itself after a while. The log says what it said.'),
                command: 'annexPeers.restartDaemon',
                action: vscode.l10n.t('Restart now'),
                severity: 'warning',
            };
        case 'boot-service-stopped':
            return {
                label: vscode.l10n.t('Not being served: its service is stopped'),
                tooltip: vscode.l10n.t('This repository is served by a service of the system, also when VS Code is closed. It does not answer now, so peers can not reach this repository.'),
                command: 'annexPeers.startDaemon',
                action: vscode.l10n.t('Start the service'),
                severity: 'warning',
            };
        case 'copied-repository':
            return {
                label: vscode.l10n.t('A copy of this repository is being served'),
                tooltip: vscode.l10n.t('Another folder holds a repository with the same identity, and peers could not tell the two apart. If one is a copy, give it an identity of its own: git annex reinit, or a fresh clone.'),
                command: 'annexPeers.refresh',
                action: vscode.l10n.t('Check again'),
                severity: 'warning',
            };
        case 'fetches-may-hang':
            return {
                label: vscode.l10n.t("Peers' fetches may hang"),
                tooltip: vscode.l10n.t('git-annex loses the end of a fetch now and then. The cure for it needs perl and a git-annex that looks git up on the PATH, and does not work here; the log has the reason.'),
                command: 'annexPeers.showLog',
                action: vscode.l10n.t('Show Log'),
                severity: 'info',
            };
        case 'wormhole-missing':
            return {
                label: vscode.l10n.t('Magic Wormhole is not installed'),
                tooltip: vscode.l10n.t('Your settings say that pairing uses the wormhole program on the PATH, and there is none.'),
                command: 'annexPeers.installPrograms',
                action: vscode.l10n.t('Show how to install Magic Wormhole'),
                severity: 'info',
            };
        case 'no-peers':
            return {
                label: vscode.l10n.t('No peers yet'),
                tooltip: vscode.l10n.t('Pair with somebody: you each show a code and enter the other one.'),
                command: 'annexPeers.pairPeer',
                action: vscode.l10n.t('Pair Peer'),
                severity: 'info',
            };
    }
}
