/**
 * What this computer has for the extension's job, in one immutable snapshot: the programs, their versions, Tor.
 *
 * It looks only; it changes nothing and touches no repository.
 */
import type { Programs } from '../annex/context';
import { isSupported, parseVersion, type GitAnnexVersion } from '../annex/version';
import type { Log } from '../log';
import { findProgram, findProgramMatching, isExecutable } from '../process/findProgram';
import { run } from '../process/run';
import { detectTor, type TorState } from '../tor/detect';
import { detectSystem, type System } from './system';

/** Paths that the user set; empty or undefined means: look on the PATH. */
export interface ProgramSettings {
    readonly gitPath?: string | undefined;
    readonly gitAnnexPath?: string | undefined;
    readonly wormholePath?: string | undefined;
    /** Use the program on the PATH (or at `wormholePath`) instead of the extension's own client. */
    readonly wormholeOnPath?: boolean;
}

/** Who exchanges the codes: the extension's own client, or the program that the user wants instead. */
export type WormholeState = { readonly kind: 'built-in' } | { readonly kind: 'program'; readonly path: string } | { readonly kind: 'missing' };


export type GitAnnexState =
    | { readonly kind: 'missing' }
    | { readonly kind: 'too-old'; readonly version: GitAnnexVersion }
    | { readonly kind: 'unreadable'; readonly output: string }
    | { readonly kind: 'ready'; readonly path: string; readonly version: GitAnnexVersion };

export interface Preflight {
    readonly system: System;
    /** Absolute path of git. */
    readonly git: string | undefined;
    readonly gitAnnex: GitAnnexState;
    readonly tor: TorState;
    readonly wormhole: WormholeState;
}

async function find(configured: string | undefined, name: string, versioned?: RegExp): Promise<string | undefined> {
    if (configured !== undefined && configured !== '') {
        return (await isExecutable(configured)) ? configured : undefined;
    }
    return (await findProgram(name)) ?? (versioned && (await findProgramMatching(versioned)));
}

async function wormholeState(settings: ProgramSettings): Promise<WormholeState> {
    if (settings.wormholeOnPath !== true) {
        return { kind: 'built-in' };
    }
    // openSUSE has its version in the name.
    const path = await find(settings.wormholePath, 'wormhole', /^wormhole-\d+(?:\.\d+)*$/u);
    return path === undefined ? { kind: 'missing' } : { kind: 'program', path };
}

async function gitAnnexState(path: string | undefined, log: Log, signal?: AbortSignal): Promise<GitAnnexState> {
    if (path === undefined) {
        return { kind: 'missing' };
    }
    // In the root folder: a repository's configuration must have no say in this.
    const result = await run({ file: path, args: ['version'], cwd: '/' }, { log, signal, timeLimitMs: 30_000 });
    const version = parseVersion(result.stdout);
    if (version === undefined) {
        return { kind: 'unreadable', output: (result.stderr || result.stdout).slice(0, 400) };
    }
    return isSupported(version) ? { kind: 'ready', path, version } : { kind: 'too-old', version };
}

/** Looks at everything once. Needs a trusted workspace, as it runs `git-annex version`. */
export async function checkPreflight(settings: ProgramSettings, log: Log, signal?: AbortSignal): Promise<Preflight> {
    const system = await detectSystem();
    const [git, gitAnnexPath, wormhole, tor] = await Promise.all([
        find(settings.gitPath, 'git'),
        find(settings.gitAnnexPath, 'git-annex'),
        wormholeState(settings),
        detectTor(),
    ]);
    return { system, git, gitAnnex: await gitAnnexState(gitAnnexPath, log, signal), tor, wormhole };
}

/** The programs that every repository operation needs, or undefined if one is missing. */
export function programsOf(preflight: Preflight): Programs | undefined {
    if (preflight.git === undefined || preflight.gitAnnex.kind !== 'ready') {
        return undefined;
    }
    return { git: preflight.git, gitAnnex: preflight.gitAnnex.path };
}
