/**
 * Runs a program as a terminal's own program, so that the user sees it and can type a password into it.
 */
import * as vscode from 'vscode';

export interface TerminalProgram {
    readonly title: string;
    readonly file: string;
    readonly args: readonly string[];
    readonly cwd: string;
    /** Shown above the program's own output. */
    readonly message?: string;
}

/** The program's exit code; undefined if the user closed the terminal or `signal` did. */
export async function runInTerminal(program: TerminalProgram, signal?: AbortSignal): Promise<number | undefined> {
    const terminal = vscode.window.createTerminal({
        name: program.title,
        shellPath: program.file,
        shellArgs: [...program.args],
        cwd: program.cwd,
        iconPath: new vscode.ThemeIcon('shield'),
        isTransient: true,
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
    try {
        return await closed;
    } finally {
        signal?.removeEventListener('abort', end);
    }
}
