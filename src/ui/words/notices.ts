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
    const { t } = vscode.l10n;
    switch (notice) {
        case 'not-annex':
            return {
                label: t('Not a git-annex repository yet'),
                tooltip: t('git-annex has to be set up in this repository once.'),
                command: 'annexPeers.initialize',
                action: t('Set up git-annex'),
                severity: 'info',
            };
        case 'tor-not-installed':
            return {
                label: t('Tor is not installed'),
                tooltip: t('Peers are reached over Tor.'),
                command: 'annexPeers.installPrograms',
                action: t('Show how to install Tor'),
                severity: 'warning',
            };
        case 'tor-browser-only':
            return {
                label: t('Only Tor Browser is running'),
                tooltip: t("Tor Browser's own Tor listens on port 9150. git-annex uses the system's Tor on 127.0.0.1:9050 alone, so that one has to be installed as well."),
                command: 'annexPeers.installPrograms',
                action: t('Show how to install Tor'),
                severity: 'warning',
            };
        case 'tor-not-running':
            return {
                label: t('Tor is not running'),
                tooltip: t('Nothing answers on 127.0.0.1:9050, where git-annex expects Tor. Until it does, no peer can be reached.'),
                command: 'annexPeers.startTor',
                action: t('Start Tor'),
                severity: 'warning',
            };
        case 'tor-not-enabled':
            return {
                label: t('Tor is not enabled: connect only'),
                tooltip: t('You can link to peers, fetch, get and sync. For peers to reach this repository, it needs an onion service.'),
                command: 'annexPeers.enableTor',
                action: t('Enable Tor'),
                severity: 'info',
            };
        case 'service-unfinished':
            return {
                label: t('Enabling Tor was not finished'),
                tooltip: t("Tor's configuration has this repository's lines, but Tor has not made the onion service yet."),
                command: 'annexPeers.enableTor',
                action: t('Finish enabling Tor'),
                severity: 'warning',
            };
        case 'service-not-served':
            return {
                label: t("The onion service is gone from Tor's configuration"),
                tooltip: t("This repository has an onion address, but Tor's configuration no longer has its lines, so peers can't reach it."),
                command: 'annexPeers.enableTor',
                action: t('Enable Tor again'),
                severity: 'warning',
            };
        case 'daemon-stopped':
            return {
                label: t('Not being served'),
                tooltip: t("The remote daemon is not running, so peers can't reach this repository and their changes are not noticed."),
                command: 'annexPeers.startDaemon',
                action: t('Start the remote daemon'),
                severity: 'warning',
            };
        case 'daemon-waiting':
            return {
                label: t('The remote daemon keeps ending'),
                tooltip: t('It is started again by itself after a while. The log says what it said.'),
                command: 'annexPeers.restartDaemon',
                action: t('Restart now'),
                severity: 'warning',
            };
        case 'copied-repository':
            return {
                label: t('A copy of this repository is being served'),
                tooltip: t('Another folder holds a repository with the same identity, and peers could not tell the two apart. If one is a copy, give it an identity of its own: git annex reinit, or a fresh clone.'),
                command: 'annexPeers.refresh',
                action: t('Check again'),
                severity: 'warning',
            };
        case 'fetches-may-hang':
            return {
                label: t("Peers' fetches may hang"),
                tooltip: t('git-annex loses the end of a fetch now and then. The cure for it needs perl and a git-annex that looks git up on the PATH, and does not work here; the log has the reason.'),
                command: 'annexPeers.showLog',
                action: t('Show Log'),
                severity: 'info',
            };
        case 'wormhole-missing':
            return {
                label: t('Magic Wormhole is not installed'),
                tooltip: t('Your settings say that pairing uses the wormhole program on the PATH, and there is none.'),
                command: 'annexPeers.installPrograms',
                action: t('Show how to install Magic Wormhole'),
                severity: 'info',
            };
        case 'no-peers':
            return {
                label: t('No peers yet'),
                tooltip: t('Pair with somebody: you each show a code and enter the other one.'),
                command: 'annexPeers.pairPeer',
                action: t('Pair Peer'),
                severity: 'info',
            };
    }
}
