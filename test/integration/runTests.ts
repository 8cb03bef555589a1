/**
 * Runs the integration tests by @vscode/test-electron in real VS Codes, the newest one and the oldest supported one:
 *
 *     node out/test/integration/runTests.js [--engine 1.100.3]... [--suite folder|workspace|empty|restricted]...
 *
 * In a desktop VS Code if VSCODE_TEST_EXECUTABLE names one or VSCODE_TEST_DOWNLOAD=1 allows its download, else in the
 * one that the project installs from npm (Linux on x64).
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { messageOf } from '../../src/core/errors';
import { editorVersions } from '../rig/editor/install';
import { projectRoot } from '../rig/paths';
import { removeFolder } from '../support/removeFolder';
import { declaredSettings, hostileSettings } from './hostileSettings';
import { readResults, type Results } from './results';

const suites = ['folder', 'workspace', 'empty', 'restricted'] as const;
/** `bench` is no test: it runs only where it is asked for. */
type Suite = typeof suites[number] | 'bench';

interface Launch {
    readonly engine: string;
    readonly suite: Suite;
}

const own = path.join(projectRoot(), 'test/rig/editor/testExecutable');

/** The program to run, and whether it is the project's own. */
async function executable(engine: string): Promise<string> {
    const named = process.env['VSCODE_TEST_EXECUTABLE'];
    if (named !== undefined && named !== '') {
        return named;
    }
    if (process.env['VSCODE_TEST_DOWNLOAD'] === '1') {
        return downloadAndUnzipVSCode(engine === editorVersions.newest ? 'stable' : engine);
    }
    return own;
}

/** Everything on the newest engine; on the oldest, what could differ there. */
function plan(engines: readonly string[] | undefined, chosen: readonly string[] | undefined): Launch[] {
    const all: Launch[] = [
        ...suites.map(suite => ({ engine: editorVersions.newest, suite })),
        { engine: editorVersions.minimum, suite: 'folder' },
    ];
    if (engines === undefined && chosen === undefined) {
        return process.env['VSCODE_TEST_EXECUTABLE'] === undefined ? all : all.filter(({ engine }) => engine === editorVersions.newest);
    }
    const wanted = [...suites.filter(suite => chosen === undefined || chosen.includes(suite)), ...(chosen?.includes('bench') === true ? ['bench' as const] : [])];
    return (engines ?? [editorVersions.newest]).flatMap(engine => wanted.map(suite => ({ engine, suite })));
}

/** What the window is to open: a git-annex repository whose settings are hostile, a workspace file with such settings, or nothing. */
async function makeWorkspace(folder: string, suite: Suite): Promise<string | undefined> {
    if (suite === 'empty') {
        return undefined;
    }
    const repository = path.join(folder, 'repository');
    await mkdir(repository);
    const run = async (file: string, ...args: string[]): Promise<void> => {
        await promisify(execFile)(file, args, { cwd: repository });
    };
    await run('git', 'init', '--quiet');
    await run('git', 'config', 'user.name', 'Test');
    await run('git', 'config', 'user.email', 'test@example.invalid');
    await run('git', 'annex', 'init', '--quiet', 'test');
    await writeFile(path.join(repository, 'letter.txt'), 'A letter.\n');
    await run('git', 'annex', 'add', '--quiet', '.');
    await run('git', 'commit', '--quiet', '--message', 'A letter');
    const settings = hostileSettings(await declaredSettings());
    if (suite === 'workspace') {
        const file = path.join(folder, 'test.code-workspace');
        await writeFile(file, JSON.stringify({ folders: [{ path: 'repository' }], settings }, undefined, 4));
        return file;
    }
    await mkdir(path.join(repository, '.vscode'));
    await writeFile(path.join(repository, '.vscode/settings.json'), JSON.stringify(settings, undefined, 4));
    return repository;
}

/** Runs one suite. Results that were not written, or that count no test, are a failure. */
async function launch({ engine, suite }: Launch): Promise<Results> {
    const start = performance.now();
    const failure = (message: string): Results => ({ passed: 0, failed: 1, skipped: 0, durationMs: performance.now() - start, failures: [{ title: `${suite} on ${engine}`, message }] });
    const folder = await mkdtemp(path.join(os.tmpdir(), 'annex-peers-test-'));
    const resultsFile = path.join(folder, 'results.json');
    console.log(`\nVS Code ${engine}, ${suite}`);
    let ended: unknown;
    try {
        const vscodeExecutablePath = await executable(engine);
        if (suite === 'restricted' && vscodeExecutablePath !== own) {
            console.log('  not run here: @vscode/test-electron switches Restricted Mode off on the desktop');
            return { passed: 0, failed: 0, skipped: 0, durationMs: 0, failures: [] };
        }
        const workspace = await makeWorkspace(folder, suite);
        await runTests({
            vscodeExecutablePath,
            extensionDevelopmentPath: projectRoot(),
            extensionTestsPath: path.join(__dirname, 'index.js'),
            launchArgs: [...(workspace === undefined ? [] : [workspace]), `--user-data-dir=${path.join(folder, 'user')}`, `--extensions-dir=${path.join(folder, 'extensions')}`],
            extensionTestsEnv: {
                ANNEX_PEERS_ENGINE: engine,
                ANNEX_PEERS_SUITE: suite,
                ANNEX_PEERS_RESULTS: resultsFile,
                ANNEX_PEERS_TRUST: suite === 'restricted' ? 'ask' : 'granted',
            },
        });
    } catch (error) {
        ended = error;
    }
    try {
        const results = await readResults(resultsFile);
        if (results === undefined) {
            return failure(`No verdict${ended === undefined ? '' : `: ${messageOf(ended)}`}`);
        }
        return results.passed + results.failed === 0 ? failure('No test ran') : { ...results, durationMs: performance.now() - start };
    } finally {
        await removeFolder(folder);
    }
}

async function main(): Promise<void> {
    const { values } = parseArgs({ options: { engine: { type: 'string', multiple: true }, suite: { type: 'string', multiple: true } } });
    const total: Results = { passed: 0, failed: 0, skipped: 0, durationMs: 0, failures: [] };
    for (const one of plan(values.engine, values.suite)) {
        const results = await launch(one);
        console.log(`VS Code ${one.engine}, ${one.suite}: ${results.passed} passed, ${results.failed} failed in ${(results.durationMs / 1000).toFixed(1)} s`);
        total.passed += results.passed;
        total.failed += results.failed;
        total.skipped += results.skipped;
        total.durationMs += results.durationMs;
        total.failures.push(...results.failures);
    }
    for (const { title, message } of total.failures) {
        console.error(`\n${title}\n${message}`);
    }
    const file = process.env['ANNEX_PEERS_RESULTS'];
    if (file !== undefined) {
        await writeFile(file, JSON.stringify(total));
    }
    process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

void main();
