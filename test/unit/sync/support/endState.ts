/**
 * What a repository is like after a sync, without what differs between two runs of the same: times, and the names of
 * commits that contain them.
 */
import { readFile, readlink, readdir } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { git } from './repositories';

type State = Record<string, unknown>;

async function workTree(folder: string, below = ''): Promise<[string, string][]> {
    const entries = await readdir(path.join(folder, below), { withFileTypes: true });
    const files: [string, string][] = [];
    for (const entry of entries.filter(({ name }) => name !== '.git')) {
        const file = path.join(below, entry.name);
        const full = path.join(folder, file);
        if (entry.isDirectory()) {
            files.push(...await workTree(folder, file));
        } else {
            const target = entry.isSymbolicLink() ? await readlink(full) : 'file';
            // A conflict's markers name what was merged, which is a reference for the one and a commit for the other.
            const content = await readFile(full, 'latin1').then(data => createHash('sha1').update(data.replace(/^>>>>>>> .*$/gmu, '>>>>>>>')).digest('hex'), () => 'absent');
            files.push([file, `${target} ${content}`]);
        }
    }
    return files.sort(([a], [b]) => a < b ? -1 : 1);
}

async function objects(folder: string): Promise<string[]> {
    const found: string[] = [];
    const walk = async (below: string): Promise<void> => {
        for (const entry of await readdir(below, { withFileTypes: true }).catch(() => [])) {
            await (entry.isDirectory() ? walk(path.join(below, entry.name)) : Promise.resolve(found.push(entry.name)));
        }
    };
    await walk(path.join(folder, '.git', 'annex', 'objects'));
    return found.sort();
}

/** The newest line for each subject, without its time. */
function meaning(log: string, content: string): string[] {
    const newest = new Map<string, { readonly time: number; readonly text: string }>();
    for (const line of content.split('\n').filter(text => text !== '')) {
        const words = line.split(' ');
        const timeLast = /^timestamp=/u.test(words.at(-1) ?? '');
        const time = Number((timeLast ? words.at(-1)?.slice('timestamp='.length) : words[0])?.replace(/s$/u, ''));
        const rest = timeLast ? words.slice(0, -1) : words.slice(1);
        // Location logs: `time 1|0|X uuid`; the others begin with their subject.
        const isLocation = /^[0-9a-f]{3}\//u.test(log);
        const subject = isLocation ? rest[1] ?? '' : rest[0] ?? '';
        const text = rest.join(' ');
        if ((newest.get(subject)?.time ?? -1) <= time) {
            newest.set(subject, { time, text });
        }
    }
    // "Not here" and no line at all say the same.
    return [...newest.values()].map(({ text }) => text).filter(text => !/^0 [0-9a-f-]{36}$/u.test(text)).sort();
}

async function annexBranch(folder: string, ref: string): Promise<State> {
    const listing = await git(folder, 'ls-tree', '-r', '-z', ref);
    const state: State = {};
    for (const entry of listing.split('\0').filter(text => text !== '')) {
        const [, , oid = ''] = entry.slice(0, entry.indexOf('\t')).split(' ');
        const file = entry.slice(entry.indexOf('\t') + 1);
        const lines = meaning(file, await git(folder, 'cat-file', 'blob', oid));
        if (lines.length > 0) {
            state[file] = lines;
        }
    }
    return state;
}

/** Everything about a repository that a sync is answerable for. */
export async function endState(folder: string): Promise<State> {
    const refs: State = {};
    const annexRefs: State = {};
    for (const line of (await git(folder, 'for-each-ref', '--format=%(refname) %(tree)')).split('\n').filter(text => text !== '')) {
        const [name = '', tree] = line.split(' ');
        if (name.startsWith('refs/annex/') || name.startsWith('refs/basis/') || name.startsWith('refs/annex-peers/') || name.endsWith('/HEAD')) {
            continue;
        }
        if (name.endsWith('/git-annex')) {
            annexRefs[name] = await annexBranch(folder, name);
        } else {
            refs[name] = tree;
        }
    }
    return {
        head: (await git(folder, 'symbolic-ref', 'HEAD')).trim(),
        refs,
        annexRefs,
        status: (await git(folder, 'status', '--porcelain', '-z')).split('\0'),
        workTree: await workTree(folder),
        objects: await objects(folder),
    };
}
