/**
 * Words for what there is to warn of: what it is in a few words, why it matters, and what the button beside it does.
 */
import * as vscode from 'vscode';
import type { Finding, Mend, Severity, SyncedFolder } from '../../core/security/findings';
import { inert } from '../../shared/inert';

export interface FindingWords {
    readonly label: string;
    readonly why: string;
}

export function findingWords(finding: Finding): FindingWords {
    const { id, data } = finding;
    switch (id) {
        case 'credentials-readable':
            return {
                label: vscode.l10n.t('Credentials others can read'),
                why: vscode.l10n.t('Other users of this computer can read {0}. Whoever has a token from there gets into this repository, or into a peer’s, with all rights.', fileNames(data.files.map(file => file.path))),
            };
        case 'wormhole-vulnerable':
            return {
                label: vscode.l10n.t('A wormhole program with a known hole'),
                why: vscode.l10n.t('Your settings have pairings use {0}. In it, whoever sends can decide where a received file is written on this computer. It was mended in magic-wormhole 0.24.0; the extension’s own client never had it.', inert(data.version, 60)),
            };
        case 'token-in-address':
            return {
                label: vscode.l10n.t('A token stands in a remote’s address'),
                why: vscode.l10n.t('The address of {0} has the token at its end, and every program that shows addresses shows it, in logs too. It belongs into a file under .git/annex/creds: take it out of the address, and link to the peer again.', inert(data.remotes.join(', '), 120)),
            };
        case 'folder-is-copied':
            return {
                label: vscode.l10n.t('This folder is copied elsewhere'),
                why: vscode.l10n.t('{0} looks like a folder that {1} copies to other computers. The repository’s credentials go with it, and whoever gets them gets in. Two computers that share one copied .git folder also damage it. Move the repository out of it.', inert(data.folder, 160), inert(copierName(data.by))),
            };
        case 'daemons-compete':
            return {
                label: vscode.l10n.t('Several programs serve it'),
                why: vscode.l10n.t('{0} remote daemons run here. Each one that starts takes the socket from the one before, and when the last one ends nobody serves, although the others still run.', data.pids.length),
            };
        case 'unknown-access':
            return {
                label: vscode.l10n.t('Access that nobody is known to have: {0}', data.count),
                why: vscode.l10n.t('git-annex keeps no record of whom a token was given to, and neither does this extension for these. If you know, note it; if nobody of yours needs it, revoke it.'),
            };
        case 'forgotten-access':
            return {
                label: vscode.l10n.t('Access left by removed peers and failed pairings: {0}', data.count),
                why: vscode.l10n.t('These peers are no remotes of this repository any more, or never became any, and would still get in.'),
            };
        case 'pairing-without-tor':
            return {
                label: vscode.l10n.t('Pairings go without Tor'),
                why: vscode.l10n.t('Your settings say so. While pairing, the mailbox server, the relay and the other person learn this computer’s IP address.'),
            };
        case 'git-annex-drops':
            return {
                label: vscode.l10n.t('A drop can lose content'),
                why: vscode.l10n.t('git-annex {0} is installed. When a connection breaks at the wrong moment, its drop may remove the last copy of a file. 10.20240731 and newer don’t, if both ends have it.', inert(data.version, 40)),
            };
        case 'git-annex-control-characters':
            return {
                label: vscode.l10n.t('Names can act on a terminal'),
                why: vscode.l10n.t('git-annex {0} is installed. In a terminal, it prints file names and descriptions of peers as they are, control characters among them. 10.20230407 and newer don’t. This extension never shows them so.', inert(data.version, 40)),
            };
        case 'service-without-daemon':
            return {
                label: vscode.l10n.t('Nothing serves the service'),
                why: vscode.l10n.t('Tor publishes {0}, so everybody who knows it can see that this computer is up, and your peers get no answer.', inert(data.address, 100)),
            };
        case 'description-reveals':
            return {
                label: vscode.l10n.t('The description tells much'),
                why: vscode.l10n.t('“{0}” was made up by git-annex from your user’s name, the computer’s and the folder’s, and every peer gets it. A new one takes its place; the old one stays in the history.', inert(data.description, 120)),
            };
        case 'identity-in-commits':
            return {
                label: vscode.l10n.t('Your name is in commits'),
                why: [
                    data.name === '' && data.email === ''
                        ? vscode.l10n.t('None is configured, so git makes them up from your user’s name and the computer’s, or refuses to commit.')
                        : vscode.l10n.t('“{0}” goes to every peer, and to whomever they share with.', inert(`${data.name} <${data.email}>`, 120)),
                    vscode.l10n.t('They can be anonymous for this repository only.'),
                ].join(' '),
            };
        case 'service-can-be-flooded':
            return {
                label: vscode.l10n.t('Floods are not fended off'),
                why: vscode.l10n.t('Whoever knows the address can send connections without a token, as many as they like. This Tor has defences that are not switched on for it: {0}', inert(data.lines.join('; '))),
            };
        case 'peer-rights':
            return {
                label: vscode.l10n.t('What a peer can do'),
                why: vscode.l10n.t('Whoever has access can read the whole history and all content, upload, and remove content. git-annex has no weaker grant.'),
            };
        case 'limits-of-tor':
            return {
                label: vscode.l10n.t('What Tor hides'),
                why: vscode.l10n.t('Tor hides where you are. It doesn’t hide that you use it, nor sizes and times from somebody who watches both ends; and strong attackers have found out where onion services were.'),
            };
        case 'code-interception':
            return {
                label: vscode.l10n.t('What a code gives away'),
                why: vscode.l10n.t('Only who gets both codes before they are used can come between you, and verifying the peer afterwards shows it. One code alone is good for a single try, which ends the pairing.'),
            };
        case 'ways-a-token-leaks':
            return {
                label: vscode.l10n.t('How a token can leak'),
                why: vscode.l10n.t('Tokens lie in .git/annex/creds. They go along with backups, folders in a cloud, and copies of the repository’s folder (not with clones), and whoever has one gets in.'),
            };
    }
}

/** What the button does, in two or three words; for some there is nothing to do but to know it. */
export function mendWords(mend: Mend | undefined): string {
    switch (mend) {
        case 'tighten-modes':
            return vscode.l10n.t('Let only you read them');
        case 'use-own-wormhole':
            return vscode.l10n.t('Show what to do');
        case 'show-config':
            return vscode.l10n.t('Open the configuration');
        case 'restart-daemon':
            return vscode.l10n.t('Show which');
        case 'review-access':
            return vscode.l10n.t('Who has access');
        case 'pair-over-tor':
            return vscode.l10n.t('Open the setting');
        case 'update-git-annex':
            return vscode.l10n.t('Show what to install');
        case 'start-daemon':
            return vscode.l10n.t('Start the remote daemon');
        case 'anonymous-identity':
            return vscode.l10n.t('Use an anonymous identity here');
        case 'describe':
            return vscode.l10n.t('Describe it otherwise');
        case 'show-lines':
            return vscode.l10n.t('Show the lines that switch them on');
        case 'read-more':
        case undefined:
            return vscode.l10n.t('Read more');
    }
}

/** The sum: what is worth doing something about. */
export function findingsWords(findings: readonly Finding[]): string {
    const count = (severity: Severity): number => findings.filter(finding => finding.severity === severity).length;
    const [dangers, warnings] = [count('danger'), count('warning')];
    if (dangers > 0) {
        return warnings > 0 ? vscode.l10n.t('dangers: {0}, warnings: {1}', dangers, warnings) : vscode.l10n.t('dangers: {0}', dangers);
    }
    return warnings > 0 ? vscode.l10n.t('warnings: {0}', warnings) : vscode.l10n.t('no warnings');
}

export function severityWords(severity: Severity): string {
    switch (severity) {
        case 'danger':
            return vscode.l10n.t('Danger');
        case 'warning':
            return vscode.l10n.t('Warning');
        case 'info':
            return vscode.l10n.t('To be known');
    }
}

function fileNames(paths: readonly string[]): string {
    return inert(paths.map(file => file.slice(file.lastIndexOf('/') + 1)).join(', '), 160);
}

function copierName(by: SyncedFolder): string {
    const names: Readonly<Record<SyncedFolder, string>> = {
        dropbox: 'Dropbox', 'google-drive': 'Google Drive', icloud: 'iCloud', mega: 'MEGA', nextcloud: 'Nextcloud', onedrive: 'OneDrive', owncloud: 'ownCloud', pcloud: 'pCloud', syncthing: 'Syncthing',
    };
    return names[by];
}
