/**
 * Reads and sets what git-annex keeps about a peer, by git-annex's own commands. The peer is named by its uuid, so that no
 * name of somebody's choosing is taken for it or for an option.
 *
 * None of these commands may merge what peers have pushed: that is looked at first, by the sync (see withoutMerging).
 */
import * as v from 'valibot';
import type { RepositoryContext } from '../../annex/context';
import { withoutMerging } from '../../annex/commands/command';
import { AnnexPeersError } from '../../errors';
import { run, runOrThrow, type RunResult } from '../../process/run';
import { configValue, readConfig } from '../../repository/config';
import { directionOf, directionSettings, groupName, plainDescription, plainExpression, trustLevels, type Direction, type PeerSettings, type TrustLevel } from './values';

/** - `bad-expression`: git-annex can't read it, `detail` is what it says - `bad-value`: not a description, group or cost - `failed`: git-annex's words in `detail` */
export type SettingReason = 'bad-expression' | 'bad-value' | 'failed';

export class SettingError extends AnnexPeersError<SettingReason> {
    override readonly name = 'SettingError';
}

/** The remote's name and the repository behind it. */
export interface PeerRef {
    readonly name: string;
    readonly uuid: string;
}

const timeLimitMs = 60_000;

async function annex({ programs, root, log }: RepositoryContext, command: string, options: readonly string[], args: readonly string[], signal?: AbortSignal): Promise<RunResult> {
    return run({ file: programs.gitAnnex, args: [command, ...withoutMerging, ...options, '--', ...args], cwd: root }, { log, timeLimitMs, signal });
}

async function annexOrThrow(context: RepositoryContext, command: string, options: readonly string[], args: readonly string[]): Promise<string> {
    const result = await annex(context, command, options, args);
    if (result.code !== 0) {
        throw new SettingError(/parse (?:error|failure)/iu.test(result.stderr) ? 'bad-expression' : 'failed', `git annex ${command} failed`, result.stderr);
    }
    return result.stdout;
}

const infoSchema = v.object({ description: v.optional(v.string()), trust: v.optional(v.string()), cost: v.optional(v.union([v.string(), v.number()])) });

/** Some small programs; a second at most for the lot. @throws {SettingError}, {CancelledError} */
export async function readPeerSettings(context: RepositoryContext, peer: PeerRef, signal?: AbortSignal): Promise<PeerSettings> {
    const [info, groups, wanted, required, config] = await Promise.all([
        annex(context, 'info', ['--fast', '--json'], [peer.uuid], signal),
        annex(context, 'group', [], [peer.uuid], signal),
        annex(context, 'wanted', [], [peer.uuid], signal),
        annex(context, 'required', [], [peer.uuid], signal),
        readConfig(context.programs, context.root, context.log, signal),
    ]);
    const failed = [info, groups, wanted, required].find(({ code }) => code !== 0);
    if (failed !== undefined) {
        throw new SettingError('failed', 'git-annex could not be asked about the peer', failed.stderr);
    }
    const told = v.safeParse(infoSchema, jsonOf(info.stdout));
    const { description = '', trust, cost } = told.success ? told.output : {};
    const setting = (name: string): string | undefined => configValue(config, `remote.${peer.name}.annex-${name}`);
    const flag = (name: string): boolean | undefined => flagOf(setting(name));
    const ownCost = Number(setting('cost') ?? Number.NaN);
    const effectiveCost = Number(cost ?? Number.NaN);
    return {
        // git-annex adds the remote's name in brackets.
        description: description.endsWith(` [${peer.name}]`) ? description.slice(0, -(peer.name.length + 3)) : description === `[${peer.name}]` ? '' : description,
        trust: trustLevels.find(level => level === trust),
        groups: groups.stdout.trim().split(/\s+/u).filter(group => group !== ''),
        wanted: wanted.stdout.trim(),
        required: required.stdout.trim(),
        cost: Number.isFinite(ownCost) ? ownCost : undefined,
        effectiveCost: Number.isFinite(effectiveCost) ? effectiveCost : undefined,
        direction: directionOf({ readonly: flag('readonly') === true, pull: flag('pull') !== false, push: flag('push') !== false }),
    };
}

function jsonOf(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return undefined;
    }
}

function flagOf(value: string | undefined): boolean | undefined {
    return value === undefined ? undefined : !/^(?:false|no|off|0)$/iu.test(value);
}

/** For everybody who shares the repository. @throws {SettingError} */
export async function setDescription(context: RepositoryContext, peer: PeerRef, description: string): Promise<void> {
    const plain = plainDescription(description);
    if (plain === '') {
        throw new SettingError('bad-value', 'a description is needed');
    }
    await annexOrThrow(context, 'describe', [], [peer.uuid, plain]);
}

const trustCommands: Readonly<Record<TrustLevel, string>> = { trusted: 'trust', semitrusted: 'semitrust', untrusted: 'untrust', dead: 'dead' };

/** For everybody who shares the repository. git-annex asks for force before it trusts; the user was asked. @throws {SettingError} */
export async function setTrust(context: RepositoryContext, peer: PeerRef, level: TrustLevel): Promise<void> {
    await annexOrThrow(context, trustCommands[level], level === 'trusted' ? ['--force'] : [], [peer.uuid]);
}

/** Makes these the groups that the peer is in. For everybody. @throws {SettingError} */
export async function setGroups(context: RepositoryContext, peer: PeerRef, groups: readonly string[]): Promise<void> {
    const wanted = new Set(groups.map(group => groupName(group)));
    if (wanted.has(undefined)) {
        throw new SettingError('bad-value', 'a group is one word');
    }
    const now = (await annexOrThrow(context, 'group', [], [peer.uuid])).trim().split(/\s+/u).filter(group => group !== '');
    for (const group of now.filter(name => !wanted.has(name))) {
        await annexOrThrow(context, 'ungroup', [], [peer.uuid, group]);
    }
    for (const group of groups.filter(name => !now.includes(name))) {
        await annexOrThrow(context, 'group', [], [peer.uuid, group]);
    }
}

/** What the peer wants to have, '' for everything that there is room for. For everybody. @throws {SettingError} */
export async function setWanted(context: RepositoryContext, peer: PeerRef, expression: string): Promise<void> {
    await annexOrThrow(context, 'wanted', [], [peer.uuid, plainExpression(expression)]);
}

/** What must not be dropped from the peer, '' for nothing. For everybody. @throws {SettingError} */
export async function setRequired(context: RepositoryContext, peer: PeerRef, expression: string): Promise<void> {
    await annexOrThrow(context, 'required', [], [peer.uuid, plainExpression(expression)]);
}

/** Which of several remotes is asked first: the cheaper one. undefined: git-annex's own. For this copy alone. @throws {SettingError}, {RunError} */
export async function setCost(context: RepositoryContext, peer: PeerRef, cost: number | undefined): Promise<void> {
    if (cost !== undefined && !(cost >= 0 && cost < 1e7)) {
        throw new SettingError('bad-value', 'a cost is a number');
    }
    await configure(context, `remote.${peer.name}.annex-cost`, cost === undefined ? undefined : String(cost));
}

/** For this copy alone. @throws {RunError} */
export async function setDirection(context: RepositoryContext, peer: PeerRef, direction: Direction): Promise<void> {
    for (const [name, value] of Object.entries(directionSettings(direction))) {
        await configure(context, `remote.${peer.name}.${name}`, value);
    }
}

async function configure({ programs, root, log }: RepositoryContext, key: string, value: string | undefined): Promise<void> {
    if (value !== undefined) {
        await runOrThrow({ file: programs.git, args: ['config', '--local', '--replace-all', key, value], cwd: root }, { log, timeLimitMs });
        return;
    }
    const { code, stderr } = await run({ file: programs.git, args: ['config', '--local', '--unset-all', key], cwd: root }, { log, timeLimitMs });
    // 5: it was not set (git-config, "EXIT STATUS").
    if (code !== 0 && code !== 5) {
        throw new SettingError('failed', `git could not unset ${key}`, stderr);
    }
}
