/**
 * The command Enable Tor: asks, runs the step as root in a terminal, follows the onion service until it answers, and
 * offers the remedy for whatever went wrong.
 */
import * as vscode from 'vscode';
import type { Repository } from '../../core/repository/repository';
import type { RepositoryContext } from '../../core/annex/context';
import { rootCommands, currentRootEnvironment, type RootCommand } from '../../core/tor/enableCommand';
import { enableTor, planEnableTor, publish, type EnablePlan, type EnableResult, type EnableStep } from '../../core/tor/enableTor';
import { waitForService, type ServiceAnswer } from '../../core/tor/serviceCheck';
import { findServingObstacle, type ServingObstacle } from '../../core/tor/servingObstacle';
import { findStanza, readTorrc, torrcCandidates } from '../../core/tor/torrc';
import { inertForNotification } from '../../shared/inert';
import { sayIfBusy } from '../busy';
import { abortSignalOf } from '../cancellation';
import type { DaemonPolicy } from '../daemonPolicy';
import { runInTerminal } from '../terminal';
import { answerWords, failureWords, methodWords, obstacleWords, planWords, runnableWords, servingObstacleWords, stepWords, type FailureWords, type Remedy } from '../words/enableTor';
import { canMakeTorrc, clearObstacle, controlTor, letTorrcBeRead, makeTorrc, type RemedyOptions } from './torRemedies';

const publishLimitMs = 5 * 60_000;
/** Tor reaches the service, and the daemon runs: then the socket ought to answer within this time. */
const socketLimitMs = 20_000;

export interface EnableTorDependencies {
    readonly daemons: DaemonPolicy;
    readonly showLog: () => void;
    readonly showInstall: () => Thenable<unknown>;
}

export async function enableTorCommand(repository: Repository, dependencies: EnableTorDependencies): Promise<void> {
    const { context } = repository;
    if (context === undefined || sayIfBusy(repository.snapshot)) {
        return;
    }
    await new EnableTorFlow(repository, context, dependencies).run();
}

/** Runs `command` as the root step in place of Enable Tor's own, and goes on as Enable Tor does. */
export async function enableTorBy(repository: Repository, command: RootCommand, dependencies: EnableTorDependencies): Promise<void> {
    const { context } = repository;
    if (context !== undefined && repository.snapshot.activity === undefined) {
        await new EnableTorFlow(repository, context, dependencies).follow(command);
    }
}

class EnableTorFlow {
    constructor(
        private readonly repository: Repository,
        private readonly context: RepositoryContext,
        private readonly dependencies: EnableTorDependencies,
    ) {}

    async run(): Promise<void> {
        const plan = await this.#plan();
        if (plan.runnable.length > 0) {
            await vscode.window.showErrorMessage(vscode.l10n.t("Tor can't be enabled here safely"), { modal: true, detail: runnableWords(plan) });
            return;
        }
        const command = await this.#begin(plan);
        if (command !== undefined) {
            await this.follow(command);
        }
    }

    /** Root is asked for only where something is to be written; gives back the command to run, if any. */
    #begin(plan: EnablePlan): Promise<RootCommand | undefined> {
        return plan.alreadyEnabled && this.repository.snapshot.service.kind === 'enabled' ? this.#askWhenEnabled(plan) : this.#ask(plan);
    }

    async #ask(plan: EnablePlan): Promise<RootCommand | undefined> {
        if (plan.obstacle !== undefined) {
            return this.#offer(obstacleWords(plan.obstacle, await canMakeTorrc()), undefined);
        }
        if (plan.commands.length === 0) {
            await vscode.window.showErrorMessage(vscode.l10n.t("Enabling Tor needs root's rights once, and this system has neither sudo nor su."), { modal: true });
            return undefined;
        }
        const buttons = plan.commands.map(command => ({ title: methodWords(command.method), command }));
        const chosen = await vscode.window.showInformationMessage(
            vscode.l10n.t('Make "{0}" reachable over Tor?', inertForNotification(this.repository.snapshot.name)),
            { modal: true, detail: planWords(plan) },
            ...buttons,
        );
        return chosen?.command;
    }

    /** Nothing needs root: only look whether the service answers. */
    async #askWhenEnabled(plan: EnablePlan): Promise<RootCommand | undefined> {
        const { service } = this.repository.snapshot;
        if (service.kind !== 'enabled') {
            return this.#ask(plan);
        }
        await this.dependencies.daemons.serve(this.repository);
        await this.#report(await this.#publishing(service.address));
        return undefined;
    }

    /** Runs the root step, and after each remedy runs it again. */
    async follow(first: RootCommand): Promise<void> {
        for (let command: RootCommand | undefined = first; command !== undefined; ) {
            const result: EnableResult = await this.#attempt(command);
            switch (result.kind) {
                case 'cancelled':
                    return;
                case 'enabled':
                    await this.#mendForeignFiles(result.foreignFiles, command);
                    await this.#report(result, command);
                    return;
                case 'failed':
                    command = await this.#offer(failureWords(result.reason, command, await canMakeTorrc()), command);
            }
        }
    }

    /** Says what is the matter, and carries out the remedy that is chosen; gives back the command to run next, if any. */
    async #offer(words: FailureWords, command: RootCommand | undefined): Promise<RootCommand | undefined> {
        const choice = await vscode.window.showErrorMessage(
            vscode.l10n.t('Enable Tor'),
            { modal: true, detail: words.message },
            ...words.remedies.map(({ label, remedy }) => ({ title: label, remedy })),
        );
        return choice === undefined ? undefined : this.#mend(choice.remedy, command);
    }

    /** Carries out a remedy. What was agreed to before goes on; anything else is shown again first. */
    async #mend(remedy: Remedy, command: RootCommand | undefined): Promise<RootCommand | undefined> {
        const options = this.#remedyOptions(command);
        const goOn = async (mended: boolean): Promise<RootCommand | undefined> => {
            if (!mended || command !== undefined) {
                return mended ? command : undefined;
            }
            await this.repository.refresh();
            return this.#begin(await this.#plan());
        };
        switch (remedy) {
            case 'again':
                return this.#ask(await this.#plan());
            case 'show-steps':
                await this.dependencies.showInstall();
                return undefined;
            case 'start-tor':
            case 'reload-tor':
                return goOn(await controlTor(remedy === 'start-tor' ? 'start' : 'reload', options));
            case 'make-torrc':
                return goOn(await makeTorrc(options));
            case 'let-torrc-be-read':
                return goOn(await letTorrcBeRead((await readTorrc())?.path ?? torrcCandidates[0], options));
        }
    }

    #plan(): Promise<EnablePlan> {
        return planEnableTor(this.context, vscode.l10n.t('<a free port>'));
    }

    #remedyOptions(command: RootCommand | undefined): RemedyOptions {
        return { cwd: this.context.root, registry: this.context.registry, log: this.context.log, ...(command === undefined ? {} : { method: command.method }) };
    }

    #attempt(command: RootCommand): Promise<EnableResult> {
        return this.#withProgress((signal, onStep) =>
            enableTor(this.context, command, {
                signal,
                onStep,
                timeLimitMs: publishLimitMs,
                giveUp: () => this.#isClosed(),
                runAsRoot: ({ file, args, shown }) => runInTerminal({ title: vscode.l10n.t('Enable Tor'), file, args, cwd: this.context.root, message: shown }, { log: this.context.log, registry: this.context.registry, signal }),
                onAddress: async () => {
                    await this.repository.refresh();
                    await this.dependencies.daemons.serve(this.repository, true);
                },
            }),
        );
    }

    async #publishing(address: Parameters<typeof publish>[0]): Promise<Extract<EnableResult, { kind: 'enabled' }>> {
        const answer = await this.#withProgress((signal, onStep) => publish(address, { signal, onStep, timeLimitMs: publishLimitMs, giveUp: () => this.#isClosed() }));
        return { kind: 'enabled', address, answer, foreignFiles: [] };
    }

    async #withProgress<T>(work: (signal: AbortSignal, onStep: (step: EnableStep) => void) => Promise<T>): Promise<T> {
        this.repository.setActivity({ kind: 'enabling-tor' });
        try {
            return await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Enable Tor'), cancellable: true }, (progress, token) =>
                work(abortSignalOf(token), step => progress.report({ message: stepWords(step) })),
            );
        } finally {
            this.repository.setActivity(undefined);
            await this.repository.refresh();
        }
    }

    /** What came of it, in one message; nothing is called working that did not answer. */
    async #report(result: Extract<EnableResult, { kind: 'enabled' }>, command?: RootCommand): Promise<void> {
        const answer: ServiceAnswer = result.answer === 'published' && this.repository.snapshot.daemon.kind === 'running' ? await this.#waitForDaemon(result) : result.answer;
        const showLog = vscode.l10n.t('Show Log');
        const keepChecking = vscode.l10n.t('Keep Checking');
        const pair = vscode.l10n.t('Pair Peer');
        if (answer === 'serving' || (answer === 'published' && this.repository.snapshot.daemon.kind !== 'running')) {
            const choice = await vscode.window.showInformationMessage(
                answer === 'serving'
                    ? vscode.l10n.t('Peers can now reach "{0}" over Tor.', inertForNotification(this.repository.snapshot.name))
                    : vscode.l10n.t('The onion service of "{0}" is published. It is not served while the remote daemon is stopped.', inertForNotification(this.repository.snapshot.name)),
                pair,
            );
            if (choice === pair) {
                await vscode.commands.executeCommand('annexPeers.pairPeer', { kind: 'repository', repository: this.repository.snapshot });
            }
            return;
        }
        if (answer === 'tor-down') {
            await this.#reportTorDown(result, command);
            return;
        }
        const obstacle = await this.#findObstacle();
        const mend = answer === 'published' ? vscode.l10n.t('Restart Remote Daemon') : obstacle.kind === 'unknown' ? undefined : servingObstacleWords(obstacle).action;
        const message =
            answer === 'published'
                ? vscode.l10n.t('Tor reaches the onion service, but nothing answers behind it, although the remote daemon runs. Another remote daemon of this repository may have taken its socket.')
                : obstacle.kind === 'unknown'
                  ? vscode.l10n.t('The onion service has its address, but does not answer yet ({0}). Tor may need some more minutes.', answerWords(answer))
                  : servingObstacleWords(obstacle).message;
        const choice = await vscode.window.showWarningMessage(message, ...(mend === undefined ? [] : [mend]), keepChecking, showLog);
        if (choice === showLog) {
            this.dependencies.showLog();
            return;
        }
        if (choice === undefined || (choice === mend && answer !== 'published' && !(await this.#clear(obstacle, command)))) {
            return;
        }
        if (choice === mend) {
            // It may have tried in vain to open its socket.
            await this.dependencies.daemons.restart(this.repository);
        }
        await this.#report(await this.#publishing(result.address), command);
    }

    async #clear(first: ServingObstacle, command: RootCommand | undefined): Promise<boolean> {
        // Behind a closed folder there may be another one, which can't be seen before.
        let obstacle = first;
        for (let tries = 0; tries < 3 && obstacle.kind !== 'unknown'; tries++) {
            if (!(await clearObstacle(obstacle, this.#remedyOptions(command)))) {
                return false;
            }
            const next = await this.#findObstacle();
            obstacle = next.kind === 'folder-closed' ? next : { kind: 'unknown' };
        }
        return true;
    }

    /** Whether Tor can't reach the socket for certain, so that waiting is in vain. */
    async #isClosed(): Promise<boolean> {
        return (await this.#findObstacle()).kind === 'folder-closed';
    }

    async #findObstacle(): Promise<ServingObstacle> {
        const torrc = await readTorrc();
        const stanza = torrc && findStanza(torrc.text, process.getuid?.() ?? -1, this.context.uuid);
        return stanza === undefined ? { kind: 'unknown' } : findServingObstacle(stanza.socket);
    }

    /** All is set up, but Tor has gone meanwhile: with it started, only the check is left. */
    async #reportTorDown({ address }: Extract<EnableResult, { kind: 'enabled' }>, command: RootCommand | undefined): Promise<void> {
        const start = vscode.l10n.t('Start Tor and Go On');
        const choice = await vscode.window.showWarningMessage(
            vscode.l10n.t('"{0}" has its onion address, but Tor has stopped. Start Tor to see whether peers can reach it.', inertForNotification(this.repository.snapshot.name)),
            start,
        );
        if (choice === start && (await controlTor('start', this.#remedyOptions(command)))) {
            await this.#report(await this.#publishing(address), command);
        }
    }

    #waitForDaemon({ address }: Extract<EnableResult, { kind: 'enabled' }>): Promise<ServiceAnswer> {
        return waitForService(address, { until: 'serving', timeLimitMs: socketLimitMs, giveUp: () => this.#isClosed() });
    }

    /** git-annex as root may leave files of root's in the repository; they are given back. */
    async #mendForeignFiles(files: readonly string[], command: RootCommand): Promise<void> {
        if (files.length === 0) {
            return;
        }
        const giveBack = vscode.l10n.t('Give Them Back');
        const choice = await vscode.window.showWarningMessage(
            vscode.l10n.t('{0} files under .git belong to another user now, and git-annex could fail over them. Give them back to you?', files.length),
            { modal: true, detail: files.slice(0, 8).join('\n') },
            giveBack,
        );
        if (choice === giveBack) {
            const owner = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
            const commands = await rootCommands('/bin/chown', ['-hR', owner, this.context.gitDir], this.context.root, currentRootEnvironment());
            const same = commands.find(({ method }) => method === command.method) ?? commands[0];
            if (same !== undefined) {
                await runInTerminal({ title: vscode.l10n.t('Enable Tor'), file: same.file, args: same.args, cwd: this.context.root, message: same.shown }, { log: this.context.log, registry: this.context.registry });
            }
        }
    }
}
