/**
 * Entry of the `wormhole` program: a drop-in for the one that git-annex calls, run by the editor's own runtime.
 */
import { helpText, programVersion, readArguments } from './arguments';
import { flushed, ignoreClosedPipes, say } from './terminal';

/** Aborted by the signals that end programs; a second one ends it at once. */
function abortOnSignals(): { readonly signal: AbortSignal; readonly exitCode: () => number | undefined } {
    const controller = new AbortController();
    let exitCode: number | undefined;
    for (const [name, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) {
        process.on(name, () => {
            if (exitCode !== undefined) {
                process.exit(code);
            }
            exitCode = code;
            controller.abort();
        });
    }
    return { signal: controller.signal, exitCode: () => exitCode };
}

async function main(): Promise<number> {
    ignoreClosedPipes();
    const command = readArguments(process.argv.slice(2), process.env);
    switch (command.kind) {
        case 'version':
            process.stdout.write(`wormhole (Annex Peers) ${programVersion}\n`);
            return 0;
        case 'help':
            process.stdout.write(helpText);
            return 0;
        case 'usage':
            say(`wormhole: ${command.why} (see wormhole --help)`);
            return 2;
        case 'send':
        case 'receive': {
            const signals = abortOnSignals();
            // Everything else is loaded only when it is needed.
            const { runCommand } = await import(/* webpackMode: "eager" */ './commands.js');
            const exitCode = await runCommand(command, signals.signal);
            return signals.exitCode() ?? exitCode;
        }
    }
}

// Standard input may stay open for ever: the program ends when its work does.
void main().then(async code => {
    await flushed();
    process.exit(code);
});
