/**
 * Words for Enable Tor: the plan, its steps, and every way in which it can fail, with what mends it.
 */
import * as vscode from 'vscode';
import type { RootCommand, RootMethod } from '../../core/tor/enableCommand';
import type { EnableFailure } from '../../core/tor/enableDiagnosis';
import type { EnablePlan } from '../../core/tor/enableTor';
import type { ServiceAnswer } from '../../core/tor/serviceCheck';
import { inert } from '../../shared/inert';

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

export type Remedy = 'start-tor' | 'reload-tor' | 'again' | 'show-steps';

export interface FailureWords {
    readonly message: string;
    readonly remedies: readonly { readonly remedy: Remedy; readonly label: string }[];
}

export function failureWords(reason: EnableFailure, command: RootCommand): FailureWords {
    const again = { remedy: 'again', label: vscode.l10n.t('Try Again') } as const;
    switch (reason) {
        case 'tor-stopped':
            return {
                message: vscode.l10n.t("Tor is not running. git-annex has added its lines to Tor's configuration already; start Tor to go on."),
                remedies: [{ remedy: 'start-tor', label: vscode.l10n.t('Start Tor and Go On') }],
            };
        case 'tor-not-reloaded':
            return {
                message: vscode.l10n.t('Tor runs, but has not read its new configuration, so there is no onion address yet. Reload Tor to go on.'),
                remedies: [{ remedy: 'reload-tor', label: vscode.l10n.t('Reload Tor and Go On') }],
            };
        case 'not-root':
            return {
                message: vscode.l10n.t('git-annex could not do its step as root: the password was not accepted, or your user may not use {0}. Nothing was changed.', command.method),
                remedies: [again],
            };
        case 'git-refused':
            return {
                message: vscode.l10n.t("Root's git refuses to read this repository, because it belongs to another user (git's safe.directory). Nothing was changed. Use sudo, or a newer git-annex."),
                remedies: [again],
            };
        case 'no-torrc':
            return {
                message: vscode.l10n.t("Tor has no configuration file where git-annex looks for it (/etc/tor/torrc). Install the system's Tor, or make that file."),
                remedies: [{ remedy: 'show-steps', label: vscode.l10n.t('Show How to Install Tor') }, again],
            };
        case 'torrc-unreadable':
            return {
                message: vscode.l10n.t("Your user may not read Tor's configuration, and the remote daemon finds its service there. Let it be read by all (chmod a+r), then try again."),
                remedies: [again],
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
