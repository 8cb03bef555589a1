/**
 * Git configuration and hooks that can run a command.
 *
 * git-annex as root reads the repository's configuration. What could run a program then is found first: a repository
 * that somebody else prepared must not become root here.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isExecutable } from '../process/findProgram';

export interface ConfigEntry {
    /** Lower case except for the subsection. */
    readonly key: string;
    readonly value: string;
    /** The file that it stands in, as `git config --show-origin` names it. */
    readonly origin: string;
}

export interface RunnableFinding {
    /** The configuration key or the hook's path. */
    readonly name: string;
    readonly value: string;
    readonly origin: string;
}

/** Keys whose value is, or may be, a command (git-config(1), git-annex(1) "CONFIGURATION"). */
const runnableKeys: readonly RegExp[] = [
    /^core\.(?:hookspath|sshcommand|gitproxy|editor|pager|askpass|alternaterefscommand)$/u,
    /^alias\./u,
    // Git pages only at a terminal, and the root step has one.
    /^pager\./u,
    /^interactive\.difffilter$/u,
    /^(?:credential|http|https)(?:\..*)?\.helper$/u,
    /^filter\..*\.(?:clean|smudge|process)$/u,
    /^diff\.(?:external|.*\.(?:command|textconv))$/u,
    /^merge(?:tool)?\..*\.(?:driver|cmd)$/u,
    /^(?:difftool|browser|man|web)\..*\.cmd$/u,
    /^sequence\.editor$/u,
    /^gpg(?:\..*)?\.program$/u,
    /^gpg\.ssh\.defaultkeycommand$/u,
    // Hooks that stand in the configuration (git 2.54 and newer).
    /^hook\..*\.command$/u,
    /^trailer\..*\.(?:command|cmd)$/u,
    /^tar\..*\.command$/u,
    /^(?:sendemail\.|imap\.tunnel$)/u,
    /^remote\..*\.(?:uploadpack|receivepack|vcs|proxy)$/u,
    /^uploadpack\.packobjectshook$/u,
    /^protocol\.(?:ext\.)?allow$/u,
    /^submodule\..*\.update$/u,
    // Objects that are missing are fetched in the middle of reading others.
    /^extensions\.partialclone$/u,
    /^remote\..*\.promisor$/u,
    // Options reach ssh (ProxyCommand), rsync, gpg and curl.
    /^annex\..*(?:command|-hook|program|options|rsync-transport)$/u,
    /^remote\..*\.annex-.*(?:command|-hook|program|hooktype|externaltype|options|rsync-transport)$/u,
    /^annex\.(?:freezecontent|thawcontent|secure-erase|tune)/u,
    /^gui\.|^guitool\./u,
];

/** What git-annex itself writes into a repository; nothing else is taken for harmless. */
const ownValues: ReadonlyMap<string, ReadonlySet<string>> = new Map([
    ['filter.annex.smudge', new Set(['git-annex smudge -- %f', 'git-annex smudge %f'])],
    ['filter.annex.clean', new Set(['git-annex smudge --clean -- %f', 'git-annex smudge --clean %f'])],
    ['filter.annex.process', new Set(['git-annex filter-process'])],
]);

function isBoolean(value: string): boolean {
    return /^(?:true|false|yes|no|on|off|0|1|)$/iu.test(value);
}

function canRun(entry: ConfigEntry): boolean {
    if (ownValues.get(entry.key)?.has(entry.value) === true) {
        return false;
    }
    if (entry.key === 'core.fsmonitor') {
        return !isBoolean(entry.value);
    }
    if (/^(?:remote\..*\.(?:push)?url|url\..*\.(?:push)?insteadof)$/u.test(entry.key)) {
        return /^ext::/u.test(entry.value) || /^url\.ext::/u.test(entry.key);
    }
    return runnableKeys.some(pattern => pattern.test(entry.key));
}

/** The entries that can run a command. Only the repository's own files count: system and user belong to the user. */
export function runnableEntries(entries: readonly ConfigEntry[]): readonly RunnableFinding[] {
    return entries.filter(canRun).map(({ key, value, origin }) => ({ name: key, value, origin }));
}

/** Parses `git config --list --show-origin -z` (git-config(1)): origin NUL key LF value NUL. */
export function parseConfigList(output: string): readonly ConfigEntry[] {
    const fields = output.split('\0');
    const entries: ConfigEntry[] = [];
    for (let index = 0; index + 1 < fields.length; index += 2) {
        const [key = '', ...value] = (fields[index + 1] ?? '').split('\n');
        // A key without "=" is true, and has no line break.
        entries.push({ origin: fields[index] ?? '', key, value: value.length === 0 ? 'true' : value.join('\n') });
    }
    return entries;
}

/** Hooks that plumbing commands run, which git-annex uses while it enables Tor; and git-annex's own hooks. */
const hooksOfPlumbing = /^(?:reference-transaction|post-index-change|pre-auto-gc|.*-annex)$/u;

export async function runnableHooks(gitDir: string): Promise<readonly RunnableFinding[]> {
    const folder = path.join(gitDir, 'hooks');
    const names = await readdir(folder).catch(() => []);
    const findings: RunnableFinding[] = [];
    for (const name of names.filter(candidate => hooksOfPlumbing.test(candidate))) {
        if (await isExecutable(path.join(folder, name))) {
            findings.push({ name: `hooks/${name}`, value: '', origin: folder });
        }
    }
    return findings;
}
