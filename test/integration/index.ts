/**
 * The entry inside the extension host of a real VS Code: runs one suite with mocha.
 *
 * The suite's folder comes in ANNEX_PEERS_SUITE, the file for the results in ANNEX_PEERS_RESULTS. The results in that
 * file are the verdict, not how this function ends: a host that was killed looks to the editor like a success.
 */
import { appendFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

export async function run(): Promise<void> {
    const output = process.env['ANNEX_PEERS_OUTPUT'];
    if (output !== undefined) {
        teeConsole(output);
    }
    const folder = path.join(__dirname, 'suite', process.env['ANNEX_PEERS_SUITE'] ?? 'folder');
    const mocha = new Mocha({ ui: 'bdd', timeout: 20_000, forbidOnly: true, color: false, reporter: path.join(__dirname, '../../../scripts/reporter.cjs') });
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.test.js')).sort()) {
        mocha.addFile(path.join(folder, name));
    }
    const failures = await new Promise<number>(resolve => {
        mocha.run(resolve);
    });
    if (failures > 0) {
        throw new Error(`${failures} tests failed`);
    }
}

/** Copies what the tests print to a file, for whoever waits outside. The host's own console can't be changed, only replaced. */
function teeConsole(file: string): void {
    const original = globalThis.console;
    const tee = (name: 'log' | 'info' | 'warn' | 'error') => (...parts: unknown[]): void => {
        appendFileSync(file, `${format(...parts)}\n`);
        original[name](...parts);
    };
    const log = tee('log');
    const replaced: Partial<Console> = { log, info: tee('info'), warn: tee('warn'), error: tee('error') };
    globalThis.console = Object.assign(Object.create(original) as Console, replaced);
    // Mocha took its own reference when it was loaded.
    Mocha.reporters.Base.consoleLog = log;
}
