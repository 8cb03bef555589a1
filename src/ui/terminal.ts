/**
 * Runs a program in a terminal, so that the user sees it and can type a password into it.
 *
 * What has become root can't be ended by this user, nor by the guardian, should the editor die. So `sh`, which stays this user's, leads the
 * terminal's session and waits: when it ends, the kernel hangs up the terminal, and whatever runs in front of it ends with it, root's too.
 */
import * as vscode from 'vscode';
import { ownerVariable } from '../core/process/guardian/ownerMark';
import type { Log } from '../core/log';
import type { ChildRegistry } from '../core/process/managedProcess';

export interface TerminalProgram {
    readonly title: string;
    readonly file: string;
    readonly args: readonly string[];
    readonly cwd: string;
    /** Shown above the program's own output. */
    readonly message?: string;
}

export interface TerminalOptions {
    readonly log: Log;
    /** Ends the program if this process dies. */
    readonly registry: ChildRegistry | undefined;
    readonly signal?: AbortSignal;
}

/** The mark is for `sh` alone: a service that the program starts is nobody's to end. The arguments are never looked at as a script. */
const waiting = `unset ${ownerVariable}; "$@"; exit $?`;

/** The program's exit code; undefined if the user closed the terminal or `signal` did. */
export async function runInTerminal(program: TerminalProgram, { log, registry, signal }: TerminalOptions): Promise<number | undefined> {
    const startedAt = Date.now();
    const terminal = vscode.window.createTerminal({
        name: program.title,
        shellPath: '/bin/sh',
        shellArgs: ['-c', waiting, 'annex-peers', program.file, ...program.args],
        cwd: program.cwd,
        iconPath: new vscode.ThemeIcon('shield'),
        isTransient: true,
        ...(registry?.environment === undefined ? {} : { env: registry.environment }),
        ...(program.message === undefined ? {} : { message: program.message }),
    });
    const closed = new Promise<number | undefined>(resolve => {
        const subscription = vscode.window.onDidCloseTerminal(closedTerminal => {
            if (closedTerminal === terminal) {
                subscription.dispose();
                const status = closedTerminal.exitStatus;
                resolve(status?.reason === vscode.TerminalExitReason.Process ? status.code : undefined);
            }
        });
    });
    const end = (): void => terminal.dispose();
    signal?.addEventListener('abort', end, { once: true });
    terminal.show();
    const leader = await Promise.race([terminal.processId, closed.then(() => undefined)]);
    if (leader !== undefined) {
        registry?.add(leader);
    }
    const shown = `[${leader ?? '?'}] in a terminal: ${[program.file, ...program.args].join(' ')}`;
    log.info(`${shown} (in ${program.cwd})`);
    try {
        const code = await closed;
        log.info(`${shown} ${code === undefined ? 'was closed' : `ended with exit code ${code}`} after ${Date.now() - startedAt} ms`);
        return code;
    } finally {
        signal?.removeEventListener('abort', end);
        if (leader !== undefined) {
            registry?.remove(leader);
        }
    }
}
