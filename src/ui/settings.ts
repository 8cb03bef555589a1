/**
 * The settings, read as what they are declared: those of machine scope are never taken from a folder.
 */
import * as vscode from 'vscode';
import { defaultPolicy, minEveryMs, type Policy } from '../core/peers/presence';
import type { AutoSyncPolicy } from '../core/sync';
import type { ProgramSettings } from '../core/preflight/preflight';

export type Consent = 'ask' | 'always' | 'never';

export interface WormholeSettings {
    readonly mailboxUrl: string | undefined;
    readonly transitRelay: string | undefined;
    readonly withoutTor: boolean;
}

export interface Settings {
    readonly wormhole: WormholeSettings;
    readonly programs: ProgramSettings;
    readonly autoStartDaemon: boolean;
    readonly presence: Policy;
    readonly autoSync: AutoSyncPolicy;
    readonly scanDepth: number;
    readonly syncCommit: Consent;
    readonly syncUntracked: Consent;
    readonly syncOtherRemotes: boolean;
}

const section = 'annexPeers';

/** The value that the user's own settings give, whatever a workspace or folder says. */
function ownValue(key: string): unknown {
    const found = vscode.workspace.getConfiguration(section).inspect(key);
    return found?.globalValue ?? found?.defaultValue;
}

function text(value: unknown): string | undefined {
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function consent(value: unknown): Consent {
    return value === 'always' || value === 'never' ? value : 'ask';
}

function autoSync(value: unknown): AutoSyncPolicy {
    return value === 'metadata' || value === 'content' ? value : 'off';
}

/** Seconds between two checks of a peer; 0: never. */
function presencePolicy(seconds: unknown): Policy {
    if (seconds === 0) {
        return { everyMs: undefined };
    }
    return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? { everyMs: Math.max(minEveryMs, seconds * 1000) } : defaultPolicy;
}

export function readSettings(): Settings {
    const depth = vscode.workspace.getConfiguration(section).get<unknown>('repositoryScanDepth');
    return {
        programs: { gitPath: text(ownValue('gitPath')), gitAnnexPath: text(ownValue('gitAnnexPath')), wormholePath: text(ownValue('wormholePath')), wormholeOnPath: ownValue('wormhole.useProgramOnPath') === true },
        wormhole: { mailboxUrl: text(ownValue('wormhole.mailboxUrl')), transitRelay: text(ownValue('wormhole.transitRelay')), withoutTor: ownValue('wormhole.withoutTor') === true },
        autoStartDaemon: ownValue('remoteDaemon.autoStart') !== false,
        autoSync: autoSync(ownValue('autoSync')),
        presence: presencePolicy(ownValue('presence.checkEvery')),
        scanDepth: typeof depth === 'number' && depth >= 0 && depth <= 5 ? Math.floor(depth) : 1,
        syncCommit: consent(ownValue('sync.commit')),
        syncUntracked: consent(ownValue('sync.untracked')),
        syncOtherRemotes: ownValue('sync.otherRemotes') === true,
    };
}

export function onDidChangeSettings(listener: () => void): vscode.Disposable {
    return vscode.workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration(section)) {
            listener();
        }
    });
}
