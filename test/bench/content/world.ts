/**
 * A repository of any size that git-annex takes for its own, made in seconds: its history comes by `git fast-import`, as
 * `git annex add` would take a quarter of an hour for 100,000 files.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { git, annex } from '../../unit/sync/support/repositories';
import { hashDirLower, hashDirMixed } from '../../../src/core/content/keys';

const zero = '0'.repeat(8);
/** The repositories beside this one that the location logs speak of. */
const others = [1, 2, 3, 4].map(n => `${zero}-0000-4000-8000-00000000000${n}`);

const perFolder = 100;

export function fileName(index: number): string {
    return `d${String(Math.floor(index / perFolder)).padStart(4, '0')}/file ${String(index).padStart(6, '0')}.bin`;
}

export function keyOf(index: number): string {
    return `SHA256E-s${1000 + index}--${createHash('sha256').update(String(index)).digest('hex')}.bin`;
}

/** Whether the made repository has the content; every third is here. */
function isHere(index: number): boolean {
    return index % 3 === 0;
}

function logOf(index: number, uuid: string): string {
    const time = `${1_700_000_000 + index}.${String((index * 7919) % 1_000_000_000).padStart(9, '0')}s`;
    return [...(isHere(index) ? [uuid] : []), ...others.filter((_, n) => (index >> n) % 2 === 0)].map(holder => `${time} 1 ${holder}\n`).join('');
}

/** Makes the repository with `files` annexed files at `folder`, which must not exist. */
export async function makeWorld(folder: string, files: number): Promise<void> {
    mkdirSync(folder, { recursive: true });
    await git(folder, 'init', '--quiet', '--initial-branch=master');
    for (const [name, value] of [['user.name', 'Bench'], ['user.email', 'bench@example.org'], ['gc.auto', '0'], ['commit.gpgsign', 'false']] as const) {
        await git(folder, 'config', name, value);
    }
    await annex(folder, 'init', '--quiet', 'here');
    const uuid = (await git(folder, 'config', 'annex.uuid')).trim();
    const importer = spawn('git', ['fast-import', '--quiet', '--done'], { cwd: folder, stdio: ['pipe', 'ignore', 'inherit'] });
    const ended = new Promise<void>((resolve, reject) => importer.on('exit', code => code === 0 ? resolve() : reject(new Error(`git fast-import ended with ${code ?? '?'}`))));
    const write = async (text: string): Promise<void> => {
        if (!importer.stdin.write(text)) {
            await new Promise(resolve => importer.stdin.once('drain', resolve));
        }
    };
    const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
    const head = 'committer Bench <bench@example.org> 1700000000 +0000\n';
    await write(`commit refs/heads/master\n${head}${data('files')}`);
    for (let index = 0; index < files; index++) {
        const key = keyOf(index);
        await write(`M 120000 inline "${fileName(index)}"\n${data(`../.git/annex/objects/${hashDirMixed(Buffer.from(key))}${key}/${key}`)}`);
    }
    const parent = (await git(folder, 'rev-parse', 'git-annex')).trim();
    await write(`commit refs/heads/git-annex\n${head}${data('update')}from ${parent}\n`);
    for (let index = 0; index < files; index++) {
        const key = keyOf(index);
        await write(`M 100644 inline ${hashDirLower(Buffer.from(key))}${key}.log\n${data(logOf(index, uuid))}`);
    }
    const uuids = [[uuid, 'here'] as const, ...others.map((other, n) => [other, `peer${n + 1}`] as const)];
    await write(`M 100644 inline uuid.log\n${data(uuids.map(([id, name]) => `${id} ${name} timestamp=1700000000s\n`).join(''))}done\n`);
    importer.stdin.end();
    await ended;
    for (let index = 0; index < files; index++) {
        if (isHere(index)) {
            putObject(folder, index);
        }
    }
    await git(folder, 'reset', '--quiet', '--hard', 'master');
    // git-annex takes in what came into its branch without it, once.
    await annex(folder, 'whereis', '--quiet', '--', fileName(0));
}

export function putObject(folder: string, index: number): void {
    const key = keyOf(index);
    const place = path.join(folder, '.git/annex/objects', hashDirMixed(Buffer.from(key)), key);
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, key), 'x');
}
