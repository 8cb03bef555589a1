// Runs a long job in named parts that resume: what was done at this commit is not done again, and what each part came to is
// kept in .rig, so that the report can be written after any of them.
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { runAsRoot } from './root.mjs';
import { CommandError, projectRoot, run } from './tools.mjs';

/**
 * What the command line asks for:
 *
 *     --list             say which parts there are and what they came to
 *     --only <text>...   only parts whose name has one of the texts
 *     --fresh            do again what was done at this commit (of the chosen parts)
 */
export function partOptions(parts) {
    const { values } = parseArgs({ options: { list: { type: 'boolean' }, only: { type: 'string', multiple: true }, fresh: { type: 'boolean' } } });
    const chosen = parts.filter(({ name }) => values.only?.some(text => name.includes(text)) ?? true);
    if (chosen.length === 0) {
        throw new CommandError(`No part is called so. There are:\n${parts.map(({ name }) => `  ${name}`).join('\n')}`);
    }
    return { chosen, list: values.list === true, fresh: values.fresh === true };
}

/** This commit's short name; with a `+` where files were changed since. */
async function commitNow() {
    const git = async (...args) => (await promisify(execFile)('git', args, { cwd: projectRoot })).stdout.trim();
    return `${await git('rev-parse', '--short', 'HEAD')}${await git('status', '--porcelain', '--untracked-files=no', '--', '.', ':!docs') === '' ? '' : '+'}`;
}

export class PartsRun {
    constructor(job, parts, results, commit) {
        Object.assign(this, { job, parts, results, commit });
    }

    /** `job` names the file in .rig and the report in docs/results. */
    static async open(job, parts) {
        const text = await readFile(path.join(projectRoot, `.rig/${job}.json`), 'utf8').catch(() => '{}');
        return new PartsRun(job, parts, JSON.parse(text), await commitNow());
    }

    /** What the parts came to when they were run last, at whatever commit. */
    list() {
        for (const { name } of this.parts) {
            const done = this.results[name];
            console.log(`${name}: ${done === undefined ? 'not run' : `ended with ${done.code} after ${done.seconds} s at ${done.commit}, ${done.at}`}`);
        }
    }

    /** Runs what is not done; a program tells its figures in the file that ANNEX_PEERS_FIGURES or ANNEX_PEERS_BENCH_ROWS names. */
    async run(chosen, { fresh, environmentOf = () => ({}) }) {
        await mkdir(path.join(projectRoot, '.rig'), { recursive: true });
        for (const part of chosen) {
            if (!fresh && this.results[part.name]?.commit === this.commit && !this.commit.endsWith('+')) {
                console.log(`\n== ${part.name}: done at this commit`);
                continue;
            }
            console.log(`\n== ${part.name}`);
            const [figuresFile, rowsFile] = ['figures', 'rows'].map(what => path.join(projectRoot, `.rig/${this.job}-${what}.json`));
            await Promise.all([figuresFile, rowsFile].map(file => rm(file, { force: true })));
            const start = performance.now();
            const env = { ...part.env, ANNEX_PEERS_FIGURES: figuresFile, ANNEX_PEERS_BENCH_ROWS: rowsFile, ...await environmentOf(part) };
            const code = await (part.onRig ? runAsRoot(part.args, { env, allowFailure: true }) : run(process.execPath, part.args, { env, allowFailure: true }));
            this.results[part.name] = {
                commit: this.commit,
                code,
                figures: await readFile(figuresFile, 'utf8').then(JSON.parse, () => undefined),
                rows: await readFile(rowsFile, 'utf8').then(text => text.split('\n').filter(line => line !== '').map(line => JSON.parse(line)), () => []),
                seconds: Math.round((performance.now() - start) / 1000),
                load: Number(os.loadavg()[1].toFixed(1)),
                at: new Date().toISOString(),
            };
            await writeFile(path.join(projectRoot, `.rig/${this.job}.json`), JSON.stringify(this.results, undefined, 2));
        }
    }

    /** Parts of `chosen` that did not end as they should. */
    failed(chosen) {
        return chosen.filter(({ name, mayFail }) => this.results[name]?.code !== 0 && !mayFail);
    }

    /**
     * Writes docs/results/<job>-<date>.md: a heading, this computer, and a table. What is not known here stays as the last report
     * says it, by a row's first cell: "not run" where it says nothing.
     *
     * @param rows each a list of cells, or a name alone
     */
    async report(title, header, rows, after = []) {
        const folder = path.join(projectRoot, 'docs/results');
        const earlier = await rowsOfLastReport(this.job);
        const whole = rows.map(row => typeof row === 'string' ? earlier.get(row) ?? [row, 'not run'] : row).map(cells => [...cells, ...header.map(() => '')].slice(0, header.length));
        await mkdir(folder, { recursive: true });
        const file = path.join(folder, `${this.job}-${new Date().toISOString().slice(0, 10)}.md`);
        const computer = `${os.cpus().length} cores, ${os.type()} ${os.release()}, Node.js ${process.version}`;
        const line = cells => `| ${cells.map(cell => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
        await writeFile(file, [`# ${title}`, '', computer, '', line(header), line(header.map(() => '---')), ...whole.map(line), '', ...after].join('\n'));
        console.log(`\n${path.relative(projectRoot, file)}`);
    }
}

/** The table of the newest report of a job, by each row's first cell. */
export async function rowsOfLastReport(job) {
    const folder = path.join(projectRoot, 'docs/results');
    const names = (await readdir(folder).catch(() => [])).filter(name => name.startsWith(`${job}-`)).sort();
    const text = names.length === 0 ? '' : await readFile(path.join(folder, names.at(-1)), 'utf8');
    const rows = text.split('\n').filter(line => line.startsWith('| ')).map(line => line.slice(2).replace(/ ?\|$/u, '').split(/ \| ?/u).map(cell => cell.replaceAll('\\|', '|')));
    return new Map(rows.slice(2).map(cells => [cells[0], cells]));
}
