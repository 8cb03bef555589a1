/** A window of its own process that starts the shared daemon, says which process that is, and waits to be killed. */
import type { RepositoryContext } from '../../../src/core/annex/context';
import { SharedDaemon } from '../../../src/core/daemon/sharedDaemon';
import { silentLog } from '../../../src/core/log';

const { context, runtime } = JSON.parse(process.argv[2] ?? '') as { readonly context: RepositoryContext; readonly runtime: string };
const daemon = new SharedDaemon(
    { ...context, log: silentLog },
    { runtimeFolder: () => Promise.resolve(runtime), serviceSocket: () => Promise.resolve(undefined), shim: () => Promise.resolve({ kind: 'off', reason: 'no-perl', detail: '' }) },
);
daemon.onDidChange.on(({ state }) => {
    if (state.kind === 'running') {
        process.stdout.write(`${daemon.role ?? ''} ${state.pid}\n`);
    }
});
// It ends with the test, also with one that fails.
process.stdin.on('end', () => process.exit(0)).resume();
void daemon.start();
