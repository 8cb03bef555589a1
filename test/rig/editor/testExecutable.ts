/**
 * Stands where @vscode/test-electron expects a desktop VS Code: takes its arguments, runs the tests in the rig's VS Code
 * with a headless browser, prints what they print, and exits with their verdict.
 *
 * The verdict is the results file (ANNEX_PEERS_RESULTS) that the test entry writes at its end. What the editor itself
 * reports isn't believed: it says "success" of an extension host that was killed.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { redactingLog, silentLog, type Log } from '../../../src/core/log';
import { isGood, readResults, type Results } from '../../integration/results';
import { pause } from '../wait';
import { launchBrowser } from './browser';
import { developmentScript } from './developmentScript';
import { LocalHost } from './host';
import { editorVersions, installEditor } from './install';
import { EditorServer } from './server';
import { Workbench } from './workbench';

interface Request {
    readonly extensionPath: string;
    readonly testsPath: string;
    readonly folder: string | undefined;
    readonly resultsFile: string;
    readonly outputFile: string;
    readonly limitMs: number;
}

function readRequest(): Request {
    // Desktop VS Code knows many more arguments; those about its sandbox, updates and profile have no meaning here.
    const { values, positionals } = parseArgs({
        strict: false,
        allowPositionals: true,
        options: { extensionDevelopmentPath: { type: 'string' }, extensionTestsPath: { type: 'string' } },
    });
    const { extensionDevelopmentPath, extensionTestsPath } = values;
    const resultsFile = process.env['ANNEX_PEERS_RESULTS'];
    if (typeof extensionDevelopmentPath !== 'string' || typeof extensionTestsPath !== 'string' || resultsFile === undefined) {
        throw new Error('Needed: --extensionDevelopmentPath=, --extensionTestsPath= and the variable ANNEX_PEERS_RESULTS');
    }
    return {
        extensionPath: path.resolve(extensionDevelopmentPath),
        testsPath: path.resolve(extensionTestsPath),
        folder: positionals[0] === undefined ? undefined : path.resolve(positionals[0]),
        resultsFile,
        outputFile: `${resultsFile}.output`,
        limitMs: Number(process.env['ANNEX_PEERS_TEST_LIMIT_MS'] ?? 120_000),
    };
}

async function main(request: Request, signal: AbortSignal): Promise<Results | undefined> {
    const log: Log = process.env['ANNEX_PEERS_VERBOSE'] === '1' ? redactingLog({ ...silentLog, debug: message => console.log(message) }) : silentLog;
    const state = await mkdtemp(path.join(os.tmpdir(), 'annex-peers-editor-'));
    const cleanUp: (() => Promise<unknown>)[] = [async () => rm(state, { recursive: true, force: true, maxRetries: 5 })];
    try {
        const installation = await installEditor(process.env['ANNEX_PEERS_ENGINE'] ?? editorVersions.newest, log);
        const server = await EditorServer.start({
            installation,
            host: new LocalHost(log),
            stateFolder: path.join(state, 'editor'),
            log,
            // test-electron always asks for --disable-workspace-trust; Restricted Mode has tests of its own.
            workspaceTrust: process.env['ANNEX_PEERS_TRUST'] === 'ask',
            env: { ANNEX_PEERS_RESULTS: request.resultsFile, ANNEX_PEERS_OUTPUT: request.outputFile, ANNEX_PEERS_SUITE: process.env['ANNEX_PEERS_SUITE'] },
        });
        cleanUp.unshift(async () => server.stop());
        const browser = await launchBrowser();
        cleanUp.unshift(async () => browser.close());
        let ended = false;
        const workbench = await Workbench.open(browser, server.url(request.folder), {
            initScript: developmentScript(server.authority, request.extensionPath, request.testsPath),
            onPage: async page => page.exposeFunction('codeAutomationExit', () => {
                ended = true;
            }),
        });
        return await verdict(request, signal, () => ended || server.output.some(line => line.includes('Extension Host Process exited')), workbench);
    } finally {
        for (const step of cleanUp) {
            await step();
        }
    }
}

/** Passes on what the tests print until they have written their results, or can't any more. */
async function verdict(request: Request, signal: AbortSignal, hasEnded: () => boolean, workbench: Workbench): Promise<Results | undefined> {
    const deadline = performance.now() + request.limitMs;
    let printed = 0;
    const print = async (): Promise<void> => {
        const text = await readFile(request.outputFile, 'utf8').catch(() => '');
        process.stdout.write(text.slice(printed));
        printed = text.length;
    };
    for (;;) {
        const last = hasEnded() || performance.now() > deadline;
        await print();
        const results = await readResults(request.resultsFile);
        if (results !== undefined) {
            await print();
            return results;
        }
        if (last) {
            console.error(performance.now() > deadline ? `No verdict within ${request.limitMs} ms` : 'The extension host ended without a verdict');
            console.error(workbench.errors.slice(-5).join('\n'));
            return undefined;
        }
        await pause(100, signal);
    }
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => stop.abort());
}
main(readRequest(), stop.signal).then(
    results => {
        process.exitCode = results !== undefined && isGood(results) ? 0 : 1;
    },
    (error: unknown) => {
        console.error(error);
        process.exitCode = 1;
    },
);
