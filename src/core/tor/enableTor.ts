/**
 * Enable Tor for one repository, from the plan that is shown to the check from outside.
 *
 * The one step as root is handed to the caller (a visible terminal, or pkexec); everything else is here: what will be
 * written, whether the repository's configuration is safe to read as root, what came of it, and whether the service
 * answers through Tor.
 */
import { throwIfCancelled } from '../errors';
import type { RepositoryContext } from '../annex/context';
import { findProgram } from '../process/findProgram';
import { run } from '../process/run';
import { runnableIn } from '../security/ownConfig';
import type { RunnableFinding } from '../security/runnableConfig';
import type { TorAddress } from './address';
import { enableTorCommands, type RootCommand } from './enableCommand';
import { diagnoseEnableFailure, torrcFailure, wasDismissed, type EnableFailure } from './enableDiagnosis';
import { readOwnAddresses } from './ownAddresses';
import { findPrivateMount, type PrivateMount } from './rootAccess';
import { waitForService, type ServiceAnswer } from './serviceCheck';
import { findStanza, plannedStanza, readTorrc, torrcCandidates } from './torrc';

export interface EnablePlan {
    readonly torrc: string;
    /** The lines to be appended; empty if they are there already. */
    readonly lines: readonly string[];
    /** Ways to run the root step, best first. */
    readonly commands: readonly RootCommand[];
    /** What in the repository could run a command as root; Enable Tor refuses while there is any. */
    readonly runnable: readonly RunnableFinding[];
    /** What would make the root step fail, seen before anybody types a password. */
    readonly obstacle: EnableObstacle | undefined;
    readonly alreadyEnabled: boolean;
}

/** `root-shut-out`: root can't read the repository, because of the file system that it lies on. */
export type EnableObstacle =
    | { readonly kind: 'no-torrc' | 'torrc-unreadable' }
    | { readonly kind: 'root-shut-out'; readonly mount: PrivateMount };

export type EnableResult =
    | { readonly kind: 'enabled'; readonly address: TorAddress; readonly answer: ServiceAnswer; readonly foreignFiles: readonly string[] }
    | { readonly kind: 'failed'; readonly reason: EnableFailure }
    | { readonly kind: 'cancelled' };

export type EnableStep =
    | { readonly kind: 'root'; readonly command: RootCommand }
    | { readonly kind: 'publishing'; readonly address: TorAddress; readonly tries: number; readonly sinceMs: number; readonly last: ServiceAnswer | undefined };

export interface EnableActions {
    readonly signal?: AbortSignal;
    readonly timeLimitMs: number;
    readonly onStep: (step: EnableStep) => void;
    /** Whether the check from outside is in vain. */
    readonly giveUp?: () => Promise<boolean>;
    /** Runs the command where the user can type a password; its exit code, or undefined if the user closed it. */
    readonly runAsRoot: (command: RootCommand) => Promise<number | undefined>;
    /** Called once the address exists, so that the remote daemon is started before the check from outside. */
    readonly onAddress: (address: TorAddress) => Promise<void>;
}

export async function planEnableTor(context: RepositoryContext, portPlaceholder: string): Promise<EnablePlan> {
    const uid = process.getuid?.() ?? -1;
    const [torrc, commands, runnable, addresses, mount] = await Promise.all([
        readTorrc(),
        enableTorCommands(context.programs.gitAnnex, context.root),
        runnableIn(context),
        readOwnAddresses(context.gitDir),
        findPrivateMount(context.gitDir),
    ]);
    const torrcObstacle = await torrcFailure(torrc);
    const stanza = torrc && findStanza(torrc.text, uid, context.uuid);
    return {
        torrc: torrc?.path ?? torrcCandidates[0],
        lines: stanza === undefined ? plannedStanza(uid, context.uuid, portPlaceholder) : [],
        commands,
        runnable,
        obstacle: uid !== 0 && mount !== undefined ? { kind: 'root-shut-out', mount } : torrcObstacle && { kind: torrcObstacle },
        alreadyEnabled: stanza !== undefined && addresses.length > 0,
    };
}

/** Runs the root step with `command` and the check from outside. @throws {CancelledError} */
export async function enableTor(context: RepositoryContext, command: RootCommand, actions: EnableActions): Promise<EnableResult> {
    const uid = process.getuid?.() ?? -1;
    actions.onStep({ kind: 'root', command });
    const exitCode = await actions.runAsRoot(command);
    throwIfCancelled(actions.signal);
    const address = (await readOwnAddresses(context.gitDir))[0];
    const torrc = await readTorrc();
    const hasStanza = torrc !== undefined && findStanza(torrc.text, uid, context.uuid) !== undefined;
    if ((exitCode === undefined || wasDismissed(command.method, exitCode)) && !(address !== undefined && hasStanza)) {
        return { kind: 'cancelled' };
    }
    if (address === undefined || !hasStanza || (exitCode !== 0 && exitCode !== undefined)) {
        return { kind: 'failed', reason: await diagnoseEnableFailure({ uid, uuid: context.uuid }) };
    }
    const foreignFiles = await findForeignFiles(context, uid);
    await actions.onAddress(address);
    return { kind: 'enabled', address, answer: await publish(address, actions), foreignFiles };
}

/** The check from outside alone, for "keep checking". @throws {CancelledError} */
export function publish(address: TorAddress, actions: Pick<EnableActions, 'signal' | 'timeLimitMs' | 'onStep' | 'giveUp'>): Promise<ServiceAnswer> {
    actions.onStep({ kind: 'publishing', address, tries: 0, sinceMs: 0, last: undefined });
    return waitForService(address, {
        signal: actions.signal,
        timeLimitMs: actions.timeLimitMs,
        until: 'published',
        giveUp: actions.giveUp,
        onTry: (last, tries, sinceMs) => actions.onStep({ kind: 'publishing', address, tries, sinceMs, last }),
    });
}

/** Files under the git folder that don't belong to this user: git-annex as root may have left some. */
async function findForeignFiles(context: RepositoryContext, uid: number): Promise<readonly string[]> {
    if (uid <= 0) {
        return [];
    }
    const find = await findProgram('find');
    if (find === undefined) {
        return [];
    }
    const { stdout } = await run({ file: find, args: [context.gitDir, '!', '-user', String(uid), '-print0'], cwd: context.root }, { log: context.log, timeLimitMs: 60_000 });
    return stdout.split('\0').filter(name => name !== '');
}
