/**
 * A stand-in for the extension host: starts a guardian and children, says their ids, and waits to be killed.
 *
 * Arguments: a JSON object {@link HostTask}. Prints one JSON object {@link HostReport} when all is under way.
 */
import path from 'node:path';
import { messageOf } from '../../../src/core/errors';
import { silentLog } from '../../../src/core/log';
import { Guardian } from '../../../src/core/process/guardian/guardian';
import type { Cleanup } from '../../../src/core/process/guardian/messages';
import { ManagedProcess, type Invocation } from '../../../src/core/process/managedProcess';
import { until } from '../support/until';

export interface HostTask {
    readonly children: readonly (Invocation & { readonly temporaryFolder?: string; readonly readyLine?: string })[];
    readonly cleanups?: readonly Cleanup[];
    /** Go on starting children until killed. */
    readonly endless?: boolean;
}

export interface HostReport {
    readonly guardian: number;
    readonly children: readonly number[];
}

export const guardianProgram = path.join(__dirname, '..', '..', '..', 'src', 'guardian', 'main.js');

async function main(): Promise<void> {
    const task = JSON.parse(process.argv[2] ?? '') as HostTask;
    const guardian = new Guardian({ program: guardianProgram, log: silentLog });
    for (const cleanup of task.cleanups ?? []) {
        guardian.guard(cleanup);
    }
    const children: ManagedProcess[] = [];
    const startAll = async (): Promise<void> => {
        for (const { temporaryFolder, readyLine, ...invocation } of task.children) {
            const child = await ManagedProcess.start(invocation, { log: silentLog, registry: guardian, ...(temporaryFolder === undefined ? {} : { temporaryFolder }) });
            const lines: string[] = [];
            child.onStdoutLine.on(line => lines.push(line));
            children.push(child);
            if (readyLine !== undefined) {
                await until(readyLine, () => lines.some(line => line.includes(readyLine)), 60_000);
            }
        }
    };
    await startAll();
    const report: HostReport = { guardian: guardian.pid ?? 0, children: children.map(({ pid }) => pid) };
    process.stdout.write(`${JSON.stringify(report)}\n`);
    process.stdin.on('data', () => process.stdout.write(`${JSON.stringify({ guardian: guardian.pid ?? 0, children: [] })}\n`));
    // It ends with the test, also with one that fails.
    process.stdin.on('end', () => process.exit(0));
    while (task.endless === true) {
        await startAll();
    }
}

if (require.main === module) {
    main().catch((error: unknown) => {
        process.stderr.write(`${messageOf(error)}\n`);
        process.exit(1);
    });
}
