/**
 * The index of content beside what git-annex itself offers, on the same repository of 100,000 files in one run; how it
 * grows; and that both say the same.
 *
 *     node out/test/bench/content/bench.js [--part compare|growth] [--files n] [--rounds n]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { annex, git, removeFolder } from '../../unit/sync/support/repositories';
import { median, tell } from '../support/row';
import { compareWithAnnex, timeAnnex } from './annexSide';
import { fileName, makeWorld } from './world';

const figuresSchema = v.object({ ms: v.number(), peak: v.number(), blockMs: v.number(), files: v.number() });
type Figures = v.InferOutput<typeof figuresSchema>;

/** The other process: its figures as they come, and what it is told. */
class Inside {
    readonly #child;
    readonly #lines: AsyncIterator<string, undefined>;

    constructor(what: 'empty' | 'read' | 'update', root: string, cacheFile: string) {
        this.#child = spawn(process.execPath, [path.join(__dirname, 'inside.js'), what, root, cacheFile], { stdio: ['pipe', 'pipe', 'inherit'] });
        this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    }

    async figures(): Promise<Figures> {
        const next = await this.#lines.next();
        if (next.done === true) {
            throw new Error('the measuring process ended');
        }
        return v.parse(figuresSchema, JSON.parse(next.value));
    }

    say(text: string): void {
        this.#child.stdin.write(`${text}\n`);
    }

    async end(): Promise<void> {
        this.#child.stdin.end();
        await new Promise(resolve => this.#child.exitCode === null ? this.#child.once('exit', resolve) : resolve(undefined));
    }
}

async function once(what: 'empty' | 'read', root: string, cacheFile: string): Promise<Figures> {
    const inside = new Inside(what, root, cacheFile);
    const figures = await inside.figures();
    await inside.end();
    return figures;
}

const MB = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const spread = (values: readonly number[]): string => `${Math.round(median(values))} ms (${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))})`;
let missed = false;
function row(what: string, ours: string, reached: boolean, rest: { instead?: string; ratio?: string; goal: string; note?: string }): void {
    missed ||= !reached;
    tell({ what, ours, instead: rest.instead ?? '', ratio: rest.ratio ?? '', goal: rest.goal, reached, ...(rest.note === undefined ? {} : { note: rest.note }) });
}

async function compare(folder: string, files: number, rounds: number): Promise<void> {
    const root = path.join(folder, 'world');
    const cacheFile = path.join(folder, 'cache');
    await makeWorld(root, files);
    // The disk has it at hand for either.
    await once('read', root, cacheFile);
    const empty: Figures[] = [];
    const first: Figures[] = [];
    const again: Figures[] = [];
    const measure = async (): Promise<void> => {
        empty.push(await once('empty', root, cacheFile));
        rmSync(cacheFile, { force: true });
        first.push(await once('read', root, cacheFile));
        again.push(await once('read', root, cacheFile));
    };
    await measure();
    const { ms: plain, output: whereis } = await timeAnnex(root, ['whereis', '--json']);
    await measure();
    const { ms: all } = await timeAnnex(root, ['whereis', '--json', '--all']);
    const { ms: find } = await timeAnnex(root, ['find', '--json']);
    for (let round = 2; round < rounds; round++) {
        await measure();
    }
    const ms = median(first.map(figures => figures.ms));
    const name = `the content of ${files.toLocaleString('en')} files`;
    const differences = await compareWithAnnex(root, cacheFile, { whereis });
    row(`${name}, read the first time`, spread(first.map(figures => figures.ms)), plain / ms >= 20, { instead: `${Math.round(plain)} ms (\`git annex whereis --json\`)`, ratio: `${(plain / ms).toFixed(1)} times as fast`, goal: 'at least 20 times' });
    row(`${name}, read the first time`, spread(first.map(figures => figures.ms)), (all + find) / ms >= 3, { instead: `${Math.round(all)} + ${Math.round(find)} ms (\`whereis --json --all\` and \`find --json\`)`, ratio: `${((all + find) / ms).toFixed(1)} times as fast`, goal: 'at least 3 times' });
    row(`${name}: files of which git-annex says something else`, String(differences), differences === 0, { goal: 'none' });
    const over = Math.max(...first.map(figures => figures.peak)) - median(empty.map(figures => figures.peak));
    row(`${name}: memory at the peak, over an empty worker`, MB(over), over <= 300e6, { goal: 'at most 300 MB', note: 'git\'s own processes not counted' });
    const block = median(first.map(figures => figures.blockMs));
    row(`${name}: the longest that the main thread was held up`, `${block.toFixed(1)} ms`, block <= 50, { goal: 'at most 50 ms', note: `median of ${first.length} processes, at most ${Math.max(...first.map(figures => figures.blockMs)).toFixed(1)} ms; with an empty worker ${median(empty.map(figures => figures.blockMs)).toFixed(1)} ms, at most ${Math.max(...empty.map(figures => figures.blockMs)).toFixed(1)} ms` });
    row(`${name}, opened again`, spread(again.map(figures => figures.ms)), median(again.map(figures => figures.ms)) < 500, { goal: 'under 500 ms', note: 'from the start of the worker to what can be shown' });
    await updates(root, cacheFile, rounds);
}

async function updates(root: string, cacheFile: string, rounds: number): Promise<void> {
    const inside = new Inside('update', root, cacheFile);
    await inside.figures();
    const figures: Figures[] = [];
    for (let round = 0; round < rounds; round++) {
        // Every third file is here: of those, a hundred are dropped and renamed.
        const changed = Array.from({ length: 100 }, (_, n) => fileName(3 * (100 * round + n)));
        await annex(root, 'drop', '--quiet', '--force', ...changed);
        for (const file of changed) {
            await git(root, 'mv', file, `${file}.moved`);
        }
        await git(root, 'commit', '--quiet', '--no-verify', '-m', `round ${round}`);
        inside.say('update');
        figures.push(await inside.figures());
    }
    inside.say('end');
    await inside.end();
    const ms = figures.map(each => each.ms);
    row('an update after 100 files were dropped, renamed and committed', spread(ms), median(ms) < 300, { goal: 'under 300 ms' });
    const folders = [...new Set(Array.from({ length: 300 * rounds }, (_, n) => path.dirname(fileName(n))))];
    const differences = await compareWithAnnex(root, cacheFile, { paths: folders });
    row('after these updates: files of which git-annex says something else', String(differences), differences === 0, { goal: 'none' });
}

async function growth(folder: string, rounds: number): Promise<void> {
    const sizes = [10_000, 100_000, 300_000];
    const times: number[] = [];
    for (const files of sizes) {
        const root = path.join(folder, `world${files}`);
        await makeWorld(root, files);
        const figures: Figures[] = [];
        for (let round = 0; round <= rounds; round++) {
            const cacheFile = path.join(folder, `cache${files}.${round}`);
            const one = await once('read', root, cacheFile);
            figures.push(...(round === 0 ? [] : [one]));
        }
        const ms = figures.map(each => each.ms);
        times.push(median(ms));
        row(`the content of ${files.toLocaleString('en')} files, read the first time`, spread(ms), true, { goal: '', ratio: `${(median(ms) / files * 1000).toFixed(1)} µs for each file`, note: `${MB(Math.max(...figures.map(each => each.peak)))} in all` });
        await removeFolder(root);
    }
    const [, middle = NaN, largest = NaN] = times;
    row('from 100,000 files to 300,000', `${(largest / middle).toFixed(2)} times as long`, largest / middle < 3.6, { goal: 'as three times the files: under 3.6' });
}

async function main(): Promise<void> {
    const { values } = parseArgs({ options: { part: { type: 'string' }, files: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '5' } } });
    const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'annex-peers-bench-')));
    try {
        if (values.part !== 'growth') {
            await compare(folder, Number(values.files), Number(values.rounds));
        }
        if (values.part !== 'compare') {
            await growth(folder, Math.min(3, Number(values.rounds)));
        }
    } finally {
        await removeFolder(folder);
    }
    process.exitCode = missed ? 1 : 0;
}

void main();
