/**
 * A repository that somebody else prepared: everything in it that can make git or git-annex run a command does, and leaves a
 * note when it was run.
 */
import path from 'node:path';
import type { Computer } from '../../rig/computers/computer';

const folder = '/tmp/hostile';
const notes = `${folder}/notes`;
const script = `${folder}/run`;

/** Keys of git's configuration, each with what stands before and after its command. */
const commands: readonly (readonly [key: string, wrap?: (command: string) => string])[] = [
    ['core.fsmonitor'], ['core.sshCommand'], ['core.gitProxy'], ['core.editor'], ['core.pager'], ['core.askPass'], ['core.alternateRefsCommand'],
    ['credential.helper'], ['credential.https://example.invalid.helper'], ['gpg.program'], ['gpg.ssh.program'], ['gpg.ssh.defaultKeyCommand'],
    ['diff.external'], ['diff.evil.textconv'], ['diff.evil.command'], ['merge.evil.driver'],
    ['filter.evil.clean'], ['filter.evil.smudge'], ['filter.evil.process'], ['interactive.diffFilter'], ['sequence.editor'],
    ['pager.config'], ['pager.status'], ['pager.remote'], ['pager.version'],
    ['alias.config', command => `!${command}`], ['alias.status', command => `!${command}`], ['alias.annex', command => `!${command}`], ['alias.version', command => `!${command}`],
    ['submodule.sub.update', command => `!${command}`], ['uploadpack.packObjectsHook'], ['hook.evil.command'], ['trailer.evil.cmd'], ['tar.evil.command'],
    ['remote.ext.url', command => `ext::${command}`], ['remote.evil.uploadpack'], ['remote.evil.receivepack'], ['remote.evil.annex-cost-command'], ['remote.evil.annex-start-command'], ['remote.evil.annex-ssh-options', command => `-oProxyCommand=${command}`],
    ['remote.bob.uploadpack'], ['remote.bob.receivepack'], ['remote.bob.annex-cost-command'], ['remote.bob.annex-start-command'],
    ['annex.secure-erase-command'], ['annex.freezecontent-command'], ['annex.thawcontent-command'], ['annex.http-headers-command'], ['annex.youtube-dl-command'], ['annex.pre-init-command'], ['annex.pre-commit-command'], ['annex.post-update-command'],
];

const hooks = [
    'applypatch-msg', 'commit-msg', 'fsmonitor-watchman', 'post-checkout', 'post-commit', 'post-index-change', 'post-merge', 'post-rewrite', 'pre-auto-gc', 'pre-commit', 'pre-push', 'pre-receive',
    'prepare-commit-msg', 'reference-transaction', 'update', 'post-update-annex', 'pre-commit-annex', 'freezecontent-annex', 'thawcontent-annex', 'secure-erase-annex', 'http-headers-annex', 'pre-init-annex',
];

/** A remote's name that would be an icon, a link and text the wrong way round, were it shown as it is. */
export const hostileName = '$(check)-[free](command:annexPeers.enableTor)-\u202egnp.\u001b[31m';
/** An onion address of the right form that leads nowhere. */
export const nowhere = `tor-annex::${'a'.repeat(56)}.onion:4711`;

const quote = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

function configLines(): string {
    const lines: string[] = [];
    const set = (key: string, value: string): void => {
        const [, section = '', subsection, name = ''] = /^([^.]+)(?:\.(.+))?\.([^.]+)$/su.exec(key) ?? [];
        lines.push(subsection === undefined ? `[${section}]` : `[${section} ${quote(subsection)}]`, `\t${name} = ${quote(value)}`);
    };
    for (const [key, wrap = (command: string): string => command] of commands) {
        set(key, wrap(`${script} ${key.replaceAll(/[^\w.-]/gu, '_')}`));
    }
    set('core.hooksPath', `${folder}/hooks`);
    set('filter.evil.required', 'true');
    set('hook.evil.event', 'reference-transaction');
    set('protocol.ext.allow', 'always');
    set('remote.evil.url', 'ssh://example.invalid/x');
    set('remote.bob.url', nowhere);
    set(`remote.${hostileName}.url`, nowhere.replaceAll('a.onion', 'b.onion'));
    set(`remote.${hostileName}.annex-uuid`, '--in=here\n[x](command:y)');
    set('remote.--upload-pack=/tmp/hostile/run.url', nowhere.replaceAll('a.onion', 'c.onion'));
    set(`url.ext::${script} insteadOf.insteadOf`, 'tor-annex::');
    set('extensions.worktreeConfig', 'true');
    // What is missing here is fetched from there whenever it is read.
    set('remote.evil.promisor', 'true');
    set('include.path', `${folder}/included`);
    return `${lines.join('\n')}\n`;
}

/** Hostile values for the settings that a folder may try to set, by name. */
export type FolderSettings = Readonly<Record<string, unknown>>;

/** Settings as a folder may write them: by their names, and as objects in one another, which once got round a check. */
export function settingsFile(settings: FolderSettings): string {
    const nested: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(settings)) {
        nested[name.slice(name.indexOf('.') + 1)] = value;
    }
    return JSON.stringify({ ...settings, annexPeers: nested }, undefined, 4);
}

/** The program that leaves a note, with `name` in it. */
export function canary(name: string): string {
    return `${folder}/bin/${name}`;
}

/** Turns a computer's repository into a hostile one. */
export async function makeHostile(computer: Computer, settings: FolderSettings): Promise<void> {
    const { repository } = computer;
    const git = path.posix.join(repository, '.git');
    const executable = async (file: string, text: string): Promise<void> => {
        await computer.writeFile(file, text);
        await computer.execOrThrow(['chmod', '755', file]);
    };
    await computer.execOrThrow(['mkdir', '-p', notes, `${folder}/hooks`, `${git}/hooks`]);
    await executable(script, `#!/bin/sh\necho "$@" >> ${notes}/$1\ncat >/dev/null 2>&1 </dev/null\nexit 1\n`);
    const hook = (name: string): string => `#!/bin/sh\n${script} ${name}\nexit 0\n`;
    await Promise.all(hooks.flatMap(name => [executable(`${folder}/hooks/${name}`, hook(`hooksPath-${name}`)), executable(`${git}/hooks/${name}`, hook(`hooks-${name}`))]));
    // Where a program is looked for by its name alone, or beside the repository's files.
    for (const name of ['git', 'git-annex', 'wormhole', 'tor', 'perl', 'node']) {
        await executable(canary(name), hook(`bin-${name}`));
        await executable(path.posix.join(repository, name), hook(`tree-${name}`));
    }
    await computer.writeFile(`${repository}/.gitattributes`, '* filter=evil diff=evil merge=evil\n');
    await computer.writeFile(`${git}/info/attributes`, '* filter=evil diff=evil merge=evil\n');
    await computer.writeFile(`${repository}/.gitmodules`, `[submodule "sub"]\n\tpath = sub\n\turl = ext::${script} gitmodules\n\tupdate = !${script} gitmodules-update\n`);
    await computer.writeFile(`${repository}/.vscode/settings.json`, settingsFile(settings));
    await computer.writeFile(`${folder}/included`, `[core]\n\tfsmonitor = "${script} included"\n`);
    await computer.writeFile(`${git}/config.worktree`, `[core]\n\tfsmonitor = "${script} worktree"\n`);
    // Of the same length as before: whoever compares work tree and index has to read this file, and so to filter it.
    await computer.writeFile(`${repository}/plain.txt`, 'changed text\n');
    const missing = (await computer.execOrThrow(['git', 'rev-parse', 'refs/heads/git-annex:uuid.log'], { cwd: repository })).trim();
    await computer.execOrThrow(['rm', `${git}/objects/${missing.slice(0, 2)}/${missing.slice(2)}`]);
    const before = await computer.readFile(`${git}/config`);
    await computer.writeFile(`${git}/config`, `${before}${configLines()}`);
}

/** What has run: the names of the notes. */
export async function ranCommands(computer: Computer): Promise<readonly string[]> {
    return (await computer.execOrThrow(['ls', notes])).split('\n').filter(name => name !== '').sort();
}
