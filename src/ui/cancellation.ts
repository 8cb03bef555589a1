/** The editor's cancellation as the core's, and the other way round. */
import * as vscode from 'vscode';

export function abortSignalOf(token: vscode.CancellationToken): AbortSignal {
    const controller = new AbortController();
    if (token.isCancellationRequested) {
        controller.abort();
    }
    token.onCancellationRequested(() => controller.abort());
    return controller.signal;
}

export function tokenOf(signal: AbortSignal): vscode.CancellationToken {
    const source = new vscode.CancellationTokenSource();
    if (signal.aborted) {
        source.cancel();
    }
    signal.addEventListener('abort', () => source.cancel(), { once: true });
    return source.token;
}
