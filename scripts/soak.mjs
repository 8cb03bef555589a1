// npm run soak: the full counts of the tests that npm test runs with small ones, in parts that resume, with a dated result.
//
//     node scripts/soak.mjs [--again]      begins afresh
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { checkNode, compile, installDependencies, prepareSystem } from './lib/setup.mjs';
import { bundle } from './package.mjs';
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
];
const stateFile = path.join(projectRoot, '.rig/soak.json');

await command(async () => {
    const { values } = parseArgs({ options: { again: { type: 'boolean' } } });
    endChildrenWithThisCommand();
    checkNode();
    await installDependencies();
    await compile();
    await prepareSystem();
    await bundle();
    await mkdir(path.dirname(stateFile), { recursive: true });
    if (values.again) {
        await rm(stateFile, { force: true });
    }
    const done = JSON.parse(await readFile(stateFile, 'utf8').catch(() => '{}'));
    const { stdout: commit } = await promisify(execFile)('git', ['rev-parse', '--short', 'HEAD'], { cwd: projectRoot });
    for (const part of parts.filter(({ name }) => done[name]?.commit !== commit.trim())) {
        console.log(`\n== ${part.name}`);
        const start = performance.now();
        const code = await run(process.execPath, part.args, { env: part.env ?? {}, allowFailure: true });
        done[part.name] = { commit: commit.trim(), code, seconds: Math.round((performance.now() - start) / 1000), at: new Date().toISOString() };
        await writeFile(stateFile, JSON.stringify(done, undefined, 2));
    }
    const failed = parts.filter(({ name, mayFail }) => done[name].code !== 0 && !mayFail);
    await report(done, commit.trim());
    return failed.length === 0 ? 0 : 1;
});

async function report(done, commit) {
    const rows = parts.map(({ name }) => `| ${name} | ${done[name].code === 0 ? 'passed' : `ended with ${done[name].code}`} | ${done[name].seconds} s |`);
    const folder = path.join(projectRoot, 'docs/results');
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `soak-${new Date().toISOString().slice(0, 10)}.md`);
    await writeFile(file, [`# Soak run of ${commit}`, '', `${os.cpus().length} cores, ${os.type()} ${os.release()}, Node.js ${process.version}`, '', '| part | result | time |', '| --- | --- | --- |', ...rows, ''].join('\n'));
    console.log(`\n${path.relative(projectRoot, file)}`);
}
