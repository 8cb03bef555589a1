/**
 * Words for the way between a repository and Tor: each with what is not known said as such.
 */
import * as vscode from 'vscode';
import type { Trouble } from '../../core/log';
import type { RepositorySnapshot } from '../../core/repository/repository';
import { formatTorAddress } from '../../core/tor/address';
import { inert } from '../../shared/inert';
import { daemonWords } from './peers';
import { whenWords } from './when';

export type NetworkDetail = 'tor' | 'bootstrap' | 'address' | 'outside' | 'daemon' | 'connections' | 'trouble';
export const networkDetails = ['tor', 'bootstrap', 'address', 'outside', 'daemon', 'connections', 'trouble'] as const satisfies readonly NetworkDetail[];

export interface Words {
    readonly label: string;
    readonly text: string;
    readonly icon: string;
    /** For who wants to know more. */
    readonly more: string;
}

/** Something came through Tor: a peer answered, or our own service did. */
function comesThrough({ network, peers }: RepositorySnapshot): boolean {
    return network.service === 'serving' || network.service === 'published' || peers.some(({ presence }) => ['online', 'refused', 'daemon-down', 'other-repository', 'not-git-annex'].includes(presence.status.kind));
}

/** What a peer's check has just found counts besides the look that was asked for. */
function isDown({ network, peers }: RepositorySnapshot): boolean {
    return peers.some(({ presence }) => presence.status.kind === 'tor-down') || (network.socks === false && !peers.some(({ presence }) => presence.status.kind === 'online'));
}

function torText(repository: RepositorySnapshot): string {
    const { network } = repository;
    const version = network.torVersion === undefined ? vscode.l10n.t('version not known') : inert(network.torVersion, 40);
    if (isDown(repository)) {
        return vscode.l10n.t('{0}, does not answer on 127.0.0.1:9050', version);
    }
    return network.socks === true || comesThrough(repository) ? vscode.l10n.t('{0}, answers on 127.0.0.1:9050', version) : vscode.l10n.t('{0}, not looked at yet', version);
}

function outsideText({ network, service }: RepositorySnapshot): string {
    if (service.kind !== 'enabled') {
        return vscode.l10n.t('there is no onion service');
    }
    if (network.checking) {
        return vscode.l10n.t('checking');
    }
    const when = network.at === undefined ? '' : whenWords(network.at);
    switch (network.service) {
        case 'serving':
            return vscode.l10n.t('answers, {0}', when);
        case 'published':
            return vscode.l10n.t('Tor reaches it, but nothing serves behind it, {0}', when);
        case 'unreachable':
            return vscode.l10n.t('Tor finds no way to it, {0}', when);
        case 'time-limit':
            return vscode.l10n.t('no answer in a minute, {0}', when);
        case 'tor-down':
            return vscode.l10n.t('Tor is down here, {0}', when);
        case undefined:
            return network.socks === false ? vscode.l10n.t('not known, as Tor does not answer') : vscode.l10n.t('not checked yet');
    }
}

function bootstrapText(repository: RepositorySnapshot): string {
    if (isDown(repository)) {
        return vscode.l10n.t('not connected: Tor is down here');
    }
    return comesThrough(repository) ? vscode.l10n.t('connected: answers come through') : vscode.l10n.t('not known: no answer has come through yet');
}

export function networkWords(repository: RepositorySnapshot, detail: NetworkDetail, trouble: Trouble | undefined): Words {
    switch (detail) {
        case 'tor':
            return { label: vscode.l10n.t('Tor'), text: torText(repository), icon: 'server-process', more: vscode.l10n.t('git-annex uses the Tor at 127.0.0.1:9050 alone. The version is that of the tor program that is installed.') };
        case 'bootstrap':
            return {
                label: vscode.l10n.t('Tor network'),
                text: bootstrapText(repository),
                icon: 'radio-tower',
                more: vscode.l10n.t("How far Tor has come in connecting, only Tor's log and control port tell, which belong to the system. What is said here follows from whether answers came through."),
            };
        case 'address':
            return {
                label: vscode.l10n.t('Onion address'),
                text: 'address' in repository.service ? formatTorAddress(repository.service.address) : vscode.l10n.t('none: peers can not connect to this repository'),
                icon: 'globe',
                more: '',
            };
        case 'outside':
            return { label: vscode.l10n.t('From outside'), text: outsideText(repository), icon: 'eye', more: vscode.l10n.t('Asked through Tor, as a peer would.') };
        case 'daemon':
            return { label: vscode.l10n.t('Remote daemon'), text: daemonWords(repository.daemon), icon: 'broadcast', more: repository.daemon.kind === 'waiting' ? inert(repository.daemon.lastError) : '' };
        case 'connections': {
            const connected = repository.peers.filter(({ link }) => link === 'connected' || link === 'fetching').length;
            return {
                label: vscode.l10n.t('Connections'),
                text: vscode.l10n.t('to {0} of {1} peers', connected, repository.peers.length),
                icon: 'plug',
                more: vscode.l10n.t('Those of the remote daemon to your peers. It does not tell who has connected to this repository.'),
            };
        }
        case 'trouble':
            return {
                label: vscode.l10n.t('Last error'),
                text: trouble === undefined ? vscode.l10n.t('none') : vscode.l10n.t('{0}: {1}', whenWords(trouble.at), inert(trouble.message.split('\n')[0] ?? '', 120)),
                icon: 'output',
                more: '',
            };
    }
}

/** All of it in a few words. */
export function networkSummary(repository: RepositorySnapshot): string {
    if (isDown(repository)) {
        return vscode.l10n.t('Tor is down');
    }
    switch (repository.network.service) {
        case 'serving':
            return vscode.l10n.t('reachable from outside');
        case 'published':
            return vscode.l10n.t('nothing serves');
        case 'unreachable':
        case 'time-limit':
        case 'tor-down':
            return vscode.l10n.t('not reachable from outside');
        case undefined:
            return comesThrough(repository) ? vscode.l10n.t('Tor works') : '';
    }
}

export function networkIsWell(repository: RepositorySnapshot): boolean {
    return !isDown(repository) && ['serving', undefined].includes(repository.network.service);
}
