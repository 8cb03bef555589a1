/**
 * What git-annex itself says of a repository's content, and what the index says, in one form that can be compared.
 */
import { execFile } from 'node:child_process';
import * as v from 'valibot';
import type { ContentSnapshot } from '../../../../src/core/content/snapshot';

/** By path (as Latin-1, so that any bytes are kept). */
export type Answers = Readonly<Record<string, { readonly key: string; readonly here: boolean; readonly whereis: readonly string[]; readonly untrusted: readonly string[] }>>;

/** Output as bytes; git-annex ends with 1 where a file has no copies, which is no failure here. */
async function bytesOf(folder: string, args: readonly string[]): Promise<Buffer> {
    return new Promise((resolve, reject) => {
        execFile('git', ['annex', ...args], { cwd: folder, maxBuffer: 1 << 30, encoding: 'buffer', env: { ...process.env, LC_ALL: 'C.UTF-8' } }, (error, stdout, stderr) => {
            if (error !== null && !/whereis: \d+ failed/u.test(stderr.toString('utf8'))) {
                reject(new Error(`git annex ${args.join(' ')}: ${stderr.toString('utf8')}`));
            } else {
                resolve(stdout);
            }
        });
    });
}

const holders = v.array(v.object({ uuid: v.string() }));
const line = v.object({ key: v.string(), whereis: holders, untrusted: holders });

/** Not as one string: it may be longer than those can be. */
function linesOf(output: Buffer): string[] {
    const lines: string[] = [];
    for (let start = 0, end = output.indexOf(0x0a); end >= 0; start = end + 1, end = output.indexOf(0x0a, start)) {
        lines.push(output.toString('utf8', start, end));
    }
    return lines;
}

function fields(output: Buffer): string[] {
    return output.toString('latin1').split('\0').slice(0, -1);
}

export interface AskOptions {
    /** Only of these. */
    readonly paths?: readonly string[];
    /** What `git annex whereis --json` has said already. */
    readonly whereis?: Buffer;
}

/** Asks git-annex, which merges and commits what is waiting for it. */
export async function askAnnex(folder: string, { paths = [], whereis: said }: AskOptions = {}): Promise<Answers> {
    // Whether or not it is in UTF-8, git-annex writes a name's bytes here; its JSON can't.
    const listed = fields(await bytesOf(folder, ['find', '--anything', '--format=${key}\\000${file}\\000', ...paths]));
    const here = new Set(fields(await bytesOf(folder, ['find', '--in=here', '--print0', ...paths])));
    const where = new Map(linesOf(said ?? await bytesOf(folder, ['whereis', '--json', ...paths])).map(text => {
        const { key, whereis, untrusted } = v.parse(line, JSON.parse(text));
        return [key, { whereis: whereis.map(({ uuid }) => uuid).sort(), untrusted: untrusted.map(({ uuid }) => uuid).sort() }] as const;
    }));
    const answers: Record<string, Answers[string]> = {};
    for (let place = 0; place + 1 < listed.length; place += 2) {
        const [rawKey = '', file = ''] = [listed[place], listed[place + 1]];
        const key = Buffer.from(rawKey, 'latin1').toString('utf8');
        const found = where.get(key);
        if (found === undefined) {
            throw new Error(`git-annex doesn't say where ${key} is`);
        }
        answers[file] = { key, here: here.has(file), ...found };
    }
    return answers;
}

/** The same, from the index. */
export function answersOf(snapshot: ContentSnapshot): Answers {
    const answers: Record<string, Answers[string]> = {};
    for (let file = 0; file < snapshot.count; file++) {
        const known = snapshot.logged(file).map(number => snapshot.repositories[number]);
        const uuids = (isUntrusted: boolean): string[] => known.filter(repository => (repository?.trust === 'untrusted') === isUntrusted).map(repository => repository?.uuid ?? '').sort();
        answers[snapshot.pathBytes(file).toString('latin1')] = { key: snapshot.key(file), here: snapshot.isHere(file), whereis: uuids(false), untrusted: uuids(true) };
    }
    return answers;
}
