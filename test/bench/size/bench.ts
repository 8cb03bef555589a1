/**
 * How large the extension is: what has to be downloaded, and what is read when it starts.
 *
 *     node out/test/bench/size/bench.js
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { median, tell } from '../support/row';

const project = path.join(__dirname, '../../../..');
const kB = (bytes: number): string => `${Math.round(bytes / 1000)} kB`;

/** How long Node.js takes to read and compile a program without running it, in milliseconds. */
function compileMs(file: string): number {
    const source = 'const s = performance.now(); new (require("vm").Script)(require("fs").readFileSync(process.argv[1], "utf8")); console.log(performance.now() - s)';
    return median(Array.from({ length: 7 }, () => Number(execFileSync(process.execPath, ['-e', source, file], { encoding: 'utf8' }))));
}

const { name, version, main } = v.parse(v.object({ name: v.string(), version: v.string(), main: v.string() }), JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8')));
const row = (what: string, ours: string, note = ''): void => tell({ what, ours, instead: '', ratio: '', goal: '', reached: true, note });
const bundle = path.join(project, main);
row('the package', kB(statSync(path.join(project, `${name}-${version}.vsix`)).size));
row('the code that is read when the extension starts', kB(statSync(bundle).size), `${Math.round(compileMs(bundle) * 10) / 10} ms to read and compile`);
const folder = path.dirname(bundle);
const others = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => /\.(?:js|css)$/u.test(file) && path.join(folder, file) !== bundle);
row('the pages and the programs beside it', kB(others.reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0)), `${others.length} files`);
