/**
 * Words for Enable Tor: the plan, its steps, and every way in which it can fail, with what mends it.
 */
import * as vscode from 'vscode';
import type { RootCommand, RootMethod } from '../../core/tor/enableCommand';
import type { EnableFailure } from '../../core/tor/enableDiagnosis';
import type { EnableObstacle, EnablePlan, EnableStep } from '../../core/tor/enableTor';
import type { ServiceAnswer } from '../../core/tor/serviceCheck';
import type { ServingObstacle } from '../../core/tor/servingObstacle';
import { inert, inertForNotification } from '../../shared/inert';

export function methodWords(method: RootMethod): string {
    switch (method) {
        case 'root':
            return vscode.l10n.t('Run');
        case 'sudo':
            return vscode.l10n.t('Run with sudo');
        case 'su':
            return vscode.l10n.t("Run with su (root's password)");
        case 'pkexec':
            return vscode.l10n.t('Run with a password dialog');
    }
}

/** The text under the question whether to go on. */
export function planWords(plan: EnablePlan): string {
    const lines =
        plan.lines.length === 0
            ? [vscode.l10n.t("{0} already has this repository's lines. Nothing is added to it.", inert(plan.torrc))]
            : [vscode.l10n.t('git-annex will append these lines to {0} and reload Tor:', inert(plan.torrc)), '', ...plan.lines.map(line => inert(line))];
    return [
        ...lines,
        '',
        vscode.l10n.t("Tor's configuration belongs to root, so this one step needs root's rights. It runs in a terminal, where you type the password:"),
        '',
        inert(plan.commands[0]?.shown ?? '', 500),
        '',
        vscode.l10n.t('Peers can then reach this repository through Tor. Only those that you pair with, or give an address to, get in.'),
    ].join('\n');
}

export function runnableWords(plan: EnablePlan): string {
    return [
        vscode.l10n.t("As root, git-annex reads this repository's configuration, and these entries can run a command. Remove them, or enable Tor in another repository:"),
        '',
        ...plan.runnable.slice(0, 12).map(({ name, value, origin }) => inert(`${name}${value === '' ? '' : ` = ${value}`}   (${origin})`, 160)),
    ].join('\n');
}

export type Remedy = 'start-tor' | 'reload-tor' | 'again' | 'show-steps' | 'make-torrc' | 'let-torrc-be-read';

export interface FailureWords {
    readonly message: string;
    readonly remedies: readonly { readonly remedy: Remedy; readonly label: string }[];
}

/** What hinders the root step before it is run. */
export function obstacleWords(obstacle: EnableObstacle, canMakeTorrc: boolean): FailureWords {
    switch (obstacle.kind) {
        case 'no-torrc':
            return {
                message: vscode.l10n.t('Tor has no configuration file where git-annex looks for it (/etc/tor/torrc, /etc/torrc, /usr/local/etc/tor/torrc).'),
                remedies: canMakeTorrc ? [{ remedy: 'make-torrc', label: vscode.l10n.t('Make an Empty One') }] : [{ remedy: 'show-steps', label: vscode.l10n.t('Show How to Install Tor') }],
            };
        case 'torrc-unreadable':
            return {
                message: vscode.l10n.t("Your user may not read Tor's configuration, and the remote daemon finds this repository's service there. It has to be readable by all users of this computer."),
                remedies: [{ remedy: 'let-torrc-be-read', label: vscode.l10n.t('Let It Be Read') }],
            };
        case 'root-shut-out':
            return {
                message: vscode.l10n.t(
                    "Root can't read this repository: it lies on {0} ({1}), a file system that was mounted for your user alone. Mount it with the option allow_root (which needs user_allow_other in /etc/fuse.conf), then try again.",
                    inert(obstacle.mount.mountPoint, 160),
                    inert(obstacle.mount.fileSystem, 40),
                ),
                remedies: [{ remedy: 'again', label: vscode.l10n.t('Try Again') }],
            };
    }
}

export function failureWords(reason: EnableFailure, command: RootCommand, canMakeTorrc: boolean): FailureWords {
    switch (reason) {
        case 'tor-stopped':
            return {
                message: vscode.l10n.t("Tor is not running. git-annex has added its lines to Tor's configuration already; start Tor to go on."),
                remedies: [{ remedy: 'start-tor', label: vscode.l10n.t('Start Tor and Go On') }],
            };
        case 'tor-not-reloaded':
            return {
                message: vscode.l10n.t(
                    "Tor's configuration has this repository's lines, but there is no onion address yet: Tor runs and has not read its new configuration, or the password was not accepted this time. Reload Tor to go on.",
                ),
                remedies: [{ remedy: 'reload-tor', label: vscode.l10n.t('Reload Tor and Go On') }],
            };
        case 'not-root':
            return { message: notRootWords(command.method), remedies: [{ remedy: 'again', label: vscode.l10n.t('Try Again') }] };
        case 'no-torrc':
        case 'torrc-unreadable':
            return obstacleWords({ kind: reason }, canMakeTorrc);
    }
}

function notRootWords(method: RootMethod): string {
    switch (method) {
        case 'pkexec':
            return vscode.l10n.t('git-annex could not do its step as root: the password was not accepted, or this session has no password dialog. Nothing was changed. Try again, with sudo in the terminal if you may use it.');
        case 'su':
            return vscode.l10n.t("git-annex could not do its step as root: su asks for root's password, not for yours, and did not accept it. Nothing was changed.");
        case 'sudo':
        case 'root':
            return vscode.l10n.t('git-annex could not do its step as root: the password was not accepted, or your user may not use {0}. Nothing was changed.', method);
    }
}

export interface ServingObstacleWords {
    readonly message: string;
    /** What clears it. */
    readonly action: string;
}

/** What keeps Tor from the remote daemon's socket. */
export function servingObstacleWords(obstacle: Exclude<ServingObstacle, { kind: 'unknown' }>): ServingObstacleWords {
    switch (obstacle.kind) {
        case 'folder-closed':
            return {
                message: vscode.l10n.t("The onion service is published, but Tor may not enter the folder of git-annex's socket, so nobody gets through: {0}", inertForNotification(obstacle.folders.join(', '), 300)),
                action: vscode.l10n.t('Let Tor Enter It'),
            };
        case 'apparmor':
            return {
                message: vscode.l10n.t(
                    "The onion service does not answer. AppArmor confines Tor here, and its profile has no rule for git-annex's socket under /var/lib/tor-annex, which can be the reason. The rule belongs into {0}.",
                    inert(obstacle.localRules),
                ),
                action: obstacle.rule === undefined ? vscode.l10n.t('Load the Rule') : vscode.l10n.t('Add the Rule and Load It'),
            };
    }
}

export function answerWords(answer: ServiceAnswer): string {
    switch (answer) {
        case 'serving':
            return vscode.l10n.t('the onion service answers');
        case 'published':
            return vscode.l10n.t('Tor reaches the onion service, but nothing serves behind it');
        case 'tor-down':
            return vscode.l10n.t('Tor does not answer here');
        case 'unreachable':
            return vscode.l10n.t('not published yet');
        case 'time-limit':
            return vscode.l10n.t('no answer in time');
    }
}

export function stepWords(step: EnableStep): string {
    switch (step.kind) {
        case 'root':
            return vscode.l10n.t('Waiting for the terminal. Type your password there if it asks for one.');
        case 'publishing':
            return step.last === undefined || step.tries < 2
                ? vscode.l10n.t('Tor publishes the onion service. This takes some minutes.')
                : vscode.l10n.t('Tor publishes the onion service. This takes some minutes. ({0} s: {1})', Math.round(step.sinceMs / 1000), answerWords(step.last));
    }
}
