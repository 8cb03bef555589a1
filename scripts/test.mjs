// npm test: set-up, type check, lint, unit, integration and end to end; ends with a line "N passed, N failed".
//
//     node scripts/test.mjs [--only unit|integration|e2e]... [--grep <pattern>] [--engine <VS Code version>]...
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundle, pack, packagePath } from './package.mjs';
import { checkNode, compile, installDependencies, prepareRig, prepareSystem, removeStale } from './lib/setup.mjs';
import { askForRoot, forTheRig, runAsRoot } from './lib/root.mjs';
import { command, CommandError, endChildrenWithThisCommand, isStopping, run, timed } from './lib/tools.mjs';

const parts = ['unit', 'integration', 'e2e'];
const mocha = 'node_modules/mocha/bin/mocha.js';
const total = { passed: 0, failed: 0, skipped: 0 };

await command(async () => {
    const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, grep: { type: 'string' }, engine: { type: 'string', multiple: true } } });
    const wanted = values.only ?? parts;
    const unknown = wanted.filter(part => !parts.includes(part));
    if (unknown.length > 0) {
        throw new CommandError(`--only takes ${parts.join(', ')}, not ${unknown.join(', ')}`);
    }
    endChildrenWithThisCommand();
    const start = performance.now();
    const everything = values.only === undefined;
    try {
        checkNode();
        if (process.platform === 'linux' && wanted.includes('e2e')) {
            // First, so that nobody has to sit and wait for the question; without root the rest still runs.
            await askForRoot(forTheRig);
        }
        await installDependencies();
        await removeStale();
        check('type check', await compile());
        if (everything) {
            check('type check of the pages', await succeeds('type check of the pages', ['node_modules/typescript/bin/tsc', '-p', 'webview', '--noEmit']));
            check('lint', await succeeds('lint', ['node_modules/eslint/bin/eslint.js', '.', '--cache', '--cache-location', '.rig/eslint/']));
        }
        const grep = values.grep === undefined ? [] : ['--grep', values.grep];
        if (wanted.includes('unit')) {
            // The tests drive the real programs.
            await prepareSystem();
            // Most of the time a test waits for a program: two files at a time take half as long.
            await suite('unit', [mocha, '--parallel', '--jobs', '2', '--reporter', 'scripts/reporter.cjs', ...grep]);
            await suite('interop', [mocha, '--no-config', '--forbid-only', '--timeout', '60000', '--reporter', 'scripts/reporter.cjs', ...grep, 'out/test/interop/**/*.test.js']);
        }
        if (wanted.includes('integration') || wanted.includes('e2e')) {
            await editorSuites(wanted, values.engine ?? [], grep);
        }
    } catch (error) {
        total.failed += 1;
        console.error(isStopping() ? 'Stopped' : error instanceof CommandError ? error.message : error);
    }
    const failed = total.failed + (process.env.CI ? total.skipped : 0);
    console.log(`\n[${((performance.now() - start) / 1000).toFixed(1)} s] in all`);
    if (total.skipped > 0) {
        console.log(`${total.skipped} skipped${process.env.CI ? ', which counts as failed here' : ''}`);
    }
    console.log(`${total.passed} passed, ${failed} failed`);
    return failed > 0 || total.passed === 0 ? 1 : 0;
});

/** What needs an editor, and for the end-to-end tests the rig. */
async function editorSuites(wanted, engines, grep) {
    const cannot = await prepareRig({ wanted: wanted.includes('e2e') });
    await bundle();
    const desktop = (process.env.VSCODE_TEST_EXECUTABLE ?? '') !== '' || process.env.VSCODE_TEST_DOWNLOAD === '1';
    if (wanted.includes('integration') && cannot.editor !== undefined && !desktop) {
        skip('Integration', cannot.editor);
    } else if (wanted.includes('integration')) {
        await suite('integration', ['out/test/integration/runTests.js', ...engines.flatMap(engine => ['--engine', engine])]);
    }
    if (!wanted.includes('e2e')) {
        return;
    }
    if (cannot.rig !== undefined) {
        skip('End to end', cannot.rig);
        return;
    }
    await pack();
    await suite('e2e', [mocha, '--no-config', '--forbid-only', '--timeout', '240000', '--slow', '20000', '--reporter', 'scripts/reporter.cjs', ...grep, 'out/test/e2e/**/*.test.js'], { ANNEX_PEERS_VSIX: await packagePath() }, true);
}

/** Runs a program that writes its figures to the file ANNEX_PEERS_RESULTS; figures that are missing are a failure. */
async function suite(name, args, env = {}, asRoot = false) {
    console.log(`\n== ${name}`);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'annex-peers-results-'));
    const file = path.join(folder, 'results.json');
    try {
        const options = { env: { ...env, ANNEX_PEERS_RESULTS: file }, allowFailure: true };
        const code = await timed(name, () => asRoot ? runAsRoot(args, options) : run(process.execPath, args, options));
        const results = JSON.parse(await readFile(file, 'utf8').catch(() => 'null'));
        if (results === null || (code !== 0 && results.failed === 0) || results.passed + results.failed === 0) {
            console.error(`${name}: ended with ${code} and ${results === null ? 'no results' : `${results.passed} passed`}`);
            total.failed += 1;
        }
        total.passed += results?.passed ?? 0;
        total.failed += results?.failed ?? 0;
        total.skipped += results?.skipped ?? 0;
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

/** Parts that can't run on this system count as skipped, and say why. */
function skip(part, why) {
    console.log(`\n${part}: not run here. ${why}`);
    total.skipped += 1;
}

async function succeeds(name, args) {
    return await timed(name, () => run(process.execPath, args, { allowFailure: true })) === 0;
}

function check(name, good) {
    if (!good) {
        console.error(`${name}: failed`);
        total.failed += 1;
    }
}
