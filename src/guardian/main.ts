/**
 * The guardian: a small program that outlives the editor's extension host by two seconds, and leaves nothing of it behind.
 *
 * Its input is a pipe from the extension host, which closes when that ends, however it ends. Until then it only remembers what it is
 * told (see core/process/guardian/messages). It runs on the editor's own runtime, in a session of its own.
 */
import { LineSplitter } from '../core/process/lines';
import { parseGuardianMessage } from '../core/process/guardian/messages';
import { Ledger } from './ledger';
import { endAll, endOrphans } from './ending';
import { undo } from './undo';

/** Should anything below wait for ever. */
const lastMomentMs = 8000;

const ledger = new Ledger();
let ending = false;

async function end(): Promise<void> {
    if (ending) {
        return;
    }
    ending = true;
    setTimeout(() => process.exit(1), lastMomentMs).unref();
    await undo(ledger.all, () => endAll(ledger.mark, ledger.groups)).finally(() => process.exit(0));
}

for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGPIPE'] as const) {
    // It ends when there is nothing to guard any more, not before.
    process.on(signal, () => undefined);
}
const splitter = new LineSplitter(line => {
    const message = parseGuardianMessage(line);
    if (message !== undefined) {
        ledger.take(message);
    }
});
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text: string) => splitter.push(text));
process.stdin.on('end', () => void end());
process.stdin.on('error', () => void end());
// What others left is a kindness; it must not keep this from its own work.
endOrphans().catch(() => undefined);
