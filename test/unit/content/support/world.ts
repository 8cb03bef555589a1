/**
 * Random repositories for the index: what people, git-annex and others do to one, and what somebody might slip in.
 */
import { existsSync, lstatSync } from 'node:fs';
import { appendFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { hashDirLower, hashDirMixed } from '../../../../src/core/content/keys';
import { annex, attempt, git, put, sh } from '../../sync/support/repositories';

type Where = 'alice' | 'bob';

export type Step =
    | { readonly do: 'add' | 'add-unlocked' | 'add-plain' | 'modify'; readonly at: Where; readonly file: string; readonly content: string }
    | { readonly do: 'delete' | 'remove-by-hand' | 'folder-instead' | 'drop' | 'unlock' | 'lock' | 'get' | 'copy' | 'dead-key'; readonly at: Where; readonly file: string }
    | { readonly do: 'rename'; readonly at: Where; readonly file: string; readonly to: string }
    | { readonly do: 'trust' | 'untrust' | 'semitrust' | 'dead'; readonly at: Where; readonly repository: string }
    | { readonly do: 'trust-level'; readonly level: string }
    | { readonly do: 'log'; readonly at: Where; readonly file: string; readonly uuid: string; readonly present: boolean; readonly committed: boolean }
    | { readonly do: 'raw-log'; readonly file: string; readonly lines: readonly string[]; readonly ending: string }
    | { readonly do: 'raw-link'; readonly file: string; readonly target: string; readonly asPointer: boolean }
    | { readonly do: 'move-object' | 'lose-object'; readonly file: string }
    | { readonly do: 'adjust'; readonly how: string }
    | { readonly do: 'private' | 'thin'; readonly on: boolean }
    | { readonly do: 'write-into'; readonly file: string; readonly content: string }
    | { readonly do: 'commit' | 'fetch' | 'push' | 'sync' | 'merge' | 'leave' | 'forget' | 'conflict' | 'new-branch' | 'special-remote' | 'sparse' | 'gc'; readonly at: Where }
    | { readonly do: 'check' };

export const strangers = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222', 'odd-uuid'];
const at = fc.constantFrom<Where>('alice', 'alice', 'bob');
const file = fc.constantFrom('a', 'b c', 'd/é', 'd/f.txt', 'sub/x/y', 'z%&:', 'a_b__c', '-dash', ' lead', 'new\nline', 'tab\there', '"quoted"', 'x.tar.gz');
const content = fc.constantFrom('one', 'two', 'three', 'a longer content\n'.repeat(40));
const uuid = fc.constantFrom(...strangers);
const time = fc.constantFrom('1', '1.5', '1.50', '1.500000000001', '1700000000', '1700000000.000000001', '1700000000.1', '-3', '+2', '1.', 'x', '', '99999999999', '1.0000000000001');
const logLine = fc.tuple(time, fc.constantFrom('s', 's', 's', ''), fc.constantFrom('1', '1', '0', 'X', '2', '10', ''), uuid, fc.constantFrom('\n', '\n', '\n', '\r\n', '\n\n'))
    .map(([stamp, s, status, who, end]) => `${stamp}${s} ${status} ${who}${end}`);
const name = fc.constantFrom('abc', 'a/b', 'x:y%z&w', 'é', '', `long.${'e'.repeat(63)}`, `long.${'e'.repeat(64)}`, `a.${'é'.repeat(32)}`, 'with space', '-dash', 'under_score__', 'dotted..');
const oddKey = fc.tuple(
    fc.constantFrom('SHA256E', 'SHA256', 'WORM', 'URL', 'XFOO', 'XE', 'FOOE', 'MD5E', 'sha256', ''), fc.constantFrom('', '-s3', '-s003', '-s0', '-s', '-sx', '-m5', '-m05-s3', '-s3-m5', '-s3-m5-S2-C1', '-S2', '-C01', '-s99999999999999999999'), fc.constantFrom('--', '--', '--', '-', ''), name,
).map(([backend, fields, dashes, rest]) => `${backend}${fields}${dashes}${rest}`);
/** As git-annex escapes, or as it doesn't. */
const oddFile = fc.tuple(oddKey, fc.boolean()).map(([key, escaped]) => (escaped ? key.replace(/&/gu, '&a').replace(/%/gu, '&s').replace(/:/gu, '&c') : key).replace(/\//gu, '%'));
const target = fc.tuple(fc.constantFrom('.git/annex/objects/aa/bb/', '../.git/annex/objects/', '/annex/objects/', '/annex/objects', 'annex/objects/', '/elsewhere/'), oddFile, fc.constantFrom('', '', '', '\n', '\r\n', '\n/annex/more\n', '\n/annex/unfinished', '\nappended\n', '/', '\n\n', '\r')).map(parts => parts.join(''));

export const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 12, arbitrary: fc.record({ do: fc.constantFrom('add' as const, 'add' as const, 'add-unlocked' as const, 'add-plain' as const, 'modify' as const), at, file, content }) },
    { weight: 10, arbitrary: fc.record({ do: fc.constantFrom('delete' as const, 'remove-by-hand' as const, 'folder-instead' as const, 'drop' as const, 'drop' as const, 'unlock' as const, 'lock' as const, 'get' as const, 'copy' as const, 'dead-key' as const), at, file }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('rename' as const), at, file, to: file }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('trust' as const, 'untrust' as const, 'semitrust' as const, 'dead' as const, 'dead' as const), at, repository: fc.constantFrom('alice', 'bob', ...strangers.slice(0, 2)) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('trust-level' as const), level: fc.constantFrom('trusted', 'untrusted', 'dead', 'semitrusted', 'nonsense') }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('log' as const), at, file, uuid, present: fc.boolean(), committed: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('raw-log' as const), file, lines: fc.array(logLine, { maxLength: 5 }), ending: fc.constantFrom('', '', '5s 1 unfinish') }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('raw-link' as const), file, target, asPointer: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('move-object' as const, 'lose-object' as const), file }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('adjust' as const), how: fc.constantFrom('--unlock', '--lock', '--hide-missing', '--unlock-present') }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('private' as const, 'thin' as const), on: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('write-into' as const), file, content: fc.constantFrom('', 'more', 'xyz') }) },
    { weight: 10, arbitrary: fc.record({ do: fc.constantFrom('commit' as const, 'fetch' as const, 'fetch' as const, 'push' as const, 'push' as const, 'sync' as const, 'merge' as const, 'leave' as const, 'forget' as const, 'conflict' as const, 'new-branch' as const, 'special-remote' as const, 'sparse' as const, 'gc' as const), at }) },
    { weight: 5, arbitrary: fc.constant<Step>({ do: 'check' }) },
);

async function keyAt(folder: string, name: string): Promise<string | undefined> {
    return (await annex(folder, 'lookupkey', '--', name).catch(() => '')).trim() || undefined;
}

/** Does one step, as far as it can be done. */
export async function perform(folders: Readonly<Record<Where, string>>, action: Exclude<Step, { do: 'check' }>): Promise<void> {
    const place: Where = 'at' in action ? action.at : 'alice';
    const folder = folders[place];
    const other: Where = place === 'alice' ? 'bob' : 'alice';
    const quietly = async (...args: string[]): Promise<void> => {
        await attempt(annex(folder, ...args));
    };
    switch (action.do) {
        case 'add':
        case 'add-unlocked':
            await attempt((async () => {
                await put(folder, action.file, action.content);
                await annex(folder, 'add', '-c', `annex.addunlocked=${action.do === 'add' ? 'false' : 'true'}`, '--quiet', '--', action.file);
            })());
            break;
        case 'add-plain':
            await attempt((async () => {
                await put(folder, action.file, action.content);
                await git(folder, '-c', 'annex.gitaddtoannex=false', 'add', '--', action.file);
            })());
            break;
        case 'modify':
            await attempt(put(folder, action.file, `${action.content} modified`));
            break;
        case 'delete':
            await attempt(git(folder, 'rm', '--quiet', '-f', '--', action.file));
            break;
        case 'remove-by-hand':
            await rm(path.join(folder, action.file), { force: true, recursive: true });
            break;
        case 'folder-instead':
            await rm(path.join(folder, action.file), { force: true, recursive: true });
            await attempt(mkdir(path.join(folder, action.file), { recursive: true }));
            break;
        case 'drop':
        case 'unlock':
        case 'lock':
            await quietly(action.do, '--quiet', '--force', '--', action.file);
            break;
        case 'get':
            await quietly('get', '--quiet', '--', action.file);
            break;
        case 'copy':
            await quietly('copy', '--quiet', `--to=${other}`, '--', action.file);
            break;
        case 'dead-key': {
            const key = await keyAt(folder, action.file);
            await (key === undefined ? Promise.resolve() : quietly('dead', '--key', key));
            break;
        }
        case 'rename':
            await attempt(git(folder, 'mv', '--', action.file, action.to));
            break;
        case 'trust':
        case 'untrust':
        case 'semitrust':
        case 'dead':
            await quietly(action.do, '--force', '--quiet', action.repository === place ? 'here' : action.repository);
            break;
        case 'trust-level':
            await git(folder, 'config', 'remote.bob.annex-trustlevel', action.level);
            break;
        case 'log': {
            const key = await keyAt(folder, action.file);
            if (key !== undefined) {
                await quietly('-c', `annex.alwayscommit=${action.committed}`, 'setpresentkey', key, action.uuid, action.present ? '1' : '0');
            }
            break;
        }
        case 'raw-log': {
            const key = await keyAt(folder, action.file);
            if (key !== undefined) {
                const file = `${hashDirLower(Buffer.from(key))}${key.replace(/&/gu, '&a').replace(/%/gu, '&s').replace(/:/gu, '&c').replace(/\//gu, '%')}.log`;
                const journal = path.join(folder, '.git/annex/journal');
                await mkdir(journal, { recursive: true });
                await appendFile(path.join(journal, file.replace(/_/gu, '__').replace(/\//gu, '_')), action.lines.join('') + action.ending);
            }
            break;
        }
        case 'raw-link': {
            const full = path.join(folder, action.file);
            await attempt((async () => {
                await mkdir(path.dirname(full), { recursive: true });
                await rm(full, { force: true, recursive: true });
                await (action.asPointer ? writeFile(full, action.target) : symlink(action.target, full));
                await sh(folder, 'git', '-c', 'filter.annex.clean=', '-c', 'filter.annex.process=', '-c', 'filter.annex.required=false', 'add', '-f', '--', action.file);
            })());
            break;
        }
        case 'move-object':
        case 'lose-object': {
            const key = await keyAt(folder, action.file);
            if (key !== undefined && !/[&%:/]/u.test(key)) {
                const objects = path.join(folder, '.git/annex/objects');
                const from = path.join(objects, hashDirMixed(Buffer.from(key)), key);
                const to = path.join(objects, hashDirLower(Buffer.from(key)), key);
                if (existsSync(from)) {
                    await sh(folder, 'chmod', '-R', 'u+w', from);
                    if (action.do === 'lose-object') {
                        await rm(from, { recursive: true });
                    } else if (!existsSync(to)) {
                        await mkdir(path.dirname(to), { recursive: true });
                        await rename(from, to);
                    }
                }
            }
            break;
        }
        case 'adjust':
            await attempt(git(folder, 'commit', '--quiet', '-a', '-m', 'before adjusting'));
            await quietly('adjust', '--quiet', action.how);
            break;
        case 'leave':
            await attempt(git(folder, 'checkout', '--quiet', '-f', 'master'));
            break;
        case 'private':
        case 'thin':
            await git(folder, 'config', `annex.${action.do}`, String(action.on));
            break;
        case 'write-into': {
            // In place: with annex.thin, this may be the object itself. Nobody else's file is written to.
            const full = path.join(folder, action.file);
            const stat = lstatSync(full, { throwIfNoEntry: false });
            if (stat?.isFile() === true) {
                await sh(folder, 'chmod', 'u+w', full);
                await writeFile(full, action.content === 'xyz' ? 'x'.repeat(stat.size) : action.content, { flag: action.content === 'more' ? 'a' : 'r+' });
            }
            break;
        }
        case 'commit':
            await attempt(git(folder, 'commit', '--quiet', '-a', '-m', 'commit'));
            break;
        case 'fetch':
            await attempt(git(folder, 'fetch', '--quiet', other));
            break;
        case 'push':
            await attempt(git(folder, 'push', '--quiet', other, '+git-annex:synced/git-annex', '+master:synced/master'));
            break;
        case 'sync':
            await quietly('sync', '--quiet', '--no-content', other);
            break;
        case 'merge':
            await quietly('merge', '--quiet');
            break;
        case 'forget':
            await quietly('forget', '--quiet', '--force', '--drop-dead');
            break;
        case 'conflict':
            await attempt(git(folder, 'fetch', '--quiet', other));
            await attempt(git(folder, 'merge', '--quiet', '--no-edit', `${other}/master`));
            break;
        case 'new-branch':
            await attempt(git(folder, 'checkout', '--quiet', '--orphan', `branch${Date.now()}`));
            break;
        case 'special-remote':
            await mkdir(path.join(folder, '../store'), { recursive: true });
            await quietly('initremote', '--quiet', 'store', 'type=directory', 'directory=../store', 'encryption=none', 'exporttree=yes');
            await quietly('export', '--quiet', 'master', '--to=store');
            break;
        case 'sparse':
            await attempt(git(folder, 'sparse-checkout', 'set', '--no-cone', '/a', '/d/'));
            break;
        case 'gc':
            await attempt(git(folder, 'gc', '--quiet', '--prune=now'));
            break;
    }
}

