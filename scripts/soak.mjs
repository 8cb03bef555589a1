// npm run soak: the full counts of the tests that npm test runs with small ones, in parts that resume, with a dated result.
//
//     node scripts/soak.mjs [--again]              begins afresh
//                           [--only <text>]...     only the parts whose name has one of the texts
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { checkNode, compile, installDependencies, prepareRig, privileges } from './lib/setup.mjs';
import { bundle, pack, packagePath } from './package.mjs';
import { command, endChildrenWithThisCommand, projectRoot, run } from './lib/tools.mjs';

const mocha = ['node_modules/mocha/bin/mocha.js', '--no-config', '--forbid-only', '--timeout', '3600000', '--reporter', 'dot'];
const parts = [
    { name: '1,000 key exchanges with python3-spake2', args: [...mocha, 'out/test/interop/wormhole/spake2.test.js'], env: { ANNEX_PEERS_WORMHOLE_EXCHANGES: '1000' } },
    { name: 'the whole matrix of wormholes, 3 rounds', args: [...mocha, 'out/test/interop/wormhole/matrix.test.js'], env: { ANNEX_PEERS_WORMHOLE_ROUNDS: '3' } },
    { name: 'sync against the plain command, 200 random pairs of repositories', args: [...mocha, 'out/test/unit/sync/oracle.test.js'], env: { ANNEX_PEERS_ORACLE_RUNS: '200' } },
    { name: '200 fetches of a tiny pack from a repository that is served here', args: ['out/test/support/localOnion/fetchRuns.js', '200', '1000', 'on'] },
    { name: '50 fetches of a pack of 1.5 MB from a repository that is served here', args: ['out/test/support/localOnion/fetchRuns.js', '50', '1500000', 'on'] },
    { name: 'beside it: 200 fetches of a tiny pack from the plain daemon', args: ['out/test/support/localOnion/fetchRuns.js', '200', '1000', 'off'], mayFail: true },
    { name: 'beside it: 50 fetches of a pack of 1.5 MB from the plain daemon', args: ['out/test/support/localOnion/fetchRuns.js', '50', '1500000', 'off'], mayFail: true },
    // The same over a private, real Tor network, served in a real VS Code.
    { name: 'over Tor: 200 fetches of a tiny pack from what the extension serves', args: ['out/test/support/torFetch/fetchRuns.js', '200', '1000', 'extension'], onRig: true },
    { name: 'over Tor: 50 fetches of a pack of 1.5 MB from what the extension serves', args: ['out/test/support/torFetch/fetchRuns.js', '50', '1500000', 'extension'], onRig: true },
    { name: 'over Tor, beside it: 200 fetches of a tiny pack from the plain daemon', args: ['out/test/support/torFetch/fetchRuns.js', '200', '1000', 'plain'], onRig: true, mayFail: true },
    { name: 'over Tor, beside it: 50 fetches of a pack of 1.5 MB from the plain daemon', args: ['out/test/support/torFetch/fetchRuns.js', '50', '1500000', 'plain'], onRig: true, mayFail: true },
];
const stateFile = path.join(projectRoot, '.rig/soak.json');

await command(async () => {
    const { values } = parseArgs({ options: { again: { type: 'boolean' }, only: { type: 'string', multiple: true } } });
    const wanted = parts.filter(({ name }) => values.only?.some(text => name.includes(text)) ?? true);
    endChildrenWithThisCommand();
    checkNode();
    await installDependencies();
    await compile();
    const cannot = await prepareRig();
    if (cannot !== undefined) {
        console.log(cannot);
    }
    await bundle();
    if (wanted.some(({ onRig }) => onRig)) {
        await pack();
    }
    await mkdir(path.dirname(stateFile), { recursive: true });
    if (values.again) {
        await rm(stateFile, { force: true });
    }
    const done = JSON.parse(await readFile(stateFile, 'utf8').catch(() => '{}'));
    const { stdout: commit } = await promisify(execFile)('git', ['rev-parse', '--short', 'HEAD'], { cwd: projectRoot });
    for (const part of wanted.filter(({ name, onRig }) => done[name]?.commit !== commit.trim() && (cannot === undefined || !onRig))) {
        console.log(`\n== ${part.name}`);
        const start = performance.now();
        const figuresFile = path.join(projectRoot, '.rig/soak-figures.json');
        await rm(figuresFile, { force: true });
        const env = { ...part.env, ANNEX_PEERS_FIGURES: figuresFile, ...(part.onRig ? { ANNEX_PEERS_VSIX: await packagePath() } : {}) };
        const [program, ...args] = privileges(part.onRig, [process.execPath, ...part.args], env);
        const code = await run(program, args, { env, allowFailure: true });
        const figures = await readFile(figuresFile, 'utf8').then(JSON.parse, () => undefined);
        done[part.name] = { commit: commit.trim(), code, figures, seconds: Math.round((performance.now() - start) / 1000), at: new Date().toISOString() };
        await writeFile(stateFile, JSON.stringify(done, undefined, 2));
    }
    const failed = wanted.filter(({ name, mayFail }) => done[name]?.code !== 0 && !mayFail);
    await report(done, commit.trim());
    return failed.length === 0 ? 0 : 1;
});

async function report(done, commit) {
    const result = ({ code, figures }) => figures?.hung !== undefined ? `${figures.hung} of ${figures.runs} hung, ${figures.failed} failed, median ${figures.medianMs} ms` : code === 0 ? 'passed' : `ended with ${code}`;
    const rows = parts.map(({ name }) => done[name]?.commit === commit ? `| ${name} | ${result(done[name])} | ${done[name].seconds} s |` : `| ${name} | not run | |`);
    const folder = path.join(projectRoot, 'docs/results');
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `soak-${new Date().toISOString().slice(0, 10)}.md`);
    await writeFile(file, [`# Soak run of ${commit}`, '', `${os.cpus().length} cores, ${os.type()} ${os.release()}, Node.js ${process.version}`, '', '| part | result | time |', '| --- | --- | --- |', ...rows, ''].join('\n'));
    console.log(`\n${path.relative(projectRoot, file)}`);
}
